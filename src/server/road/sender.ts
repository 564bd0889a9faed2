/** Sends answers, compressed where the setting says that those sent but once are, too. */
import { sendAnswer } from '../answer.js';
import type { Answer } from '../answer.js';
import { MIN_COMPRESSED_BYTES, compressFast, encodingOf } from '../answers/compression.js';
import type { Compression } from '../answers/compression.js';
import type { RequestState } from '../request-state.js';

/** Sends one answer. */
export type Send = (state: RequestState, answer: Answer) => void;

/** Makes it for a setting. */
export function createSender(compression: Compression): Send {
  if (compression !== 'all') return sendAnswer;
  return (state, answer) => {
    const encoding = answer.isEncoded || answer.status !== 200 ? undefined : encodingOf(state.req);
    const body = Buffer.from(answer.body);
    if (!encoding || body.length < MIN_COMPRESSED_BYTES) {
      sendAnswer(state, answer);
      return;
    }
    compressFast(body, encoding).then(
      (compressed) => {
        const headers = withEncoding(answer.headers, encoding);
        sendAnswer(state, { ...answer, headers, body: compressed });
      },
      () => sendAnswer(state, answer),
    );
  };
}

/** The headers of the compressed form, whose validator is another one. */
function withEncoding(headers: readonly string[], encoding: string): string[] {
  const changed = headers.map((text, index) =>
    headers[index - 1] === 'ETag' && index % 2 === 1 ? text.replace(/"$/, `-${encoding}"`) : text,
  );
  return [...changed, 'Content-Encoding', encoding];
}

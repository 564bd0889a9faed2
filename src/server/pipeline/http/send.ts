/** Sends the answer, whichever step it is from. */
import { sendAnswer } from '../../answer.js';
import type { Answer } from '../../answer.js';
import type { RequestState } from '../../request-state.js';
import { MIN_COMPRESSED_BYTES, compressFast, encodingOf } from '../../response-cache/compression.js';
import type { PipelineRequest, StepParts } from '../request.js';

const CACHE_CONTROL = 'Cache-Control';
/** What an answer depends on besides the address. */
const SHAPING = ['Accept', 'Accept-Language', 'Authorization', 'X-Api-Key'];
/** Headers of requests whose answers tell of this one request. */
const PERSONAL = ['x-enos-explain', 'x-enos-cost'];

/**
 * The last step. Answers that are sent but once are compressed where the setting says so; those to documents known in
 * advance may be kept by the client, where the source of documents says so.
 */
export function createSend({
  answers,
  documents,
}: Pick<StepParts, 'answers' | 'documents'>): (request: PipelineRequest, answer: Answer) => void {
  const sendBytes = answers?.compression === 'all' ? sendCompressed : sendAnswer;
  return ({ state, asked, caller }, answer) => {
    if (asked) letKeep(state, answer, documents?.cacheControl?.(asked, caller));
    sendBytes(state, answer);
  };
}

/**
 * Answers hold data of one caller: nothing between us and them may keep them, and every answer says so (no-store). The one
 * exception is an answer without errors to a GET that names its operation by id, where the settings allow it.
 */
function letKeep(state: RequestState, { status }: Answer, cacheControl: string | undefined): void {
  if (cacheControl === undefined || (status !== 200 && status !== 304) || state.errorCodeList) return;
  if (PERSONAL.some((name) => state.req.headers[name] !== undefined)) return;
  const at = state.headers.indexOf(CACHE_CONTROL);
  if (at >= 0) state.headers[at + 1] = cacheControl;
  for (const name of SHAPING) if (!state.vary.includes(name)) state.vary.push(name);
}

function sendCompressed(state: RequestState, answer: Answer): void {
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
}

/** The headers of the compressed form, whose validator is another one. */
function withEncoding(headers: readonly string[], encoding: string): string[] {
  const changed = headers.map((text, index) =>
    headers[index - 1] === 'ETag' && index % 2 === 1 ? text.replace(/"$/, `-${encoding}"`) : text,
  );
  return [...changed, 'Content-Encoding', encoding];
}

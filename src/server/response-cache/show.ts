/** How an answer in bytes is shown to one request: its validator, its encoding, and what a ticket adds to it. */
import type { Answer } from '../answer.js';
import type { RequestState } from '../request-state.js';
import { encodingOf } from './compression.js';
import type { RenderedAnswer } from './rendered.js';
import type { ResponseCache } from './store.js';

/** The answer for this request. GET gets a validator, and 304 where the client has the bytes already. */
export function showAnswer(
  state: RequestState,
  answer: RenderedAnswer,
  outcome: 'kept' | 'joined' | 'executed',
  cache: Pick<ResponseCache, 'compression' | 'count'>,
): Answer {
  const { ticket, req } = state;
  const headers: string[] = ['Content-Type', answer.mediaType];
  if (outcome !== 'executed') headers.push('X-Enos-Answer', outcome);
  if (ticket?.headers) for (const [name, value] of Object.entries(ticket.headers)) headers.push(name, value);
  if (ticket?.extensions && Object.keys(ticket.extensions).length > 0) {
    cache.count(outcome);
    return { status: 200, headers, body: answer.withExtensions(ticket.extensions) };
  }
  const encoding = cache.compression === 'off' ? undefined : encodingOf(req);
  const encoded = encoding && answer.encoded(encoding);
  if (req.method === 'GET') {
    headers.push('ETag', answer.etag(encoded && encoding));
    const known = req.headers['if-none-match'];
    if (known !== undefined && answer.matches(known)) {
      cache.count('not_modified');
      return { status: 304, headers, body: '' };
    }
  }
  cache.count(outcome);
  if (!encoded) return { status: 200, headers, body: answer.body };
  headers.push('Content-Encoding', encoding);
  return { status: 200, headers, body: encoded, isEncoded: true };
}

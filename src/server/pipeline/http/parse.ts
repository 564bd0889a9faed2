/** The JSON of the body. */
import { isUtf8 } from 'node:buffer';
import { errorAnswer, type Answer } from '../../answer.js';
import { parseExactJson } from '../../variables/variables.js';
import type { RequestState } from '../../request-state.js';
import type { Step } from '../request.js';

/** The parameters by which a request names its document. */
const DOCUMENT_PARAMETERS = ['query', 'documentId'];

/**
 * The step. A POST has its operation in the body. One that also has an operation in its address is refused: anyone who looks at
 * it in between (a proxy, a log, a cache) could take the other for what runs.
 */
export const parse: Step = (request) => {
  const { state, bytes } = request;
  if (!bytes) return undefined;
  const parsed = parseBody(bytes);
  if (typeof parsed === 'string') return refusal(state, parsed);
  request.body = parsed;
  if (!namesDocumentInAddress(state.req.url)) return undefined;
  return refusal(
    state,
    'The operation stands in the address and in the body of the request: leave one of them away.',
  );
};

/** The object or list of a body, as `parseExactJson` reads it; an empty body is an empty object. A text says what is wrong. */
export function parseBody(bytes: Buffer): object | string {
  if (bytes.length === 0) return {};
  // Read leniently, broken characters would become others: ids that were never meant.
  if (!isUtf8(bytes)) return 'The body of the request is not UTF-8.';
  try {
    const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    const value = parseExactJson(bytes.toString('utf8', hasMark ? 3 : 0));
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // The message of the parser repeats parts of the body.
  }
  return 'The body of the request is not JSON.';
}

function namesDocumentInAddress(url = ''): boolean {
  const start = url.indexOf('?');
  if (start < 0) return false;
  const search = new URLSearchParams(url.slice(start));
  return DOCUMENT_PARAMETERS.some((name) => search.has(name));
}

function refusal(state: RequestState, message: string): Answer {
  return errorAnswer(state, 400, { message, extensions: { code: 'BAD_REQUEST' } });
}

/** An answer as the bytes that are sent, with what must be known to send them again, to whom and how. */
import { createHash } from 'node:crypto';
import type { Answer } from '../answer.js';
import type { DocumentRequest } from '../hooks.js';
import type { RunResult } from '../execution/run.js';
import type { AnswerSources, ServerContext } from '../options.js';
import type { RequestState } from '../request-state.js';
import { compressWell, encodingOf, MIN_COMPRESSED_BYTES } from './compression.js';
import type { Compression, Encoding } from './compression.js';

/**
 * The operation that an answer answers: what logs and hooks are told of it. It lives as long as its answer is kept, and so
 * holds nothing of a request that is not counted in the answer's size: neither variables nor what belongs to the operation.
 */
export interface AnsweredOperation {
  /** See PreparedOperation. */
  readonly name: string | undefined;
  readonly type: string;
  readonly hash: string;
  /** Estimated, with the variables of the request. */
  readonly cost: number;
  /** How the request named its document, and the text that was found for it. */
  readonly document: DocumentRequest;
  readonly text: string;
}

/** What names the document in a request, without all else that the request says. */
export function documentOf({ method, query, documentId, extensions }: DocumentRequest): DocumentRequest {
  const persistedQuery = extensions?.['persistedQuery'];
  return {
    method,
    query,
    documentId,
    extensions: persistedQuery === undefined ? undefined : { persistedQuery: plainHash(persistedQuery) },
  };
}

/** What of `extensions.persistedQuery` is read. */
function plainHash(persisted: unknown): unknown {
  if (typeof persisted !== 'object' || persisted === null) return persisted;
  const { version, sha256Hash } = persisted as Record<string, unknown>;
  return { version, sha256Hash };
}

/** How a request that has a key came to its answer. */
export type AnswerOutcome = 'kept' | 'joined' | 'executed' | 'not_modified';

/** Times that an encoding must have been asked for before it is worth its work. */
const ASKED_BEFORE_COMPRESSED = 2;
/** What an entry takes besides its bytes and texts, roughly. */
const OVERHEAD_BYTES = 600;
const END = Buffer.from('}\n');

/** An answer without errors: `{"data":...}`, extensions that belong to it if it has any, and a line break. */
export class RenderedAnswer {
  /** Called when a compressed form has been added, since the answer then takes more memory. */
  grown: () => void = () => undefined;
  /** Whether it has been made again, or is about to be. */
  isRenewed = false;
  private readonly compressed = new Map<Encoding, Buffer>();
  private readonly asked = new Map<Encoding, number>();
  private hash: string | undefined;

  constructor(
    readonly body: Buffer,
    readonly mediaType: string,
    readonly sources: AnswerSources,
    readonly about: AnsweredOperation,
    /** Those that stand in its body. */
    private readonly extensions?: Readonly<Record<string, unknown>>,
  ) {}

  /** Approximate bytes that it takes in memory. */
  get size(): number {
    const { text, name, document } = this.about;
    // The text came with the request or was found: two of equal content may be held.
    const id = typeof document.documentId === 'string' ? document.documentId.length : 0;
    const characters = 2 * text.length + (name?.length ?? 0) + id;
    let size = OVERHEAD_BYTES + this.body.length + 2 * characters;
    // As objects they take several times their text.
    if (this.extensions) size += 4 * extensionsText(this.extensions).length;
    for (const bytes of this.compressed.values()) size += bytes.length;
    for (const tag of this.sources.tags) size += tag.length + 16;
    return size;
  }

  /** Validator of the bytes in an encoding: changes with every byte and with the media type. */
  etag(encoding: Encoding | undefined): string {
    this.hash ??= createHash('sha256')
      .update(this.mediaType)
      .update(this.body)
      .digest('base64url')
      .slice(0, 27);
    return encoding ? `"${this.hash}-${encoding}"` : `"${this.hash}"`;
  }

  /** Whether one of the validators of an If-None-Match is one of ours. The encoding does not matter to a weak match. */
  matches(ifNoneMatch: string): boolean {
    const plain = this.etag(undefined).slice(1, -1);
    const ours = new RegExp(`^"${plain}(?:-br|-gzip)?"$`);
    return ifNoneMatch
      .split(',')
      .map((text) => text.trim().replace(/^W\//, ''))
      .some((tag) => tag === '*' || ours.test(tag));
  }

  /**
   * The bytes in an encoding, if they are there. They are made behind the answer when they are asked for again, each
   * encoding once.
   */
  encoded(encoding: Encoding): Buffer | undefined {
    const bytes = this.compressed.get(encoding);
    if (bytes || this.body.length < MIN_COMPRESSED_BYTES) return bytes;
    const asked = (this.asked.get(encoding) ?? 0) + 1;
    this.asked.set(encoding, asked);
    if (asked === ASKED_BEFORE_COMPRESSED) {
      compressWell(this.body, encoding).then(
        (made) => {
          this.compressed.set(encoding, made);
          this.grown();
        },
        // Without it the bytes are sent as they are.
        () => undefined,
      );
    }
    return undefined;
  }

  /** The body with more extensions at its end, as JSON.stringify would have put them there. */
  withExtensions(more: Readonly<Record<string, unknown>>): Buffer {
    const { body, extensions } = this;
    const tail = extensions === undefined ? 0 : Buffer.byteLength(extensionsText(extensions));
    const open = body.subarray(0, body.length - END.length - tail);
    return Buffer.concat([open, Buffer.from(extensionsText({ ...more, ...extensions })), END]);
  }
}

function extensionsText(extensions: Readonly<Record<string, unknown>>): string {
  return `,"extensions":${JSON.stringify(extensions)}`;
}

/** An answer as bytes, if it is the same for all who ask the same. */
export function renderAnswer(
  result: RunResult,
  context: ServerContext,
  mediaType: string,
  about: AnsweredOperation,
): RenderedAnswer | undefined {
  if (result.errors || !context.sources) return undefined;
  if (hasAny(context.responseExtensions?.())) return undefined;
  const own = context.answerExtensions?.();
  const extensions = hasAny(own) ? own : undefined;
  const body = withoutPool(resultBytes(result, undefined, extensions));
  return new RenderedAnswer(body, mediaType, context.sources(), about, extensions);
}

function hasAny(extensions: Record<string, unknown> | undefined): boolean {
  return extensions !== undefined && Object.keys(extensions).length > 0;
}

/** The same bytes in memory of their own: small buffers share theirs, and would keep all of it from being freed. */
function withoutPool(bytes: Buffer): Buffer {
  if (bytes.buffer.byteLength === bytes.length) return bytes;
  const own = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(own);
  return own;
}

/** What the showing depends on besides the answer. */
interface ShowParts {
  readonly compression: Compression;
  count(outcome: AnswerOutcome): void;
}

/** The answer for this request. GET gets a validator, and 304 where the client has the bytes already. */
export function showAnswer(
  state: RequestState,
  answer: RenderedAnswer,
  outcome: Exclude<AnswerOutcome, 'not_modified'>,
  cache: ShowParts,
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

const LINE_BREAK = 0x0a;

/** What JSON.stringify makes of a result, in Apollo's order, where objects of it may be text already. */
function resultText({ data, dataText }: RunResult, errors?: unknown, extensions?: unknown): string {
  if (!dataText) return JSON.stringify({ errors, data, extensions });
  const before = errors === undefined ? '' : `"errors":${JSON.stringify(errors)},`;
  const after = extensions === undefined ? '' : `,"extensions":${JSON.stringify(extensions)}`;
  return `{${before}"data":${dataText()}${after}}`;
}

/** The same as it is sent, with a line break like Apollo's. The text is written once: to join it to anything copies it. */
export function resultBytes(result: RunResult, errors?: unknown, extensions?: unknown): Buffer {
  const text = resultText(result, errors, extensions);
  const size = Buffer.byteLength(text);
  const bytes = Buffer.allocUnsafe(size + 1);
  bytes.write(text);
  bytes[size] = LINE_BREAK;
  return bytes;
}

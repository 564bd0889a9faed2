/** An answer as the bytes that are sent, with what must be known to send them again. */
import { createHash } from 'node:crypto';
import type { DocumentRequest } from '../hooks.js';
import type { RunResult } from '../execution/run.js';
import type { AnswerSources, ServerContext } from '../options.js';
import { compressWell, MIN_COMPRESSED_BYTES } from './compression.js';
import type { Encoding } from './compression.js';
import { resultBytes } from './result-text.js';

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

/** Times that an encoding must have been asked for before it is worth its work. */
const ASKED_BEFORE_COMPRESSED = 2;
/** What an entry takes beside its bytes and texts, roughly. */
const OVERHEAD_BYTES = 600;
const END = Buffer.from('}\n');

/** An answer without errors: `{"data":...}`, extensions that belong to it if it has any, and a line break. */
export class RenderedAnswer {
  /** Called when a compressed form has been added, since the answer then takes more memory. */
  grown: () => void = () => undefined;
  /** Whether it has been made anew, or is about to be. */
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

/** An answer as bytes, if it is the same for everybody who asks the same. */
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

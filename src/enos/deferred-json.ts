/**
 * Members of a reply that stay bytes until somebody asks for them. Of heavy things most callers want a name: to parse all of
 * a thing model costs several times what it costs to find the end of its parts, and makes a thousand things for the garbage
 * collector instead of one.
 */
import { isAscii } from 'node:buffer';
import { MAX_JSON_DEPTH, parseJson } from './json.js';

/** Replies below this are parsed as a whole. */
const MIN_BYTES = 2_048;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const OPEN_OBJECT = 0x7b;
/** Brackets differ from braces by this bit alone. */
const BRACE_BIT = 0x20;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const SPACE = 0x20;

/** An object as the bytes of its JSON. */
export class DeferredJson {
  /** Kept as long as memory allows: the bytes are what counts towards the size of a value. */
  private parsed: WeakRef<object> | undefined;

  /** @param bytes UTF-8, of their own: a part of a reply would keep all of it alive */
  constructor(private readonly bytes: Buffer) {}

  /** The object, with 64-bit integers exact. Nobody changes it. Throws SyntaxError where it is no JSON after all. */
  read(): object {
    const known = this.parsed?.deref();
    if (known !== undefined) return known;
    const value = parseJson(this.bytes.toString(isAscii(this.bytes) ? 'latin1' : 'utf8')) as object;
    this.parsed = new WeakRef(value);
    return value;
  }
}

/**
 * Parses JSON, but for the members of these names that hold an object: those become `DeferredJson`, at whatever depth, the
 * outermost where one holds another. Throws SyntaxError as `parseJson` does, except for what is wrong inside a deferred member.
 * @param bytes valid UTF-8
 */
export function parseDeferring(bytes: Buffer, names: readonly string[]): unknown {
  const found =
    bytes.length < MIN_BYTES
      ? undefined
      : cutOut(
          bytes,
          names.map((name) => Buffer.from(name)),
        );
  if (found === undefined) return parseJson(bytes.toString());
  const { rest, parts, mark } = found;
  const value = parseJson(rest);
  putBack(value, mark, parts);
  return value;
}

interface Cut {
  /** The JSON with a text in place of each part. */
  rest: string;
  parts: DeferredJson[];
  /** What such a text begins with; its number follows. */
  mark: string;
}

/** Cuts the members out; undefined where there is none, or the text is not JSON. */
function cutOut(bytes: Buffer, names: readonly Buffer[]): Cut | undefined {
  const mark = markFor(bytes);
  const parts: DeferredJson[] = [];
  const end = bytes.length;
  let rest = '';
  let from = 0;
  let nameStart = 0;
  let nameEnd = 0;
  for (let at = 0; at < end; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      nameStart = at + 1;
      at = endOfText(bytes, nameStart);
      nameEnd = at;
    } else if (byte === COLON) {
      let start = at + 1;
      while (start < end && (bytes[start] ?? 0) <= SPACE) start += 1;
      if (bytes[start] !== OPEN_OBJECT || !isOneOf(names, bytes, nameStart, nameEnd)) continue;
      const after = endOfObject(bytes, start);
      if (after === undefined) return undefined;
      rest += `${bytes.toString('utf8', from, start)}"${mark}${parts.length}"`;
      parts.push(new DeferredJson(Buffer.from(bytes.subarray(start, after))));
      from = after;
      at = after - 1;
    }
  }
  if (parts.length === 0) return undefined;
  return { rest: rest + bytes.toString('utf8', from), parts, mark };
}

/** A text that does not occur in the reply. */
function markFor(bytes: Buffer): string {
  let mark = 'deferred:';
  while (bytes.includes(mark)) mark = `deferred:${Math.random()}:`;
  return mark;
}

/** Where the text that begins here has its closing quote. */
function endOfText(bytes: Buffer, start: number): number {
  const end = bytes.length;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) return at;
    if (byte === BACKSLASH) at += 1;
  }
  return end;
}

/** Behind the object that begins here; undefined where it does not end, or is nested too deeply. */
function endOfObject(bytes: Buffer, start: number): number | undefined {
  const end = bytes.length;
  let depth = 0;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) at = endOfText(bytes, at + 1);
    else if ((byte | BRACE_BIT) === OPEN) {
      depth += 1;
      if (depth > MAX_JSON_DEPTH) return undefined;
    } else if ((byte | BRACE_BIT) === CLOSE) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return undefined;
}

function isOneOf(names: readonly Buffer[], bytes: Buffer, start: number, end: number): boolean {
  return names.some((name) => {
    if (name.length !== end - start) return false;
    for (let index = 0; index < name.length; index += 1)
      if (name[index] !== bytes[start + index]) return false;
    return true;
  });
}

function putBack(value: unknown, mark: string, parts: readonly DeferredJson[]): void {
  if (typeof value !== 'object' || value === null) return;
  const holder = value as Record<string, unknown>;
  for (const key of Object.keys(holder)) {
    const member = holder[key];
    if (typeof member === 'string') {
      if (member.startsWith(mark)) holder[key] = parts[Number(member.slice(mark.length))];
    } else {
      putBack(member, mark, parts);
    }
  }
}

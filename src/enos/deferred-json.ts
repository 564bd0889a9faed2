/**
 * Members of a reply that stay bytes until somebody asks for them. Of heavy things most callers want a name: to parse all of
 * a thing model costs several times what it costs to find the end of its parts, and makes a thousand things for the garbage
 * collector instead of one.
 */
import { isAscii } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { MAX_JSON_DEPTH, parseJson } from './json.js';

/** Replies below this are parsed as a whole. */
const MIN_BYTES = 2_048;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const SPACE = 0x20;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
/** Brackets lack this bit and are braces otherwise. */
const BRACE_BIT = 0x20;
/** Begins the text that stands for a part until the rest is parsed. It never leaves the process: no reply can hold it. */
const MARK = `${randomUUID()}:`;

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
  const cut = bytes.length < MIN_BYTES ? undefined : cutOut(bytes, names);
  if (cut === undefined) return parseJson(bytes.toString());
  const value = parseJson(cut.rest);
  putBack(value, cut.parts);
  return value;
}

interface Cut {
  /** The JSON with a text in place of each part: the mark, and the number of the part. */
  rest: string;
  parts: DeferredJson[];
}

/** Cuts the members out; undefined where there is none, or the text is not JSON. */
function cutOut(bytes: Buffer, names: readonly string[]): Cut | undefined {
  const wanted = names.map((name) => Buffer.from(name));
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
      if (bytes[start] !== OPEN_BRACE || !isOneOf(wanted, bytes, nameStart, nameEnd)) continue;
      const after = endOfObject(bytes, start);
      if (after === undefined) return undefined;
      rest += `${bytes.toString('utf8', from, start)}"${MARK}${parts.length}"`;
      parts.push(new DeferredJson(Buffer.from(bytes.subarray(start, after))));
      from = after;
      at = after - 1;
    }
  }
  if (parts.length === 0) return undefined;
  return { rest: rest + bytes.toString('utf8', from), parts };
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
    else if ((byte | BRACE_BIT) === OPEN_BRACE) {
      depth += 1;
      if (depth > MAX_JSON_DEPTH) return undefined;
    } else if ((byte | BRACE_BIT) === CLOSE_BRACE) {
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

function putBack(value: unknown, parts: readonly DeferredJson[]): void {
  if (typeof value !== 'object' || value === null) return;
  const holder = value as Record<string, unknown>;
  for (const key of Object.keys(holder)) {
    const member = holder[key];
    if (typeof member === 'string') {
      if (member.startsWith(MARK)) holder[key] = parts[Number(member.slice(MARK.length))];
    } else {
      putBack(member, parts);
    }
  }
}

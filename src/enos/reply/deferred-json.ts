/**
 * Members of a reply that stay bytes until they are asked for. Of heavy things most callers want a name: to parse all of
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
const COMMA = 0x2c;
const SPACE = 0x20;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
/** Brackets lack this bit and are braces otherwise. */
const BRACE_BIT = 0x20;
/** Begins the text that stands for a part until the rest is parsed. It never leaves the process: no reply can hold it. */
const MARK = `${randomUUID()}:`;

/** Where the members of an object stand. */
interface Members {
  /** Begin and end of each name without its quotes, begin of each value. */
  places: number[];
  /** Whether no name is written with escapes. */
  isPlain: boolean;
}
const NUMBERS_PER_MEMBER = 3;

/** An object as the bytes of its JSON. */
export class DeferredJson {
  /** Those whose object was read in this turn of the event loop. */
  static #readInTurn: DeferredJson[] = [];
  /** What was read in this turn, where the objects of an answer ask again and again. */
  #parsed: object | undefined;
  /**
   * What was read in an earlier turn, as long as memory allows: the bytes are what counts towards the size of a value. Not from
   * the first, since a weak reference keeps what is young alive: most are read in one turn only.
   */
  #seen: WeakRef<object> | undefined;
  #turns = 0;
  readonly #members: Members | undefined;

  /** @param bytes UTF-8, of their own: a part of a reply would keep all of it alive */
  constructor(
    private readonly bytes: Buffer,
    members?: Members,
  ) {
    this.#members = members;
  }

  /** The object, with 64-bit integers exact. It must not be changed. Throws SyntaxError where it is no JSON after all. */
  read(): object {
    if (this.#parsed !== undefined) return this.#parsed;
    const value = this.#seen?.deref() ?? (parse(this.bytes) as object);
    this.#parsed = value;
    const inTurn = DeferredJson.#readInTurn;
    if (inTurn.length === 0) setImmediate(DeferredJson.#endTurn);
    inTurn.push(this);
    return value;
  }

  static #endTurn(this: void): void {
    const inTurn = DeferredJson.#readInTurn;
    DeferredJson.#readInTurn = [];
    for (const json of inTurn) json.#release();
  }

  /** The turn is over. */
  #release(): void {
    this.#turns += 1;
    if (this.#turns > 1 && this.#parsed !== undefined) this.#seen ??= new WeakRef(this.#parsed);
    this.#parsed = undefined;
  }

  /**
   * One member of the object, undefined where it has none of that name. Where nothing else of it has been read, nothing else is.
   * Throws as `read` does, for what is wrong in what it reads.
   */
  member(name: string): unknown {
    const whole = this.#parsed ?? this.#seen?.deref();
    if (whole !== undefined || this.#members?.isPlain !== true) return ownMember(whole ?? this.read(), name);
    const place = placeOf(this.#members, this.bytes, name);
    return place === undefined ? undefined : parse(this.bytes.subarray(...place));
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
      const members: Members = { places: [], isPlain: true };
      const after = endOfObject(bytes, start, members);
      if (after === undefined) return undefined;
      rest += `${bytes.toString('utf8', from, start)}"${MARK}${parts.length}"`;
      parts.push(new DeferredJson(Buffer.from(bytes.subarray(start, after)), members));
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

/**
 * Behind the object that begins here; undefined where it does not end, or is nested too deeply. `members` is told where its
 * members stand, counted from its start.
 */
function endOfObject(bytes: Buffer, start: number, members: Members): number | undefined {
  const end = bytes.length;
  let depth = 0;
  let nameStart = start;
  let nameEnd = start;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) {
      nameStart = at + 1;
      at = nameEnd = endOfText(bytes, nameStart);
    } else if (byte === COLON) {
      if (depth !== 1) continue;
      members.places.push(nameStart - start, nameEnd - start, at + 1 - start);
      if (hasEscape(bytes, nameStart, nameEnd)) members.isPlain = false;
    } else if ((byte | BRACE_BIT) === OPEN_BRACE) {
      depth += 1;
      if (depth > MAX_JSON_DEPTH) return undefined;
    } else if ((byte | BRACE_BIT) === CLOSE_BRACE) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return undefined;
}

/** Begin and end of the value of a member; undefined where there is none of that name. Of a repeated name the last counts. */
function placeOf({ places }: Members, bytes: Buffer, name: string): [number, number] | undefined {
  // As in an object that was parsed.
  if (name === '__proto__') return undefined;
  const wanted = Buffer.from(name);
  for (let at = places.length - NUMBERS_PER_MEMBER; at >= 0; at -= NUMBERS_PER_MEMBER) {
    const [start = 0, end = 0, value = 0] = [places[at], places[at + 1], places[at + 2]];
    if (!isSame(wanted, bytes, start, end)) continue;
    const next = places[at + NUMBERS_PER_MEMBER];
    // Behind a value stand the comma and the quote before the next name, or the brace that closes all.
    const last = next === undefined ? bytes.length - 1 : bytes.lastIndexOf(COMMA, next - 1);
    return [value, last];
  }
  return undefined;
}

function hasEscape(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (bytes[at] === BACKSLASH) return true;
  return false;
}

function isSame(wanted: Buffer, bytes: Buffer, start: number, end: number): boolean {
  if (wanted.length !== end - start) return false;
  for (let index = 0; index < wanted.length; index += 1)
    if (wanted[index] !== bytes[start + index]) return false;
  return true;
}

function ownMember(object: object, name: string): unknown {
  return Object.hasOwn(object, name) ? (object as Record<string, unknown>)[name] : undefined;
}

function parse(bytes: Buffer): unknown {
  return parseJson(bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8'));
}

function isOneOf(names: readonly Buffer[], bytes: Buffer, start: number, end: number): boolean {
  return names.some((name) => isSame(name, bytes, start, end));
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

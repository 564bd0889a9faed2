/** The body of an answer. */
import type { RunResult } from '../execution/run.js';

const LINE_BREAK = 0x0a;

/** What JSON.stringify makes of a result, in Apollo's order, where objects of it may be text already. */
export function resultText({ data, dataText }: RunResult, errors?: unknown, extensions?: unknown): string {
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

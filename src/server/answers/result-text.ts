/** The text of an answer. */
import type { RunResult } from '../execution/run.js';

/** What JSON.stringify makes of a result, in Apollo's order to its last byte, where objects of it may be text already. */
export function resultText({ data, dataText }: RunResult, errors?: unknown, extensions?: unknown): string {
  if (!dataText) return `${JSON.stringify({ errors, data, extensions })}\n`;
  const before = errors === undefined ? '' : `"errors":${JSON.stringify(errors)},`;
  const after = extensions === undefined ? '' : `,"extensions":${JSON.stringify(extensions)}`;
  return `{${before}"data":${dataText()}${after}}\n`;
}

/**
 * Bounds the nesting and the size of variables: coercion and scalars walk them recursively, and a stack has an end; and what
 * is large is copied into many calls.
 */
import type { Limits } from '../options.js';
import type { PassedLimit } from '../errors/codes.js';

/**
 * Keys of one object. No input of a schema has so many fields, and graphql-js looks for each unknown one among all that there
 * are and repeats the whole object with each refusal.
 */
export const MAX_OBJECT_KEYS = 100;

/** The refusal of an object with more keys, in a variable or in the document. */
export const TOO_MANY_KEYS: PassedLimit = {
  ...{ name: 'OBJECT_KEYS', value: MAX_OBJECT_KEYS, asked: null },
  what: 'keys of one object',
};

/** What a value takes besides its characters: quotes, commas, brackets. */
const BYTES_PER_VALUE = 4;

/**
 * The limit passed by these variables, if any. Goes level by level, without recursion, and stops at the limit. Their size
 * is that of their JSON, approximately: no text is made to count it.
 */
export function variableLimit(
  variables: unknown,
  { maxVariableDepth, maxVariableBytes }: Pick<Limits, 'maxVariableDepth' | 'maxVariableBytes'>,
): PassedLimit | undefined {
  if (typeof variables !== 'object' || variables === null) return undefined;
  let bytes = 0;
  // The object that holds the variables is no level of its own.
  let level: object[] = [variables];
  for (let depth = -1; level.length > 0; depth += 1) {
    if (depth === maxVariableDepth) {
      const what = 'levels of lists and objects in a variable';
      return { name: 'MAX_VARIABLE_DEPTH', value: maxVariableDepth, asked: null, what };
    }
    const below: object[] = [];
    for (const holder of level) {
      const isVariables = depth < 0;
      if (!isVariables && !Array.isArray(holder) && Object.keys(holder).length > MAX_OBJECT_KEYS)
        return TOO_MANY_KEYS;
      for (const [key, value] of Object.entries(holder) as [string, unknown][]) {
        bytes += BYTES_PER_VALUE + (Array.isArray(holder) ? 0 : key.length);
        if (typeof value === 'string') bytes += value.length;
        else if (typeof value === 'object' && value !== null) below.push(value);
      }
      if (bytes > maxVariableBytes) {
        const what = 'bytes of variables, approximately';
        return { name: 'MAX_VARIABLE_BYTES', value: maxVariableBytes, asked: null, what };
      }
    }
    level = below;
  }
  return undefined;
}

/** Bounds the nesting of variables: coercion and scalars walk them recursively, and a stack has an end. */
import type { PassedLimit } from './limit-error.js';

/** The limit passed by these variables, if any. Goes level by level, without recursion, and stops at the limit. */
export function variableDepthLimit(variables: unknown, maxDepth: number): PassedLimit | undefined {
  // The object that holds the variables is no level of its own.
  let level = children(variables);
  for (let depth = 0; level.length > 0; depth += 1) {
    level = level.filter((value) => typeof value === 'object' && value !== null);
    if (level.length === 0) return undefined;
    if (depth === maxDepth) {
      return {
        name: 'MAX_VARIABLE_DEPTH',
        value: maxDepth,
        asked: null,
        what: 'levels of lists and objects in a variable',
      };
    }
    level = level.flatMap(children);
  }
  return undefined;
}

function children(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value) : [];
}

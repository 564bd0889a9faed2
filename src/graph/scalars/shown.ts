/** What a caller sent, in words short enough for a message. */
import { Kind, print, type ValueNode } from 'graphql';

/** Longest text that is repeated. */
export const LONGEST_SHOWN = 100;

/** A value of a variable. */
export function shownValue(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value === 'string')
    return value.length > LONGEST_SHOWN ? `a text of ${value.length} characters` : JSON.stringify(value);
  return shortened(String(value));
}

/** A value that stands in a query. */
export function shownLiteral(node: ValueNode): string {
  if (node.kind === Kind.LIST) return 'a list';
  if (node.kind === Kind.OBJECT) return 'an object';
  return node.kind === Kind.STRING ? shownValue(node.value) : shortened(print(node));
}

function shortened(text: string): string {
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}...` : text;
}

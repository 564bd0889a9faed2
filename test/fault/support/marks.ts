/** Finds in an answer what only others may see. */
import type { Judged } from './judge.js';

/** Shorter texts say nothing about where they come from. */
const SHORTEST = 4;
/** Words such as "Information" stand in the text of an error by chance; ids, times and names of several words do not. */
const DISTINCT = /[\d\s-]/;

/**
 * Texts that stand in answers to others, and in none to this caller, nor in what he asked. A value of another one that is
 * right for him as well is no secret.
 */
export function marksOf(
  others: Iterable<Judged>,
  own: Iterable<Judged>,
  asked: Iterable<string>,
): Set<string> {
  const marks = new Set<string>();
  for (const { data } of others) for (const text of textsIn(data)) marks.add(text);
  for (const { data, errors } of own) {
    for (const text of textsIn(data)) marks.delete(text);
    for (const { message } of errors ?? [])
      for (const mark of marks) if (message.includes(mark)) marks.delete(mark);
  }
  const questions = [...asked].join('\n');
  for (const mark of marks) if (mark.length < SHORTEST || questions.includes(mark)) marks.delete(mark);
  return marks;
}

/** The marks that an answer holds: as a value, or within the words of an error. */
export function marksIn({ data, errors = [], extensions }: Judged, marks: ReadonlySet<string>): string[] {
  const found = textsIn(data).filter((text) => marks.has(text));
  const words = [...errors.map((error) => JSON.stringify(error)), ...textsIn(extensions)];
  for (const mark of marks) {
    if (DISTINCT.test(mark) && words.some((text) => text.includes(mark))) found.push(mark);
  }
  return [...new Set(found)];
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

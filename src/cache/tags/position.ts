/**
 * Places in the order of invalidations, as text that compares in that order: the id of a record in a Redis stream
 * (milliseconds and a number), both padded. The empty text comes before all.
 */
const POSITION = /^\d{14}-\d{10}$/;

/** Before every invalidation: what is known when nothing is known. */
export const NOWHERE = '';

/** Whether a text is a position other than `NOWHERE`. */
export function isPosition(text: string): boolean {
  return POSITION.test(text);
}

/** The position of a record of the stream, or undefined for an id out of range. */
export function positionOf(streamId: string): string | undefined {
  const match = /^(\d{1,14})-(\d{1,10})$/.exec(streamId);
  return match === null ? undefined : position(Number(match[1]), Number(match[2]));
}

/** The id of the record at a position; before all for `NOWHERE`. */
export function streamIdOf(place: string): string {
  const [milliseconds = '0', number = '0'] = place === NOWHERE ? [] : place.split('-');
  return `${Number(milliseconds)}-${Number(number)}`;
}

/** The first position of the millisecond after the given one. */
export function positionBeyond(place: string): string {
  const milliseconds = place === NOWHERE ? 0 : Number(place.split('-')[0]);
  return position(milliseconds + 1, 0);
}

/** The position of a number of an order that no Redis gives. */
export function localPosition(number: number): string {
  return position(0, number);
}

function position(milliseconds: number, number: number): string {
  return `${String(milliseconds).padStart(14, '0')}-${String(number).padStart(10, '0')}`;
}

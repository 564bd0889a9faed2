/**
 * Smooth noise that is a pure function of a seed and the time: the same question has the same answer for ever.
 */

/** 32-bit seed of a text (FNV-1a). */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** A number in [0, 1) that follows from seed and index. */
export function chance(seed: number, index: number): number {
  let h = Math.imul(seed ^ Math.imul(index | 0, 0x9e3779b1), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 16), 0x27d4eb2f);
  return ((h ^ (h >>> 15)) >>> 0) / 4_294_967_296;
}

/** Noise in [-1, 1] that wanders from one random value to the next every `period` milliseconds. */
export function noise(seed: number, t: number, period: number): number {
  const x = t / period;
  const index = Math.floor(x);
  const f = x - index;
  const a = chance(seed, index);
  return (a + (chance(seed, index + 1) - a) * f * f * (3 - 2 * f)) * 2 - 1;
}

export function clamp(value: number, low: number, high: number): number {
  return value < low ? low : value > high ? high : value;
}

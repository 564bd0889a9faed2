import { isDeepStrictEqual } from 'node:util';

/** As `expect(actual).toEqual(expected)`, which takes its time over what is the same: it need only tell what is not. */
export function expectSame(actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) expect(actual).toEqual(expected);
}

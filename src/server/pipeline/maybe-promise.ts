/** Work that is done at once wherever it can be, so that most requests need not wait for a promise. */
import type { MaybePromise } from '../hooks.js';

/** Goes on with a value: at once, if it is there. */
export function whenThere<T, R>(
  value: MaybePromise<T>,
  next: (value: T) => MaybePromise<R>,
): MaybePromise<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** What the work gives, or what `recover` makes of its failure. */
export function recovering<T, R>(
  work: () => MaybePromise<T>,
  recover: (error: unknown) => R,
): MaybePromise<T | R> {
  try {
    const value = work();
    return value instanceof Promise ? value.catch(recover) : value;
  } catch (error) {
    return recover(error);
  }
}

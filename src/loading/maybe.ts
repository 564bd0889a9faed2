/** Values that may be there already. What is there needs no promise: most of a warm answer is. */

/** A value, or a promise of it. */
export type MaybePromise<T> = T | Promise<T>;

/** Whether the value is still to come. */
export function isPromise<T>(value: MaybePromise<T>): value is Promise<T> {
  return value instanceof Promise;
}

/**
 * What `make` makes of a value: at once where it is there, else when it comes. What `make` throws, it throws at once or
 * rejects with, accordingly.
 */
export function then<T, R>(value: MaybePromise<T>, make: (value: T) => MaybePromise<R>): MaybePromise<R> {
  return value instanceof Promise ? value.then(make) : make(value);
}

/** The values in order, at once where all are there. */
export function all<T>(values: readonly MaybePromise<T>[]): MaybePromise<T[]> {
  return values.some(isPromise) ? Promise.all(values) : (values as T[]);
}

/** The value that `make` gives; what it throws becomes a rejection, so that callers meet failures in one way only. */
export function attempt<T>(make: () => MaybePromise<T>): MaybePromise<T> {
  try {
    return make();
  } catch (thrown) {
    return rejected(thrown);
  }
}

/** A rejection with what was thrown: for what is called so often that `attempt` would cost more than the call. */
export function rejected(thrown: unknown): Promise<never> {
  return Promise.reject(thrown instanceof Error ? thrown : new Error(String(thrown)));
}

/** A function that is made when it is first called: a request has many loaders, and most operations call few of them. */
export function lazily<Given extends unknown[], Result>(
  make: () => (...given: Given) => Result,
): (...given: Given) => Result {
  let made: ((...given: Given) => Result) | undefined;
  return (...given) => (made ??= make())(...given);
}

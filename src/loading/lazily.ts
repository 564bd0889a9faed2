/** A function that is made when it is first called: a request has many loaders, and most operations call few of them. */
export function lazily<Given extends unknown[], Result>(
  make: () => (...given: Given) => Result,
): (...given: Given) => Result {
  let made: ((...given: Given) => Result) | undefined;
  return (...given) => (made ??= make())(...given);
}

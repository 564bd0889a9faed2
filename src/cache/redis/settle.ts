/** The stand-in for a reply that did not come in time. */
export class NoReplyError extends Error {
  constructor(timeoutMs: number) {
    super(`no reply within ${timeoutMs} ms`);
    this.name = 'NoReplyError';
  }
}

/**
 * Waits for all promises, at most `timeoutMs`; resolves to their results in order, with an Error for each that rejected
 * or is still pending. Never rejects, and late rejections are never unhandled.
 */
export function settleWithin<T>(promises: readonly Promise<T>[], timeoutMs: number): Promise<(T | Error)[]> {
  const results: (T | Error | undefined)[] = new Array<undefined>(promises.length).fill(undefined);
  const settled = new Array<boolean>(promises.length).fill(false);
  return new Promise((resolve) => {
    let pending = promises.length;
    const finish = () => {
      clearTimeout(timer);
      // What settles later must not change the answer already given.
      resolve(promises.map((_, i) => (settled[i] ? (results[i] as T | Error) : new NoReplyError(timeoutMs))));
    };
    // Timers run before the sockets are read. When this process itself was busy, replies may lie in the socket already:
    // one more turn of the loop reads them before Redis is blamed.
    const timer = setTimeout(() => setImmediate(finish), timeoutMs);
    if (pending === 0) finish();
    promises.forEach((promise, index) => {
      const settle = (result: T | Error) => {
        settled[index] = true;
        results[index] = result;
        pending -= 1;
        if (pending === 0) finish();
      };
      promise.then(settle, (reason: unknown) => {
        settle(reason instanceof Error ? reason : new Error('rejected without an error'));
      });
    });
  });
}

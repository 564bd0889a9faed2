/**
 * A clock that is read once for everything that runs without a pause. To read the machine's clock costs as much as to look
 * something up in memory, and an answer looks up hundreds of things before anything else can happen.
 */
export function onceATick<Time>(read: () => Time): () => Time {
  let time: Time | undefined;
  const forget = (): void => {
    time = undefined;
  };
  return () => {
    if (time === undefined) {
      time = read();
      queueMicrotask(forget);
    }
    return time;
  };
}

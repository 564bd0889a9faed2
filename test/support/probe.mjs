/**
 * Loaded into a server process before its own code (node --import): answers questions about the process over its IPC
 * channel. The server knows nothing of it.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

const ANSWERS = {
  /** Bytes in use after everything that can be freed has been. */
  memory: async () => {
    // What a finalizer or a promise lets go of is garbage for the next round only.
    for (let round = 0; round < 3; round += 1) {
      collect();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const { heapUsed, external, rss } = process.memoryUsage();
    return { heapUsed, external, rss };
  },
  /** CPU time of the process so far, in milliseconds. */
  cpu: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000;
  },
  /** Ends the process as an error that nobody catches does. */
  crash: () => {
    setTimeout(() => {
      throw new Error('crash asked for by a test');
    }, 10);
    return null;
  },
};

process.on('message', ({ number, question }) => {
  Promise.resolve(ANSWERS[question]()).then((answer) => process.send({ number, answer }));
});
process.channel.unref();

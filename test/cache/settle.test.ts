import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { NoReplyError, settleWithin } from '../../src/cache/redis/settle.js';

const never = new Promise<string>(() => undefined);

describe('settleWithin', () => {
  it('gives results and errors in order', async () => {
    const failure = new Error('no');
    const later = new Promise<string>((resolve) => setTimeout(() => resolve('b'), 20));
    const results = await settleWithin([later, Promise.reject(failure), Promise.resolve('c')], 10_000);
    expect(results).toEqual(['b', failure, 'c']);
  });

  it('gives what there is when the time is over', async () => {
    const [first, second] = await settleWithin([Promise.resolve('a'), never], 20);
    expect(first).toBe('a');
    expect(second).toBeInstanceOf(NoReplyError);
  });

  it('bears a rejection that comes too late, and one without an error', async () => {
    let reject: (reason: Error) => void = () => undefined;
    const late = new Promise<string>((_, r) => {
      reject = r;
    });
    const [result] = await settleWithin([late], 10);
    expect(result).toBeInstanceOf(NoReplyError);
    reject(new Error('late'));
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- foreign code may do so
    const [odd] = await settleWithin([Promise.reject<string>('text')], 1_000);
    expect(odd).toBeInstanceOf(Error);
  });

  it('takes an empty list', async () => {
    expect(await settleWithin([], 1_000)).toEqual([]);
  });

  it('does not blame the other side for a loop that this process has blocked', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    const [peer] = await accepted;
    await once(socket, 'ready');
    const reply = once(socket, 'data').then(([data]: Buffer[]) => String(data));
    const results = settleWithin([reply], 30);
    // Written at once, so it lies in the client's socket before the block, yet cannot be read before the timer is due.
    peer.write('reply');
    const end = Date.now() + 100;
    while (Date.now() < end);
    expect(await results).toEqual(['reply']);
    socket.destroy();
    peer.destroy();
    server.close();
  });
});

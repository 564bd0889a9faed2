/** Replicas that find the same value near its end, over one real Redis. */
import { describeWithRedis, waitFor } from '../support/redis.js';
import { called, replicasOfSuite, waiting, type Replica } from '../support/replicas.js';
import { load } from '../support/things.js';

const LIFETIME = 60_000;

describeWithRedis('replicas that find a value near its end', () => {
  const replicas = replicasOfSuite();
  /** How far the clocks of both have been put forward, in milliseconds. */
  let ahead = 0;
  const now = (): number => Date.now() + ahead;
  const read = (replica: Replica): Promise<unknown[]> => load(replica.context({ now }), ['x'], LIFETIME);

  /** Two replicas that both hold `old` in memory, in the last tenth of its lifetime. */
  async function nearEnd(): Promise<[Replica, Replica]> {
    ahead = 0;
    const clock = { now: () => performance.now() + ahead, wall: now };
    const options = { clock, maxSilenceMs: 10 * LIFETIME };
    const [a, b] = [await replicas.open(options), await replicas.open(options)];
    const first = read(a);
    (await called(a)).answer({ data: { x: 'old' } });
    await first;
    // Until Redis has the value its key is leased, and the other waits.
    expect(await read(b)).toEqual(['old']);
    expect(b.enos.calls).toHaveLength(0);
    ahead = LIFETIME * 0.92;
    return [a, b];
  }

  it('renew it once together: one asks EnOS, the other waits behind its answer', async () => {
    const [a, b] = await nearEnd();
    expect(await read(a)).toEqual(['old']);
    const call = await called(a, 1);
    expect(await read(b)).toEqual(['old']);
    await waiting(b);
    call.answer({ data: { x: 'new' } });
    await waitFor(async () => (await read(b))[0] === 'new', 'the new value in the other replica');
    expect(await read(a)).toEqual(['new']);
    expect(b.enos.calls).toHaveLength(0);
    expect(a.enos.calls).toHaveLength(2);
  });

  it('take what another has renewed before from Redis', async () => {
    const [a, b] = await nearEnd();
    await read(a);
    (await called(a, 1)).answer({ data: { x: 'new' } });
    await waitFor(async () => (await read(a))[0] === 'new', 'the new value');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await read(b)).toEqual(['old']);
    await waitFor(async () => (await read(b))[0] === 'new', 'the new value in the other replica');
    expect(b.enos.calls).toHaveLength(0);
  });
});

/** Replicas that wait for one another, and a Redis that does not answer them. */
import { parseRedisUrl } from '../../src/cache/redis/url.js';
import { RedisServer, describeWithRedis, waitFor } from '../support/redis.js';
import { called, replicasOfSuite, waiting } from '../support/replicas.js';
import { load } from '../support/things.js';

describeWithRedis('replicas that miss the same key, over a Redis that fails,', () => {
  const replicas = replicasOfSuite();
  const replica = replicas.open;

  it('never wait for Redis: it goes away in the middle', async () => {
    const own = await RedisServer.start();
    try {
      const target = parseRedisUrl(own.url);
      const [a, b] = [await replica({ target }), await replica({ target })];
      const first = load(a.context(), ['x']);
      const call = await called(a);
      const second = load(b.context(), ['x']);
      await waiting(b);
      await own.kill('SIGKILL');
      (await called(b)).answer({ data: { x: 'of b' } });
      expect(await second).toEqual(['of b']);
      call.answer({ data: { x: 'of a' } });
      expect(await first).toEqual(['of a']);
      // While it is out nobody leases, and nobody waits.
      const { leased } = b.cache.stats();
      const third = load(b.context(), ['y']);
      (await called(b, 1)).answer({ data: { y: 'Y' } });
      expect(await third).toEqual(['Y']);
      expect(b.cache.stats().leased).toBe(leased);
    } finally {
      await own.stop();
    }
  });

  it('never wait for Redis: it hangs in the middle', async () => {
    const own = await RedisServer.start();
    try {
      const options = { target: parseRedisUrl(own.url), commandTimeoutMs: 300 };
      const [a, b] = [await replica(options), await replica(options)];
      void load(a.context(), ['x']);
      const call = await called(a);
      const second = load(b.context(), ['x']);
      await waiting(b);
      await own.kill('SIGSTOP');
      (await called(b)).answer({ data: { x: 'of b' } });
      expect(await second).toEqual(['of b']);
      call.answer({ data: { x: 'of a' } });
    } finally {
      await own.kill('SIGCONT');
      await own.stop();
    }
  });

  describe.each([
    // What a script may do is what its caller may do.
    ['release', ['-get'], 1],
    ['lease', ['-eval', '-evalsha'], 0],
  ])('where Redis does not let them %s', (_, rights, leased) => {
    it('take no more leases', async () => {
      await replicas.redis().command('ACL', 'SETUSER', 'weak', 'reset', 'on', '>p', '~*', '+@all', ...rights);
      const a = await replica({
        target: parseRedisUrl(replicas.redis().url.replace('//', '//weak:p@')),
        sharedFlightMs: 500,
      });
      for (const [index, id] of ['x', 'y'].entries()) {
        const read = load(a.context(), [id]);
        (await called(a, index)).answer({ data: { [id]: 'value' } });
        expect(await read).toEqual(['value']);
        await waitFor(() => a.cache.stats().failures > 0, 'the refusal');
      }
      expect(a.cache.stats()).toMatchObject({ leased, failures: 1 });
    });
  });
});

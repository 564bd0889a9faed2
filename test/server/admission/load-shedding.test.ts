/** Load shedding: when it begins and ends, what clients hear, and what goes on. */
import { LoadLevel, startShedding } from '../../../src/server/admission/load-shedding.js';
import { startGraphServer } from '../../support/graph-server.js';
import { waitFor } from '../../support/redis.js';

test('begins at the second sample over the bound, ends at half of it', () => {
  const level = new LoadLevel(100);
  const seen = [150, 20, 150, 150, 90, 60, 50, 150].map((delay) => {
    level.observe(delay);
    return level.isHigh;
  });
  expect(seen).toEqual([false, false, false, true, true, true, false, false]);
});

test('a busy process refuses with 503 and Retry-After, answers health and metrics, and recovers', async () => {
  let wait: number | undefined;
  const server = await startGraphServer({ shed: () => wait });
  try {
    wait = 1;
    const { status, headers, body } = await server.ask('{ hello }');
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('1');
    expect(body.errors?.[0]?.extensions).toMatchObject({
      code: 'RATE_LIMITED',
      retryAfter: 1,
      limit: { name: 'MAX_EVENT_LOOP_DELAY' },
    });
    for (const path of ['/health/live', '/health/ready', '/metrics'])
      expect((await fetch(`${server.url}${path}`)).status).toBe(200);
    wait = undefined;
    expect((await server.ask('{ hello }')).status).toBe(200);
  } finally {
    await server.close();
  }
});

test('measures a loop that is really late', async () => {
  const changes: boolean[] = [];
  const shedding = startShedding({ maxDelay: 60, onChange: (isShedding) => changes.push(isShedding) });
  try {
    expect(shedding.shed()).toBeUndefined();
    const busy = setInterval(() => {
      const end = performance.now() + 150;
      while (performance.now() < end);
    }, 1);
    await waitFor(() => shedding.shed() !== undefined, 'shedding to begin');
    clearInterval(busy);
    await waitFor(() => shedding.shed() === undefined, 'shedding to end');
    expect(changes.slice(0, 2)).toEqual([true, false]);
  } finally {
    shedding.stop();
  }
});

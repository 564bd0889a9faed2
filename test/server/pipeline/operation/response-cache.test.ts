/** Answers kept and shared as bytes: over HTTP, with what the graph says of its sources under the test's control. */
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { request } from 'node:http';
import { GraphQLError } from 'graphql';
import type { AdmissionRequest } from '../../../../src/server/hooks.js';
import type { AnswerSources, ServerOptions } from '../../../../src/server/options.js';
import { closeWorlds, passTime, startWorld } from '../../../support/answers-world.js';
import type { World } from '../../../support/answers-world.js';
import type { Reply } from '../../../support/http-socket.js';

let world: World;
afterEach(closeWorlds);
const count = (reply: Reply): unknown =>
  (JSON.parse(reply.text) as { data: { many: { totalCount: number } | null } }).data.many?.totalCount;

describe('kept', () => {
  test('an answer is sent again as the same bytes, and counted', async () => {
    world = await startWorld();
    const first = await world.post();
    const second = await world.post();
    expect(world.executed).toBe(1);
    expect(second.body.equals(first.body)).toBe(true);
    expect(first.headers['x-enos-answer']).toBeUndefined();
    expect(second.headers['x-enos-answer']).toBe('kept');
    expect(second.headers['cache-control']).toBe('no-store');
    const metrics = await (await fetch(`${world.server.url}/metrics`)).text();
    expect(metrics).toContain('graphql_answers_total{outcome="kept"} 1');
    const line = world.server.logs.filter(({ msg }) => msg === 'request').at(-2);
    expect(line).toMatchObject({ status: 200, operationType: 'query' });
  });

  test.each<[string, Record<string, string>, object]>([
    ['another language', { 'accept-language': 'de' }, {}],
    ['another media type', { accept: 'application/graphql-response+json' }, {}],
    ['another bound of age', { 'x-enos-max-stale': '0' }, {}],
    ['another body', {}, { variables: {} }],
  ])('%s has an answer of its own', async (_name, headers, extra) => {
    world = await startWorld();
    await world.post();
    expect(count(await world.post(undefined, headers, extra))).toBe(2);
    expect(count(await world.post(undefined, headers, extra))).toBe(2);
    expect(count(await world.post())).toBe(1);
  });

  describe('shortly before its first part ends', () => {
    const HALF_A_MINUTE = 30_000;

    test('it is made anew, once, behind one that is sent', async () => {
      world = await start({ refreshAt: Date.now() + HALF_A_MINUTE });
      passTime(HALF_A_MINUTE);
      world.sources = { freshUntil: Date.now() + 90_000 };
      const due = await world.post();
      expect([count(due), due.headers['x-enos-answer']]).toEqual([1, 'kept']);
      await world.until(() => world.executed === 2);
      const next = await world.post();
      expect([count(next), next.headers['x-enos-answer']]).toEqual([2, 'kept']);
      expect(world.renewing).toEqual([false, true]);
    });

    test('nobody waits for that: meanwhile the one there is is sent', async () => {
      world = await start({ refreshAt: Date.now() + HALF_A_MINUTE });
      passTime(HALF_A_MINUTE);
      let open = (): void => undefined;
      world.gate = new Promise((resolve) => (open = resolve));
      expect([count(await world.post()), count(await world.post()), count(await world.post())]).toEqual([
        1, 1, 1,
      ]);
      expect(world.executed).toBe(2);
      open();
    });

    test.each<[string, (world: World) => void]>([
      ['fails', (world) => (world.failures = 1)],
      ['would be of a stale part', (world) => (world.sources = { stale: true })],
      ['is no newer', (world) => (world.sources = { freshUntil: Date.now() + 1_000, refreshAt: 0 })],
    ])('it stays where the new one %s, and is not tried again', async (_name, make) => {
      world = await start({ refreshAt: Date.now() + HALF_A_MINUTE });
      passTime(HALF_A_MINUTE);
      make(world);
      await world.post();
      await world.until(() => world.executed === 2);
      expect([count(await world.post()), count(await world.post())]).toEqual([1, 1]);
      expect(world.executed).toBe(2);
    });

    test('of two parts that end one after the other, each is renewed', async () => {
      const freshUntil = Date.now() + 4 * HALF_A_MINUTE;
      world = await start({ freshUntil, refreshAt: Date.now() + HALF_A_MINUTE });
      passTime(HALF_A_MINUTE);
      // The second part is not near its end yet, and the answer ends with it as before.
      world.sources = { freshUntil, refreshAt: Date.now() + HALF_A_MINUTE };
      await world.post();
      await world.until(() => world.executed === 2);
      passTime(HALF_A_MINUTE);
      world.sources = { freshUntil: freshUntil + 1, refreshAt: freshUntil };
      expect(count(await world.post())).toBe(2);
      await world.until(() => world.executed === 3);
      expect(count(await world.post())).toBe(3);
    });

    test('one that was made of parts near their end, which has had them renewed, is left alone', async () => {
      world = await start({ refreshAt: Date.now() - 1 });
      expect([count(await world.post()), count(await world.post())]).toEqual([1, 1]);
      expect(world.executed).toBe(1);
    });

    async function start(sources: Partial<AnswerSources>): Promise<World> {
      const made = await startWorld();
      made.renewing = [];
      made.sources = sources;
      await made.post();
      made.sources = {};
      return made;
    }
  });

  test('callers of another partition never share, those of one do', async () => {
    world = await startWorld({
      identify: ({ headers }) => ({ id: String(headers['x-user']), partition: String(headers['x-rights']) }),
    });
    const as = (user: string, rights: string) =>
      world.post(undefined, { 'x-user': user, 'x-rights': rights });
    expect(count(await as('a', 'p'))).toBe(1);
    expect(count(await as('b', 'p'))).toBe(1);
    expect(count(await as('c', 'q'))).toBe(2);
    // Names that run into one another must not.
    expect(count(await as('d', 'p\\nPOST'))).toBe(3);
  });

  test.each<[string, (its: World) => void]>([
    ['its shortest part is no longer fresh', (its) => void (its.sources = { freshUntil: Date.now() - 1 })],
    ['a part must not be kept', (its) => void (its.sources = { freshUntil: 0 })],
    ['a part was stale', (its) => void (its.sources = { stale: true })],
    ['it has errors', (its) => void (its.failures = 2)],
    ['it has extensions', (its) => void (its.extensions = { freshness: { parts: 1 } })],
    ['a part of it was invalidated', (its) => void (its.current = false)],
  ])('nothing is kept where %s', async (_why, change) => {
    world = await startWorld();
    change(world);
    await world.post();
    await world.post();
    expect(world.executed).toBe(2);
  });

  test('it ends with the life of its shortest part, and with an invalidation', async () => {
    world = await startWorld();
    world.sources = { freshUntil: Date.now() + 30_000 };
    await world.post();
    expect(count(await world.post())).toBe(1);
    passTime(30_000);
    world.sources = {};
    expect(count(await world.post())).toBe(2);
    expect(count(await world.post())).toBe(2);
    world.current = false;
    expect(count(await world.post())).toBe(3);
  });

  test('an explanation is always of its own request', async () => {
    world = await startWorld();
    await world.post();
    expect(count(await world.post(undefined, { 'x-enos-explain': '1' }))).toBe(2);
    expect(count(await world.post(undefined, { 'x-enos-freshness': '1' }))).toBe(3);
    expect(count(await world.post())).toBe(1);
  });

  test('what is kept is bounded in bytes', async () => {
    world = await startWorld({ answers: { maxBytes: 20_000, share: true, compression: 'off' } });
    world.size = 100;
    for (let n = 0; n < 40; n += 1) await world.post(undefined, {}, { variables: { n } });
    world.executed = 0;
    for (let n = 0; n < 40; n += 1) await world.post(undefined, {}, { variables: { n } });
    expect(world.executed).toBeGreaterThan(25);
  });

  test('0 keeps nothing', async () => {
    world = await startWorld({ answers: { maxBytes: 0, share: true, compression: 'kept' } });
    await world.post();
    await world.post();
    expect(world.executed).toBe(2);
  });

  test('admission is asked each time, told whether the answer is there, and may add to it', async () => {
    const asked: AdmissionRequest[] = [];
    let released = 0;
    world = await startWorld({
      admission: {
        admit: (admission) => {
          asked.push(admission);
          const left = 100 - asked.length;
          return {
            headers: { 'x-left': String(left) },
            extensions: { left },
            release: () => (released += 1),
          };
        },
      },
    });
    const before = asked.length;
    const [first, second] = [await world.post(), await world.post()];
    expect(asked.slice(before).map(({ answered }) => answered)).toEqual([false, true]);
    expect(second.headers['x-left']).toBe(String(Number(first.headers['x-left']) - 1));
    const { data, extensions } = JSON.parse(second.text) as Record<string, unknown>;
    expect(data).toEqual((JSON.parse(first.text) as Record<string, unknown>)['data']);
    expect(extensions).toEqual({ left: Number(second.headers['x-left']) });
    expect(world.executed).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(released).toBe(asked.length);
  });

  test('admission that refuses is heard', async () => {
    let refuses = false;
    world = await startWorld({
      admission: {
        admit: () => {
          if (!refuses) return { release: () => undefined };
          throw new GraphQLError('Too much.', {
            extensions: { code: 'RATE_LIMITED', http: { status: 429 } },
          });
        },
      },
    });
    await world.post();
    refuses = true;
    expect((await world.post()).status).toBe(429);
  });

  test('a document that now means another text is not answered with the old one', async () => {
    let text = '{ many { totalCount } }';
    world = await startWorld({
      documents: { textOf: ({ query, documentId }) => (documentId ? Promise.resolve(text) : query) },
    });
    const ask = () => world.post(undefined, {}, { query: undefined, documentId: 'one' });
    await ask();
    await ask();
    expect((await ask()).headers['x-enos-answer']).toBe('kept');
    text = '{ many { nodes { name } } }';
    expect(JSON.parse((await ask()).text)).toEqual({ data: { many: { nodes: [{ name: 'branch' }] } } });
  });
});

describe('by GET', () => {
  test('it has a strong validator, and 304 without a body where the client has it', async () => {
    world = await startWorld();
    const { headers, body } = await world.get();
    const etag = headers.etag ?? '';
    expect(etag).toMatch(/^"[\w-]{27}"$/);
    const again = await world.get(undefined, { 'if-none-match': `"other", ${etag}` });
    expect(again.status).toBe(304);
    expect(again.body).toHaveLength(0);
    expect(again.headers.etag).toBe(etag);
    expect((await world.get(undefined, { 'if-none-match': '"other"' })).body.equals(body)).toBe(true);
    world.current = false;
    const other = await world.get(undefined, { 'if-none-match': etag });
    expect(other.status).toBe(200);
    expect(other.headers.etag).not.toBe(etag);
  });

  test('with the Content-Type that Apollo Client gives it, the kept answer is the same one', async () => {
    world = await startWorld();
    const { headers } = await world.get();
    const typed = { 'content-type': 'application/json' };
    const kept = await world.get(undefined, typed);
    expect([kept.headers['x-enos-answer'], kept.headers.etag]).toEqual(['kept', headers.etag]);
    expect((await world.get(undefined, { ...typed, 'if-none-match': String(headers.etag) })).status).toBe(
      304,
    );
    expect(world.executed).toBe(1);
  });

  test('a GET of another site is refused though the answer is there', async () => {
    world = await startWorld();
    await world.get();
    expect((await world.get(undefined, { 'sec-fetch-site': 'cross-site' })).status).toBe(400);
  });

  test('POST has none', async () => {
    world = await startWorld();
    const { headers } = await world.post();
    expect(headers.etag).toBeUndefined();
    expect((await world.post(undefined, { 'if-none-match': '*' })).status).toBe(200);
  });
});

describe('compressed', () => {
  const UNPACK = { gzip: gunzipSync, br: brotliDecompressSync };
  test.each(['gzip', 'br'] as const)('%s: made once it is asked for again', async (encoding) => {
    world = await startWorld();
    world.size = 200;
    const plain = await world.get();
    const ask = () => world.get(undefined, { 'accept-encoding': `${encoding}, identity;q=0.5` });
    let packed = await ask();
    for (let time = 0; time < 100 && packed.headers['content-encoding'] === undefined; time += 1) {
      expect(packed.body.equals(plain.body)).toBe(true);
      await new Promise((resolve) => setTimeout(resolve, 10));
      packed = await ask();
    }
    expect(packed.headers['content-encoding']).toBe(encoding);
    expect(packed.headers.vary).toContain('Accept-Encoding');
    expect(packed.body.length).toBeLessThan(plain.body.length / 2);
    expect(UNPACK[encoding](packed.body).equals(plain.body)).toBe(true);
    expect(packed.headers.etag).not.toBe(plain.headers.etag);
    expect((await world.get()).headers['content-encoding']).toBeUndefined();
    expect(world.executed).toBe(1);
  });

  test('with "all", answers that are sent but once too, errors and all', async () => {
    world = await startWorld({ answers: { maxBytes: 0, share: false, compression: 'all' } });
    world.size = 200;
    const packed = await world.post(undefined, { 'accept-encoding': 'gzip' });
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(JSON.parse(gunzipSync(packed.body).toString())).toMatchObject({ data: { many: {} } });
    const small = await world.post('{ hello }', { 'accept-encoding': 'gzip' });
    expect(small.headers['content-encoding']).toBeUndefined();
  });
});

describe('shared while under way', () => {
  /** Requests that were admitted. Those that wait for another one wait from that moment. */
  let admitted = 0;
  const admission: ServerOptions['admission'] = {
    admit: () => {
      admitted += 1;
      return { release: () => undefined };
    },
  };
  const gated = async (options: Partial<ServerOptions> = {}) => {
    world = await startWorld({ admission, ...options });
    admitted = 0;
    world.sources = { freshUntil: 0 };
    let open: () => void = () => undefined;
    world.gate = new Promise((resolve) => (open = resolve));
    return open;
  };
  const until = async (holds: () => boolean) => {
    for (let time = 0; time < 1_000 && !holds(); time += 1)
      await new Promise((resolve) => setTimeout(resolve, 5));
    expect(holds()).toBe(true);
  };
  const under = (executions: number) => until(() => world.executed >= executions);
  const settle = () => new Promise((resolve) => setTimeout(resolve, 100));

  test('equal requests are executed once', async () => {
    const open = await gated();
    const first = world.post();
    await under(1);
    const others = Array.from({ length: 9 }, () => world.post());
    await until(() => admitted === 10);
    open();
    const replies = await Promise.all([first, ...others]);
    expect(replies.map(count)).toEqual(Array(10).fill(1));
    expect(world.executed).toBe(1);
    expect(replies.slice(1).every(({ headers }) => headers['x-enos-answer'] === 'joined')).toBe(true);
    // Nothing of it is kept: the next one is executed.
    expect(count(await world.post())).toBe(2);
  });

  test('switched off, each is executed', async () => {
    const open = await gated({ answers: { maxBytes: 1_000_000, share: false, compression: 'off' } });
    const replies = [world.post(), world.post()];
    await under(2);
    open();
    await Promise.all(replies);
  });

  test('others of another partition are not', async () => {
    const open = await gated({
      identify: ({ headers }) => ({ id: 'x', partition: String(headers['x-rights']) }),
    });
    const replies = ['p', 'q'].map((rights) => world.post(undefined, { 'x-rights': rights }));
    await under(2);
    open();
    await Promise.all(replies);
  });

  test('whoever waits asks again where the answer has errors, or is overtaken by an invalidation', async () => {
    for (const spoil of [() => void (world.failures = 1), () => void (world.current = false)]) {
      const open = await gated();
      const first = world.post();
      await under(1);
      const second = world.post();
      await until(() => admitted === 2);
      spoil();
      open();
      await first;
      expect(count(await second)).toBe(2);
    }
  });

  test('the first one may leave: the others get their answer; when all have left, the work ends', async () => {
    const open = await gated();
    const call = request(`${world.server.url}/graphql`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' }, agent: false },
    });
    call.on('error', () => undefined);
    call.end(JSON.stringify({ query: '{ many { totalCount nodes { name } } }' }));
    await under(1);
    const signal = world.signals.at(-1);
    const second = world.post();
    await until(() => admitted === 2);
    call.destroy();
    await settle();
    expect(signal?.aborted).toBe(false);
    open();
    expect(count(await second)).toBe(1);

    const alone = await gated();
    const leaving = request(`${world.server.url}/graphql`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' }, agent: false },
    });
    leaving.on('error', () => undefined);
    leaving.end(JSON.stringify({ query: '{ many { totalCount nodes { name } } }' }));
    await under(1);
    leaving.destroy();
    await until(() => world.signals.at(-1)?.aborted === true);
    alone();
  });

  test('who came later keeps his own time', async () => {
    const open = await gated({ operationTimeout: 600 });
    const first = world.post();
    await under(1);
    await new Promise((resolve) => setTimeout(resolve, 400));
    const second = world.post();
    // The first one is told that his time is over; the second has 400 ms more.
    expect((await first).status).toBe(504);
    open();
    const reply = await second;
    expect(reply.status).toBe(200);
    expect(world.signals.at(-1)?.aborted).toBeDefined();
  }, 10_000);
});

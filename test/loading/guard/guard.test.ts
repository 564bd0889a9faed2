/** The guard around the loaders: every method of every domain asks for a right and an organization first. */
import { AccessError } from '../../../src/loading/guard/access-error.js';
import { guardLoaders } from '../../../src/loading/guard/guard.js';
import { ALL_RIGHTS, type Right } from '../../../src/loading/guard/rights.js';
import type { Loaders } from '../../../src/loading/loaders.js';
import { ORG, asset, fakeLoaders } from '../../graph/fake-loaders.js';

const DOMAINS = ['assets', 'models', 'trees', 'alerts', 'series'] as const;
const WINDOW = { offset: 0, limit: 10 };

/** Each method called with a key of an organization, in whatever form it takes one. */
function callsOf(loaders: Loaders, orgId: string): [string, () => unknown][] {
  return DOMAINS.flatMap((domain) =>
    Object.entries(loaders[domain] as unknown as Record<string, (...args: unknown[]) => unknown>).map(
      ([name, method]): [string, () => unknown] => {
        const byName = ['search', 'byId', 'countActive', 'severity', 'type', 'content', 'rule'];
        const takesId = (domain === 'alerts' && byName.includes(name)) || name === 'search';
        const key = { orgId, assetId: 'a1', treeId: 't1', modelId: 'Turbine', pointId: 'power' };
        return [`${domain}.${name}`, () => method(takesId ? orgId : key, 'x1', {}, WINDOW)];
      },
    ),
  );
}

/** The fakes as plain objects, as the real loaders are; `asked` says which of them have been called. */
function plain(): { loaders: Loaders; asked: () => string[] } {
  const { loaders, calls } = fakeLoaders();
  const copy = Object.fromEntries(
    Object.entries(loaders).map(([domain, methods]) => [domain, { ...(methods as object) }]),
  );
  return { loaders: copy as unknown as Loaders, asked: () => calls.map(({ name }) => name) };
}

const outcome = async (call: () => unknown): Promise<unknown> => {
  try {
    return await call();
  } catch (error) {
    return error;
  }
};

test('no right, no answer: by no method, and nothing is asked', async () => {
  const { loaders, asked } = plain();
  const guarded = guardLoaders(loaders, { organizations: new Set([ORG]), rights: new Set() });
  const calls = callsOf(guarded, ORG);
  expect(calls.map(([name]) => name)).toEqual(callsOf(loaders, ORG).map(([name]) => name));
  expect(calls.length).toBeGreaterThanOrEqual(24);
  for (const [name, call] of calls) {
    const right = `${name.split('.')[0]}:read`;
    expect([name, await outcome(call)]).toEqual([
      name,
      expect.objectContaining({ code: 'FORBIDDEN', right }),
    ]);
  }
  expect(asked()).toEqual([]);
  await callsOf(loaders, ORG)[0]?.[1]();
  expect(asked()).toEqual(['assets.byId']);
});

test('another organization, no answer, unless the right reaches beyond', async () => {
  const read: Right[] = [
    'assets:read',
    'models:read',
    'trees:read',
    'alerts:read',
    'series:read',
    'users:read',
  ];
  const organizations = new Set(['o2']);
  const guarded = guardLoaders(plain().loaders, { organizations, rights: new Set(read) });
  for (const [name, call] of callsOf(guarded, ORG))
    expect([name, await outcome(call)]).toEqual([
      name,
      expect.objectContaining({ code: 'FORBIDDEN', right: null }),
    ]);
  const further = guardLoaders(plain().loaders, { organizations, rights: ALL_RIGHTS });
  for (const [name, call] of callsOf(further, ORG))
    expect([name, (await outcome(call)) instanceof AccessError]).toEqual([name, false]);
});

test('users are for those who may see them', async () => {
  const { users } = guardLoaders(plain().loaders, { organizations: null, rights: new Set(['assets:read']) });
  await expect(outcome(() => users.list(ORG, WINDOW))).resolves.toMatchObject({ right: 'users:read' });
});

test('what may be asked goes on as it is: no promise where there was none', () => {
  const { loaders } = plain();
  const record = asset('a1');
  loaders.assets.byId = () => record;
  const guarded = guardLoaders(loaders, { organizations: new Set([ORG]), rights: ALL_RIGHTS });
  expect(guarded.assets.byId({ orgId: ORG, assetId: 'a1' })).toBe(record);
  const seen = guardLoaders(loaders, {
    organizations: null,
    rights: ALL_RIGHTS,
    assets: () => new Set(['a1']),
  });
  expect(seen.assets.byId({ orgId: ORG, assetId: 'a1' })).toBe(record);
});

/** The guard around the loaders: every method of every domain asks for a right and an organization first. */
import { AccessError } from '../../../src/loading/guard/access-error.js';
import { guardLoaders } from '../../../src/loading/guard/guard.js';
import { ALL_RIGHTS } from '../../../src/loading/guard/rights.js';
import { asset as assets } from '../../../src/loading/entities/asset.js';
import { ENTITIES } from '../../../src/loading/entities/index.js';
import type { Loaders } from '../../../src/loading/loaders.js';
import { ORG, asset, fakeLoaders } from '../../graph/fake-loaders.js';

const DOMAINS = ['models', 'trees', 'alerts', 'series'] as const;
/** Rights of the domains, which are called like them, and of the entities. */
const rightOf = (name: string): string => {
  const [kind] = name.split('.');
  return ENTITIES.find(({ type }) => type === kind)?.right.name ?? `${kind}:read`;
};
const WINDOW = { offset: 0, limit: 10 };

/** Each method called with a key of an organization, in whatever form it takes one. */
function callsOf(loaders: Loaders, orgId: string): [string, () => unknown][] {
  const ofEntities = ENTITIES.flatMap((entity): [string, () => unknown][] => {
    const { type } = entity;
    const loader = loaders.of(entity);
    const query = { filter: {}, orders: [] };
    return [
      [`${type}.load`, () => loader.load({ orgId, id: 'x1' })],
      [`${type}.find`, () => loader.find({ orgId, id: 'x1' })],
      [`${type}.list`, () => loader.list(orgId, query, WINDOW)],
      [`${type}.listOf`, () => loader.listOf(orgId, query, { member: 'modelIds', id: 'x1' }, WINDOW)],
    ];
  });
  const ofDomains = DOMAINS.flatMap((domain) =>
    Object.entries(loaders[domain] as unknown as Record<string, (...args: unknown[]) => unknown>).map(
      ([name, method]): [string, () => unknown] => {
        const byName = ['search', 'byId', 'countActive', 'severity', 'type', 'content', 'rule'];
        const takesId = (domain === 'alerts' && byName.includes(name)) || name === 'search';
        const key = { orgId, assetId: 'a1', treeId: 't1', modelId: 'Turbine', pointId: 'power' };
        return [`${domain}.${name}`, () => method(takesId ? orgId : key, 'x1', {}, WINDOW)];
      },
    ),
  );
  return [...ofDomains, ...ofEntities];
}

/** The fakes as plain objects, as the real loaders are; `asked` says which of them have been called. */
function plain(): { loaders: Loaders; asked: () => string[] } {
  const { loaders, calls } = fakeLoaders();
  const copy = Object.fromEntries(
    Object.entries(loaders).map(([domain, methods]) => [
      domain,
      typeof methods === 'function' ? (methods as unknown) : { ...(methods as object) },
    ]),
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
    const right = rightOf(name);
    expect([name, await outcome(call)]).toEqual([
      name,
      expect.objectContaining({ code: 'FORBIDDEN', right }),
    ]);
  }
  expect(asked()).toEqual([]);
  await callsOf(loaders, ORG)[0]?.[1]();
  expect(asked()).toEqual(['models.children']);
});

test('another organization, no answer, unless the right reaches beyond', async () => {
  const organizations = new Set(['o2']);
  const all = new Set([...ALL_RIGHTS].filter((right) => right !== 'organizations:all'));
  const guarded = guardLoaders(plain().loaders, { organizations, rights: all });
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
  loaders.of = () => ({ load: () => record }) as never;
  const guarded = guardLoaders(loaders, { organizations: new Set([ORG]), rights: ALL_RIGHTS });
  expect(guarded.of(assets).load({ orgId: ORG, id: 'a1' })).toBe(record);
  const seen = guardLoaders(loaders, {
    organizations: null,
    rights: ALL_RIGHTS,
    assets: () => new Set(['a1']),
  });
  expect(seen.of(assets).load({ orgId: ORG, id: 'a1' })).toBe(record);
});

/** How lists of a described entity are asked for: kinds of conditions and orders that not every entity has. */
import { entity, type EntityRecord } from '../../../src/loading/entity/description.js';
import { anyOf, isTrue, sameText } from '../../../src/loading/entity/filter.js';
import { createEntityLoader } from '../../../src/loading/entity/loader.js';
import { searchBy } from '../../../src/loading/entity/reads.js';
import { filterInputOf, orderInputOf, toListQuery } from '../../../src/graph/entity/filter-input.js';
import { scriptedLoading } from '../../support/recorded-loading.js';

interface ThingRecord extends EntityRecord {
  readonly contentId: string;
}
const described = {
  type: 'Thing',
  key: 'contentId',
  right: { name: 'alerts:read', allows: 'see things' },
  assets: 'none',
  lifetime: { setting: 'CACHE_TTL_THINGS', fallback: 60_000 },
  get: null,
  search: searchBy('alert.searchAlertContent'),
  record: ({ contentId }: { contentId: string }) => ({ contentId }),
  filter: {
    ids: anyOf('contentId', 'One of these.'),
    model: sameText('modelId', 'Of this model.'),
    isOpen: isTrue('isOpen', 'Whether open.'),
  },
} as const;
const thing = entity<ThingRecord, { contentId: string }>({
  ...described,
  sort: { id: 'contentId', type: 'alertTypeId' },
});
const window = { offset: 0, limit: 10 };

function loaded(): {
  loading: ReturnType<typeof scriptedLoading>;
  loader: ReturnType<typeof createEntityLoader>;
} {
  const answer = {
    code: 0,
    data: [{ contentId: 'c1' }],
    pagination: { pageNo: 1, pageSize: 10, totalSize: 1 },
  };
  const loading = scriptedLoading(() => answer, { orgId: 'o1', now: () => 0 });
  return { loading, loader: createEntityLoader(loading.request(), thing) };
}

test('texts, flags and ids become one expression', async () => {
  const { loading, loader } = loaded();
  const filter = { ids: ['a', 'b'], model: "it's", isOpen: false };
  await loader.list('o1', toListQuery(thing, filter, undefined), window);
  const { expression } = loading.calls[0]!.body as { expression: string };
  expect(expression).toContain('contentId in');
  expect(expression).toContain('modelId =');
  expect(expression).toContain('isOpen = false');
});

test('orders become sorters, in their order and both ways', async () => {
  const { loading, loader } = loaded();
  const orders = [{ field: 'type', direction: 'DESC' }, { field: 'id' }];
  await loader.list('o1', toListQuery(thing, undefined, orders), window);
  expect(loading.calls[0]!.body).toMatchObject({
    pagination: {
      sorters: [
        { field: 'alertTypeId', order: 'DESC' },
        { field: 'contentId', order: 'ASC' },
      ],
    },
  });
});

test('lists that differ in their order or conditions are kept apart', async () => {
  const { loading, loader } = loaded();
  const lists = [undefined, [{ field: 'id' }], [{ field: 'id', direction: 'DESC' }]];
  for (const orders of lists) await loader.list('o1', toListQuery(thing, undefined, orders), window);
  await loader.list('o1', toListQuery(thing, { model: 'm' }, undefined), window);
  expect(loading.calls).toHaveLength(4);
});

test('an empty text is refused by its name', () => {
  expect(() => toListQuery(thing, { model: '' }, undefined)).toThrow(
    'Argument "filter.model" must not be empty.',
  );
});

test('inputs exist only where there is something to give', () => {
  expect([filterInputOf(thing), orderInputOf(thing)].every(Boolean)).toBe(true);
  expect([filterInputOf({ ...thing, filter: {} }), orderInputOf({ ...thing, sort: {} })]).toEqual([
    undefined,
    undefined,
  ]);
});

test('a description that asks for what the operation does not have is no description', () => {
  expect(() =>
    entity<ThingRecord, { contentId: string }>({ ...described, sort: { name: 'contentDesc' } }),
  ).toThrow('Thing: alert.searchAlertContent cannot sort by contentDesc');
  const search = searchBy('alert.searchAlertContent', { maxPageSize: 5_000 });
  expect(() => entity<ThingRecord, { contentId: string }>({ ...described, search })).toThrow(
    'takes pages of 1000 at most',
  );
});

test('what a complete search does not return is missing, without another call', async () => {
  const { loading } = loaded();
  const complete = { ...thing, search: { ...thing.search, isComplete: true } };
  const loader = createEntityLoader(loading.request(), complete);
  const found = await Promise.all(['c1', 'gone'].map((id) => loader.find({ orgId: 'o1', id })));
  expect(found.map((record) => record && record.contentId)).toEqual(['c1', null]);
  expect(loading.calls).toHaveLength(1);
});

/** One failed branch nulls that branch only, at its path, with its code. */
import { EnosError } from '../../src/enos/errors.js';
import { InputError } from '../../src/loading/common.js';
import { ask, asset, missing, modelOf, at } from './fake-loaders.js';

const down = (): Promise<never> =>
  Promise.reject(
    new EnosError({
      kind: 'http',
      service: 'model',
      operation: 'searchThingModel',
      httpStatus: 503,
      message: 'no service',
    }),
  );

test('an unknown asset: null, NOT_FOUND, and what EnOS said', async () => {
  const { data, errors } = await ask(
    '{ asset(assetId: "zz") { name } other: asset(assetId: "a1") { assetId } }',
  );
  expect(data).toEqual({ asset: null, other: { assetId: 'a1' } });
  expect(errors).toEqual([
    {
      message: 'no such thing',
      path: ['asset'],
      code: 'NOT_FOUND',
      extensions: {
        code: 'NOT_FOUND',
        enos: {
          service: 'asset',
          operation: 'getAsset',
          code: 99404,
          message: 'no such thing',
          requestId: 'r-404',
        },
      },
    },
  ]);
});

test('one unknown among many: order kept, the others whole, the path with its index', async () => {
  const { data, errors } = await ask('{ assetsById(assetIds: ["a3", "zz", "a1", "a3"]) { assetId } }');
  expect(at(data, 'assetsById')).toEqual([{ assetId: 'a3' }, null, { assetId: 'a1' }, { assetId: 'a3' }]);
  expect(errors.map(({ path, code }) => [path, code])).toEqual([[['assetsById', 1], 'NOT_FOUND']]);
});

test.each<[string, Parameters<typeof ask>[1], string[]]>([
  ['model { name }', { overrides: { of: { ThingModel: { load: down } } } }, ['model']],
  ['points { pointId }', { overrides: { of: { ThingModel: { load: down } } } }, ['points']],
  [
    'point(pointId: "power") { pointId definition { name } }',
    { overrides: { of: { ThingModel: { load: down } } } },
    ['point', 'definition'],
  ],
  [
    'point(pointId: "power") { pointId latest { time } }',
    { overrides: { series: { latest: down } } },
    ['point', 'latest'],
  ],
  [
    'point(pointId: "power") { pointId storage }',
    { overrides: { models: { storage: down } } },
    ['point', 'storage'],
  ],
  [
    'point(pointId: "energy") { pointId energyToday { time } }',
    { overrides: { series: { energyToday: down } } },
    ['point', 'energyToday'],
  ],
  [
    'point(pointId: "power") { pointId series(from: "2024-01-01T00:00:00Z", to: "2024-01-02T00:00:00Z") { values { time } } }',
    { overrides: { series: { history: down } } },
    ['point', 'series'],
  ],
  ['alerts { totalCount }', { overrides: { alerts: { ofAsset: down } } }, ['alerts']],
  ['trees { treeId }', { overrides: { trees: { ofAsset: down } } }, ['trees']],
  ['nodes { id }', { overrides: { trees: { ofAsset: down } } }, ['nodes']],
  ['children(treeId: "t1") { totalCount }', { overrides: { trees: { children: down } } }, ['children']],
  [
    'attribute(attributeId: "rated") { value unit { symbol } }',
    { overrides: { of: { ThingModel: { load: down } } } },
    ['attribute', 'unit'],
  ],
])('asset { %s } fails alone', async (fields, options, path) => {
  const { data, errors } = await ask(`{ asset(assetId: "a1") { assetId ${fields} } }`, options);
  expect(at(data, 'asset.assetId')).toBe('a1');
  expect(at(data, ['asset', ...path].join('.'))).toBeNull();
  expect(errors).toHaveLength(1);
  expect(errors[0]).toMatchObject({ path: ['asset', ...path], code: 'UPSTREAM_ERROR' });
});

test.each([
  'asset { name }',
  'model { name }',
  'severity { tags { key } }',
  'type { tags { key } }',
  'content { tags { key } }',
  'rule { condition }',
])('alert { %s } fails alone', async (fields) => {
  const overrides = {
    of: { ThingModel: { load: down }, Asset: { load: down } },
    entities: { find: down },
  };
  const { data, errors } = await ask(`{ alerts(first: 1) { nodes { alertId ${fields} } } }`, { overrides });
  const field = fields.split(' ')[0] ?? '';
  expect(at(data, 'alerts.nodes')).toEqual([{ alertId: 'x1', [field]: null }]);
  expect(errors[0]).toMatchObject({ path: ['alerts', 'nodes', 0, field], code: 'UPSTREAM_ERROR' });
});

test.each([
  'parent { id }',
  'ancestors { id }',
  'path { id }',
  'children { totalCount }',
  'descendants { totalCount }',
  'alerts { totalCount }',
])('tree node { %s } fails alone', async (fields) => {
  const overrides = { trees: { path: down, children: down, descendants: down }, alerts: { search: down } };
  const { data, errors } = await ask(
    `{ assetTree(treeId: "t1") { name root { asset { assetId } ${fields} } } }`,
    { overrides },
  );
  const field = fields.split(' ')[0] ?? '';
  expect(at(data, 'assetTree')).toEqual({
    name: 'Tree',
    root: { asset: { assetId: 'root' }, [field]: null },
  });
  expect(errors).toHaveLength(1);
});

test('a parent of a model that cannot be read leaves the model', async () => {
  const { data, errors } = await ask('{ asset(assetId: "a9") { model { modelId parents { modelId } } } }', {
    overrides: {
      of: {
        Asset: { load: async () => asset('a9') },
        ThingModel: {
          load: async ({ id: modelId }) =>
            modelId === 'Turbine'
              ? modelOf({ modelId, modelIdPath: '/Gone/Device/Turbine', orgId: 'o' })
              : Promise.reject(missing('model', 'getThingModel')),
        },
      },
    },
  });
  expect(at(data, 'asset.model')).toEqual({ modelId: 'Turbine', parents: [null, null] });
  expect(errors.map(({ path }) => path)).toEqual([
    ['asset', 'model', 'parents', 0],
    ['asset', 'model', 'parents', 1],
  ]);
});

test('every root list fails alone', async () => {
  const overrides = {
    of: { ThingModel: { list: down }, Asset: { list: down } },
    trees: { search: down },
    alerts: { search: down, countActive: down },
  };
  const { data, errors } = await ask(
    '{ assets { totalCount } thingModels { totalCount } assetTrees { totalCount } alerts { totalCount } alertSummary(groupBy: ASSET) { count } asset(assetId: "a1") { assetId } }',
    { overrides },
  );
  expect(data).toEqual({
    assets: null,
    thingModels: null,
    assetTrees: null,
    alerts: null,
    alertSummary: null,
    asset: { assetId: 'a1' },
  });
  expect(errors).toHaveLength(5);
});

test('an argument that loading refuses is the caller matter; anything else is masked', async () => {
  const refused = await ask('{ assets { totalCount } }', {
    overrides: {
      of: {
        Asset: {
          list: () => Promise.reject(new InputError('filter.attributes is too much', 'filter.attributes')),
        },
      },
    },
  });
  expect(refused.errors[0]).toMatchObject({
    code: 'BAD_USER_INPUT',
    extensions: { argument: 'filter.attributes' },
  });
  const broken = await ask('{ assets { totalCount } }', {
    overrides: { of: { Asset: { list: () => Promise.reject(new TypeError('x.y at 10.0.0.1')) } } },
  });
  expect(broken.errors[0]).toMatchObject({ message: 'Internal server error', code: 'INTERNAL_SERVER_ERROR' });
});

test('a value that a scalar refuses says what is expected, in literals and in variables', async () => {
  const literal = await ask(
    '{ asset(assetId: "a1") { point(pointId: "p") { latest(within: "P1M") { time } } } }',
  );
  expect(literal.errors[0]?.message).toMatch(/Duration: "P1M" holds years or months/);
  const variable = await ask(
    'query ($d: Duration!) { asset(assetId: "a1") { point(pointId: "p") { latest(within: $d) { time } } } }',
    {
      variables: { d: 'PT1.5H' },
    },
  );
  expect(variable.errors[0]?.message).toMatch(/"\$d".*fraction/);
  expect(variable.names).toEqual([]);
});

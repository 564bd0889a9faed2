import { crop, parseProjection } from '../../src/simulator/projection.js';

const ROWS = [
  {
    assetId: 'tB4nX9wL',
    name: { defaultValue: 'WT-07', i18nValue: { en_US: 'Turbine 07' } },
    attributes: {
      ratedPower: 2500,
      blades: [
        { no: 1, len: 57.2 },
        { no: 2, len: 57.1 },
      ],
    },
    tags: { row: '2' },
  },
  {
    assetId: 'mC7pZ2dJ',
    name: { defaultValue: 'WT-08', i18nValue: {} },
    attributes: { ratedPower: 2500 },
    tags: {},
  },
];
const names = ROWS.map(({ name }) => ({ name }));
const ids = ROWS.map(({ assetId }) => ({ assetId }));

describe('rows of searchAssetNode', () => {
  it.each<[string[], unknown]>([
    [
      ['assetId', 'name.defaultValue'],
      [
        { assetId: 'tB4nX9wL', name: { defaultValue: 'WT-07' } },
        { assetId: 'mC7pZ2dJ', name: { defaultValue: 'WT-08' } },
      ],
    ],
    [
      ['assetId', 'attributes.blades[*].len'],
      [
        { assetId: 'tB4nX9wL', attributes: { blades: [{ len: 57.2 }, { len: 57.1 }] } },
        { assetId: 'mC7pZ2dJ', attributes: {} },
      ],
    ],
    [['attributes.blades.[*].no'], [{ attributes: { blades: [{ no: 1 }, { no: 2 }] } }, { attributes: {} }]],
    [['name', 'name.defaultValue'], names],
    [['name.defaultValue', 'name'], names],
    [['noSuchField'], [{}, {}]],
    [['[*].assetId'], ids],
    [['assetId', 'assetId.deeper'], ids],
    [['attributes.blades.len'], [{ attributes: {} }, { attributes: {} }]],
    [['tags.*'], [{ tags: { row: '2' } }, { tags: {} }]],
    [
      ['*.defaultValue', 'name.i18nValue.en_US'],
      [
        { name: { defaultValue: 'WT-07', i18nValue: { en_US: 'Turbine 07' } }, attributes: {}, tags: {} },
        { name: { defaultValue: 'WT-08', i18nValue: {} }, attributes: {}, tags: {} },
      ],
    ],
    [[], [{}, {}]],
  ])('%j', (projection, expected) => {
    expect(crop(ROWS, parseProjection(projection))).toEqual(expected);
  });
});

it('crops the paths and assets of searchAssetPath', () => {
  const data = {
    assetPaths: [['gH2sD6kP', 'Rk3vTq8M']],
    assets: {
      gH2sD6kP: { assetId: 'gH2sD6kP', attributes: {} },
      Rk3vTq8M: { assetId: 'Rk3vTq8M', attributes: { capacity: 62.5 } },
    },
  };
  expect(crop(data, parseProjection(['assetPaths', 'assets.*.attributes']))).toEqual({
    assetPaths: [['gH2sD6kP', 'Rk3vTq8M']],
    assets: { gH2sD6kP: { attributes: {} }, Rk3vTq8M: { attributes: { capacity: 62.5 } } },
  });
});

it('crops the map of arrays of getAssetTrees', () => {
  const tree = (treeId: string, assetId: string) => ({ treeId, tags: {}, asset: { assetId, label: '1' } });
  const data = { tB4nX9wL: [tree('Wf7kQ2Zx', 'gH2sD6kP'), tree('Lm3xE8Vd', 'qA9rY4bU')] };
  expect(crop(data, parseProjection(['*.[*].treeId', '*[*].asset.assetId']))).toEqual({
    tB4nX9wL: [
      { treeId: 'Wf7kQ2Zx', asset: { assetId: 'gH2sD6kP' } },
      { treeId: 'Lm3xE8Vd', asset: { assetId: 'qA9rY4bU' } },
    ],
  });
});

it.each(['', 'a..b', 'a.', 'a[0]', 'a[', 'a*', '[*]x'])('refuses the path "%s"', (path) => {
  expect(() => parseProjection([path])).toThrow('Invalid Argument projection');
});

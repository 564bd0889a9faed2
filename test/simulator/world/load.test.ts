import { toJson } from '../../../src/simulator/json.js';
import { metrics } from '../../../src/simulator/parts/metrics.js';
import { loadWorld } from '../../../src/simulator/world/load.js';
import type { World } from '../../../src/simulator/world/world.js';
import { SMALL_WORLD, withWorldFolder } from '../../support/world-folder.js';

const NOW = Date.UTC(2024, 5, 1, 12);
const HOUR = 3_600_000;

const load = (changes: Record<string, string | null> = {}, orgId?: string): Promise<World> =>
  withWorldFolder(changes, (folder) => loadWorld(folder, { now: () => NOW, dataDir: folder, orgId }));

describe('a world folder', () => {
  let world: World;
  beforeAll(async () => {
    world = await load();
  });

  test('merges models with their ancestors, whatever their order in the files', () => {
    const child = world.models.get('Child');
    expect(child?.modelIdPath).toBe('/Parent/Child');
    expect(Object.keys(child?.measurepoints ?? {})).toEqual(['power', 'state', 'free']);
    expect(child?.measurepoints['power']).toMatchObject({
      unit: { unitId: 'W', multiplier: 'KILO' },
      hasQuality: true,
    });
    expect(child?.storage).toEqual({ power: ['AI_RAW', 'AI_NORMALIZED'], state: ['DI'] });
    expect(JSON.parse(String(child?.measurepoints['state']?.['dataDefinition']))).toEqual({
      enumDesc: {
        '1': { defaultValue: 'On', i18nValue: {} },
        '2': { defaultValue: 'Off', i18nValue: { zh_CN: '关' } },
      },
      enumType: 'INT',
      defaultValue: 1,
    });
  });

  test('numbers a range, and keeps integers beyond 2^53 exact up to the wire', () => {
    const [site, first, second, third] = [...world.assets.values()];
    expect(world.assets.size).toBe(13);
    expect(site).toMatchObject({ assetId: 'Aa1Bb2Cc', label: '1', attributes: { mode: 'auto' } });
    expect(first).toMatchObject({
      assetId: 'First001',
      name: { defaultValue: 'M-01', i18nValue: { de_DE: 'Maschine 01' } },
    });
    expect(second?.assetId).toMatch(/^[A-Za-z0-9]{8}$/);
    expect(third?.attributes).toEqual({ serial: 9007199254740997n, mode: 'a' });
    expect(toJson(first?.attributes)).toBe('{"serial":9007199254740993,"mode":"a"}');
  });

  test('has the limits that EnOS documents, or its own', async () => {
    expect(world.limits).toEqual({ assets: 200_000, trees: 1_000 });
    const limited = await load({ 'world.yaml': `${SMALL_WORLD['world.yaml']}limits: { trees: 2 }\n` });
    expect(limited.limits).toEqual({ assets: 200_000, trees: 2 });
  });

  test('may have metrics, of points that its models have', async () => {
    expect(world.parts.of(metrics).size).toBe(0);
    const file = (point: string): Record<string, string> => ({
      'metrics.yaml': `metrics: [{ id: m, from: [{ model: Parent, point: ${point} }], logic: avg, per: hour }]`,
    });
    expect((await load(file('power'))).parts.of(metrics).get('m')).toMatchObject({ scale: 1, digits: 3 });
    await expect(load(file('none'))).rejects.toThrow('there is no point none of a model Parent');
  });

  test('gives the same ids on every load', async () => {
    expect([...(await load()).assets.keys()]).toEqual([...world.assets.keys()]);
  });

  test('builds trees in the order of the file', () => {
    const tree = world.trees.get('Tree0001');
    expect(tree?.root.children.map((node) => node.assetId)).toEqual([...world.assets.keys()].slice(1));
    expect(tree?.nodes.get('First001')?.parent).toBe(tree?.root);
  });

  test('fills alerts from their rules, repeats them over a range, and takes ids that name nothing', () => {
    const alerts = [...world.alerts.values()];
    const [root, masked, past, , , ghost] = alerts;
    expect(alerts).toHaveLength(6);
    expect(root).toMatchObject({
      occurTime: NOW - 3 * HOUR,
      recoverTime: null,
      severityId: 'high',
      typeId: 'top',
      subTypeId: 'sub',
      contentId: 'c',
      measurepointId: 'power',
      eventType: 1,
    });
    expect(root?.alertId).toMatch(/^20240601[0-9a-f]{32}$/);
    expect(masked?.maskedBy).toEqual([`Tree0001:${root?.alertId}`]);
    expect(past).toMatchObject({
      assetId: 'First001',
      recoverTime: Date.UTC(2024, 0, 1, 1),
      recoverReason: 'rule-recover',
      eventType: 0,
    });
    expect(ghost).toMatchObject({ assetId: 'Nowhere1', severityId: 'gone', ruleId: null, eventType: 3 });
  });

  test('derives what policies cover from the points, heirs included', () => {
    const [policy] = [...world.policies.values()];
    expect(policy?.models).toEqual([
      { modelId: 'Parent', points: [{ pointId: 'power', sdt: null, db: null }] },
      {
        modelId: 'Child',
        points: [{ pointId: 'power', sdt: null, db: { excdev: 1, excmax: 2, excmin: 1 } }],
      },
    ]);
  });

  test('reads CSV times in their zone, across its change, and leaves empty cells out', () => {
    expect([...world.series.read('Aa1Bb2Cc', 'power', 0, NOW)]).toEqual([
      { time: Date.UTC(2024, 2, 31, 0, 30), value: 1.5, quality: null },
      { time: Date.UTC(2024, 2, 31, 2, 0), value: 2.5, quality: null },
    ]);
    expect(world.series.latest('Aa1Bb2Cc', 'power', Date.UTC(2024, 2, 31, 1))?.value).toBe(1.5);
    expect(world.series.latest('Aa1Bb2Cc', 'power', NOW, Date.UTC(2024, 2, 31, 2))).toBeNull();
  });

  test('scales a column to the unit of its point', async () => {
    const columns = {
      'series/a.yaml': (SMALL_WORLD['series/a.yaml'] ?? '').replace(
        'P: power',
        'P: { point: power, unit: W, scale: 0.001 }',
      ),
    };
    expect((await load(columns)).series.latest('Aa1Bb2Cc', 'power', NOW)?.value).toBe(0.0025);
  });

  test('serves the world as another organization when told', async () => {
    const other = await load({}, 'o42');
    expect(other.orgId).toBe('o42');
    expect(other.assets.get('First001')?.orgId).toBe('o42');
  });
});

describe('a folder that cannot be loaded tells file, path and what was expected', () => {
  const changed = (file: string, from: string, to: string): Record<string, string> => {
    const text = SMALL_WORLD[file] ?? '';
    if (!text.includes(from)) throw new Error(`${file} does not hold ${from}`);
    return { [file]: text.replace(from, to) };
  };

  test.each<[string, Record<string, string | null>, RegExp]>([
    ['a missing file', { 'trees.yaml': null }, /trees\.yaml: cannot be read/],
    ['broken YAML', { 'trees.yaml': 'trees: [' }, /trees\.yaml: /],
    ['a missing field', { 'world.yaml': 'name: small' }, /world\.yaml: orgId: .*expected string/],
    ['an unknown key', { 'world.yaml': 'name: small\norgId: o1\ncolour: red' }, /world\.yaml: .*colour/],
    [
      'a wrong type',
      changed('models/a.yaml', 'type: INT', 'type: INTEGER'),
      /models\/a\.yaml: models\[1\]\.attributes\.serial\.type: /,
    ],
    [
      'a definition too few',
      changed('models/a.yaml', ', maxLength: 8', ''),
      /attributes\.mode\.maxLength: expected for type STRING/,
    ],
    [
      'an unknown parent',
      changed('models/a.yaml', 'parent: Parent', 'parent: Nobody'),
      /model Child: no parent model Nobody/,
    ],
    [
      'a point told twice',
      changed('models/a.yaml', 'free: {', 'power: {'),
      /measurepoints\.power is inherited from Parent already/,
    ],
    [
      'a bad time zone',
      changed('assets/a.yaml', 'Europe/Berlin', 'Europe/Atlantis'),
      /assets\/a\.yaml: place\.timezone: expected a UTC offset/,
    ],
    ['an unknown model', changed('assets/a.yaml', 'model: Child', 'model: Kid'), /asset m-01: no model Kid/],
    [
      'an unknown attribute',
      changed('assets/a.yaml', 'serial:', 'cereal:'),
      /asset m-01: model Child has no attribute cereal/,
    ],
    ['an id twice', changed('assets/a.yaml', 'First001', 'Aa1Bb2Cc'), /id Aa1Bb2Cc is there twice/],
    ['an unknown node', changed('trees.yaml', 'machines', 'robots'), /tree t: no asset or range robots/],
    [
      'an asset twice in a tree',
      changed('trees.yaml', '[machines]', '[machines, m-03]'),
      /tree t: m-03 is in the tree twice/,
    ],
    [
      'an unknown rule',
      changed('alerts.yaml', 'asset: site, rule: r', 'asset: site, rule: q'),
      /alert root: no rule q/,
    ],
    [
      'a moment that is none',
      changed('alerts.yaml', '"-3h"', 'yesterday'),
      /alerts\[0\]\.occurred: expected a time before now/,
    ],
    [
      'a rule of an unknown point',
      changed('alerts.yaml', 'point: power', 'point: energy'),
      /rule r: no point energy in Parent/,
    ],
    [
      'an unknown column',
      changed('series/a.yaml', '{ P: power }', '{ Q: power }'),
      /power\.csv: no column "Q"; there are P, time/,
    ],
    [
      'a unit that is not the point’s',
      changed('series/a.yaml', 'P: power', 'P: { point: power, unit: W }'),
      /the unit of power is not that of the model/,
    ],
    [
      'an unknown point of a file',
      changed('series/a.yaml', '{ P: power }', '{ P: energy }'),
      /Parent has no point energy/,
    ],
    [
      'a time of another format',
      { 'power.csv': 'P;time\n1;2024-03-31' },
      /power\.csv: row 2: expected a time like d\.M\.yyyy H:mm, got "2024-03-31"/,
    ],
    [
      'a cell that is no number',
      { 'power.csv': 'P;time\nn/a;31.3.2024 1:30' },
      /row 2: expected a number in power, got "n\/a"/,
    ],
    [
      'unknown physics',
      changed('series/a.yaml', 'windTurbine', 'windmill'),
      /windmill: expected one of windTurbine/,
    ],
    [
      'a missing parameter',
      changed('series/a.yaml', '{ ratedPower: 100 }', '{}'),
      /windTurbine: M-01: expected the parameter ratedPower/,
    ],
    [
      'an unknown output',
      changed('series/a.yaml', 'output: power', 'output: steam'),
      /no output steam; there are windSpeed/,
    ],
    [
      'a policy of an unknown point',
      changed('policies.yaml', 'point: power', 'point: state'),
      /Child has no point state stored as AI_RAW/,
    ],
  ])('%s', async (_name, changes, message) => {
    await expect(load(changes)).rejects.toThrow(message);
  });

  test('CSV files without a folder for them', async () => {
    const environment = 'SMALL_WORLD_DATA';
    const world = `name: small\norgId: o1\ncsvRoot: { environment: ${environment}, default: does/not/exist }`;
    await withWorldFolder({ 'world.yaml': world }, async (folder) => {
      await expect(loadWorld(folder, { now: () => NOW })).rejects.toThrow(
        /set SMALL_WORLD_DATA to where they are/,
      );
      process.env[environment] = folder;
      try {
        expect((await loadWorld(folder, { now: () => NOW })).name).toBe('small');
      } finally {
        delete process.env[environment];
      }
    });
  });
});

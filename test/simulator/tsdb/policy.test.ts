import { tsdbPolicyHandlers } from '../../../src/simulator/services/tsdb-policy/index.js';
import { buildPolicies } from '../../../src/simulator/world/policies.js';
import { caller, refusal, seriesWorld } from '../../support/series-world.js';

const empty = seriesWorld({});
const world = {
  ...empty,
  ...buildPolicies(
    'policies',
    {
      policies: [
        {
          id: 'p-di',
          name: 'States',
          storage: 'DI',
          retention: '1y',
          compression: [
            { model: 'Turbine', point: 'state', sdt: null, db: { excdev: 1, excmax: 2, excmin: 1 } },
          ],
        },
      ],
      unformatted: { id: 'p-none', retention: '3M', updated: '2024-02-01T11:20:33.000+08:00' },
    },
    empty.models,
  ),
};
const call = caller(tsdbPolicyHandlers, world, 0);

test('metadata name the kinds of storage per point, without last-changed and unformatted points', () => {
  const query = { modelIds: 'Turbine,Nothing', measurepoints: 'power,state,loose,unknown' };
  expect(call('getMeasurementPointTsdbMetadata', { query })).toEqual([
    { modelId: 'Turbine', tsdb_metadata: { power: ['AI_RAW', 'AI_NORMALIZED'], state: ['DI'] } },
  ]);
  const all = call('getMeasurementPointTsdbMetadata', { query: { modelIds: 'Big_Turbine' } });
  expect(all).toMatchObject([{ tsdb_metadata: { text: ['GENERIC'], energy: ['PI'] } }]);
});

test('metadata are refused beyond 3000 models x points', () => {
  const list = (n: number): string => Array.from({ length: n }, (_, i) => `x${i}`).join(',');
  const ask = (models: number, points: number) => () =>
    call('getMeasurementPointTsdbMetadata', {
      query: { modelIds: list(models), measurepoints: list(points) },
    });
  expect(ask(30, 100)()).toEqual([]);
  expect(refusal(ask(31, 100))).toBe(500);
});

test('a policy comes with plain points in v2.0 and with their compression in v2.1', () => {
  const path = { policyId: 'p-di' };
  expect(call('getStoragePolicy', { path })).toMatchObject({
    policyId: 'p-di',
    retention: '1y',
    models: [
      { modelId: 'Turbine', points: ['state'] },
      { modelId: 'Big_Turbine', points: ['state'] },
    ],
  });
  const compression = { sdt: null, db: { excdev: 1, excmax: 2, excmin: 1 } };
  expect(call('getStoragePolicyV21', { path })).toMatchObject({
    models: [
      { points: [{ pointId: 'state', ...compression }] },
      { points: [{ pointId: 'state', sdt: null, db: null }] },
    ],
  });
});

test('an unknown policy is refused with 80500', () => {
  for (const operation of ['getStoragePolicy', 'getStoragePolicyV21']) {
    expect(refusal(() => call(operation, { path: { policyId: 'nothing' } }))).toBe(80500);
  }
});

test('unformatted data have one policy per organization', () => {
  expect(call('getUnformattedPolicy')).toEqual({
    policyId: 'p-none',
    retention: '3M',
    updateTime: '2024-02-01T11:20:33.000+08:00',
  });
});

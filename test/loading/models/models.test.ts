import { createLoaders } from '../../../src/loading/create-loaders.js';
import { thingModel } from '../../../src/loading/entities/thing-model.js';
import { InputError } from '../../../src/loading/common.js';
import { startLoadedSimulator, type LoadedSimulator } from '../../support/loaded-simulator.js';
import { scriptedLoading, type RecordedCall } from '../../support/recorded-loading.js';
import { TINY_ORG as orgId, tinyWorld } from '../../support/tiny-world.js';

describe.each(['2.1', '2.3'] as const)('over the simulator, edition %s', (edition) => {
  let simulator: LoadedSimulator;
  beforeEach(async () => {
    simulator = await startLoadedSimulator(tinyWorld(), { edition });
  });
  afterEach(() => simulator.close());

  const load = (modelIds: string[]) => {
    const models = simulator.loaders().of(thingModel);
    return Promise.allSettled(modelIds.map((id) => models.load({ orgId, id })));
  };
  const children = async (modelId: string) =>
    (await simulator.loaders().models.children({ orgId, modelId })).map((model) => model.modelId).sort();

  it('one model is one getThingModel, many are one search, and none once cached', async () => {
    await load(['Wind_Site']);
    expect(simulator.taken()).toEqual(['getThingModel']);
    const [, turbine, shared] = await load(['Wind_Site', 'DF_Turbine', 'Shared_Meter']);
    expect(simulator.taken()).toEqual(['searchThingModel']);
    expect(turbine).toMatchObject({
      value: { modelId: 'DF_Turbine', measurepoints: { activePower: { signalType: 'AI' } } },
    });
    expect(shared).toMatchObject({ value: { orgId, makerOrgId: 'o16000000000000' } });
    await load(['Wind_Site', 'DF_Turbine', 'Shared_Meter']);
    expect(simulator.taken()).toEqual([]);
  });

  it('an unknown model is confirmed', async () => {
    const [known, unknown] = await load(['Wind_Site', 'Nothing']);
    expect(known?.status).toBe('fulfilled');
    expect(unknown).toMatchObject({ reason: { code: 99404, operation: 'getThingModel' } });
    expect(simulator.taken()).toEqual(['searchThingModel', 'getThingModel']);
  });

  it('a list feeds the look-up', async () => {
    const models = simulator.loaders().of(thingModel);
    const query = { filter: { tags: [{ key: 'domain', equals: 'wind' }] }, orders: [] };
    const list = await models.list(orgId, query, { offset: 0, limit: 10 });
    expect(list.items.map((model) => model.modelId).sort()).toEqual(['Wind_Site', 'Wind_Turbine']);
    await models.load({ orgId, id: 'Wind_Site' });
    expect(simulator.taken()).toEqual(['searchThingModel']);
  });

  it('scope decides whose models are listed', async () => {
    const ids = async (scope: 'all' | 'organization' | 'shared') =>
      (
        await simulator
          .loaders()
          .of(thingModel)
          .list(orgId, { filter: { scope }, orders: [] }, { offset: 0, limit: 50 })
      ).items.map((m) => m.modelId);
    expect(await ids('all')).toContain('Shared_Meter');
    expect(await ids('organization')).not.toContain('Shared_Meter');
    if (edition === '2.1') await expect(ids('shared')).rejects.toBeInstanceOf(InputError);
    else expect(await ids('shared')).toEqual(['Shared_Meter']);
  });

  it('children are the direct heirs', async () => {
    expect(await children('Wind_Turbine')).toEqual(['DF_Turbine']);
    expect(await children('DF_Turbine_2')).toEqual([]);
  });

  it('storage of many models is one call', async () => {
    const { models } = simulator.loaders();
    const kinds = await Promise.all(
      ['DF_Turbine', 'Wind_Site'].map((modelId) => models.storage({ orgId, modelId })),
    );
    expect(kinds).toEqual([{ activePower: ['AI_RAW'] }, {}]);
    expect(simulator.taken()).toEqual(['getMeasurementPointTsdbMetadata']);
    await expect(models.storage({ orgId, modelId: 'a,b' })).rejects.toBeInstanceOf(InputError);
  });
});

describe('over scripted answers', () => {
  const idsIn = (call: RecordedCall): string[] =>
    [...String(call.body['expression']).matchAll(/'([^']*)'/g)].map((match) => match[1] ?? '');
  const options = { orgId, now: Date.now };

  it('both shapes of the reply are read, in any order, a hundred models a call', async () => {
    const loading = scriptedLoading((call) => {
      const models = idsIn(call)
        .reverse()
        .map((modelId) => ({ modelId }));
      return { data: call.query['orgId'] === 'o2' ? { items: models } : models };
    }, options);
    const models = createLoaders(loading.request()).of(thingModel);
    const keys = Array.from({ length: 204 }, (_, n) => ({ orgId: n < 2 ? 'o2' : orgId, modelId: `m${n}` }));
    const loaded = await Promise.all(
      keys.map(({ orgId: org, modelId }) => models.load({ orgId: org, id: modelId })),
    );
    expect(loaded.map((model) => model.modelId)).toEqual(keys.map((key) => key.modelId));
    expect(loading.calls.map((call) => idsIn(call).length).sort()).toEqual([100, 100, 2, 2]);
  });

  it('the list of models in a URL stays short', async () => {
    const loading = scriptedLoading((call) => {
      const ids = String(call.query['modelIds']).split(',');
      return { data: ids.map((modelId) => ({ modelId, tsdb_metadata: { [modelId]: ['DI'] } })) };
    }, options);
    const { models } = createLoaders(loading.request());
    const ids = Array.from({ length: 200 }, (_, n) => `model-${n}-`.padEnd(64, 'x'));
    const kinds = await Promise.all(ids.map((modelId) => models.storage({ orgId, modelId })));
    expect(kinds).toEqual(ids.map((id) => ({ [id]: ['DI'] })));
    const lengths = loading.calls.map((call) => encodeURIComponent(String(call.query['modelIds'])).length);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(4_000);
    expect(lengths).toHaveLength(4);
  });
});

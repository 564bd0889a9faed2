/**
 * Every example request of the contract's read operations, and the ways in which each operation refuses one.
 */
import type { EnosCall, EnosReply } from '../support/enos-client.js';
import { contractErrors, readOperations } from '../support/enos-contract.js';
import type { TestedOperation } from '../support/enos-contract.js';
import { startTinySimulator } from '../support/tiny-simulator.js';
import type { TinySimulator } from '../support/tiny-simulator.js';
import { TINY_ALERTS } from '../support/tiny-world.js';

const OPERATIONS = readOperations('asset.yaml', 'model.yaml', 'asset-tree.yaml', 'alert.yaml');

/** The contract's example ids, and what stands for them in the tiny world. */
const IDS: Record<string, string> = {
  tB4nX9wL: 'turbine1',
  mC7pZ2dJ: 'turbine2',
  Rk3vTq8M: 'siteA',
  gH2sD6kP: 'region',
  Wf7kQ2Zx: 'treeRegn',
  Lm3xE8Vd: 'treeTech',
  aWt1G07k: 'turbine1',
  tWind8Qe: 'treeRegn',
  sSite01A: 'siteA',
  gearbox_oil_overheat: 'c_power',
  r_gearbox_oil_hot: 'r_power',
  '202006010d9f3b62e7a14c58b6e2f0917a5c84d3': TINY_ALERTS.root.alertId,
};

/** Required query parameters beside orgId and action. */
const QUERY: Record<string, Record<string, string>> = {
  getAsset: { assetId: 'turbine1' },
  getThingModel: { modelId: 'DF_Turbine' },
  getAssetTree: { treeId: 'treeRegn' },
  searchRelatedAssetNode: { treeId: 'treeRegn' },
  searchAssetPath: { treeId: 'treeRegn' },
  getAlertContent: { contentId: 'c_power' },
};

let simulator: TinySimulator;
beforeAll(async () => {
  simulator = await startTinySimulator();
});
afterAll(async () => {
  await simulator.close();
  expect(simulator.faults).toEqual([]);
});

function callOf(
  operation: TestedOperation,
  body: unknown,
  query: Record<string, string | undefined> = {},
): EnosCall {
  const text = Object.entries(IDS).reduce(
    (all, [from, to]) => all.replaceAll(from, to),
    JSON.stringify(body ?? null),
  );
  return {
    method: operation.method,
    path: operation.path,
    query: { action: operation.action, ...QUERY[operation.operationId], ...query },
    ...(body === undefined ? {} : { body: JSON.parse(text) as unknown }),
  };
}

// The example of a later slice holds a token that no reply of this simulator carried; alerts.test.ts scrolls on.
const EXAMPLES = OPERATIONS.flatMap((operation) =>
  operation.examples
    .filter(([name]) => !(operation.operationId.startsWith('scroll') && name === 'next'))
    .map(([name, body]) => [operation.operationId, name, operation, body] as const),
);

it('knows the operations that it has to try', () => {
  expect(OPERATIONS.map(({ operationId }) => operationId).sort()).toEqual([
    'aggregateActiveAlerts',
    'getAlertContent',
    'getAsset',
    'getAssetTree',
    'getAssetTrees',
    'getThingModel',
    'scrollAlerts',
    'scrollHistoryAlerts',
    'searchActiveAlerts',
    'searchAlertContent',
    'searchAlertRule',
    'searchAlertSeverity',
    'searchAlertType',
    'searchAlerts',
    'searchAssetNode',
    'searchAssetPath',
    'searchAssetTree',
    'searchHistoryAlerts',
    'searchRelatedAssetNode',
    'searchThingModel',
    'searchThingModelV22',
  ]);
});

it.each(EXAMPLES)(
  '%s accepts the example %s and replies by the contract',
  async (operationId, _name, operation, body) => {
    const reply = await simulator.client.call(callOf(operation, body));
    expect(reply).toMatchObject({
      status: 200,
      body: { code: 0, msg: 'OK', requestId: expect.any(String) as string },
    });
    expect(contractErrors(operationId, reply.body)).toBeNull();
  },
);

describe.each(OPERATIONS.map((operation) => [operation.operationId, operation] as const))(
  '%s',
  (operationId, operation) => {
    const [, example] = operation.examples[0] ?? [];
    const refused = (code: number) => ({ status: 200, body: { code, data: null } });
    const call = (
      query: Record<string, string | undefined> = {},
      body: unknown = example,
    ): Promise<EnosReply> => simulator.client.call(callOf(operation, body, query));

    it('refuses a wrong signature', async () => {
      const reply = await simulator.client.call({
        ...callOf(operation, example),
        headers: { 'apim-signature': 'x' },
      });
      expect(reply).toEqual({ status: 401, body: { message: 'Invalid authentication credentials' } });
    });

    it('answers an expired token with 401 and 1203 in its own envelope', async () => {
      const local = await startTinySimulator();
      await local.client.accessToken();
      local.clock.now += 7_200_000;
      const reply = await local.client.call(callOf(operation, example));
      await local.close();
      expect(reply).toMatchObject({ status: 401, body: { code: 1203, data: null } });
      expect(contractErrors(operationId, reply.body)).toBeNull();
    });

    it('refuses a call without orgId, and one of another organization', async () => {
      const missing = await call({ orgId: undefined });
      expect(missing).toMatchObject(refused(99400));
      expect(missing.body.msg).toContain('orgId');
      expect(contractErrors(operationId, missing.body)).toBeNull();
      expect(await call({ orgId: 'o1' })).toMatchObject(refused(99403));
    });

    it('refuses a call without one of its query parameters', async () => {
      for (const name of Object.keys(QUERY[operationId] ?? {})) {
        const reply = await call({ [name]: undefined });
        expect(reply).toMatchObject(refused(99400));
        expect(reply.body.msg).toContain(name);
      }
    });

    if (example === undefined) return;
    const whole = example as Record<string, unknown>;
    const spoilt: [string, string, unknown][] = [
      ['expression', 'a broken expression', "modelId = '"],
      ['expression', 'an unknown field', "noSuchField = 'x'"],
      ['expression', 'an expression that is no text', 5],
      ['pagination', 'a page size of 0', { pageNo: 1, pageSize: 0 }],
      ['pagination', 'a page number of 0', { pageNo: 0, pageSize: 10 }],
      ['projection', 'a projection that is none', ['a..b']],
    ];
    it.each(spoilt.filter(([member]) => takes(operationId, member)))(
      'refuses in %s %s',
      async (member, _what, value) => {
        expect(await call({}, { ...whole, [member]: value })).toMatchObject(refused(99400));
      },
    );

    it('ignores members that it does not have, and refuses a body that is no object', async () => {
      expect((await call({}, { ...whole, action: 'anything', orgId: 'o1' })).body.code).toBe(0);
      expect(await call({}, [])).toMatchObject(refused(99400));
      expect(await simulator.client.call({ ...callOf(operation, example), body: '{"cut' })).toMatchObject(
        refused(99400),
      );
    });
  },
);

/** Members that some operations do not have, and therefore ignore. */
function takes(operationId: string, member: string): boolean {
  const without: Record<string, string[]> = {
    expression: ['getAssetTrees', 'searchRelatedAssetNode', 'searchAssetPath'],
    pagination: ['getAssetTrees', 'aggregateActiveAlerts', 'scrollAlerts', 'scrollHistoryAlerts'],
    projection: ['aggregateActiveAlerts', 'scrollAlerts', 'scrollHistoryAlerts', 'searchAlerts'],
  };
  return !(without[member] ?? []).includes(operationId);
}

/**
 * Every example request of the contract's write operations, and the ways in which each refuses one whatever it does.
 */
import type { World } from '../../../src/simulator/world/world.js';
import type { EnosReply } from '../../support/enos-client.js';
import { contractErrors, contractOperation, writeOperations } from '../../support/enos-contract.js';
import { exampleWorld } from '../../support/example-world.js';
import type { TinySimulator } from '../../support/tiny-simulator.js';
import { startTinySimulator } from '../../support/tiny-simulator.js';

const OPERATIONS = writeOperations(
  'asset.yaml',
  'asset-tree.yaml',
  'model.yaml',
  'alert.yaml',
  'tsdb-data.yaml',
  'tsdb-policy.yaml',
).filter(({ operationId }) => operationId !== 'resubmitDataDeletionJob'); // Its job has to fail first: deletion.test.ts.

/** Query parameters beside orgId and action. */
const QUERY: Record<string, Record<string, string>> = {
  createAssetTreeAndAssociateAsset: { assetId: 'tB4nX9wL' },
  deleteAssetTree: { treeId: 'Lm3xE8Vd' },
  associateAsset: { treeId: 'Lm3xE8Vd', parentAssetId: 'siteB', assetId: 'tB4nX9wL' },
  batchAssociateAsset: { treeId: 'Lm3xE8Vd', parentAssetId: 'siteB' },
  createAndAssociateAsset: { treeId: 'Lm3xE8Vd', parentAssetId: 'siteB' },
  moveAssetNode: { treeId: 'treeRegn', parentAssetId: 'siteB', assetId: 'turbine1' },
  deleteAssetNode: { treeId: 'treeRegn', assetId: 'turbine1' },
  updateAlertSeverity: { isPatchUpdate: 'true' },
  deleteAlertSeverity: { severityId: 'major' },
  updateAlertType: { isPatchUpdate: 'true' },
  deleteAlertType: { alertTypeId: 'gearbox' },
  updateAlertContent: { isPatchUpdate: 'true' },
  deleteAlertContent: { alertContentId: 'gearbox_oil_overheat' },
  updateAlertRule: { isPatchUpdate: 'true' },
  deleteAlertRule: { ruleId: 'r_gearbox_oil_hot' },
  deleteActiveAlert: { eventId: '202006017c1e5a90b3d24f6e8a17c05d9e3b42f1' },
  batchUpdateActiveAlertTags: { isPatchUpdate: 'true' },
  updateUnformattedPolicy: { retention: '6M' },
};

/** What must be gone, or free, before an example can be taken. */
const PREPARE: Record<string, (world: World) => void> = {
  createAlertSeverity: ({ severities }) => severities.delete('major'),
  deleteAlertSeverity: ({ alertRules }) => {
    alertRules.clear();
  },
  createAlertType: ({ alertTypes }) => alertTypes.delete('gearbox'),
  createAlertContent: ({ alertContents }) => alertContents.delete('gearbox_oil_overheat'),
  createAlertRule: ({ alertRules }) => alertRules.delete('r_gearbox_oil_hot'),
};

/** What refuses changes nothing, so that one simulator is enough for all refusals. */
let refusing: TinySimulator;
beforeAll(async () => {
  refusing = await startTinySimulator({ world: exampleWorld() });
});
afterAll(async () => {
  await refusing.close();
  expect(refusing.faults).toEqual([]);
});

async function send(
  operationId: string,
  body: unknown,
  query: Record<string, string | undefined> = {},
  simulator = refusing,
): Promise<EnosReply> {
  const { method, path, action } = contractOperation(operationId);
  const reply = await simulator.client.call({
    method,
    path: path.replace('{policyId}', 'policyAi'),
    query: { action, ...QUERY[operationId], ...query },
    ...(body === undefined ? {} : { body }),
  });
  expect(contractErrors(operationId, reply.body)).toBeNull();
  return reply;
}

const EXAMPLES = OPERATIONS.flatMap((operation) =>
  operation.examples.map(([name, body]) => [operation.operationId, name, body] as const),
);

it('finds examples of all write operations', () => {
  expect(OPERATIONS).toHaveLength(46);
});

it.each(EXAMPLES)(
  '%s accepts the example %s and replies by the contract',
  async (operationId, name, body) => {
    const query = name === 'removeTags' ? { updateMode: 'tagDelete' } : {};
    const world = exampleWorld();
    PREPARE[operationId]?.(world);
    const simulator = await startTinySimulator({ world });
    const reply = await send(operationId, body, query, simulator);
    await simulator.close();
    expect(simulator.faults).toEqual([]);
    expect(reply).toMatchObject({ status: 200, body: { code: 0 } });
  },
);

describe.each(OPERATIONS.map(({ operationId, file, examples }) => [operationId, file, examples] as const))(
  '%s',
  (operationId, file, examples) => {
    const body = examples[0]?.[1];
    const invalid = { 'tsdb-data.yaml': 80400, 'tsdb-policy.yaml': 80500 }[file] ?? 99400;
    const denied = { 'tsdb-data.yaml': 80401, 'tsdb-policy.yaml': 80500 }[file] ?? 99403;

    it('refuses a call without an organization, and one of another', async () => {
      expect((await send(operationId, body, { orgId: undefined })).body.code).toBe(invalid);
      expect((await send(operationId, body, { orgId: 'o1' })).body.code).toBe(denied);
    });

    const own = Object.keys(QUERY[operationId] ?? {}).filter((name) => name !== 'isPatchUpdate');
    if (own.length > 0)
      it('refuses a call without one of its query parameters', async () => {
        for (const name of own)
          expect((await send(operationId, body, { [name]: undefined })).body.code).toBe(invalid);
      });

    if (body !== undefined)
      it('refuses a body that is no object', async () => {
        expect((await send(operationId, [])).body.code).toBe(invalid);
      });
  },
);

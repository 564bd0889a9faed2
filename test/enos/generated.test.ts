/** The generated client code must follow the contracts: editing one without the other fails here. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { OPERATIONS } from '../../src/enos/generated/operations.js';

const run = promisify(execFile);

test('generated code is what the contracts generate', async () => {
  const { stderr } = await run(process.execPath, ['scripts/generate-contract.mjs', '--check']);
  expect(stderr).toBe('');
});

test('the indexes of entities, their resolvers and the parts of worlds name every file of their folders', async () => {
  const { stderr } = await run(process.execPath, ['scripts/generate-entities.mjs', '--check']);
  expect(stderr).toBe('');
});

test('every operation of every service is in the table, under its service', () => {
  const services = new Set(Object.values(OPERATIONS).map(({ service }) => service));
  expect(services.size).toBe(14);
  expect(OPERATIONS['asset-tree.searchAssetNode']).toMatchObject({
    method: 'POST',
    path: '/asset-tree-service/v2.1/asset-nodes',
    action: 'searchAsset',
    kind: 'read',
    batch: { accepts: 'many', max: 1000 },
    pagination: { defaultPageSize: 100, maxPageSize: 1000 },
    projectable: true,
  });
  // A GET that writes must never be taken for a read.
  expect(OPERATIONS['tsdb-policy.updateUnformattedPolicy']).toMatchObject({ method: 'GET', kind: 'write' });
  expect(OPERATIONS['iam.logIn'].envelope).toMatchObject({ code: 'status', message: 'message', data: false });
  expect(OPERATIONS['app-portal.logIn'].envelope).toMatchObject({ code: 'code', success: [0, 200] });
  expect(OPERATIONS['tsdb-data.getAssetDiData'].batch).toMatchObject({ maxProduct: 10 });
});

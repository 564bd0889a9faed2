/** What EnOS refuses or leaves out, over HTTP: how many calls it costs, what the caller gets, and what is kept of it. */
import { ask, callsOf, resetCalls } from '../support/graphql-client.js';
import { startServer, startSimulator, type Running } from '../support/processes.js';
import { clearFaults, setFaults } from '../support/simulator-control.js';

let simulator: Running;
let server: Running | undefined;
beforeAll(async () => {
  simulator = await startSimulator();
}, 60_000);
afterEach(async () => {
  await clearFaults(simulator.url);
  await server?.stop();
});
afterAll(() => simulator?.stop());

interface Listed {
  assets: { nodes: { assetId: string; point: { latest: { value: number } | null } }[] };
}
const LATEST = `{ assets(filter: { rootModelIds: ["Wind_Turbine"] }, first: 40) { nodes { assetId
  point(pointId: "activePower") { latest { value } } } } }`;

test('a refused asset costs its calls once, all of them a bounded number, and the code is FORBIDDEN', async () => {
  server = await startServer(simulator.url, { CACHE_TTL_LATEST: '1ms', CACHE_TTL_NOT_FOUND: '1m' });
  const { data } = await ask<Listed>(server.url, LATEST);
  const assets = data!.assets.nodes.map(({ assetId }) => assetId);
  expect(assets.length).toBeGreaterThan(16);
  const refused = assets[5]!;
  await setFaults(simulator.url, {
    match: { operation: 'getAssetLatestData', asset: refused },
    fault: { kind: 'code', code: 80401 },
  });
  await ask<Listed>(server.url, LATEST);
  await resetCalls(simulator.url);
  const answer = await ask<Listed>(server.url, LATEST);
  expect(await callsOf(simulator.url)).toEqual({ getAssetLatestData: 2 });
  expect(answer.errors).toMatchObject([
    {
      path: ['assets', 'nodes', 5, 'point', 'latest'],
      extensions: { code: 'FORBIDDEN', enos: { code: 80401 } },
    },
  ]);
  expect(answer.data?.assets.nodes.filter(({ point }) => point.latest !== null)).toHaveLength(
    assets.length - 1,
  );

  await setFaults(simulator.url, {
    match: { operation: 'getAssetLatestData' },
    fault: { kind: 'code', code: 80401 },
  });
  await resetCalls(simulator.url);
  const all = await ask<Listed>(server.url, LATEST);
  expect((await callsOf(simulator.url))['getAssetLatestData']).toBeLessThanOrEqual(24);
  expect(new Set(all.errors?.map(({ extensions }) => extensions.code))).toEqual(new Set(['FORBIDDEN']));
}, 60_000);

test('a success without data is an invalid response, and nothing of it is kept', async () => {
  server = await startServer(simulator.url);
  const { data } = await ask<Listed>(server.url, LATEST);
  const id = data!.assets.nodes[0]!.assetId;
  const STORED = `query ($id: ID!) { asset(assetId: $id) { point(pointId: "activePower") { storage } } }`;
  await setFaults(simulator.url, {
    match: { operation: 'getMeasurementPointTsdbMetadata' },
    fault: { kind: 'status', status: 200, body: { code: 0, msg: 'OK', requestId: 'r', data: null } },
  });
  const empty = await ask(server.url, STORED, { id });
  expect(empty.errors).toMatchObject([
    {
      extensions: {
        code: 'UPSTREAM_INVALID_RESPONSE',
        enos: { operation: 'getMeasurementPointTsdbMetadata' },
      },
    },
  ]);
  await clearFaults(simulator.url);
  const stored = await ask<{ asset: { point: { storage: string[] } } }>(server.url, STORED, {
    id,
  });
  expect(stored.errors).toBeUndefined();
  expect(stored.data?.asset.point.storage.length).toBeGreaterThan(0);
}, 60_000);

test('children are counted by the list that their parent came with, without a call per node', async () => {
  const trees = `{ assetTrees(first: 1) { nodes { treeId root { asset { assetId } } } } }`;
  const counted = `query ($tree: ID!, $root: ID!) {
    assetTree(treeId: $tree) { root { childCount children { totalCount nodes {
      childCount asset { assetId childCount(treeId: $tree) } children { totalCount } } } } }
    asset(assetId: $root) { children(treeId: $tree) { nodes {
      childCount(treeId: $tree) children(treeId: $tree) { totalCount } } } }
  }`;
  const one = `query ($tree: ID!, $id: ID!) { asset(assetId: $id) { children(treeId: $tree) { totalCount nodes { assetId } } } }`;
  interface Node {
    childCount: number;
    asset: { assetId: string; childCount: number };
    children: { totalCount: number };
  }
  interface Counted {
    assetTree: { root: { childCount: number; children: { totalCount: number; nodes: Node[] } } };
    asset: { children: { nodes: { childCount: number; children: { totalCount: number } }[] } };
  }
  for (const edition of ['2.3', '2.1']) {
    server = await startServer(simulator.url, { ENOS_EDITION: edition });
    const found = await ask<{
      assetTrees: { nodes: { treeId: string; root: { asset: { assetId: string } } }[] };
    }>(server.url, trees);
    const tree = found.data!.assetTrees.nodes[0]!;
    const variables = { tree: tree.treeId, root: tree.root.asset.assetId };
    await resetCalls(simulator.url);
    const answer = await ask<Counted>(server.url, counted, variables);
    expect(answer.errors).toBeUndefined();
    const calls = (await callsOf(simulator.url))['searchRelatedAssetNode']!;
    const { childCount, children } = answer.data!.assetTree.root;
    expect(childCount).toBe(children.totalCount);
    expect(children.nodes.length).toBeGreaterThan(1);
    // The list, and the count of the root; before edition 2.3 each node has a call of its own.
    if (edition === '2.3') expect(calls).toBe(2);
    else expect(calls).toBe(2 + children.nodes.length);
    for (const [index, node] of children.nodes.entries()) {
      const alone = await ask<{ asset: { children: { totalCount: number; nodes: unknown[] } } }>(
        server.url,
        one,
        {
          tree: tree.treeId,
          id: node.asset.assetId,
        },
      );
      const { totalCount, nodes } = alone.data!.asset.children;
      expect(totalCount).toBe(nodes.length);
      const same = answer.data!.asset.children.nodes[index]!;
      expect([
        node.childCount,
        node.asset.childCount,
        node.children.totalCount,
        same.childCount,
        same.children.totalCount,
      ]).toEqual(Array.from({ length: 5 }, () => totalCount));
    }
    expect(children.nodes.some((node) => node.childCount > 0)).toBe(true);
    await server.stop();
  }
}, 120_000);

/**
 * Rounds of calls: what does not depend on one another goes out together. A gateway between server and simulator holds
 * every call back until no further one comes, and then lets all through: that is one round.
 */
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ask } from '../../support/graphql-client.js';
import { startServer, startSimulatorProcess, type Running } from '../../support/processes.js';
import { goldenFolder, WIDE } from './golden-harness.js';
import { NO_CACHE } from '../../support/no-cache.js';

/** Silence after which a round counts as complete: far longer than the server takes from an answer to its next calls. */
const SILENCE = 400;

/** A gateway that lets calls through round by round. */
class RoundGateway {
  /** Operations of each round, sorted. */
  rounds: string[][] = [];
  private held: { operation: string; release: () => void }[] = [];
  private timer: NodeJS.Timeout | undefined;

  private constructor(private readonly server: Server) {}

  static async start(upstream: string): Promise<RoundGateway> {
    const server = createServer();
    const gateway = new RoundGateway(server);
    server.on('request', (request, response) => {
      void (async () => {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk as Buffer);
        const path = request.url ?? '/';
        if (!path.includes('/token/')) await gateway.hold(path);
        const headers = Object.entries(request.headers).flatMap(([name, value]) =>
          typeof value === 'string' && !['host', 'connection', 'content-length'].includes(name)
            ? [[name, value] as [string, string]]
            : [],
        );
        const reply = await fetch(`${upstream}${path}`, {
          method: request.method ?? 'GET',
          headers,
          ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}),
        });
        response.writeHead(reply.status, { 'content-type': 'application/json' });
        response.end(await reply.text());
      })();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return gateway;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private hold(path: string): Promise<void> {
    const { pathname, searchParams } = new URL(path, 'http://gateway');
    const operation = `${pathname.replace(/^.*\//, '')} ${searchParams.get('action') ?? ''}`.trim();
    return new Promise((release) => {
      this.held.push({ operation, release });
      clearTimeout(this.timer);
      this.timer = setTimeout(() => {
        const round = this.held.splice(0);
        this.rounds.push(round.map((call) => call.operation).sort());
        for (const call of round) call.release();
      }, SILENCE);
    });
  }
}

let folder: string;
let simulator: Running;
let gateway: RoundGateway;
let server: Running;

beforeAll(async () => {
  folder = await goldenFolder();
  simulator = await startSimulatorProcess({ ENOS_WORLD: folder });
  gateway = await RoundGateway.start(simulator.url);
  server = await startServer(gateway.url, { ...NO_CACHE, ...WIDE });
}, 60_000);
afterAll(async () => {
  await server?.stop();
  await gateway?.close();
  await simulator?.stop();
  await rm(folder, { recursive: true });
});

const HOUR = 'from: "2024-03-10T08:00:00Z", to: "2024-03-10T09:00:00Z"';

test.each([
  {
    name: 'the screen: children, then all about them at once',
    query: `{ asset(assetId: "Site0001") { children(treeId: "Tree0001", first: 50) { nodes { name model { name }
      points(pointIds: ["power", "state"]) { latest { value } } alerts(first: 5) { nodes { alertId } } } } } }`,
    sizes: [1, 1, 3],
  },
  {
    name: 'a series: the asset, then model and storage at once, then the values',
    query: `{ asset(assetId: "Site0001") { children(treeId: "Tree0001", first: 3) { nodes {
      point(pointId: "power") { series(${HOUR}) { values { value } } mean: series(${HOUR}, interval: "PT10M") { values { value } } } } } } }`,
    sizes: [1, 1, 2, 2],
  },
  {
    name: 'children of many nodes at once',
    query: `{ assetTree(treeId: "Tree0001") { root { children { nodes { children(first: 1) { nodes { asset { name } } } } } } } }`,
    // Eight of the thirteen at a time: the limit of calls of one request.
    sizes: [1, 1, 8, 5],
  },
  {
    name: 'pages of one window and of many lists at once',
    query:
      '{ a: assets(first: 1000, offset: 195) { nodes { assetId } } b: alerts(first: 1) { totalCount } c: alertSummary(groupBy: ASSET) { count } }',
    sizes: [4],
  },
  {
    name: 'states from records: the model, which tells the kind, then how they are stored, then both reads at once',
    query: `{ assets(filter: { modelIds: ["Turbine"] }, first: 50) { nodes { point(pointId: "state") { stateChanges(${HOUR}) { value } } } } }`,
    sizes: [1, 1, 1, 2],
  },
])('$name', async ({ query, sizes }) => {
  gateway.rounds = [];
  const { errors } = await ask(server.url, query);
  expect(errors).toBeUndefined();
  expect(gateway.rounds.map((round) => round.length)).toEqual(sizes);
});

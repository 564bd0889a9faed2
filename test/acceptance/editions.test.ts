/** A server that was told the edition of its EnOS asks nothing that this edition lacks. EnOS is a simulator that lacks it. */
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, request as forward, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isInEdition, type Edition } from '../../src/enos/editions.js';
import { OPERATIONS } from '../../src/enos/generated/operations.js';
import type { Operation, OperationId } from '../../src/enos/operation.js';
import { ask } from '../support/graphql-client.js';
import { startServer, startSimulator, type Running } from '../support/processes.js';

const OTTO = { authorization: 'Bearer APP_PORTAL_S_DemoOttoSiteOperatorToken0000002' };
const folder = 'schema/operations';
const names = readdirSync(folder).flatMap((name) => (name.endsWith('.graphql') ? [name.slice(0, -8)] : []));

/** A gateway in front of `target` without some operations: HTTP 404, as for every unknown route. */
interface LackingGateway {
  url: string;
  asked: Set<string>;
  lacked: string[];
  close(): void;
}

const patterns = Object.values(OPERATIONS).map((operation) => ({
  operation,
  path: new RegExp(`^${operation.path.replace(/\{[^}]+\}/g, '[^/]+')}$`),
}));

function operationOf(method: string | undefined, target: string): Operation | undefined {
  const { pathname, searchParams } = new URL(target, 'http://gateway');
  return patterns.find(
    ({ operation, path }) =>
      operation.method === method && operation.action === searchParams.get('action') && path.test(pathname),
  )?.operation;
}

async function startLackingGateway(
  target: string,
  lacks: (operation: Operation) => boolean,
): Promise<LackingGateway> {
  const asked = new Set<string>();
  const lacked: string[] = [];
  const { hostname, port } = new URL(target);
  const server: Server = createServer((req, res) => {
    const operation = operationOf(req.method, req.url ?? '');
    if (operation) asked.add(operation.id);
    if (operation && lacks(operation)) {
      lacked.push(operation.id);
      res.writeHead(404, { 'content-type': 'text/plain' }).end('no Route matched with those values');
      return;
    }
    const { method, headers, url: path } = req;
    const onward = forward({ hostname, port, path, method, headers }, (reply) => {
      res.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(res);
    });
    onward.on('error', () => res.destroy());
    req.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, asked, lacked, close: () => server.close().closeAllConnections() };
}

let simulator: Running;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(async () => {
  await simulator?.stop();
});

const PEOPLE = `{ viewer {
  user { email } organization { users(first: 2) { totalCount nodes { name } } } assets(first: 1) { totalCount } } }`;

/** Everything that the examples ask, and what only a user of the portal can. */
async function askEverything(gateway: LackingGateway, edition: Edition): Promise<unknown> {
  const server = await startServer(gateway.url, {
    ENOS_EDITION: edition,
    AUTH_MODES: 'portal',
    RIGHTS_EVERYBODY: '*',
    RIGHTS_BY_ROLE: 'Administrator=*',
  });
  try {
    for (const name of names) {
      const query = readFileSync(`${folder}/${name}.graphql`, 'utf8');
      const variables = JSON.parse(readFileSync(`${folder}/${name}.json`, 'utf8')) as Record<string, unknown>;
      await ask(server.url, query, variables, OTTO);
    }
    return await ask(server.url, PEOPLE, {}, OTTO);
  } finally {
    await server.stop();
  }
}

const PEOPLE_KNOWN = {
  data: {
    viewer: {
      user: { email: 'otto.operator@estate.example' },
      organization: { users: { totalCount: expect.any(Number) as number, nodes: [{}, {}] } },
      assets: { totalCount: expect.any(Number) as number },
    },
  },
};

test.each(['2.1', '2.3'] as const)(
  'edition %s is asked nothing that it lacks',
  async (edition) => {
    const gateway = await startLackingGateway(
      simulator.url,
      ({ id }) => !isInEdition(edition, id as OperationId),
    );
    try {
      expect(await askEverything(gateway, edition)).toMatchObject(PEOPLE_KNOWN);
      expect(gateway.lacked).toEqual([]);
      // The test would see it: what both editions are asked for differs.
      const roster = edition === '2.1' ? 'getOrganizationUserList' : 'getOrganizationUserListV22';
      expect(gateway.asked).toContain(`app-portal.${roster}`);
      expect(gateway.asked.size).toBeGreaterThan(20);
    } finally {
      gateway.close();
    }
  },
  120_000,
);

test('a gateway that has dropped the old routes of the portal is asked by the new ones', async () => {
  const gateway = await startLackingGateway(
    simulator.url,
    ({ service, supersededBy }) => service === 'app-portal' && supersededBy !== null,
  );
  try {
    expect(await askEverything(gateway, '2.1')).toMatchObject(PEOPLE_KNOWN);
    expect(gateway.lacked).toContain('app-portal.getOrganizationUserList');
  } finally {
    gateway.close();
  }
}, 120_000);

/** Secrets are planted wherever the server knows one, and searched for in everything that it says. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { ask } from '../support/graphql-client.js';
import {
  startProbedServer,
  startSimulatorProcess,
  type ProbedProcess,
  type RunningProcess,
} from '../support/processes.js';
import { describeWithRedis, RedisServer } from '../support/redis.js';
import { clearFaults, setFaults } from '../support/simulator-control.js';
import { CASES } from './support/cases.js';
import { hostileRequests } from './support/hostile-requests.js';
import { sendRaw } from './support/raw-http.js';
import { SHORT_DEADLINES } from './support/stack.js';

const ACCESS_KEY = 'canary-access-key-5f1c';
const SECRET_KEY = 'canary-secret-key-9b2e';
const REDIS_PASSWORD = 'canary-redis-password-77aa';
const USER_TOKEN = 'canary-user-token-31d0';
const INTERNAL = '10.66.77.88';
const VARIABLE = 'canary-variable-c4c4';

/** What EnOS may put into a text of its own. */
const LEAKY = `at Gateway.java:42 http://${INTERNAL}:8443/internal key ${ACCESS_KEY} secret ${SECRET_KEY}`;

describeWithRedis('planted secrets', () => {
  let redis: RedisServer;
  let simulator: RunningProcess;
  let server: ProbedProcess;
  /** Everything that left the server, with where. */
  const said: { where: string; text: string }[] = [];

  beforeAll(async () => {
    redis = await RedisServer.start({ args: ['--requirepass', REDIS_PASSWORD] });
    const keys = { ENOS_ACCESS_KEY: ACCESS_KEY, ENOS_SECRET_KEY: SECRET_KEY };
    simulator = await startSimulatorProcess({ ...keys, SIMULATOR_SEED: '1' });
    server = await startProbedServer(simulator.url, {
      ...keys,
      ...SHORT_DEADLINES,
      LOG_LEVEL: 'trace',
      REDIS_URL: redis.url.replace('redis://', `redis://:${REDIS_PASSWORD}@`),
    });
    await provoke();
  }, 120_000);
  afterAll(async () => {
    await server?.stop();
    await simulator?.stop();
    await redis?.stop();
  });

  const HEADERS = {
    'x-enos-explain': '1',
    'x-enos-freshness': '1',
    authorization: `Bearer ${USER_TOKEN}`,
    'x-api-key': USER_TOKEN,
    cookie: `session=${USER_TOKEN}`,
  };

  async function say(where: string, query: string, variables: Record<string, unknown> = {}): Promise<void> {
    said.push({ where, text: JSON.stringify(await ask(server.url, query, variables, HEADERS)) });
  }

  /** Makes the server say everything that it can say. */
  async function provoke(): Promise<void> {
    for (const { name, query } of CASES) await say(name, query);
    const faults: object[] = [
      { kind: 'status', status: 500, body: LEAKY },
      { kind: 'status', status: 403, message: LEAKY },
      { kind: 'status', status: 429, headers: { 'x-debug': LEAKY } },
      { kind: 'code', code: 99500, message: LEAKY },
      { kind: 'code', code: 99400, message: LEAKY },
      { kind: 'code', code: 99403, message: LEAKY },
      { kind: 'garbage', form: 'html' },
      { kind: 'garbage', form: 'http' },
      { kind: 'reset' },
      { kind: 'hang' },
      { kind: 'token', state: 'revoked' },
      { kind: 'status', status: 302, headers: { location: `http://${INTERNAL}/?key=${SECRET_KEY}` } },
    ];
    const query =
      'query($id: ID!) { asset(assetId: $id) { name model { name } alerts(first: 1) { totalCount } } }';
    for (const [i, fault] of faults.entries()) {
      await setFaults(simulator.url, { fault });
      await say(`fault ${i}`, query, { id: `${VARIABLE}${i}` });
      said.push({ where: `ready ${i}`, text: await (await fetch(`${server.url}/health/ready`)).text() });
    }
    await clearFaults(simulator.url);
    await redis.kill('SIGSTOP');
    for (const { name, query: text } of CASES.slice(0, 6)) await say(`${name} without Redis`, text);
    said.push({
      where: 'ready without Redis',
      text: await (await fetch(`${server.url}/health/ready`)).text(),
    });
    await redis.kill('SIGCONT');
    for (const { name, body } of hostileRequests.slice(0, 60)) {
      const reply = await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...HEADERS },
        body,
      });
      said.push({ where: name, text: JSON.stringify([...reply.headers]) + (await reply.text()) });
    }
    for (const path of [
      '/metrics',
      '/health/live',
      '/health/ready',
      '/graphql',
      '/nothing',
      '/graphql?query=%7B',
    ]) {
      const reply = await fetch(`${server.url}${path}`, { headers: { accept: 'text/html,*/*', ...HEADERS } });
      said.push({ where: path, text: JSON.stringify([...reply.headers]) + (await reply.text()) });
    }
    const broken = await sendRaw(
      server.url,
      `GET /${USER_TOKEN} HTTP/9\r\nauthorization: ${USER_TOKEN}\r\n\r\n`,
    );
    said.push({ where: 'a request that is no HTTP', text: broken.text });
    const closed = once(server.process, 'exit');
    await server.crash();
    await closed;
  }

  /** Tokens that the simulator issued: the log of the server must not have them, nor anybody else. */
  const TOKEN = /APIM_[0-9a-f]{24}/;
  const never = [ACCESS_KEY, SECRET_KEY, REDIS_PASSWORD, USER_TOKEN];

  it('nothing that was answered holds a secret, an address inside, or a stack', () => {
    expect(said.length).toBeGreaterThan(100);
    const inside = [INTERNAL, new URL(simulator.url).host, `127.0.0.1:${redis.port}`];
    const found = said.flatMap(({ where, text }) => [
      ...[...never, ...inside]
        .filter((secret) => text.includes(secret))
        .map((secret) => `${where}: ${secret}`),
      ...(TOKEN.test(text) ? [`${where}: a token`] : []),
      ...(/\bat .*\.(?:js|ts|java):\d+/.test(text) ? [`${where}: a stack`] : []),
    ]);
    expect(found).toEqual([]);
  });

  it('the log holds none, not even where it tells of a crash, and no variable either', () => {
    const log = server.output();
    expect(log).toContain('crash asked for by a test');
    expect(log.length).toBeGreaterThan(10_000);
    expect([...never, VARIABLE].filter((secret) => log.includes(secret))).toEqual([]);
    expect(TOKEN.exec(log)).toBeNull();
  });

  it.each([
    ['a Redis address that cannot be read', { REDIS_URL: `redis//:${REDIS_PASSWORD}@x` }],
    [
      'a gateway address that cannot be read',
      { ENOS_URL: `ftp://${USER_TOKEN}@gateway`, ENOS_SECRET_KEY: SECRET_KEY },
    ],
    [
      'a file that is not there',
      { ENOS_URL: 'http://127.0.0.1:1', ENOS_CA_FILE: '/nowhere/at/all', ENOS_SECRET_KEY: SECRET_KEY },
    ],
  ])('a start that fails for %s says why without them', async (_what, env) => {
    const child = spawn(process.execPath, ['dist/main.js'], {
      env: { PATH: process.env.PATH, PORT: '0', ENOS_ACCESS_KEY: ACCESS_KEY, ENOS_ORG_ID: 'o1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    expect(code).toBe(1);
    expect(output).not.toBe('');
    expect(never.filter((secret) => output.includes(secret))).toEqual([]);
  });
});

/** API keys: the command that keeps them, the file that holds their hashes, and who is let in by them. */
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runApiKeyCommand } from '../../src/identity/api-keys/command.js';
import { createApiKeys, type ApiKeys } from '../../src/identity/api-keys/store.js';
import { createRoleRights } from '../../src/identity/role-rights.js';

let folder: string;
let file: string;
let clock: number;
let open: ApiKeys[];
const logged: string[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'api-keys-'));
  file = join(folder, 'keys.json');
  clock = Date.parse('2026-01-01T00:00:00Z');
  open = [];
  logged.length = 0;
});
afterEach(async () => {
  for (const keys of open) keys.close();
  await rm(folder, { recursive: true });
});

const run = (...args: string[]): Promise<string> => runApiKeyCommand(args, { AUTH_API_KEYS_FILE: file });

async function store(): Promise<ApiKeys> {
  const keys = await createApiKeys({
    file,
    interval: 60_000,
    roleRights: createRoleRights({ everybody: ['read'], byRole: new Map([['ops', ['alerts:write']]]) }),
    now: () => clock,
    logger: (_level, message) => void logged.push(message),
  });
  open.push(keys);
  return keys;
}

const REFUSED = 'The credential is not accepted.';

test('a key is shown once; the file holds nothing that opens anything', async () => {
  const key = (
    await run('create', '--id', 'wall', '--org', 'o1', '--roles', 'ops', '--note', 'wall screen')
  ).trim();
  expect(key).toMatch(/^enosk_wall_[\w-]{43}$/);
  const text = await readFile(file, 'utf8');
  expect(text).not.toContain(key.slice('enosk_wall_'.length));
  expect((await stat(file)).mode & 0o077).toBe(0);
  expect(await run('list')).toBe('wall  organization o1  roles ops  does not expire  wall screen\n');
  const caller = (await store()).identify(key);
  expect(caller).toMatchObject({
    id: 'key:wall',
    kind: 'API_KEY',
    orgId: 'o1',
    userId: null,
    roles: ['ops'],
  });
  expect(caller.rights.has('alerts:write')).toBe(true);
});

test('rights of its own take the place of all others; a key ends when it should', async () => {
  const key = (
    await run('create', '--id', 'meter', '--org', 'o1', '--rights', 'series:read', '--expires', '2026-02-01')
  ).trim();
  const keys = await store();
  expect([...keys.identify(key).rights]).toEqual(['series:read']);
  expect(keys.identify(key).expiresAt).toBe(Date.parse('2026-02-01'));
  clock = Date.parse('2026-02-01T00:00:00Z');
  expect(() => keys.identify(key)).toThrow(REFUSED);
});

test('refuses wrong secrets, unknown ids and what is no key, all in the same words', async () => {
  const key = (await run('create', '--id', 'wall', '--org', 'o1')).trim();
  const keys = await store();
  const wrong = `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`;
  const hash = /sha256:\w+/.exec(await readFile(file, 'utf8'))?.[0] ?? '';
  for (const text of [wrong, key.replace('wall', 'door'), 'enosk_wall_', `enosk_wall_${hash}`, `${key}x`])
    expect(() => keys.identify(text)).toThrow(REFUSED);
});

test('new keys count and revoked ones do not, once the file is read again; one that is broken changes nothing', async () => {
  const key = (await run('create', '--id', 'wall', '--org', 'o1')).trim();
  const keys = await store();
  const other = (await run('create', '--id', 'door', '--org', 'o2')).trim();
  process.emit('SIGHUP', 'SIGHUP');
  for (let left = 100; logged.length === 0 && left > 0; left -= 1)
    await new Promise((resolve) => setTimeout(resolve, 20));
  expect(keys.identify(other).orgId).toBe('o2');
  await run('revoke', '--id', 'wall');
  await keys.reload();
  expect(() => keys.identify(key)).toThrow(REFUSED);
  await writeFile(file, '{ "keys": [ {');
  await keys.reload();
  expect(keys.identify(other).orgId).toBe('o2');
  expect(logged.at(-1)).toBe('The file of API keys cannot be used; the keys stay as they were');
});

test('says what is wrong, by the name of the option or the place in the file', async () => {
  await expect(run('create', '--org', 'o1')).rejects.toThrow('--id: expected a value');
  await expect(run('create', '--id', 'Wall', '--org', 'o1')).rejects.toThrow('--id: expected lower-case');
  await expect(run('create', '--id', 'w', '--org', 'o1', '--rights', 'write')).rejects.toThrow(
    'no right "write"',
  );
  await expect(run('create', '--id', 'w', '--org', 'o1', '--expires', 'soon')).rejects.toThrow('--expires');
  await expect(run('revoke', '--id', 'wall')).rejects.toThrow('there is no key wall');
  await expect(run('copy')).rejects.toThrow('there is no command copy');
  expect(await run()).toContain('Usage:');
  await run('create', '--id', 'wall', '--org', 'o1');
  await expect(run('create', '--id', 'wall', '--org', 'o1')).rejects.toThrow('a key wall already');
  await writeFile(file, '{ "keys": [{ "id": "a", "hash": "plain", "orgId": "o1" }] }');
  await expect(store()).rejects.toThrow('keys.0.hash: expected sha256:');
});

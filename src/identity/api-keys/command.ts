/**
 * `npm run api-key -- create|list|revoke`: keeps the file of API keys. A key is printed once, when it is made; the file holds
 * only its hash.
 */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { toRights } from '../role-rights.js';
import { readKeyFile, writeKeyFile, type KeyEntry, KEY_ID, hashOfKey, newKey } from './file.js';

const USAGE = `Usage: enos-graphql api-key <command> --file <keys.json> [options]
       npm run api-key -- <command> ... in a clone

  create --id <name> --org <orgId> [--roles a,b] [--rights a,b] [--expires <time>] [--note <text>]
         makes a key and prints it: it is shown this once
  list   shows the keys, without their hashes
  revoke --id <name>
         takes a key out of the file

--file defaults to AUTH_API_KEYS_FILE. Times are ISO 8601, such as 2027-01-31T00:00:00Z.
`;

/** A mistake in the command line. */
class CommandError extends Error {}

/** Runs a command; returns what to print. Rejects with `CommandError`, `KeyFileError` or `UnknownRight`. */
export async function runApiKeyCommand(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const { values, positionals } = parse(args);
  const [command] = positionals;
  if (command === undefined || values.help === true) return USAGE;
  const file = values.file ?? env['AUTH_API_KEYS_FILE'];
  if (!file) throw new CommandError('--file: expected the path of the file of keys');
  const keys = existsSync(file) ? await readKeyFile(file) : [];
  switch (command) {
    case 'create': {
      const id = required(values.id, 'id');
      if (!KEY_ID.test(id)) throw new CommandError('--id: expected lower-case letters, digits and hyphens');
      if (keys.some((entry) => entry.id === id)) throw new CommandError(`--id: there is a key ${id} already`);
      const key = newKey(id);
      const entry: KeyEntry = {
        id,
        hash: hashOfKey(key),
        orgId: required(values.org, 'org'),
        roles: words(values.roles) ?? [],
        ...optional('rights', rightsOf(values.rights)),
        ...optional('expires', timeOf(values.expires)),
        ...optional('note', values.note),
      };
      await writeKeyFile(file, [...keys, entry]);
      return `${key}\n`;
    }
    case 'list':
      return keys.map((entry) => `${describe(entry)}\n`).join('');
    case 'revoke': {
      const id = required(values.id, 'id');
      if (!keys.some((entry) => entry.id === id)) throw new CommandError(`--id: there is no key ${id}`);
      await writeKeyFile(
        file,
        keys.filter((entry) => entry.id !== id),
      );
      return `revoked ${id}\n`;
    }
    default:
      throw new CommandError(`there is no command ${command}\n\n${USAGE}`);
  }
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const options = {
    file: text,
    id: text,
    org: text,
    roles: text,
    rights: text,
    expires: text,
    note: text,
    help: { type: 'boolean' },
  } as const;
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (error) {
    throw new CommandError(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}

function required(value: string | undefined, name: string): string {
  if (!value) throw new CommandError(`--${name}: expected a value`);
  return value;
}

function words(text: string | undefined): string[] | undefined {
  return text?.split(',').flatMap((word) => (word.trim() === '' ? [] : [word.trim()]));
}

function rightsOf(text: string | undefined): string[] | undefined {
  const rights = words(text);
  // Says which one does not exist, before a key is made that nothing can use.
  if (rights !== undefined) toRights(rights);
  return rights;
}

function timeOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new CommandError('--expires: expected a time such as 2027-01-31T00:00:00Z');
  return new Date(time).toISOString();
}

function optional<Name extends string, T>(name: Name, value: T | undefined): Partial<Record<Name, T>> {
  return value === undefined ? {} : ({ [name]: value } as Record<Name, T>);
}

function describe({ id, orgId, roles, rights, expires, note }: KeyEntry): string {
  return [
    id,
    `organization ${orgId}`,
    ...(roles.length > 0 ? [`roles ${roles.join(',')}`] : []),
    ...(rights === undefined ? [] : [`rights ${rights.join(',')}`]),
    expires === undefined ? 'does not expire' : `expires ${expires}`,
    ...(note === undefined ? [] : [note]),
  ].join('  ');
}

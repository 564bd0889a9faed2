/**
 * API keys: `enosk_<id>_<secret>`, the secret being 256 random bits; and their file: which keys there are, of which
 * organization, with which rights, until when. Kept is a SHA-256 of the whole key: with that many random bits nothing can be
 * guessed from it, and a slow hash would only let callers make the server slow.
 */
import { chmod, readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { API_KEY_PREFIX } from '../credential.js';

/** Ids of keys: names that people choose. */
export const KEY_ID = /^[a-z0-9][a-z0-9-]{0,62}$/;
const KEY = /^enosk_([a-z0-9][a-z0-9-]{0,62})_[A-Za-z0-9_-]{43}$/;
const SCHEME = 'sha256:';

/** A new key of that id. It is shown once and kept nowhere. */
export function newKey(id: string): string {
  return `${API_KEY_PREFIX}${id}_${randomBytes(32).toString('base64url')}`;
}

/** What is kept of a key. */
export function hashOfKey(key: string): string {
  return SCHEME + createHash('sha256').update(key).digest('hex');
}

/** The id in a key; undefined for text that no key can be. */
export function idOfKey(key: string): string | undefined {
  return KEY.exec(key)?.[1];
}

/** Whether a key is the one that a hash was made of. Takes as long for a wrong one as for the right one. */
export function isKeyOf(key: string, hash: string): boolean {
  const expected = Buffer.from(hash);
  const actual = Buffer.from(hashOfKey(key));
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

const entrySchema = z.strictObject({
  /** Stands in the key itself, in logs, and in the caller's id. */
  id: z.string().regex(KEY_ID, 'expected lower-case letters, digits and hyphens, 63 at most'),
  hash: z.string().regex(/^sha256:[0-9a-f]{64}$/, 'expected sha256: and 64 hexadecimal digits'),
  orgId: z.string().min(1, 'expected the id of an organization'),
  roles: z.array(z.string().min(1)).default([]),
  /** In place of the rights that all have and that the roles give. */
  rights: z.array(z.string().min(1)).optional(),
  expires: z.iso.datetime({ offset: true }).optional(),
  /** For people. */
  note: z.string().optional(),
});

const fileSchema = z.strictObject({
  keys: z.array(entrySchema).superRefine((keys, context) => {
    const seen = new Set<string>();
    keys.forEach(({ id }, index) => {
      if (seen.has(id)) context.addIssue({ code: 'custom', path: [index, 'id'], message: 'is there twice' });
      seen.add(id);
    });
  }),
});

/** One key as the file keeps it. */
export type KeyEntry = z.infer<typeof entrySchema>;

/** The file cannot be used. The message names the place in it and what was expected; it holds nothing of the content. */
export class KeyFileError extends Error {
  constructor(file: string, problem: string) {
    super(`${file}: ${problem}`);
    this.name = 'KeyFileError';
  }
}

/** Reads and checks the file. Rejects with `KeyFileError`. */
export async function readKeyFile(file: string): Promise<KeyEntry[]> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new KeyFileError(file, code === undefined ? 'is not JSON' : `cannot be read (${code})`);
  }
  const result = fileSchema.safeParse(content);
  if (result.success) return result.data.keys;
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.') || '(top)'}: ${message}`);
  throw new KeyFileError(file, problems.join('; '));
}

/** Replaces the file as a whole, readable by its owner only, so that half of it is never read. */
export async function writeKeyFile(file: string, keys: readonly KeyEntry[]): Promise<void> {
  const draft = `${file}.${process.pid}.new`;
  await writeFile(draft, `${JSON.stringify({ keys }, null, 2)}\n`, { mode: 0o600 });
  await chmod(draft, 0o600);
  await rename(draft, file);
}

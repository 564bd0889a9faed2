/** The file of API keys: which keys there are, of which organization, with which rights, until when. */
import { chmod, readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { KEY_ID } from './key.js';

const entrySchema = z.strictObject({
  /** Stands in the key itself, in logs, and in the caller's id. */
  id: z.string().regex(KEY_ID, 'expected lower-case letters, digits and hyphens, 63 at most'),
  hash: z.string().regex(/^sha256:[0-9a-f]{64}$/, 'expected sha256: and 64 hexadecimal digits'),
  orgId: z.string().min(1, 'expected the id of an organization'),
  roles: z.array(z.string().min(1)).default([]),
  /** In place of the rights that everybody has and that the roles give. */
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

/** Replaces the file as a whole, readable by its owner only, so that nobody ever reads half of it. */
export async function writeKeyFile(file: string, keys: readonly KeyEntry[]): Promise<void> {
  const draft = `${file}.${process.pid}.new`;
  await writeFile(draft, `${JSON.stringify({ keys }, null, 2)}\n`, { mode: 0o600 });
  await chmod(draft, 0o600);
  await rename(draft, file);
}

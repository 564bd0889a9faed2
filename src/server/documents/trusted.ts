/** The operations of DOCUMENTS_FILE, read at the start and again whenever the file changes. */
import { createHash } from 'node:crypto';
import { unwatchFile, watchFile } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import { ManifestError, invalidDocuments, readManifest } from './manifest.js';
import type { Manifest } from './manifest.js';

/** Documents that are known in advance. */
export interface TrustedDocuments {
  /** The text of an id, be it the manifest's own or the SHA-256 of the text (with or without `sha256:`). */
  find(id: string): string | undefined;
  /** Whether a document has exactly this text. */
  has(text: string): boolean;
  close(): void;
}

/** Where they are, and what they must fit. */
export interface TrustedOptions {
  file: string;
  schema: GraphQLSchema;
  /** Whether nothing else may run: then a document that cannot run is a reason not to start. */
  only: boolean;
  logger: Logger;
  /** Milliseconds between two looks at the file. Default 5,000. */
  pollMs?: number;
}

/** By polling: the file may be a link that is exchanged as a whole, which events of the file system do not tell. */
const POLL_MS = 5_000;
const MAX_FILE_BYTES = 64 * 1024 * 1024;
/** Log lines about invalid documents of one manifest. */
const MOST_REPORTED = 20;

/**
 * Reads the file. Rejects with ManifestError where it cannot be used, and with `only` also where a document in it does not
 * fit the schema. Later a file that cannot be used changes nothing, and documents that do not fit are left out.
 */
export async function openTrustedDocuments(options: TrustedOptions): Promise<TrustedDocuments> {
  const { file, logger } = options;
  let documents = await load(options, options.only);
  logger.info({ documents: documents.texts.size }, 'operations known in advance');
  const reload = (): void => {
    load(options, false).then(
      (loaded) => {
        documents = loaded;
        logger.info({ documents: loaded.texts.size }, 'operations known in advance: read again');
      },
      (error: unknown) =>
        logger.error(
          { err: error },
          'operations known in advance: the old ones stay, the new file is unusable',
        ),
    );
  };
  watchFile(file, { interval: options.pollMs ?? POLL_MS, persistent: false }, reload);
  return {
    find: (id) => documents.byId.get(id),
    has: (text) => documents.texts.has(text),
    close: () => unwatchFile(file, reload),
  };
}

interface Loaded {
  byId: Manifest;
  texts: ReadonlySet<string>;
}

async function load({ file, schema, logger }: TrustedOptions, strict: boolean): Promise<Loaded> {
  const manifest = readManifest(await textOf(file));
  const problems = invalidDocuments(manifest, schema);
  for (const [id, problem] of [...problems].slice(0, MOST_REPORTED))
    logger.warn({ id: id.slice(0, 100), problem }, 'a document known in advance does not fit the schema');
  const [first] = problems;
  if (strict && first) {
    const which = `"${first[0].slice(0, 100)}" (${first[1]})`;
    throw new ManifestError(
      `${problems.size} of ${manifest.size} documents do not fit the schema, the first is ${which}`,
    );
  }
  const byId = new Map<string, string>();
  const texts = new Set<string>();
  for (const [id, text] of manifest) {
    if (problems.has(id)) continue;
    const hash = createHash('sha256').update(text).digest('hex');
    for (const name of [id, hash, `sha256:${hash}`]) byId.set(name, text);
    texts.add(text);
  }
  return { byId, texts };
}

async function textOf(file: string): Promise<string> {
  let content: Buffer;
  try {
    content = await readFile(file);
  } catch (error) {
    throw new ManifestError(
      `it cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'})`,
    );
  }
  if (content.byteLength > MAX_FILE_BYTES)
    throw new ManifestError(`it has more than ${MAX_FILE_BYTES} bytes`);
  return content.toString('utf8');
}

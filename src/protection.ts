/** Makes what protects the server from too much, by the settings: limits per caller, operations known in advance, shedding. */
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import { keyPrefixOf } from './cache/key-prefix.js';
import { openSharedStore } from './cache/redis/shared-store.js';
import type { Settings } from './config/settings.js';
import { createRegisteredDocuments, createSharedDocuments } from './server/documents/registered.js';
import { createDocumentSource } from './server/documents/source.js';
import { openTrustedDocuments } from './server/documents/trusted.js';
import type { Admission, DocumentSource, Shed } from './server/hooks.js';
import { createAdmission } from './server/admission/admission.js';
import { createWriteRate, type WriteRate } from './server/admission/write-rate.js';
import { startShedding } from './server/admission/load-shedding.js';

/** Hooks of the server, and how to end what runs behind them. */
export interface Protection {
  admission: Admission;
  documents: DocumentSource;
  /** How much a caller may write. */
  writeRate: WriteRate;
  /** Absent where nothing is shed. */
  shed?: Shed;
  close(): Promise<void>;
}

/** Makes the hooks. Rejects when the file of operations cannot be used. */
export async function createProtection(
  { cache, callers, documents, enos, overload, writes }: Settings,
  schema: GraphQLSchema,
  logger: Logger,
): Promise<Protection> {
  const trusted =
    documents.file === undefined
      ? undefined
      : await openTrustedDocuments({ file: documents.file, schema, only: documents.only, logger });
  const store =
    cache.redisUrl === undefined
      ? undefined
      : openSharedStore({
          redisUrl: cache.redisUrl,
          keyPrefix: keyPrefixOf(cache.redisPrefix, enos.accessKey),
          commandTimeoutMs: cache.redisTimeout,
          tlsCaFile: cache.redisCaFile,
          logger: (level, message, details) => logger[level](details, message),
        });
  const shedding =
    overload.maxEventLoopDelay === 0
      ? undefined
      : startShedding({
          maxDelay: overload.maxEventLoopDelay,
          onChange: (isShedding, delay) =>
            logger.warn({ delayMs: delay }, isShedding ? 'too busy: refusing requests' : 'busy no more'),
        });
  return {
    admission: createAdmission({ ...callers, store }),
    writeRate: createWriteRate(writes.perMinute, store),
    documents: createDocumentSource({
      trusted,
      registered: documents.persistedQueries
        ? createRegisteredDocuments(store && createSharedDocuments(store, documents.maxCallerBytes))
        : undefined,
      only: documents.only,
      maxAge: documents.maxAge,
      shared: documents.shared,
    }),
    ...(shedding ? { shed: shedding.shed } : {}),
    close: async () => {
      shedding?.stop();
      trusted?.close();
      await store?.close();
    },
  };
}

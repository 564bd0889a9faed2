/** GET /health/live: the process answers. GET /health/ready: it can do its work; 503 and the parts that are out otherwise. */
import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import type { PartStatus, ServerOptions } from '../options.js';

/** Bound of the question whether the parts are ready; whoever asks has a time-out of his own. */
const READINESS_TIMEOUT_MS = 2_000;

/** Alive as long as it answers. */
export function liveRoute(version: string): RequestHandler {
  return (_req, res) => {
    res.setHeader('Cache-Control', 'no-store');
    res.json({ status: 'live', version });
  };
}

/** Ready if every part is, and the server is not about to stop. */
export function readyRoute(
  readiness: ServerOptions['readiness'],
  isDraining: () => boolean,
  logger: Logger,
): RequestHandler {
  return async (_req, res) => {
    const parts = await askParts(readiness, logger);
    const all: Record<string, PartStatus> = isDraining()
      ? { ...parts, server: { ready: false, detail: 'stopping' } }
      : parts;
    const ready = Object.values(all).every((part) => part.ready);
    res.setHeader('Cache-Control', 'no-store');
    res.status(ready ? 200 : 503).json({ status: ready ? 'ready' : 'not ready', parts: all });
  };
}

async function askParts(
  readiness: ServerOptions['readiness'],
  logger: Logger,
): Promise<Record<string, PartStatus>> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<Record<string, PartStatus>>((resolve) => {
    const answer = { server: { ready: false, detail: 'the parts did not answer in time' } };
    timer = setTimeout(() => resolve(answer), READINESS_TIMEOUT_MS);
  });
  try {
    return await Promise.race([readiness(), timeout]);
  } catch (error) {
    logger.error({ err: error }, 'readiness could not be asked');
    return { server: { ready: false, detail: 'the parts could not be asked' } };
  } finally {
    clearTimeout(timer);
  }
}

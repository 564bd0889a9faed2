/** The log of the process, on its standard output. */
import { pino } from 'pino';
import type { Logger } from 'pino';

/** Bytes of lines that are gathered before they are written. */
const GATHERED_BYTES = 4096;
/** Longest time that a line waits. */
const FLUSH_INTERVAL_MS = 1_000;

/** A log and how to bring out what it holds. */
export interface ProcessLog {
  logger: Logger;
  /** Writes at once what has been gathered. */
  flush: () => void;
}

/**
 * Makes the log. Lines are gathered, since a system call for each would cost a busy server more than making the line; they
 * are out after a second at the latest, and at the end of the process.
 */
export function createProcessLog(level: string): ProcessLog {
  const destination = pino.destination({ dest: 1, sync: false, minLength: GATHERED_BYTES });
  let isReady = false;
  const flush = (): void => {
    // Before the stream has opened there is nothing to write to; it then writes by itself.
    if (isReady) destination.flushSync();
  };
  destination.once('ready', () => {
    isReady = true;
  });
  // A reader that has gone (a closed pipe) takes the log with it, not the server.
  destination.on('error', () => undefined);
  setInterval(flush, FLUSH_INTERVAL_MS).unref();
  process.once('exit', flush);
  return { logger: pino({ level, base: null }, destination), flush };
}

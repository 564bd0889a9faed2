/** The log of the process, on its standard output: JSON, or lines for people where that is a terminal. */
import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';
import { isatty } from 'node:tty';
import { terminalLines } from './terminal-log.js';

/** Characters of lines that are gathered before they are written. */
const GATHERED = 12 * 1024;
/** Longest time that a line waits. */
const FLUSH_INTERVAL_MS = 1_000;
/** What waits for a reader that does not read; beyond it lines are lost, and the server goes on. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;
const STANDARD_OUTPUT = 1;

/** A log and how to bring out what it holds. */
export interface ProcessLog {
  logger: Logger;
  /** Writes at once what has been gathered. */
  flush: () => void;
}

type Destination = ReturnType<typeof pino.destination>;

/**
 * Lines for a destination. They are joined only when they go out: the destination itself would measure all that
 * waits, and so copy it, at each line. A system call for each would cost a busy server more than making the line.
 */
class GatheredLines implements DestinationStream {
  private lines: string[] = [];
  private gathered = 0;
  private isOpen = false;

  constructor(private readonly destination: Destination) {
    destination.once('ready', () => {
      this.isOpen = true;
    });
    // A reader that has gone (a closed pipe) takes the log with it, not the server.
    destination.on('error', () => undefined);
  }

  write(line: string): void {
    this.lines.push(line);
    this.gathered += line.length;
    if (this.gathered >= GATHERED) this.flush();
  }

  /** Writes what has been gathered. */
  flush(): void {
    if (this.lines.length === 0) return;
    this.destination.write(this.lines.join(''));
    this.lines = [];
    this.gathered = 0;
  }

  /** Writes what has been gathered before it returns; pino asks for it after a fatal line. */
  flushSync(): void {
    this.flush();
    // Before the destination has opened there is nothing to write to; it then writes by itself.
    if (this.isOpen) this.destination.flushSync();
  }
}

/**
 * Makes the log. Lines are out after a second at the latest, and at the end of the process.
 * @param dest a file descriptor, or the path of a file
 */
export function createProcessLog(level: string, dest: number | string = STANDARD_OUTPUT): ProcessLog {
  const lines = new GatheredLines(
    pino.destination({ dest, sync: false, minLength: 0, maxLength: MAX_WAITING_BYTES }),
  );
  const flush = (): void => lines.flushSync();
  if (typeof dest === 'number' && isatty(dest)) return { logger: terminalLog(level, lines), flush };
  // Not at once: a reader that is slow would hold the whole server each time.
  setInterval(() => lines.flush(), FLUSH_INTERVAL_MS).unref();
  process.once('exit', flush);
  return { logger: pino({ level, base: null }, lines), flush };
}

/** A log for people. A terminal is read at once and by one person: nothing is gathered. */
function terminalLog(level: string, lines: GatheredLines): Logger {
  const told = terminalLines(level === 'debug' || level === 'trace');
  const write = (json: string): void => {
    const text = told(json);
    if (text === '') return;
    lines.write(text);
    lines.flush();
  };
  return pino({ level, base: null }, { write, flushSync: () => lines.flushSync() } as DestinationStream);
}

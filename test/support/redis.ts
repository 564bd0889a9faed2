import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Settings of a Redis process for tests. */
export interface RedisServerOptions {
  /** Bound of its memory, such as "2mb"; with it writes are refused (noeviction). */
  maxmemory?: string;
  /** Further arguments of redis-server. */
  args?: string[];
  /** Lines of a configuration file that make the process a Sentinel instead of a server of data. */
  sentinel?: string[];
}

/** A real redis-server on a port of its own, without persistence. */
export class RedisServer {
  private child: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    readonly dir: string,
    private readonly args: string[],
  ) {}

  /** Starts a server and resolves when it answers. */
  static async start(options: RedisServerOptions = {}): Promise<RedisServer> {
    const port = await freePort();
    const dir = await mkdtemp(join(tmpdir(), 'redis-test-'));
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir];
    if (options.sentinel) {
      // A Sentinel rewrites its file, hence one of its own.
      await writeFile(join(dir, 'sentinel.conf'), options.sentinel.join('\n') + '\n');
      args.unshift(join(dir, 'sentinel.conf'), '--sentinel');
    } else {
      args.push('--save', '', '--appendonly', 'no');
    }
    if (options.maxmemory) args.push('--maxmemory', options.maxmemory, '--maxmemory-policy', 'noeviction');
    const server = new RedisServer(port, dir, [...args, ...(options.args ?? [])]);
    try {
      await server.restart();
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    const pid = this.child?.pid;
    if (pid === undefined) throw new Error('redis-server is not running');
    return pid;
  }

  /** Starts the server again on the same port, empty, after stop() or kill('SIGKILL'). */
  async restart(): Promise<void> {
    const child = spawn('redis-server', this.args, { stdio: 'ignore' });
    this.child = child;
    await waitFor(() => {
      if (child.exitCode !== null) throw new Error(`redis-server ended with code ${child.exitCode}`);
      return answers(this.port);
    }, `redis-server on port ${this.port}`);
  }

  /** Sends a signal; resolves when a deadly one has ended the process. */
  async kill(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void> {
    const child = this.child;
    if (!child) throw new Error('redis-server is not running');
    const exited = signal === 'SIGKILL' ? once(child, 'exit') : undefined;
    child.kill(signal);
    await exited;
  }

  /** Ends the process, stopped or not, and removes its folder. */
  async stop(): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (child && child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    }
    await rm(this.dir, { recursive: true, force: true });
  }

  /** Sends one command and returns the raw reply (RESP2), to look at the store past the code under test. */
  command(...parts: string[]): Promise<string> {
    return redisCommand(this.port, parts);
  }
}

/**
 * describe() for tests that need redis-server on the PATH. Without it they fail in CI, and are skipped loudly elsewhere.
 */
export function describeWithRedis(name: string, body: () => void): void {
  if (spawnSync('redis-server', ['--version']).error === undefined) {
    describe(name, body);
    return;
  }
  if (process.env.CI) throw new Error(`redis-server is not on the PATH, and "${name}" needs it.`);
  process.stderr.write(
    `\nSKIPPED: "${name}" needs redis-server on the PATH (apt-get install redis-server).\n\n`,
  );
  describe.skip(name, body);
}

/**
 * Below the ports that systems give to connections and to servers that ask for any: between the check and its use, nothing
 * but another call of freePort() could take one, and each process walks on from a place of its own.
 */
const FIRST_PORT = 12_000;
const PORTS = 20_000;
let nextPort = Math.floor(Math.random() * PORTS);

/** A TCP port of the loopback interface that is free, and stays free until whoever asked for it listens there. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries += 1) {
    const port = FIRST_PORT + (nextPort++ % PORTS);
    if (await isFree(port)) return port;
  }
  throw new Error('no free port');
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}

/** Waits until `check` holds; throws with the description after `timeoutMs`. */
export async function waitFor(
  check: () => boolean | Promise<boolean>,
  what: string,
  timeoutMs = 15_000,
): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await check())) {
    if (Date.now() > end) throw new Error(`timed out waiting for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Sends one command over a connection of its own and returns what comes back first. Rejects at once where none comes. */
export async function redisCommand(port: number, parts: string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  try {
    const bulk = parts.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`).join('');
    socket.write(`*${parts.length}\r\n${bulk}`);
    const signal = AbortSignal.timeout(5_000);
    const closed = once(socket, 'close', { signal }).then(() => {
      throw new Error('Redis has closed the connection');
    });
    const [data] = (await Promise.race([once(socket, 'data', { signal }), closed])) as [Buffer];
    return data.toString();
  } finally {
    socket.destroy();
  }
}

async function answers(port: number): Promise<boolean> {
  try {
    // A server that wants a password first is up as well.
    return /^(\+PONG|-NOAUTH)/.test(await redisCommand(port, ['PING']));
  } catch {
    return false; // Not listening yet.
  }
}

/** Lua scripts in Redis. */
import { createHash } from 'node:crypto';
import type { Cluster, Redis } from 'ioredis';

const hashes = new Map<string, string>();

/** Runs one by its hash; sends the script itself only where Redis does not know it (any more). Keys share one slot. */
export async function evaluate(
  client: Redis | Cluster,
  script: string,
  keys: readonly string[],
  args: readonly string[],
): Promise<unknown> {
  let hash = hashes.get(script);
  if (hash === undefined) hashes.set(script, (hash = createHash('sha1').update(script).digest('hex')));
  try {
    return await client.evalsha(hash, keys.length, ...keys, ...args);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
    return client.eval(script, keys.length, ...keys, ...args);
  }
}

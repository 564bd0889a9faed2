/**
 * YAML that the build has parsed (scripts/build-yaml.mjs): reading the contract and the bundled world as JSON takes a hundredth
 * of the time, which is most of what a start of the simulator costs. What was changed since is parsed when it is read.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** The folder that the build fills, found from src/ and from dist/ alike. */
const FOLDER = new URL('../../dist/yaml/', import.meta.url);

/** The JSON text, with exact integers, of a YAML text; undefined where the build has not met exactly this text. */
export function jsonOfYaml(yaml: string): string | undefined {
  try {
    return readFileSync(new URL(`${createHash('sha256').update(yaml).digest('hex')}.json`, FOLDER), 'utf8');
  } catch {
    return undefined;
  }
}

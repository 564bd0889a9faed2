/**
 * Gateways that are configured instead of programmed. They can neither sign calls as EnOS demands nor reshape all that it
 * sends, so they read the same records in the shape of the answer (upstream/shaped.mjs): less work than the others have.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildDir } from './native.mjs';

const bench = fileURLToPath(new URL('../', import.meta.url));
const hiveFolder = `${bench}contestants/hive/`;

/**
 * Tailcall, a gateway in Rust. Its package carries a program for glibc 2.39 and later; elsewhere TAILCALL may name a command
 * that starts it.
 */
export const tailcall = {
  title: 'Tailcall 1.6 (shaped upstream, calls unsigned)',
  prepare: ({ port, upstreamUrl }) => {
    const program =
      process.env.TAILCALL ?? `${bench}node_modules/@tailcallhq/core-linux-x64-gnu/bin/tailcall`;
    try {
      execFileSync(program, ['--version'], { stdio: ['ignore', 'ignore', 'pipe'] });
    } catch (error) {
      throw new Error(
        `it does not run here: ${String(error.stderr ?? error.message)
          .trim()
          .slice(0, 200)}`,
        {
          cause: error,
        },
      );
    }
    const schema = readFileSync(`${bench}contestants/tailcall/schema.graphql`, 'utf8')
      .replaceAll('__PORT__', String(port))
      .replaceAll('__UPSTREAM__', upstreamUrl);
    const file = `${buildDir}tailcall-${port}.graphql`;
    writeFileSync(file, schema);
    return [program, 'start', file];
  },
};

/** Hive Gateway, from a configuration composed by Mesh. Installed on first use, apart from the other peers: it is large. */
export const hive = {
  title: 'Hive Gateway 2.15 (shaped upstream, calls unsigned)',
  prepare: ({ port, upstreamUrl }) => {
    const run = (program, args) =>
      execFileSync(program, args, {
        cwd: hiveFolder,
        env: { ...process.env, UPSTREAM: upstreamUrl },
        stdio: ['ignore', 'ignore', 'inherit'],
      });
    const bin = (name) => `${hiveFolder}node_modules/.bin/${name}`;
    if (!existsSync(bin('hive-gateway'))) run('npm', ['ci', '--no-audit', '--no-fund']);
    const supergraph = `${buildDir}hive-${port}.graphql`;
    run(bin('mesh-compose'), ['-c', 'mesh.config.mjs', '-o', supergraph]);
    const address = ['-p', String(port), '-h', '127.0.0.1'];
    return ['node', bin('hive-gateway'), 'supergraph', supergraph, '--fork', '1', ...address];
  },
  // What Mesh makes of a JSON schema has texts where the product has ids.
  rewrite: ({ query, variables }) => ({ query: query.replace('$site: ID!', '$site: String!'), variables }),
};

#!/usr/bin/env node
/** The command `enos-graphql`: the server as it comes from the package. All it takes are environment variables. */
import { readFileSync } from 'node:fs';

const HELP = `enos-graphql: one typed GraphQL layer in front of the EnOS REST APIs

  enos-graphql              starts the server, on http://127.0.0.1:4000/graphql unless told otherwise;
                            without ENOS_URL on a local EnOS (the simulator)
  enos-graphql simulator    starts the local EnOS alone, on http://127.0.0.1:4100
  enos-graphql api-key      creates, lists and revokes API keys; without more it says how
  enos-graphql --print-settings
                            prints the settings as the server would run with, secrets masked
  enos-graphql --version    prints the version
  enos-graphql --help       prints this

It is set up by environment variables: HOST, PORT, ENOS_URL, ENOS_ACCESS_KEY, ENOS_SECRET_KEY, ENOS_ORG_ID, REDIS_URL
and more. All of them: docs/configuration.md in the package.
`;

const [command, ...rest] = process.argv.slice(2);
if (command === 'api-key') await startApiKeys();
else if (rest.length > 0) refuse();
else if (command === undefined || command === '--print-settings') await import('./main.js');
else if (command === 'simulator') await startSimulator();
else if (command === '--version' || command === '-v') process.stdout.write(`${packageVersion()}\n`);
else if (command === '--help' || command === '-h') process.stdout.write(HELP);
else refuse();

function refuse(): void {
  process.stderr.write(
    `enos-graphql: expected no argument, simulator, api-key, --print-settings, --version or --help\n\n${HELP}`,
  );
  process.exitCode = 2;
}

/** The simulator shares nothing with the server, so that it is named, not imported. */
async function startSimulator(): Promise<void> {
  await import(new URL('./simulator/main.js', import.meta.url).href);
}

async function startApiKeys(): Promise<void> {
  process.argv.splice(2, 1);
  await import('./identity/api-keys/main.js');
}

function packageVersion(): string {
  const file = new URL('../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

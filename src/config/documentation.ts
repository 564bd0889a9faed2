/** docs/configuration.md, made from the table of settings. */
import { GROUPS, type Definition } from './definitions/definition.js';
import { DEFINITIONS } from './definitions/definitions.js';
import { OWN_PREFIXES } from './unknown-variables.js';

/** The whole page as Markdown. */
export function configurationPage(): string {
  const definitions = Object.entries(DEFINITIONS as Record<string, Definition<unknown>>);
  const sections = GROUPS.map((group) => {
    const rows = definitions
      .filter(([, definition]) => definition.group === group)
      .map(([name, definition]) => [`\`${name}\``, defaultOf(definition), definition.meaning]);
    return `## ${group}\n\n${table([['variable', 'default', 'meaning'], ...rows])}`;
  });
  return `${INTRODUCTION}\n${sections.join('\n')}`;
}

function defaultOf({ fallback, inProduction }: Definition<unknown>): string {
  const usual = fallback ? `\`${fallback}\`` : '-';
  return inProduction === undefined ? usual : `${usual}, in production \`${inProduction}\``;
}

/** A Markdown table with its columns aligned, as the formatter would leave it. */
function table([head = [], ...rows]: string[][]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (cells: string[]) =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |\n`;
  return [head, widths.map((width) => '-'.repeat(width)), ...rows].map(line).join('');
}

const INTRODUCTION = `# Configuration

Everything is set by environment variables, read once at the start. A variable that is empty counts as absent. A server
whose settings cannot be right does not start: it lists every variable at fault, what was expected and what was given, secrets
masked. At the start it logs what it runs with, secrets masked.

A slip in a name ends the start as well, with the nearest name. A slip is a variable with a value that begins with
${OWN_PREFIXES.map((prefix) => `\`${prefix}\``).join(', ')}
and is no setting, or whose name differs from that of a setting by a letter or two. What platforms set is none: service links of
Kubernetes and Docker (\`ENOS_GRAPHQL_SERVICE_HOST\`, \`REDIS_PORT=tcp://...\`, \`SIMULATOR_PORT_4100_TCP_ADDR\`) and
\`CACHE_DIRECTORY\` of systemd; a setting that a service link happens to bear the name of (\`SIMULATOR_PORT=tcp://...\`) counts as
absent. Variables of other programs are named in \`IGNORED_VARIABLES\`.

Where \`NODE_ENV\` is \`production\`, some settings default to what tells strangers less; the tables say which.

Durations are written with their unit: \`500ms\`, \`60s\`, \`10m\`, \`1h\`, \`1d\`. Sizes are bytes or have a unit: \`512KiB\`,
\`64MiB\`. Switches are \`on\` or \`off\` (also \`true\`, \`yes\`, \`1\` and \`false\`, \`no\`, \`0\`).

This page is made from \`src/config/definitions/definitions.ts\` and its parts; \`npm run generate\` writes it.
`;

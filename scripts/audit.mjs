/**
 * `npm run audit`: asks the registry for known vulnerabilities of what runs in production; moderate ones and worse fail.
 * Where the registry does not answer nothing is known, which is said loudly and fails only with --strict.
 */
import { spawnSync } from 'node:child_process';

const strict = process.argv.includes('--strict');
const { stdout, error } = spawnSync('npm', ['audit', '--omit=dev', '--json'], {
  encoding: 'utf8',
  shell: process.platform === 'win32',
  timeout: 60_000,
});
const report = parse(stdout);
if (!report?.metadata?.vulnerabilities) {
  const reason = report?.message ?? report?.error?.summary ?? error?.message ?? 'no report';
  process.stderr.write(`\nNOT AUDITED: the registry did not answer (${reason}).\n`);
  process.stderr.write('Nothing is known about vulnerabilities of the dependencies.\n\n');
  process.exitCode = strict ? 1 : 0;
} else {
  const { moderate, high, critical, total } = report.metadata.vulnerabilities;
  const packages = report.metadata.dependencies?.prod ?? 'all';
  process.stdout.write(`audited ${packages} packages: ${total} known vulnerabilities\n`);
  for (const { name, severity, range } of Object.values(report.vulnerabilities)) {
    process.stderr.write(`${severity}: ${name} ${range}\n`);
  }
  process.exitCode = moderate + high + critical > 0 ? 1 : 0;
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

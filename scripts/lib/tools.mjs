/** Sees to the programs that some tests need: a Redis server, and a browser for the page. */
import { findProgram, say, succeeds, warn } from './run.mjs';

const TOOLS = [
  {
    what: 'Redis',
    programs: ['redis-server'],
    apt: 'redis-server',
    brew: ['redis'],
    tests: 'the tests against a real Redis',
  },
  {
    what: 'Chromium',
    programs: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
    apt: 'chromium',
    brew: ['--cask', 'chromium'],
    tests: 'the test of the page in a real browser',
  },
];

/** Installs what is missing where that is allowed. Returns the names of the tools that are still missing. */
export function ensureTools() {
  const missing = TOOLS.filter(({ programs }) => !findProgram(...programs));
  if (missing.length > 0) installPackages(missing);
  const left = missing.filter(({ programs }) => !findProgram(...programs));
  for (const { what, tests } of left) {
    warn(`${what} is not installed and could not be: ${tests} will be SKIPPED.`);
  }
  return left.map(({ what }) => what);
}

function installPackages(tools) {
  const names = tools.map(({ what }) => what).join(' and ');
  if (findProgram('apt-get')) {
    const prefix = elevation();
    if (!prefix) {
      warn(`${names} missing, and this user may not install packages.`);
      return;
    }
    say(`Installing ${names} (apt-get) ...`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const apt = (...args) => {
      const [command, ...rest] = [...prefix, 'apt-get', ...args];
      return succeeds(command, rest, { env, stdio: ['ignore', 'ignore', 'inherit'] });
    };
    apt('update', '-qq');
    // One by one: a package that this system does not have must not take the other with it.
    for (const tool of tools) apt('install', '-y', '-qq', '--no-install-recommends', tool.apt);
  } else if (findProgram('brew')) {
    say(`Installing ${names} (brew) ...`);
    for (const tool of tools) succeeds('brew', ['install', ...tool.brew]);
  }
}

/** What to put before a command that needs to be root; undefined where that cannot be without a password. */
function elevation() {
  if (process.getuid?.() === 0) return [];
  return succeeds('sudo', ['-n', 'true'], { stdio: 'ignore' }) ? ['sudo', '-n'] : undefined;
}

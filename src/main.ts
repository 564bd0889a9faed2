/** The process: reads the settings, starts the application, and drains it when it is told to end. */
import { startApp } from './app.js';
import { describeSettings, loadSettings, SettingsError, type Settings } from './config/settings.js';
import { boundGarbage } from './heap.js';
import { createProcessLog } from './process-log.js';

/** Signals that come so soon after the first are the same one again. */
const ECHO_MS = 1_000;

boundGarbage();
const settings = readSettings();
if (process.argv.includes('--print-settings')) {
  process.stdout.write(`${describeSettings(settings).join('\n')}\n`);
  process.exit(0);
}
const { logger, flush } = createProcessLog(settings.logLevel);
logger.info({ settings: describeSettings(settings) }, 'starting');

try {
  const app = await startApp(settings, logger);
  logger.info({ url: app.url, graphql: `${app.url}/graphql` }, `listening on ${app.url}/graphql`);
  flush();
  let endingSince: number | undefined;
  const end = (signal: string): void => {
    if (endingSince !== undefined) {
      // A terminal's Ctrl-C reaches us directly and again through npm: that is one wish, not two.
      if (performance.now() - endingSince < ECHO_MS) return;
      logger.warn({ signal }, 'told again to stop: requests under way are cut');
      process.exit(1);
    }
    endingSince = performance.now();
    logger.info({ signal }, 'stopping: requests under way are finished first');
    app.close(settings.shutdownTimeout, settings.shutdownDelay).then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'did not stop cleanly');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
} catch (error) {
  if (error instanceof SettingsError) endFor(error);
  const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
  logger.fatal(
    taken ? {} : { err: error },
    taken ? `port ${settings.port} is taken: end what uses it, or set PORT` : 'could not start',
  );
  process.exit(1);
}

/** The settings, or the end of the process with everything that is wrong with them. */
function readSettings(): Settings {
  try {
    return loadSettings(process.env);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return endFor(error);
  }
}

/** What a person can mend is said without a stack. */
function endFor(error: SettingsError): never {
  process.stderr.write(`${error.message}\nAll settings: docs/configuration.md\n`);
  process.exit(1);
}

/** A process for several servers, one after the other or at once: what startServer() of processes.ts talks to. */
import { pino } from 'pino';
import { startApp } from '../../dist/app.js';
import { loadSettings } from '../../dist/config/settings.js';
import { boundGarbage } from '../../dist/heap.js';

const apps = new Map();
boundGarbage();

async function start(number, env) {
  const settings = loadSettings(env);
  const app = await startApp(settings, pino({ level: settings.logLevel }, { write: () => undefined }));
  apps.set(number, { app, settings });
  return app.url;
}

async function stop(number) {
  const { app, settings } = apps.get(number);
  apps.delete(number);
  await app.close(settings.shutdownTimeout, settings.shutdownDelay);
}

process.on('message', ({ number, question, env, of }) => {
  (question === 'start' ? start(number, env) : stop(of)).then(
    (answer) => process.send({ number, answer }),
    (error) => process.send({ number, error: String(error.stack ?? error) }),
  );
});
// The jest worker has ended.
process.on('disconnect', () => process.exit(0));

/**
 * The package as a library: importing it starts nothing.
 *
 *     const settings = loadSettings({ ...process.env, PORT: '4000' });
 *     const { logger } = createProcessLog(settings.logLevel);
 *     const app = await startApp(settings, logger);
 *     await app.close(settings.shutdownTimeout);
 */
export { startApp } from './app.js';
export type { App } from './app.js';
export { describeSettings, loadSettings, SettingsError } from './config/settings.js';
export type { Settings } from './config/settings.js';
export { createProcessLog } from './process-log.js';
export type { ProcessLog } from './process-log.js';

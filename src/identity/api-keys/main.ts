/** The process behind `npm run api-key`. */
import { runApiKeyCommand } from './command.js';

try {
  process.stdout.write(await runApiKeyCommand(process.argv.slice(2), process.env));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

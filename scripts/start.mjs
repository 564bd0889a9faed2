/**
 * `npm start`, `npm run simulator` and `npm run api-key`: installs what is missing, builds what is stale, then runs the
 * server, the local EnOS alone, or the command that keeps API keys. Works on a fresh clone with nothing but Node.
 */
import { build, install, requireNode } from './lib/prepare.mjs';

requireNode();
install();
build();
// In this very process, so that signals and exit codes need no passing on.
await import('../dist/cli.js');

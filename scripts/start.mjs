/**
 * `npm start` and `npm run simulator`: installs what is missing, builds what is stale, then runs the server or the local
 * EnOS alone. Works on a fresh clone with nothing but Node.
 */
import { build, install, requireNode } from './lib/prepare.mjs';

requireNode();
install();
build();
// In this very process, so that signals and exit codes need no passing on.
await import(process.argv[2] === 'simulator' ? '../dist/simulator/main.js' : '../dist/main.js');

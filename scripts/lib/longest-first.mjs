/** Order of the test files for jest (--testSequencer): the longest first, then the largest, the same at each run. */
import { statSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { root } from './run.mjs';
import { LONGEST } from './test-plan.mjs';

export default class LongestFirst {
  sort(tests) {
    const rank = ({ path }) => {
      const at = LONGEST.indexOf(relative(root, path).split(sep).join('/'));
      return at < 0 ? LONGEST.length : at;
    };
    const size = ({ path }) => statSync(path).size;
    return [...tests].sort((a, b) => rank(a) - rank(b) || size(b) - size(a));
  }

  cacheResults() {
    // The order does not follow from earlier runs.
  }
}

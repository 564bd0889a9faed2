/** Licences under which a package may be handed on with this one: permissive, without conditions on our own text. */
const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Unlicense',
]);

/** Whether an SPDX expression leaves us a choice that is allowed: `A OR B` needs one of both, `A AND B` both. */
export function isAllowed(expression) {
  if (typeof expression !== 'string') return false;
  const tokens = expression.match(/[()]|[^\s()]+/g) ?? [];
  let at = 0;
  const either = () => {
    let ok = both();
    while (tokens[at] === 'OR') {
      at += 1;
      ok = both() || ok;
    }
    return ok;
  };
  const both = () => {
    let ok = single();
    while (tokens[at] === 'AND') {
      at += 1;
      ok = single() && ok;
    }
    return ok;
  };
  const single = () => {
    const token = tokens[at];
    at += 1;
    if (token !== '(') return ALLOWED.has(token);
    const ok = either();
    if (tokens[at] !== ')') return false;
    at += 1;
    return ok;
  };
  const ok = either();
  return ok && at === tokens.length;
}

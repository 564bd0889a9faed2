/** The judge of the fault runs must find what is wrong, or the runs prove nothing. */
import { faultsOf, type Judged } from './support/judge.js';

const truth: Judged = { status: 200, data: { a: { name: 'x', list: [{ n: 1 }, { n: 2 }] }, b: { n: 5 } } };
const answer = (data: Record<string, unknown> | null, more: Partial<Judged> = {}): Judged => ({
  status: 200,
  data,
  ...more,
});
const failure = (
  path: (string | number)[],
  code = 'UPSTREAM_ERROR',
): NonNullable<Judged['errors']>[number] => ({
  message: 'm',
  path,
  extensions: { code },
});

it.each<[string, Judged]>([
  ['the truth', truth],
  ['a null that an error explains', answer({ a: truth.data?.a, b: null }, { errors: [failure(['b'])] })],
  ['a null above the error', answer({ a: null, b: { n: 5 } }, { errors: [failure(['a', 'list', 1, 'n'])] })],
  ['nothing but an error', answer(null, { errors: [failure([], 'RATE_LIMITED')] })],
])('finds nothing in %s', (_what, given) => {
  expect(faultsOf(given, [truth])).toEqual([]);
});

it.each<[string, Judged, RegExp]>([
  ['another value', answer({ a: truth.data?.a, b: { n: 6 } }), /b\.n: 6, and not 5/],
  ['a null that nothing explains', answer({ a: truth.data?.a, b: null }), /b: null/],
  [
    'a null that an error elsewhere does not explain',
    answer({ a: null, b: null }, { errors: [failure(['b'])] }),
    /a: null/,
  ],
  [
    'a list that is too short',
    answer({ a: { name: 'x', list: [{ n: 1 }] }, b: { n: 5 } }),
    /a\.list: a list of 1/,
  ],
  [
    'an order that is not',
    answer({ a: { name: 'x', list: [{ n: 2 }, { n: 1 }] }, b: { n: 5 } }),
    /a\.list\.0\.n/,
  ],
  [
    'an error of the server’s own',
    answer({ a: truth.data?.a, b: null }, { errors: [failure(['b'], 'INTERNAL_SERVER_ERROR')] }),
    /INTERNAL/,
  ],
  [
    'a refusal that is not true',
    answer({ a: truth.data?.a, b: null }, { errors: [failure(['b'], 'NOT_FOUND')] }),
    /NOT_FOUND/,
  ],
  ['nothing at all', answer(null), /neither/],
])('finds %s', (_what, given, problem) => {
  expect(faultsOf(given, [truth]).join('\n')).toMatch(problem);
});

it('takes what was true before only where the answer says that it is stale', () => {
  const old = answer({ a: truth.data?.a, b: { n: 4 } });
  expect(faultsOf(old, [truth], [old])).toHaveLength(1);
  expect(faultsOf({ ...old, extensions: { freshness: { stale: true } } }, [truth], [old])).toEqual([]);
});

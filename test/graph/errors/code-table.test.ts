/** Public codes are an interface: callers branch on them. What each code of EnOS is to them is written out here once more. */
import { OPERATIONS } from '../../../src/enos/generated/operations.js';
import { publicCodeOf, type PublicCode } from '../../../src/graph/errors/code-table.js';

const EXPECTED: Partial<Record<PublicCode, string>> = {
  BAD_USER_INPUT: `11738 11795 11810 12958 17777 17958 17986 30400 31400 31415 61100 61102 61105 61107 61176 61951
    62101 62102 80400 81400 99400`,
  FORBIDDEN: '30511 31403 31520 62103 62105 80401 99403',
  NOT_FOUND: `11404 11611 11699 12404 17404 17752 24404 30404 31404 31531 400 61106 61108 61952 81404 99404`,
  CONFLICT: `11619 11702 11704 11794 11833 11888 11900 17558 17758 17762 17764 17766 17768 17770 17800 24601 24602
    24604 24615 24616 24617 24618 24620 24621 31408 31409 31432 31512 31530 61121 61152 61165 61169 61953 62104`,
  RATE_LIMITED: '11739 11902 17772 17946 24603 30429 31429 61128',
  UNAUTHENTICATED: '30401 30410 31401 31410',
  UPSTREAM_ERROR: `1001 1002 1003 1004 1005 11714 1202 1203 1204 24500 31500 500 61112 61115 61122 61168 61199 61954
    62109 80500 81500 99000 99206 99500`,
  UPSTREAM_TIMEOUT: '11904 11915 31504',
};

const documented = Object.values(OPERATIONS).flatMap(({ service, errors }) =>
  errors.map(({ code }) => ({ service, code })),
);

test('the contracts document codes for every service', () => {
  expect(new Set(documented.map(({ service }) => service)).size).toBeGreaterThanOrEqual(13);
});

test('every code of every operation is to a caller what it has always been, and no code is expected in vain', () => {
  const found: Record<string, Set<string>> = {};
  for (const { service, code } of documented) {
    (found[publicCodeOf(service, code)] ??= new Set()).add(String(code));
  }
  const sorted = Object.entries(found).map(([name, codes]) => [name, [...codes].sort()]);
  const expected = Object.entries(EXPECTED).map(([name, codes]) => [name, codes.split(/\s+/)]);
  expect(Object.fromEntries(sorted)).toEqual(Object.fromEntries(expected));
});

test.each([
  ['tsdb-policy', 99403, 'FORBIDDEN'],
  ['token', 99404, 'NOT_FOUND'],
  ['asset', 31401, 'UNAUTHENTICATED'],
  ['alert', 80400, 'BAD_USER_INPUT'],
  ['alert', 80401, 'FORBIDDEN'],
  ['prediction', 99500, 'UPSTREAM_ERROR'],
])('any service may send what the gateway sends: %s %i is %s', (service, code, expected) => {
  expect(documented).not.toContainEqual({ service, code });
  expect(publicCodeOf(service, code)).toBe(expected);
});

test.each([
  ['a code that no contract knows', 'asset', 123456],
  ['a code of another service', 'asset', 31404],
  ['a number that only one service gives a meaning', 'asset', 400],
  ['a service that no contract knows', 'weather', 31404],
  ['no code', 'asset', null],
])('%s is an error of EnOS', (_, service, code) => {
  expect(publicCodeOf(service, code)).toBe('UPSTREAM_ERROR');
});

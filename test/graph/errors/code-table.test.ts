import { OPERATIONS } from '../../../src/enos/generated/operations.js';
import { CODE_TABLE, publicCodeOf } from '../../../src/graph/errors/code-table.js';

const documented = Object.values(OPERATIONS).flatMap(({ id, service, errors }) =>
  errors.map(({ code }) => ({ id, service, code })),
);

test('the contracts document codes for every service', () => {
  expect(new Set(documented.map(({ service }) => service)).size).toBeGreaterThanOrEqual(13);
});

test('every code of every operation is mapped on purpose', () => {
  const unmapped = documented.filter(({ service, code }) => CODE_TABLE[service]?.[code] === undefined);
  expect(unmapped).toEqual([]);
});

test('the table holds no code that no contract knows', () => {
  const known = new Set(documented.map(({ service, code }) => `${service} ${code}`));
  const invented = Object.entries(CODE_TABLE).flatMap(([service, codes]) =>
    Object.keys(codes)
      .map((code) => `${service} ${code}`)
      .filter((key) => !known.has(key)),
  );
  expect(invented).toEqual([]);
});

test.each([
  ['asset', 99400, 'BAD_USER_INPUT'],
  ['tsdb-data', 80400, 'BAD_USER_INPUT'],
  ['asset', 12958, 'BAD_USER_INPUT'],
  ['model', 99403, 'FORBIDDEN'],
  ['tsdb-data', 80401, 'FORBIDDEN'],
  ['alert', 99404, 'NOT_FOUND'],
  ['asset-tree', 17404, 'NOT_FOUND'],
  ['connection', 11404, 'NOT_FOUND'],
  ['asset-tree', 17558, 'CONFLICT'],
  ['asset-tree', 17758, 'CONFLICT'],
  ['asset-tree', 17762, 'CONFLICT'],
  ['asset', 17946, 'RATE_LIMITED'],
  ['app-portal', 31429, 'RATE_LIMITED'],
  ['app-portal', 31401, 'UNAUTHENTICATED'],
  ['token', 1002, 'UPSTREAM_ERROR'],
  ['asset', 99500, 'UPSTREAM_ERROR'],
  ['tsdb-data', 80500, 'UPSTREAM_ERROR'],
  ['asset', 123456, 'UPSTREAM_ERROR'],
  ['tsdb-policy', 99403, 'FORBIDDEN'],
])('%s %i is %s', (service, code, expected) => {
  expect(publicCodeOf(service, code)).toBe(expected);
});

import type { Window } from '../../src/loading/common.js';
import { toCursor } from '../../src/graph/lists/connection.js';
import { ask, asset, slice, at } from './fake-loaders.js';

const ALL = Array.from({ length: 120 }, (_, index) => asset(`n${index}`));

interface Page {
  nodes: { assetId: string }[];
  edges: { cursor: string; node: { assetId: string } }[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
  totalCount: number;
}

const FIELDS =
  '{ nodes { assetId } edges { cursor node { assetId } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount }';

async function page(args: string, fields = FIELDS, total = ALL.length) {
  const windows: Window[] = [];
  const search = (_org: string, _filter: unknown, window: Window) => {
    windows.push(window);
    return slice(ALL.slice(0, total), window);
  };
  const answer = await ask(`{ assets${args} ${fields} }`, { overrides: { of: { Asset: { list: search } } } });
  return { ...answer, page: at(answer.data, 'assets') as Page, windows };
}

const cursor = (index: number): string => toCursor(index);

test.each<[string, number, number]>([
  ['', 0, 50],
  ['(first: 3)', 0, 3],
  [`(first: 3, after: "${cursor(4)}")`, 5, 8],
  ['(offset: 100)', 100, 120],
  ['(offset: 7, first: 2)', 7, 9],
  [`(before: "${cursor(3)}")`, 0, 3],
  [`(first: 2, before: "${cursor(3)}")`, 0, 2],
  [`(last: 2, before: "${cursor(10)}")`, 8, 10],
  [`(last: 20, before: "${cursor(10)}")`, 0, 10],
  ['(last: 4)', 116, 120],
  ['(last: 500)', 0, 120],
  [`(last: 5, after: "${cursor(117)}")`, 118, 120],
  [`(after: "${cursor(2)}", before: "${cursor(6)}")`, 3, 6],
  [`(first: 10, after: "${cursor(5)}", before: "${cursor(3)}")`, 6, 6],
  ['(offset: 500)', 120, 120],
  ['(first: 1000)', 0, 120],
])('%s gives items %i to %i', async (args, start, end) => {
  const { page: got, errors } = await page(args);
  expect(errors).toEqual([]);
  const expected = ALL.slice(start, end).map(({ assetId }) => assetId);
  expect(got.nodes.map(({ assetId }) => assetId)).toEqual(expected);
  expect(got.edges.map(({ node }) => node.assetId)).toEqual(expected);
  expect(got.edges.map((edge) => edge.cursor)).toEqual(expected.map((_, index) => cursor(start + index)));
  expect(got.totalCount).toBe(120);
  expect(got.pageInfo.startCursor).toBe(expected.length > 0 ? cursor(start) : null);
  expect(got.pageInfo.endCursor).toBe(expected.length > 0 ? cursor(end - 1) : null);
  if (expected.length > 0) {
    expect(got.pageInfo.hasNextPage).toBe(end < 120);
    expect(got.pageInfo.hasPreviousPage).toBe(start > 0);
  }
});

test('walking by cursors sees every item once, forwards and backwards', async () => {
  const seen: string[] = [];
  for (let after: string | null = null, more = true; more;) {
    const { page: got }: { page: Page } = await page(
      `(first: 37${after === null ? '' : `, after: "${after}"`})`,
    );
    seen.push(...got.nodes.map(({ assetId }) => assetId));
    after = got.pageInfo.endCursor;
    more = got.pageInfo.hasNextPage;
  }
  expect(seen).toEqual(ALL.map(({ assetId }) => assetId));
  const back: string[] = [];
  for (let before: string | null = null, more = true; more;) {
    const { page: got }: { page: Page } = await page(
      `(last: 37${before === null ? '' : `, before: "${before}"`})`,
    );
    back.unshift(...got.nodes.map(({ assetId }) => assetId));
    before = got.pageInfo.startCursor;
    more = got.pageInfo.hasPreviousPage;
  }
  expect(back).toEqual(seen);
});

test('the total alone, or pageInfo alone, fetches no items', async () => {
  expect((await page('', '{ totalCount }')).windows).toEqual([{ offset: 0, limit: 0 }]);
  const { windows, page: got } = await page(
    '(first: 10, offset: 115)',
    '{ pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }',
  );
  expect(windows).toEqual([{ offset: 115, limit: 0 }]);
  expect(got.pageInfo).toEqual({
    hasNextPage: false,
    hasPreviousPage: true,
    startCursor: cursor(115),
    endCursor: cursor(119),
  });
  expect((await page('(last: 5)', '{ totalCount }')).windows).toEqual([{ offset: 0, limit: 0 }]);
  expect((await page('(first: 0)', '{ nodes { assetId } totalCount }')).windows).toEqual([
    { offset: 0, limit: 0 },
  ]);
});

test('last items of an open list: the total first, then the window', async () => {
  expect((await page('(last: 5)')).windows).toEqual([
    { offset: 0, limit: 0 },
    { offset: 115, limit: 5 },
  ]);
  expect((await page(`(last: 5, before: "${cursor(50)}")`)).windows).toEqual([{ offset: 45, limit: 5 }]);
  expect((await page('(last: 5)', FIELDS, 0)).page.nodes).toEqual([]);
});

test('nothing selected, nothing fetched', async () => {
  expect((await page('', '{ __typename }')).windows).toEqual([]);
  expect((await page('', '{ nodes @skip(if: true) { assetId } __typename }')).windows).toEqual([]);
});

test.each([
  ['(first: 1001)', 'first', /1001.*limit of 1000/],
  ['(last: 5000)', 'last', /5000.*limit of 1000/],
  ['(first: -1)', 'first', /-1 is negative/],
  ['(last: -2)', 'last', /-2 is negative/],
  ['(offset: -3)', 'offset', /-3 is negative/],
  ['(first: 1, last: 1)', 'last', /exclude each other/],
  ['(offset: 1, after: "x")', 'offset', /excludes/],
  ['(after: "nonsense")', 'after', /"nonsense" is not a cursor/],
  [`(before: "${Buffer.from('i:-1').toString('base64url')}")`, 'before', /not a cursor/],
  [`(before: "${Buffer.from('i:007').toString('base64url')}")`, 'before', /not a cursor/],
])('%s is refused by name', async (args, argument, message) => {
  const { data, errors, windows } = await page(args);
  expect(data).toEqual({ assets: null });
  expect(errors).toHaveLength(1);
  expect(errors[0]).toMatchObject({ code: 'BAD_USER_INPUT', path: ['assets'], extensions: { argument } });
  expect(errors[0]?.message).toMatch(message);
  expect(windows).toEqual([]);
});

/** Requests made to hurt a GraphQL server. Each must be refused before it is run. */

/** One request: its name, and its body as sent. */
export interface HostileRequest {
  name: string;
  body: string;
}

const times = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, i) => make(i)).join(' ');
const nested = (depth: number, open: string, middle: string, close = ' }'): string =>
  open.repeat(depth) + middle + close.repeat(depth);

const SITE = 'asset(assetId: "Rk3vTq8M")';
const CHILDREN = 'children(treeId: "Wf7kQ2Zx", first: 100) { nodes {';

const query = (name: string, text: string, variables?: unknown): HostileRequest => ({
  name,
  body: JSON.stringify({ query: text, ...(variables === undefined ? {} : { variables }) }),
});
const raw = (name: string, body: string): HostileRequest => ({ name, body });

/** JSON nested so deep that whoever walks it without care runs out of stack. */
const deepList = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
const deepObject = (depth: number): string => '{"a":'.repeat(depth) + '1' + '}'.repeat(depth);
const VARIABLES_QUERY = 'query($f: AssetFilter) { assets(filter: $f) { totalCount } }';

const manyFields: HostileRequest[] = [
  query('10,000 aliases of a root field', `{ ${times(10_000, (i) => `a${i}: __typename`)} }`),
  query('1,000 aliases of an asset', `{ ${times(1_000, (i) => `a${i}: ${SITE} { name }`)} }`),
  query(
    '200 aliases of a list of everything',
    `{ ${times(200, (i) => `a${i}: assets(first: 100) { nodes { name } }`)} }`,
  ),
  query('5,000 times the same field', `{ ${SITE} { ${times(5_000, () => 'name')} } }`),
  query(
    '2,000 operations',
    times(2_000, (i) => `query Q${i} { __typename }`),
  ),
  query(
    '2,000 fragments that nobody uses',
    `{ __typename } ${times(2_000, (i) => `fragment F${i} on Query { __typename }`)}`,
  ),
  query('2,000 unknown fields', `{ ${times(2_000, (i) => `unknownField${i}`)} }`),
  query('1,500 unknown arguments', `{ asset(assetId: "x", ${times(1_500, (i) => `arg${i}: 1`)}) { name } }`),
  query('1,000 variables', `query(${times(1_000, (i) => `$v${i}: ID`)}) { __typename }`),
  query('3,000 inline fragments', `{ ${times(3_000, () => '... { __typename }')} }`),
];

const deep: HostileRequest[] = [
  query('children of children, 40 deep', `{ ${SITE} { ${nested(40, `${CHILDREN} `, 'name', ' } }')} } }`),
  query('10,000 braces', nested(10_000, '{ a ', '', '}')),
  query('10,000 braces that do not close', '{ a '.repeat(10_000)),
  query('inline fragments, 1,000 deep', `{ ${nested(1_000, '... on Query { ', '__typename')} }`),
  query(
    'a type of lists, 2,000 deep',
    `query($v: ${'['.repeat(2_000)}ID${']'.repeat(2_000)}) { __typename }`,
  ),
  query('a list value, 2,000 deep', `{ assetsById(assetIds: ${deepList(2_000)}) { name } }`),
  query(
    'an object value, 1,000 deep',
    `{ assets(filter: ${nested(1_000, '{ and: ', '{}', ' }')}) { totalCount } }`,
  ),
  query(
    'introspection of fields of types, 15 deep',
    `{ __schema { types { ${nested(15, 'fields { type { ', 'name', ' } }')} } } }`,
  ),
  query(
    'introspection of ofType, 60 deep',
    `{ __type(name: "Asset") { fields { type { ${nested(60, 'ofType { ', 'name')} } } } }`,
  ),
  query(
    'parent of parent, 100 deep',
    `{ assetTree(treeId: "Wf7kQ2Zx") { root { ${nested(100, 'parent { ', 'asset { name }')} } } }`,
  ),
];

const cycles: HostileRequest[] = [
  query('a fragment of itself', '{ ...A } fragment A on Query { ...A }'),
  query('two fragments of each other', '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }'),
  query(
    'a cycle of 300 fragments',
    `{ ...F0 } ${times(300, (i) => `fragment F${i} on Query { ...F${(i + 1) % 300} }`)}`,
  ),
  query(
    'fragments that double, 25 times',
    `{ ...F0 } ${times(25, (i) => `fragment F${i} on Query { a: __typename ...F${i + 1} ...F${i + 1} }`)} fragment F25 on Query { ${SITE} { name } assets { nodes { ${CHILDREN} ${CHILDREN} ${CHILDREN} name } } } } } } } } }`,
  ),
  query(
    'fragments that widen, 2^18 fields',
    `{ ...F0 } ${times(18, (i) => `fragment F${i} on Query { a${i}: __typename ... { ...F${i + 1} } ... { ...F${i + 1} } }`)} fragment F18 on Query { ${SITE} { ${CHILDREN} ${CHILDREN} ${CHILDREN} name } } } } } } } }`,
  ),
  query(
    '100 fields that overlap in 100 ways',
    `{ ${times(100, (i) => `a: asset(assetId: "x${i}") { ${times(10, (j) => `n: point(pointId: "p${j}") { pointId }`)} }`)} }`,
  ),
];

const wide: HostileRequest[] = [
  query(
    '100 children of 100 children of 100 children',
    `{ ${SITE} { ${CHILDREN} ${CHILDREN} ${CHILDREN} name } } } } } } } }`,
  ),
  query('a page of a million', '{ assets(first: 1000000) { nodes { name } } }'),
  query('a number beyond all numbers', `{ assets(first: ${'9'.repeat(5_000)}) { nodes { name } } }`),
  query(
    'every point of every asset of every list',
    `{ assets(first: 100) { nodes { points { latest { value } } ${CHILDREN} points { latest { value } series(from: "2020-01-01T00:00:00Z", to: "2026-01-01T00:00:00Z") { values { value } } } } } } } }`,
  ),
  query(
    'ids in their thousands',
    `{ assetsById(assetIds: [${times(4_000, (i) => `"id${i}"`)}]) { name ${CHILDREN} name } } } }`,
  ),
  query(
    'a hundred years by the second',
    `{ ${SITE} { point(pointId: "activePower") { series(from: "1920-01-01T00:00:00Z", to: "2026-01-01T00:00:00Z", interval: "PT1S", aggregate: AVG, limit: 100000000) { values { value } } } } }`,
  ),
];

const directives: HostileRequest[] = [
  query('a field with 2,000 directives', `{ __typename ${times(2_000, () => '@skip(if: false)')} }`),
  query('a field with 2,000 unknown directives', `{ __typename ${times(2_000, (i) => `@d${i}`)} }`),
  query('an operation with 1,000 directives', `query ${times(1_000, () => '@a')} { __typename }`),
];

const texts: HostileRequest[] = [
  query('a text of 200,000 characters', `{ asset(assetId: "${'x'.repeat(200_000)}") { nam } }`),
  query('a name of 100,000 characters', `{ ${'n'.repeat(100_000)} }`),
  query('a comment of 200,000 characters and no query', `#${'c'.repeat(200_000)}`),
  query('200,000 commas', `{ ${','.repeat(200_000)} }`),
  query('a block text that does not end', `{ asset(assetId: """${'"'.repeat(10_000)}x`),
  query('zero bytes and halves of characters', '{ asset(assetId: "\u0000\ud800\udfff\ud800") { \u0000 } }'),
  query('names that look alike', '{ аsset(assetId: "x") { name } }'),
  query('text that turns around', '{ \u202e__typename\u202c }'),
  query('escapes that are none', '{ asset(assetId: "\\uD83D\\u{110000}\\x41") { name } }'),
  query('100,000 spaces before nothing', ' '.repeat(100_000)),
  raw('a body beyond the limit', JSON.stringify({ query: `{ __typename } #${'x'.repeat(300_000)}` })),
];

const bodies: HostileRequest[] = [
  raw(
    'variables as lists, 20,000 deep',
    `{"query":${JSON.stringify(VARIABLES_QUERY)},"variables":{"f":${deepList(20_000)}}}`,
  ),
  raw(
    'variables as objects, 20,000 deep',
    `{"query":${JSON.stringify(VARIABLES_QUERY)},"variables":{"f":${deepObject(20_000)}}}`,
  ),
  raw('extensions, 20,000 deep', `{"query":"{ nothing }","extensions":${deepObject(20_000)}}`),
  raw(
    'a list of 20,000 in a variable',
    `{"query":"query($i: [ID!]!) { assetsById(assetIds: $i) { name ${CHILDREN} name } } } }","variables":{"i":[${'"a",'.repeat(20_000)}"a"]}}`,
  ),
  raw('a batch of 1,000', JSON.stringify(Array.from({ length: 1_000 }, () => ({ query: '{ __typename }' })))),
  raw('an empty batch', '[]'),
  raw('a batch in a batch', '[[[[{"query":"{ __typename }"}]]]]'),
  raw(
    'a key that changes what objects are',
    '{"__proto__":{"query":"{ __typename }"},"constructor":{"prototype":{"query":"{ __typename }"}}}',
  ),
  raw('10,000 keys', `{${Array.from({ length: 10_000 }, (_, i) => `"k${i}":1`).join(',')}}`),
  raw('a query that is a list', '{"query":["{ __typename }"]}'),
  raw('a query that is an object', '{"query":{"toString":"{ __typename }"}}'),
  raw(
    'variables that are a text',
    '{"query":"query($i: ID!) { asset(assetId: $i) { name } }","variables":"{}"}',
  ),
  raw(
    'a name of an operation that is none',
    '{"query":"query A { __typename } query B { __typename }","operationName":"__proto__"}',
  ),
  raw('JSON that ends in the middle', '{"query":"{ __typename }","variables":{'),
  raw('no JSON', 'query { __typename }'),
];

const user = 'viewer { user { name } }';

/** Documents that graphql-js takes long to validate: it compares, follows or looks for what is many. */
const validation: HostileRequest[] = [
  query('500 times the same selection', `{ ${times(500, () => user)} }`),
  query('1,600 times the same leaf', `{ viewer { user { ${times(1_600, () => 'name')} } } }`),
  query('350 inline fragments of the same', `{ ${times(350, () => `... on Query { ${user} }`)} }`),
  query(
    '280 fragments that overlap',
    `{ ${times(280, (i) => `...F${i}`)} } ${times(280, (i) => `fragment F${i} on Query { ${user} }`)}`,
  ),
  query(
    '200 fragments within the same field',
    `{ ${times(200, (i) => `viewer { ...F${i} }`)} } ${times(200, (i) => `fragment F${i} on Viewer { user { name } }`)}`,
  ),
  query(
    '40 times a field with 25 unknown arguments',
    `{ ${times(40, () => `asset(assetId: "x" ${times(25, (i) => `a${i}: 1`)}) { name }`)} }`,
  ),
  query(
    'a chain of 400 fragments, spread twice',
    `{ ...F0 ...F1 } ${times(400, (i) => `fragment F${i} on Query { a${i}: __typename ...F${i + 1} }`)} fragment F400 on Query { __typename }`,
  ),
  query(
    '350 operations that use 150 variables of one fragment',
    `${times(350, (i) => `query Q${i} { ...F0 }`)} fragment F0 on Query { ${times(150, (i) => `a${i}: asset(assetId: $v${i}) { timezone }`)} }`,
  ),
  query(
    'a cycle of 280 fragments behind 200,000 lines',
    `${'\n'.repeat(200_000)}{ ...F0 } ${times(280, (i) => `fragment F${i} on Query { ...F${(i + 1) % 280} ...F0 }`)}`,
  ),
  query('unknown fields behind 250,000 lines', `${'\n'.repeat(250_000)}{ ${times(20, (i) => `x${i}`)} }`),
  query(
    'a tree of equal selections',
    `{${(function tree(depth: number): string {
      return depth > 0 ? `viewer { ${tree(depth - 1)} } viewer { ${tree(depth - 1)} }` : 'a';
    })(9)}}`,
  ),
  query('20 unknown names of 10,000 characters', `{ ${times(20, (i) => `${'n'.repeat(10_000)}${i}`)} }`),
];

/** Keys of an input object: graphql-js looks for each unknown one among all others, and repeats the whole object. */
const keys = (count: number): Record<string, number> =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, 1]));
const inputs: HostileRequest[] = [
  query('1,000 wrong keys of a variable', VARIABLES_QUERY, { f: keys(1_000) }),
  query('5,000 wrong keys of a variable', VARIABLES_QUERY, { f: keys(5_000) }),
  query(
    '100 wrong keys in each of 60 objects',
    'query($f: [AssetFilter!]) { assets(filter: $f) { totalCount } }',
    {
      f: Array.from({ length: 60 }, () => keys(100)),
    },
  ),
  query(
    '1,200 wrong keys in the document',
    `{ assets(filter: { ${times(1_200, (i) => `k${i}: 1`)} }) { totalCount } }`,
  ),
];

/** All of them. */
export const hostileRequests: readonly HostileRequest[] = [
  ...manyFields,
  ...deep,
  ...cycles,
  ...wide,
  ...directives,
  ...texts,
  ...bodies,
  ...validation,
  ...inputs,
];

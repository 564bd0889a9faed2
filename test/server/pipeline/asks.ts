/** Requests to /graphql of every kind, for the tests that compare what is answered with answers.json. */

/** One of them. */
export interface Ask {
  method?: string;
  search?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

export const post = (
  query: unknown,
  more: Record<string, unknown> = {},
  headers?: Record<string, string>,
): Ask => ({
  body: { query, ...more },
  ...(headers ? { headers } : {}),
});
const get = (values: Record<string, string>, headers?: Record<string, string>): Ask => ({
  method: 'GET',
  search: `?${new URLSearchParams(values).toString()}`,
  ...(headers ? { headers } : {}),
});

const NAMED = 'query Greeting($name: String) { hello(name: $name) }';
const LISTED = 'query Listed($ids: [ID!]!) { byId(ids: $ids) { name } }';
const CONDITION = 'query Condition($if: Boolean = true) { hello echo @skip(if: $if) }';
const JSON_ONLY = { accept: 'application/json' };
const TWO = 'query A { hello } query B { a: hello tree { name } }';
/** Requests whose operation runs. */
export const SERVED: [string, Ask][] = [
  ['plain', post('{ hello }')],
  ['with variables', post(NAMED, { variables: { name: 'Jürgen "☃" \u2028' } })],
  ['with nulls', post(NAMED, { variables: null, operationName: null, extensions: null })],
  ['with other extensions', post('{ hello }', { extensions: { of: 'a client' } })],
  ['one operation of two', post(TWO, { operationName: 'B' })],
  ['the other', post(TWO, { operationName: 'A' })],
  ['GraphQL JSON', post('{ hello }', {}, { accept: 'application/graphql-response+json' })],
  [
    'both types',
    post('{ hello }', {}, { accept: 'application/json;q=0.1, application/graphql-response+json' }),
  ],
  ['any type', post('{ hello }', {}, { accept: '*/*' })],
  ['a charset', post('{ hello }', {}, { 'content-type': 'application/json; charset="UTF-8"' })],
  ['a failed field', post('{ hello fails(how: "intended") }')],
  ['a masked field', post('{ hello fails(how: "plain") a: fails(how: "domain") }')],
  ['an explanation', post('{ hello }', {}, { 'x-enos-explain': '1' })],
  ['by GET', get({ query: '{ hello }' })],
  ['by GET with variables', get({ query: NAMED, variables: '{"name":"x"}', operationName: 'Greeting' })],
  [
    'by GET with the type that Apollo Client gives it',
    get({ query: '{ hello }' }, { 'content-type': 'application/json' }),
  ],
  [
    'by GET of another site that was asked for first',
    get({ query: '{ hello }' }, { 'content-type': 'application/json', 'sec-fetch-site': 'cross-site' }),
  ],
  [
    'by GET with parameters that say nothing',
    get({ query: NAMED, operationName: '', variables: '', extensions: '', documentId: '' }),
  ],
  ['by GET with null for variables', get({ query: NAMED, variables: 'null', extensions: 'null' })],
  ['a mutation', post('mutation { add(n: 1) }')],
  ['a mutation with variables', post('mutation Add($n: Int!) { add(n: $n) }', { variables: { n: 2 } })],
  ['a key __proto__', post('{ __proto__: hello }')],
  ['a condition that is null', post(CONDITION, { variables: { if: null } })],
  [
    'a large integer',
    { body: JSON.stringify({ query: LISTED }).replace('}"}', '}","variables":{"ids":[9007199254740993]}}') },
  ],
  ['a plan', post(NAMED, { variables: { name: 'x' } }, { 'x-enos-explain': 'plan' })],
  ['a plan of a mutation', post('mutation { add(n: 1) }', {}, { 'x-enos-explain': 'plan' })],
  ['the type of callbacks', post('{ hello }', {}, { accept: 'application/json; callbackSpec=1.0' })],
  ['introspection', post('{ hello __schema { queryType { name fields { name } } } }')],
];
/** Requests that are refused, whatever was asked before. */
export const REFUSED: [string, Ask][] = [
  ['no such operation', post(TWO, { operationName: 'C' })],
  ['no operation chosen', post(TWO)],
  ['an empty name of an operation', post('{ hello }', { operationName: '' })],
  ['a variable that does not fit', post(NAMED, { variables: { name: 7 } })],
  ['variables as text', post('{ hello }', { variables: '{}' })],
  ['variables as list', post('{ hello }', { variables: [] })],
  ['extensions as text', post('{ hello }', { extensions: 'x' })],
  ['a name that is no text', post('{ hello }', { operationName: 7 })],
  ['a query that is no text', post({ kind: 'Document' })],
  ['no query', post(undefined, { variables: {} })],
  [
    'a persisted query',
    post('{ hello }', { extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } }),
  ],
  ['an empty body', { body: '' }],
  ['an empty object', { body: {} }],
  ['a batch', { body: [{ query: '{ hello }' }] }],
  ['no type that we have', post('{ hello }', {}, { accept: 'image/png' })],
  ['a form', post('{ hello }', {}, { 'content-type': 'text/plain' })],
  ['a mutation by GET', get({ query: 'mutation { add(n: 1) }' })],
  ['a GET of another site', get({ query: '{ hello }' }, { 'sec-fetch-site': 'cross-site' })],
  ['a GET with a type', get({ query: '{ hello }' }, { 'content-type': 'text/html' })],
  ['a GET with a type that a form may have', get({ query: '{ hello }' }, { 'content-type': 'text/plain' })],
  [
    'a GET of another site with such a type',
    get({ query: '{ hello }' }, { 'content-type': 'text/plain', 'sec-fetch-site': 'cross-site' }),
  ],
  [
    'a GET with the name of another type',
    get({ query: '{ hello }' }, { 'content-type': 'application/jsonx' }),
  ],
  ['an empty query', post('')],
  ['an empty query by GET', get({ query: '' })],
  ['a GET with two ids', { method: 'GET', search: '?query={hello}&documentId=a&documentId=b' }],
  ['an id that is no text', { body: { query: '{ hello }', documentId: 7 } }],
  ['a GET without query', get({})],
  ['a GET with two', { method: 'GET', search: '?query={hello}&query={hello}' }],
  ['variables that are no JSON', get({ query: NAMED, variables: '{' })],
  ['another method', { method: 'PUT', body: { query: '{ hello }' } }],
  [
    'too deep variables',
    post(NAMED, { variables: { x: JSON.parse('['.repeat(30) + ']'.repeat(30)) as unknown } }),
  ],
  ['a subscription', post('subscription { hello }')],
  ['a syntax error', post('{ hello ')],
  ['an invalid document', post('{ nothing helo }')],
  [
    'an invalid document, for a client of plain JSON',
    post('{ nothing }', {}, { accept: 'application/json' }),
  ],
  ['an invalid document that asks to be explained', post('{ nothing }', {}, { 'x-enos-explain': '1' })],
  ['no type that we have, for a known document', post('{ hello }', {}, { accept: 'image/png' })],
  ['a variable that does not fit, in plain JSON', post(NAMED, { variables: { name: 7 } }, JSON_ONLY)],
  [
    'a variable that does not fit, explained',
    post(NAMED, { variables: { name: 7 } }, { 'x-enos-explain': '1' }),
  ],
  ['a missing variable of a mutation', post('mutation Add($n: Int!) { add(n: $n) }')],
  ['many values that do not fit', post(LISTED, { variables: { ids: Array(30).fill({}) } })],
  [
    'a plan with a variable that does not fit',
    post(NAMED, { variables: { name: 7 } }, { 'x-enos-explain': 'plan' }),
  ],
  ['a plan that is too large', post(NAMED, { variables: { name: 'large' } }, { 'x-enos-explain': 'plan' })],
  ['too deep an operation', post('{ tree { ' + 'children { '.repeat(25) + 'name' + ' }'.repeat(27))],
  [
    'too deep an operation, in plain JSON',
    post('{ tree { ' + 'children { '.repeat(25) + 'name' + ' }'.repeat(27), {}, JSON_ONLY),
  ],
  ['too many lines', post('{ hello ' + '\n'.repeat(6_000) + '}')],
  ['too many tokens', post('{ hello '.padEnd(20_000, ' a') + '}')],
  ['too costly an operation', post('{ many(first: 1000000) { nodes { name } } }')],
  ['a mutation by GET of a known document', get({ query: 'mutation { add(n: 1) }' })],
];

/** What the reply of an operation must hold when it succeeds, read from its schema and its examples. */

/** Names that the services give to the number of all records of a list. */
const TOTALS = ['totalSize', 'totalSzie', 'totalElements', 'total'];

/**
 * Whether a success may come without data. Most contracts type data as possibly null because one schema also describes
 * failures, so that `null` as one of several types says nothing of a success. A success may come without data where
 * - nothing but null is documented, or no type at all;
 * - an example of a success has none;
 * - the schema says so: `x-enos-null-on-success`, for what the pages tell in words only.
 */
export function isDataNullable(contract, media, { code, success }) {
  const found = properties(contract, { node: media.schema }).get('data') ?? [];
  const types = found.flatMap((schema) => [...typesOf(contract, schema)]);
  if (types.every((type) => type === 'null')) return true;
  if (found.some(({ node }) => node['x-enos-null-on-success'] === true)) return true;
  return examplesOf(contract, media).some(
    (reply) => success.includes(reply?.[code]) && (reply.data ?? null) === null,
  );
}

/** Lists that data always holds, by the schema; none where a projection may leave them out. */
export function requiredLists(contract, spec, media) {
  if (spec['x-enos-projectable'] === true) return [];
  const [data, ...others] = dataObjects(contract, media);
  if (!data || others.length > 0) return [];
  const required = requiredOf(contract, data);
  return [...listsOf(contract, data)].filter((name) => required.has(name));
}

/** Where the records of a list and their number stand; null for what is no list with a total. */
export function pageOf(contract, spec, media) {
  const paginationNames = holderOf(contract, properties(contract, { node: media.schema }).get('pagination'));
  const data = properties(contract, { node: media.schema }).get('data') ?? [];
  const isList = data.some((schema) => typesOf(contract, schema).has('array'));
  const [object] = dataObjects(contract, media);
  const lists = object ? [...listsOf(contract, object)] : [];
  if (!isList && lists.length !== 1) return null;
  const items = isList ? ['data'] : ['data', lists[0]];
  const inside = object ? properties(contract, object) : new Map();
  const first = firstPage(contract, spec);
  const nullable = data.some((schema) => typesOf(contract, schema).has('null'));
  if (paginationNames) return { items, nullable, total: ['pagination'], names: paginationNames, first };
  const paged = holderOf(contract, inside.get('pagination'));
  if (paged && !isList) return { items, nullable: false, total: ['data', 'pagination'], names: paged, first };
  const names = TOTALS.filter((name) => inside.has(name));
  return names.length > 0 && !isList ? { items, nullable: false, total: ['data'], names, first } : null;

  function holderOf(of, schemas) {
    if (!schemas) return null;
    const known = new Set(schemas.flatMap((schema) => [...properties(of, schema).keys()]));
    const found = TOTALS.filter((name) => known.has(name));
    return found.length > 0 ? found : null;
  }
}

/** Number of the first page: the least that a request may ask for. */
function firstPage(contract, spec) {
  const body = spec.requestBody && contract.resolver(spec.requestBody).node;
  const schema = body?.content?.['application/json']?.schema;
  if (!schema) return 1;
  const asked = [{ node: schema }, ...alternatives(contract, { node: schema })].map((one) =>
    properties(contract, one),
  );
  const pages = asked
    .flatMap((members) => members.get('pagination') ?? [])
    .flatMap((pagination) => properties(contract, pagination).get('pageNo') ?? []);
  const flat = asked.flatMap((members) => members.get('pageNo') ?? []);
  return [...pages, ...flat].some(({ node }) => node.minimum === 0) ? 0 : 1;
}

/** The objects that data may be, a null for failures aside. */
function dataObjects(contract, media) {
  const data = properties(contract, { node: media.schema }).get('data') ?? [];
  return data
    .flatMap((schema) => alternatives(contract, schema))
    .filter((schema) => typesOf(contract, schema).has('object'));
}

function alternatives(contract, schema) {
  const { node, file } = contract.resolver(schema.node, schema.file);
  const choices = node.oneOf ?? node.anyOf;
  return choices
    ? choices.flatMap((choice) => alternatives(contract, { node: choice, file }))
    : [{ node, file }];
}

/** Schemas of each property, through `allOf`, with references followed. */
function properties(contract, schema, found = new Map()) {
  const { node, file } = contract.resolver(schema.node, schema.file);
  for (const part of node.allOf ?? []) properties(contract, { node: part, file }, found);
  for (const [name, property] of Object.entries(node.properties ?? {}))
    found.set(name, [...(found.get(name) ?? []), contract.resolver(property, file)]);
  return found;
}

function requiredOf(contract, schema, found = new Set()) {
  const { node, file } = contract.resolver(schema.node, schema.file);
  for (const part of node.allOf ?? []) requiredOf(contract, { node: part, file }, found);
  for (const name of node.required ?? []) found.add(name);
  return found;
}

/** Names of the properties that are lists and nothing else. */
function listsOf(contract, schema) {
  const names = new Set();
  for (const [name, schemas] of properties(contract, schema)) {
    const types = new Set(schemas.flatMap((one) => [...typesOf(contract, one)]));
    if (types.size === 1 && types.has('array')) names.add(name);
  }
  return names;
}

/** JSON types that a schema allows; none where it says nothing. */
function typesOf(contract, schema, types = new Set()) {
  const { node, file } = contract.resolver(schema.node, schema.file);
  for (const type of [node.type ?? []].flat()) types.add(type);
  for (const part of [...(node.allOf ?? []), ...(node.oneOf ?? []), ...(node.anyOf ?? [])])
    typesOf(contract, { node: part, file }, types);
  return types;
}

function examplesOf(contract, media) {
  const named = Object.values(media.examples ?? {}).map((example) => contract.resolver(example).node.value);
  return media.example === undefined ? named : [media.example, ...named];
}

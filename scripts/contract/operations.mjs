/** Builds the operation table: one flat, JSON-like entry per operation of the contracts. */
import { isDataNullable, pageOf, requiredLists } from './reply.mjs';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/**
 * Every operation of every contract, sorted by id.
 * @param meaningOf what a code of a service means; one that says "partly done" counts as a success
 */
export function operationTable(contracts, meaningOf) {
  const table = [];
  for (const contract of contracts) {
    for (const [key, item] of Object.entries(contract.document.paths)) {
      for (const method of METHODS) {
        if (item[method]) table.push(entry(contract, key, method, item[method], meaningOf));
      }
    }
  }
  table.sort((a, b) => (a.id < b.id ? -1 : 1));
  const ids = new Set(table.map(({ id }) => id));
  if (ids.size !== table.length) throw new Error('two operations of one service share an operationId');
  return table;
}

function entry(contract, key, method, spec, meaningOf) {
  const { service, document } = contract;
  const [pathTemplate, queryText] = key.split('?');
  const action = new URLSearchParams(queryText ?? '').get('action');
  return {
    id: `${service}.${spec.operationId}`,
    service,
    operation: spec.operationId,
    method: method.toUpperCase(),
    path: pathTemplate,
    action,
    kind: spec['x-enos-kind'],
    since: spec['x-enos-since'] ?? null,
    supersededBy: spec['x-enos-superseded-by'] ?? null,
    channel: channel(service, spec),
    user: spec['x-enos-auth']?.user ?? 'none',
    parameters: parameters(contract, spec),
    body: body(contract, spec),
    reply: Object.keys(okResponse(contract, spec).content)[0] === 'application/json' ? 'json' : 'binary',
    envelope: envelope(contract, spec, meaningOf),
    pagination: pagination(spec['x-enos-pagination']),
    batch: batch(spec['x-enos-batch']),
    projectable: spec['x-enos-projectable'] === true,
    limits: spec['x-enos-limits'] ?? [],
    errors: errors(document, spec),
  };
}

/** How the call is authorized: see x-enos-signing of token.yaml and x-enos-auth of the operation. */
function channel(service, spec) {
  if (service === 'token') return 'token';
  return spec['x-enos-auth']?.channel ?? 'gateway';
}

function parameters(contract, spec) {
  return (spec.parameters ?? []).map((given) => {
    const { node } = contract.resolver(given);
    return { name: node.name, in: node.in, required: node.required === true || node.in === 'path' };
  });
}

function body(contract, spec) {
  if (!spec.requestBody) return null;
  const { node } = contract.resolver(spec.requestBody);
  return { required: node.required === true, mediaTypes: Object.keys(node.content) };
}

function okResponse(contract, spec) {
  const { node } = contract.resolver(spec.responses['200']);
  return node;
}

/**
 * Which members of the reply hold the verdict and the result. Derived from the response's schema, since EnOS has
 * several envelopes: code or status, msg or message, with or without requestId, data or members of their own.
 */
function envelope(contract, spec, meaningOf) {
  const media = okResponse(contract, spec).content['application/json'];
  if (!media) return null;
  const names = new Set();
  collect(contract, media.schema, undefined, names);
  const has = (name) => names.has(name);
  const code = has('status') ? 'status' : 'code';
  const success = [0];
  if (contract.service === 'app-portal') success.push(200);
  for (const { code: listed } of spec['x-enos-errors'] ?? []) {
    if (meaningOf(contract.service, listed) === 'partly-done') success.push(listed);
  }
  const data = has('data');
  return {
    code,
    message: has('message') && !has('msg') ? 'message' : 'msg',
    data,
    nullable: !data || isDataNullable(contract, media, { code, success }),
    lists: data ? requiredLists(contract, spec, media) : [],
    page: data ? pageOf(contract, spec, media) : null,
    success,
  };
}

function collect(contract, schema, file, names) {
  const resolved = contract.resolver(schema, file);
  const node = resolved.node;
  for (const part of node.allOf ?? []) collect(contract, part, resolved.file, names);
  for (const name of Object.keys(node.properties ?? {})) names.add(name);
}

function pagination(spec) {
  if (!spec) return null;
  return {
    style: spec.style ?? 'page',
    defaultPageSize: spec.defaultPageSize ?? null,
    maxPageSize: spec.maxPageSize ?? null,
    sortable: spec.sortable ?? [],
  };
}

function batch(spec) {
  if (!spec) return null;
  return {
    accepts: spec.accepts,
    max: spec.max ?? null,
    maxProduct: spec.maxAssetsTimesPoints ?? spec.maxProduct ?? null,
    maxRecords: spec.maxAssetsTimesPointsTimesPageSize ?? null,
  };
}

/** The operation's own codes, then those that its service documents for all operations. */
function errors(document, spec) {
  const all = [...(spec['x-enos-errors'] ?? []), ...(document.info['x-enos-common-errors'] ?? [])];
  const seen = new Map();
  for (const { code, message, meaning } of all) {
    if (!seen.has(code)) seen.set(code, { code, message: message || null, meaning: meaning || null });
  }
  return [...seen.values()];
}

/**
 * Holds requests against the contract: parameters, body, the fields and operators of expressions, pages, products of
 * assets and points, and what an edition does not have yet. Written apart from the server and from the simulator.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { bodyErrors, contractSource, dereference } from './enos-contract.js';
import { conditionsOf } from './enos-expression.js';

type Json = Record<string, unknown>;

/** A request as it arrived. */
export interface ArrivedRequest {
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: string;
}

/** What is wrong with a request by the contract, for an EnOS of the edition ("2.1", "2.3"). */
export function requestErrors(operationId: string, request: ArrivedRequest, edition: string): string[] {
  const source = contractSource(operationId);
  const errors = [...sinceErrors('the operation', source['x-enos-since'], edition)];
  errors.push(
    ...headerErrors(operationId, request),
    ...parameterErrors(operationId, source, request, edition),
  );
  if (source.requestBody === undefined) {
    if (request.body !== '') errors.push('a body where none is read');
    return errors;
  }
  const body = parseBody(request.body);
  if (body === undefined) return [...errors, 'the body is not a JSON object'];
  const bodyError = bodyErrors(operationId, body);
  if (bodyError !== null) errors.push(`body ${bodyError}: ${request.body.slice(0, 300)}`);
  errors.push(...memberErrors(operationId, source, body, edition));
  errors.push(
    ...expressionErrors(source, body, edition),
    ...pageErrors(source, body),
    ...productErrors(source, body),
  );
  return errors;
}

function parseBody(text: string): Json | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Json) : undefined;
  } catch {
    return undefined;
  }
}

function headerErrors(operationId: string, { headers, body }: ArrivedRequest): string[] {
  if (/^(get|refresh)AccessToken$/.test(operationId)) return [];
  const errors = [];
  if (!headers['apim-accesstoken']) errors.push('no apim-accesstoken');
  if (!/^[0-9a-f]{64}$/.test(String(headers['apim-signature']))) errors.push('no apim-signature');
  if (!/^\d{13}$/.test(String(headers['apim-timestamp']))) errors.push('no apim-timestamp');
  if (body !== '' && !/^application\/json\b/.test(headers['content-type'] ?? '')) {
    errors.push('a body that is not said to be JSON');
  }
  return errors;
}

function parameterErrors(
  operationId: string,
  source: Json,
  request: ArrivedRequest,
  edition: string,
): string[] {
  const declared = ((source.parameters ?? []) as Json[]).map((entry) => dereference(operationId, entry));
  const ofQuery = declared.filter((parameter) => parameter.in === 'query');
  const names = [...request.query.keys()];
  const unknown = names.filter((name) => name !== 'action' && !ofQuery.some((known) => known.name === name));
  const repeated = names.filter((name, index) => names.indexOf(name) !== index);
  const missing = ofQuery.filter(
    ({ required, name }) => required === true && !request.query.get(String(name)),
  );
  return [
    ...unknown.map((name) => `unknown parameter ${name}`),
    ...repeated.map((name) => `parameter ${name} twice`),
    ...missing.map(({ name }) => `no parameter ${String(name)}`),
    ...ofQuery
      .filter(({ name }) => request.query.has(String(name)))
      .flatMap((parameter) => [
        ...sinceErrors(`parameter ${String(parameter.name)}`, parameter['x-enos-since'], edition),
        ...valueErrors(parameter, request.query.get(String(parameter.name)) ?? ''),
      ]),
  ];
}

function valueErrors(parameter: Json, text: string): string[] {
  const schema = (parameter.schema ?? {}) as Json;
  const allowed = Array.isArray(schema.enum) ? schema.enum.map(String) : null;
  const wrong =
    (schema.type === 'integer' && !/^-?\d+$/.test(text)) ||
    (schema.type === 'boolean' && !/^(true|false)$/.test(text)) ||
    (allowed !== null && !allowed.includes(text));
  return wrong ? [`parameter ${String(parameter.name)} is ${text}`] : [];
}

/** Members of the body that the operation does not know, or that the edition does not have. */
function memberErrors(operationId: string, source: Json, body: Json, edition: string): string[] {
  const content = (source.requestBody as { content: Record<string, Json> }).content['application/json'];
  const known = membersOf(operationId, (content?.schema ?? {}) as Json);
  return Object.keys(body).flatMap((name) => {
    const member = known.get(name);
    if (member === undefined) return [`unknown member ${name}`];
    const target = dereference(operationId, member);
    return [
      ...sinceErrors(`member ${name}`, member['x-enos-since'] ?? target['x-enos-since'], edition),
      ...(typeof target.description === 'string' && /Edge only/i.test(target.description)
        ? [`member ${name} is for EnOS Edge only`]
        : []),
    ];
  });
}

function membersOf(operationId: string, schema: Json): Map<string, Json> {
  const resolved = dereference(operationId, schema);
  const parts = ((resolved.allOf ?? []) as Json[]).flatMap((part) => [...membersOf(operationId, part)]);
  return new Map([...parts, ...Object.entries((resolved.properties ?? {}) as Record<string, Json>)]);
}

interface AllowedOperators {
  fields: string[];
  operators: string[];
  since?: string;
}

function expressionErrors(source: Json, body: Json, edition: string): string[] {
  const { expression } = body;
  if (expression === undefined) return [];
  const rules = source['x-enos-expression'] as
    { logical?: string[]; operators: AllowedOperators[] } | undefined;
  if (typeof expression !== 'string' || rules === undefined) return ['an expression where none is taken'];
  const { conditions, logical } = conditionsOf(expression);
  const errors = logical
    .filter((word) => !(rules.logical ?? ['and', 'or']).includes(word))
    .map((word) => `${word} in: ${expression}`);
  for (const { field, operator } of conditions) {
    const named = rules.operators.filter(
      ({ fields, operators }) =>
        operators.includes(operator) && fields.some((pattern) => fieldMatches(pattern, field)),
    );
    if (named.length === 0) errors.push(`${field} ${operator} is not among the operators: ${expression}`);
    else if (named.every(({ since }) => sinceErrors('', since, edition).length > 0)) {
      errors.push(`${field} ${operator} since ${named[0]?.since}: ${expression}`);
    }
  }
  return errors;
}

function fieldMatches(pattern: string, field: string): boolean {
  const [prefix, key] = pattern.split('{');
  return key === undefined ? pattern === field : field.startsWith(prefix ?? '') && field !== prefix;
}

/** Notes without a number ("later pages") are no edition; the first number of the others is the earliest. */
function sinceErrors(what: string, since: unknown, edition: string): string[] {
  const first = typeof since === 'string' ? /\d+\.\d+/.exec(since)?.[0] : undefined;
  return first !== undefined && Number(first) > Number(edition) ? [`${what} came with ${first}`] : [];
}

function pageErrors(source: Json, body: Json): string[] {
  const rules = source['x-enos-pagination'] as { maxPageSize?: number | null } | undefined;
  const pagination = body.pagination as { pageNo?: number; pageSize?: number; sorters?: unknown } | undefined;
  if (pagination === undefined) return [];
  const errors = [];
  const most = rules?.maxPageSize;
  if (rules === undefined) errors.push('pagination where there is none');
  if (most != null && (pagination.pageSize ?? 0) > most)
    errors.push(`pageSize ${pagination.pageSize} over ${most}`);
  if (pagination.sorters !== undefined) errors.push('sorters');
  return errors;
}

function productErrors(source: Json, body: Json): string[] {
  const batch = source['x-enos-batch'] as Record<string, number | undefined> | undefined;
  const limits = ((source['x-enos-limits'] ?? []) as string[]).join('\n');
  const count = (name: string): number => (typeof body[name] === 'string' ? body[name].split(',').length : 0);
  const pairs = count('assetIds') * (count('pointIds') || count('pointIdsWithLogic'));
  const most =
    batch?.maxAssetsTimesPoints ?? Number(/assetIds x pointIds at most (\d+)/.exec(limits)?.[1] ?? Infinity);
  const mostRecords = batch?.maxAssetsTimesPointsTimesPageSize ?? Infinity;
  const records = pairs * (typeof body.pageSize === 'number' ? body.pageSize : 1000);
  const errors = [];
  if (pairs > most) errors.push(`${pairs} pairs over ${most}`);
  if (records > mostRecords) errors.push(`${records} records over ${mostRecords}`);
  const forms = [body.startTime, body.endTime]
    .filter((time) => typeof time === 'string')
    .map((time) => time[10]);
  if (new Set(forms).size > 1) errors.push('startTime and endTime in two forms');
  return errors;
}

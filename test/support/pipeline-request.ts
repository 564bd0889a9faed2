/** A request as the steps of the pipeline are given it, without a server around it. */
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { parse } from 'graphql';
import type { OperationDefinitionNode } from 'graphql';
import pino from 'pino';
import { Registry } from 'prom-client';
import { createOperations } from '../../src/server/documents/operations.js';
import { answerErrors } from '../../src/server/errors/answer-errors.js';
import { createErrorMask } from '../../src/server/errors/masking.js';
import { NO_METRICS } from '../../src/server/metrics/metrics.js';
import { PipelineRequest } from '../../src/server/pipeline/request.js';
import type { StepParts } from '../../src/server/pipeline/request.js';
import { RequestState } from '../../src/server/request-state.js';
import { createResponseCache } from '../../src/server/response-cache/store.js';
import { LIMITS } from './graph-server.js';
import { makeSchema } from './small-schema.js';

/** What a request says. */
export interface Said {
  method?: string;
  url?: string;
  headers?: Record<string, string>;
  bytes?: string;
}

/** Makes it. A POST of JSON to /graphql unless told otherwise. */
export function makeRequest({
  method = 'POST',
  url = '/graphql',
  headers = {},
  bytes,
}: Said = {}): PipelineRequest {
  const req = new IncomingMessage(new Socket());
  Object.assign(req, { method, url });
  if (method === 'POST') req.headers['content-type'] = 'application/json';
  Object.assign(req.headers, headers);
  const request = new PipelineRequest(new RequestState(req, new ServerResponse(req), 'one'));
  request.state.deadline = Date.now() + 1_000;
  if (bytes !== undefined) request.bytes = Buffer.from(bytes);
  return request;
}

/** A request for an operation that is known to be valid, as it reaches the limits. */
export function knownRequest(
  parts: Pick<StepParts, 'operations'>,
  query: string,
  variables?: Record<string, unknown>,
  said: Said = {},
): PipelineRequest {
  const request = makeRequest(said);
  const document = parse(query);
  request.operation = parts.operations.prepare(
    query,
    undefined,
    document,
    document.definitions[0] as OperationDefinitionNode,
  );
  const rest = { operationName: undefined, extensions: undefined, documentId: undefined };
  request.parameters = { method: 'POST', query, variables, ...rest };
  request.asked = request.parameters;
  request.context = {};
  const { name, type, hash } = request.operation;
  request.about = { name, type, hash, cost: 1, document: { method: 'POST', query }, text: query };
  return request;
}

/** What steps are made of, over the small schema; hooks are absent. */
export function makeParts(more: Partial<StepParts> = {}): StepParts {
  const schema = makeSchema();
  const logger = pino({ level: 'silent' });
  const registry = new Registry();
  return {
    schema,
    logger,
    registry,
    context: () => ({}),
    limits: LIMITS,
    operationTimeout: 1_000,
    corsOrigins: [],
    graphiql: { enabled: false, operationsDir: '' },
    introspection: true,
    explain: true,
    readiness: async () => ({}),
    version: 'test',
    deadlines: { begin: () => undefined, end: () => undefined },
    checker: { check: () => Promise.reject(new Error('not asked')), stop: async () => undefined },
    operations: createOperations(schema, LIMITS),
    errors: answerErrors({ logger }, createErrorMask(undefined), NO_METRICS),
    cache: createResponseCache({ maxBytes: 1_000_000, share: true, compression: 'off' }, registry),
    fragments: undefined,
    ...more,
  };
}

/** The body of an answer, parsed. */
export function bodyOf(answer: { body: string | Buffer } | undefined): Record<string, unknown> {
  return JSON.parse(String(answer?.body)) as Record<string, unknown>;
}

/** The codes of its errors. */
export function codesOf(answer: { body: string | Buffer } | undefined): unknown[] {
  const { errors = [] } = bodyOf(answer) as { errors?: { extensions: { code: unknown } }[] };
  return errors.map(({ extensions }) => extensions.code);
}

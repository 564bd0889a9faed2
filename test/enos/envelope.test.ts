/** Every operation's documented replies and codes, and every variant of the envelope, over HTTP. */
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { EnosClient, Reply } from '../../src/enos/client.js';
import { createEnosClient } from '../../src/enos/create-client.js';
import { EnosError } from '../../src/enos/errors.js';
import { OPERATIONS } from '../../src/enos/generated/operations.js';
import { parseJson, stringifyJson } from '../../src/enos/reply/json.js';
import type { Arguments, Operation, OperationId } from '../../src/enos/operation.js';
import { FakeGateway, json } from '../support/fake-gateway.js';

interface Media {
  example?: unknown;
  examples?: Record<string, { value: unknown }>;
}

interface Spec {
  operationId: string;
  responses: Record<string, { content: Record<string, Media> }>;
}

/** Example replies of an operation by name. */
function examplesByOperation(): Map<string, [name: string, reply: unknown][]> {
  const folder = 'src/enos/contract';
  const examples = new Map<string, [string, unknown][]>();
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.yaml'))) {
    const document = parse(readFileSync(`${folder}/${file}`, 'utf8'), { intAsBigInt: true }) as {
      paths: Record<string, Record<string, Spec>>;
    };
    for (const { operationId, responses } of Object.values(document.paths).flatMap((item) =>
      Object.values(item),
    )) {
      const media = Object.values(responses['200']?.content ?? {})[0] ?? {};
      const named = Object.entries(media.examples ?? {}).map(
        ([name, { value }]) => [name, value] as [string, unknown],
      );
      const single: [string, unknown][] = media.example === undefined ? [] : [['example', media.example]];
      // YAML read with bigints for all integers; JSON's reading keeps them for the large ones.
      const replies = [...single, ...named].map(
        ([name, value]) => [name, parseJson(stringifyJson(value))] as [string, unknown],
      );
      examples.set(`${file.slice(0, -'.yaml'.length)}.${operationId}`, replies);
    }
  }
  return examples;
}

const examples = examplesByOperation();
let gateway: FakeGateway;
let client: EnosClient;

beforeAll(async () => {
  gateway = await FakeGateway.start();
  client = createEnosClient({
    url: gateway.url,
    accessKey: 'key-of-the-test',
    secretKey: 'secret-of-the-test',
    integrationUrl: gateway.url,
    dataQueryProxyUrl: gateway.url,
  });
});
afterAll(async () => {
  await client.close();
  await gateway.stop();
});

/** Calls an operation with arguments that suffice to send it. */
function callAny(operation: Operation): Promise<Reply<OperationId>> {
  const isForm = operation.body?.mediaTypes[0] === 'multipart/form-data';
  const path = operation.parameters.filter((p) => p.in === 'path').map(({ name }) => [name, 'x']);
  const body = operation.body ? { body: isForm ? new FormData() : {} } : {};
  const args = { path: Object.fromEntries(path) as object, ...body };
  return client.call(operation.id as OperationId, args as unknown as Arguments<OperationId>, {
    userToken: 'user-token',
  });
}

function answer(reply: unknown, status = 200): void {
  const send: FakeGateway['answer'] = (_, response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(stringifyJson(reply));
  gateway.answer = send;
  gateway.answerToken = (request, response) => {
    // Other operations need a token; the token operations themselves get the reply under test.
    if (testsTokenService) send(request, response);
    else
      json(response, {
        status: 0,
        msg: 'SUCCESS',
        business: 'x',
        data: { accessToken: 'APIM_of_the_test', expire: 7200 },
      });
  };
}
let testsTokenService = false;

async function failureOf(call: Promise<unknown>): Promise<EnosError> {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(EnosError);
  return error as EnosError;
}

const withCode = Object.values(OPERATIONS).filter(({ envelope }) => envelope !== null);

describe.each(withCode.map((operation) => [operation.id, operation] as const))('%s', (id, operation) => {
  const envelope = operation.envelope!;
  beforeEach(() => (testsTokenService = operation.channel === 'token'));

  test.each(examples.get(id) ?? [])('unwraps the documented reply %s', async (_, reply) => {
    answer(reply);
    const members = reply as Record<string, unknown>;
    const code = members[envelope.code];
    if (code !== undefined && !envelope.success.includes(code as number)) {
      const error = await failureOf(callAny(operation));
      expect(error).toMatchObject({ kind: 'refused', code, service: operation.service, httpStatus: 200 });
      return;
    }
    const { data, body, requestId } = await callAny(operation);
    expect(body).toEqual(reply);
    expect(data).toEqual(code === undefined ? reply : members.data);
    expect(requestId).toBe(members.requestId ?? null);
  });

  test('refuses with each documented code', async () => {
    for (const { code, message } of operation.errors.filter(
      (entry) => !envelope.success.includes(entry.code),
    )) {
      answer({
        [envelope.code]: code,
        [envelope.message]: message ?? 'as documented',
        data: null,
        requestId: 'r-9',
      });
      const error = await failureOf(callAny(operation));
      const { service, operation: name } = operation;
      expect(error).toMatchObject({ kind: 'refused', code, service, operation: name, requestId: 'r-9' });
      expect(error.meaning).toBeDefined();
      expect(error.message).toBe(message ?? 'as documented');
    }
  });
});

test('the contract gives nearly every operation an example reply', () => {
  const without = withCode.filter(({ id }) => (examples.get(id) ?? []).length === 0).map(({ id }) => id);
  expect(without.length).toBeLessThan(withCode.length / 10);
});

describe('variants', () => {
  beforeEach(() => (testsTokenService = false));
  const get = () => client.call('asset.getAsset', { query: { orgId: 'o1', assetId: 'a1' } });

  test('status where the contract says code, and the reverse; a code as text', async () => {
    answer({ status: 0, msg: 'Success', data: { assetId: 'a1' } });
    expect((await get()).data).toEqual({ assetId: 'a1' });
    answer({ status: 99404, msg: 'gone' });
    expect(await failureOf(get())).toMatchObject({ kind: 'refused', code: 99404 });
    answer({ code: '99404', message: 'gone' });
    expect(await failureOf(get())).toMatchObject({ kind: 'refused', code: 99404, message: 'gone' });
    answer({ code: 0, data: 1 });
    expect((await callAny(OPERATIONS['prediction.machineLearningForecast'])).data).toBe(1);
  });

  test('success is decided by the code, whatever the text says', async () => {
    answer({ code: 0, msg: 'error', data: 5 });
    expect((await get()).data).toBe(5);
    answer({ code: 99500, msg: 'OK', data: {} });
    expect(await failureOf(get())).toMatchObject({ code: 99500, message: 'OK', retryable: true });
    answer({ code: 99206, msg: 'Partial Content Success', data: [] });
    expect(await failureOf(get())).toMatchObject({ code: 99206 });
    answer({ code: 200, message: '', data: [] });
    expect(await failureOf(get())).toMatchObject({ code: 200 });
  });

  test("IAM's booleans count only without a status", async () => {
    const call = () => callAny(OPERATIONS['iam.getOrganization']);
    answer({ success: true, organization: {} });
    expect((await call()).body).toEqual({ success: true, organization: {} });
    answer({ success: false, message: 'no' });
    expect(await failureOf(call())).toMatchObject({ kind: 'refused', code: null, message: 'no' });
    answer({ status: 0, success: false });
    expect((await call()).body).toMatchObject({ status: 0 });
  });

  test('an HTTP error with a code of EnOS is a refusal with that code', async () => {
    answer({ code: 99404, msg: 'Asset not found', requestId: 'r-2' }, 404);
    expect(await failureOf(get())).toMatchObject({
      kind: 'refused',
      code: 99404,
      httpStatus: 404,
      requestId: 'r-2',
    });
    answer({ status: 500, requestId: null, msg: 'failed' }, 500);
    const metadata = callAny(OPERATIONS['tsdb-policy.getMeasurementPointTsdbMetadata']);
    expect(await failureOf(metadata)).toMatchObject({ kind: 'refused', code: 500 });
  });

  test.each([
    ["the gateway's own", { message: 'An unexpected error occurred' }],
    [
      "a web framework's, which repeats the status",
      { status: 500, error: 'Internal Server Error', path: '/x' },
    ],
    ['one that claims success', { code: 0, msg: 'OK', data: {} }],
    ['a list', []],
  ])('an HTTP error with another body is told by its status: %s', async (_, body) => {
    answer(body, 500);
    expect(await failureOf(get())).toMatchObject({
      kind: 'http',
      code: null,
      httpStatus: 500,
      retryable: true,
      message: 'EnOS answered with HTTP status 500',
    });
  });

  test.each([
    [[]],
    ['text'],
    [5],
    [null],
    [{}],
    [{ data: {} }],
    [{ code: null }],
    [{ code: 'abc' }],
    [{ code: 1.5 }],
  ])('%j is not a reply', async (body) => {
    answer(body);
    expect(await failureOf(get())).toMatchObject({
      kind: 'invalid-response',
      httpStatus: 200,
      retryable: false,
    });
  });

  test('nothing at all: fine for a write that says so, no reply for a read', async () => {
    const send = (status: number) => (gateway.answer = (_, response) => response.writeHead(status).end());
    send(204);
    expect(await callAny(OPERATIONS['asset.updateAsset'])).toEqual({
      data: undefined,
      body: {},
      requestId: null,
    });
    expect(await failureOf(get())).toMatchObject({ kind: 'invalid-response', httpStatus: 204 });
    send(200);
    expect(await failureOf(callAny(OPERATIONS['asset.updateAsset']))).toMatchObject({
      kind: 'invalid-response',
    });
    send(500);
    expect(await failureOf(get())).toMatchObject({ kind: 'http', httpStatus: 500 });
  });

  test('bytes that are not UTF-8 are no reply, a byte order mark is no harm', async () => {
    gateway.answer = (_, response) => response.end(Buffer.from('{"code":0,"data":"\xff"}', 'latin1'));
    expect(await failureOf(get())).toMatchObject({ kind: 'invalid-response' });
    gateway.answer = (_, response) => response.end('\ufeff{"code":0,"data":"风机"}');
    expect((await get()).data).toBe('风机');
  });

  test('large integers arrive exact', async () => {
    gateway.answer = (_, response) => response.end('{"code":0,"data":{"commandId":9007199254740993}}');
    expect((await get()).data).toEqual({ commandId: 9007199254740993n });
  });

  test.each([
    [429, '7', 7],
    [503, '2', 2],
  ])('HTTP %d carries when to come back', async (status, header, retryAfter) => {
    gateway.answer = (_, response) =>
      json(response, { message: 'API rate limit exceeded' }, status, { 'retry-after': header });
    expect(await failureOf(get())).toMatchObject({
      kind: 'http',
      httpStatus: status,
      retryable: true,
      retryAfter,
    });
  });
});

describe.each(['connection.downloadFile', 'data-federation.downloadData'] as const)('%s', (id) => {
  beforeEach(() => (testsTokenService = false));

  test('gives bytes as they are', async () => {
    const bytes = Buffer.from([0, 255, 1, 254]);
    gateway.answer = (_, response) =>
      response.setHeader('content-type', 'application/octet-stream').end(bytes);
    const { data } = await callAny(OPERATIONS[id]);
    expect(Buffer.from(data as Uint8Array).equals(bytes)).toBe(true);
  });

  test('tells a refusal from a file of JSON, and an HTTP error from both', async () => {
    answer({ code: 99404, msg: 'no such file' });
    expect(await failureOf(callAny(OPERATIONS[id]))).toMatchObject({ kind: 'refused', code: 99404 });
    answer({ points: [1, 2] });
    const { data } = await callAny(OPERATIONS[id]);
    expect(Buffer.from(data as Uint8Array).toString()).toBe('{"points":[1,2]}');
    answer({ message: 'no' }, 404);
    expect(await failureOf(callAny(OPERATIONS[id]))).toMatchObject({ kind: 'http', httpStatus: 404 });
  });
});

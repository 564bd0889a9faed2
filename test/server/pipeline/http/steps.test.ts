/** Steps of a request before its operation: shed, method, identify, parse, send. */
import { GraphQLError } from 'graphql';
import type { Answer } from '../../../../src/server/answer.js';
import { identify } from '../../../../src/server/pipeline/http/identify.js';
import { refuseMethod } from '../../../../src/server/pipeline/http/method.js';
import { parse } from '../../../../src/server/pipeline/http/parse.js';
import { createSend } from '../../../../src/server/pipeline/http/send.js';
import { shed } from '../../../../src/server/pipeline/http/shed.js';
import { bodyOf, codesOf, makeParts, makeRequest } from '../../../support/pipeline-request.js';

describe('shed', () => {
  test('lets pass what there is room for', () => {
    expect(shed({})(makeRequest())).toBeUndefined();
    expect(shed({ shed: () => undefined })(makeRequest())).toBeUndefined();
  });

  test('says when to come again, in whole seconds', () => {
    const answer = shed({ shed: () => 1.2 })(makeRequest()) as Answer;
    expect(answer.status).toBe(503);
    expect(answer.headers.slice(-2)).toEqual(['Retry-After', '2']);
    expect(codesOf(answer)).toEqual(['RATE_LIMITED']);
  });
});

describe('method', () => {
  test.each(['GET', 'POST'])('%s passes', (method) => {
    expect(refuseMethod(makeRequest({ method }))).toBeUndefined();
  });

  test.each(['PUT', 'DELETE', 'HEAD', 'OPTIONS'])('%s is refused, and told which there are', (method) => {
    const answer = refuseMethod(makeRequest({ method })) as Answer;
    expect([answer.status, ...answer.headers.slice(-2)]).toEqual([405, 'Allow', 'GET, POST']);
  });
});

describe('identify', () => {
  const caller = { id: 'a', partition: 'p' };
  const { errors } = makeParts();

  test('notes the caller, at once where the hook knows him at once', () => {
    const request = makeRequest();
    expect(identify({ errors, identify: () => caller })(request)).toBeUndefined();
    expect(request.caller).toBe(caller);
  });

  test('waits for a hook that has to ask', async () => {
    const request = makeRequest();
    expect(await identify({ errors, identify: async () => caller })(request)).toBeUndefined();
    expect(request.caller).toBe(caller);
  });

  test.each<[string, () => never | Promise<never>]>([
    [
      'throws',
      () => {
        throw refused;
      },
    ],
    ['rejects', () => Promise.reject(refused)],
  ])('a hook that %s refuses with its status', async (_how, ask) => {
    const answer = await identify({ errors, identify: ask })(makeRequest());
    expect([answer?.status, codesOf(answer)]).toEqual([401, ['UNAUTHENTICATED']]);
  });

  const refused = new GraphQLError('No.', { extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } } });
});

describe('parse', () => {
  test.each<[string, string, unknown]>([
    ['an object', '{"query":"{ hello }"}', { query: '{ hello }' }],
    ['a list', '[{"query":"{ hello }"}]', [{ query: '{ hello }' }]],
    ['nothing', '', {}],
    ['a byte order mark', '\uFEFF{"a":1}', { a: 1 }],
    ['a large integer', '{"a":9007199254740993}', { a: 9007199254740993n }],
  ])('reads %s', (_what, bytes, expected) => {
    const request = makeRequest({ bytes });
    expect(parse(request)).toBeUndefined();
    expect(request.body).toEqual(expected);
  });

  test.each<[string, Buffer]>([
    ['no JSON', Buffer.from('{"query":')],
    ['a text', Buffer.from('"{ hello }"')],
    ['null', Buffer.from('null')],
    ['broken UTF-8', Buffer.from([0x22, 0xff, 0x22])],
  ])('refuses %s', (_what, bytes) => {
    const request = makeRequest();
    request.bytes = bytes;
    const answer = parse(request) as Answer;
    expect([answer.status, codesOf(answer)]).toEqual([400, ['BAD_REQUEST']]);
  });

  test.each(['query=x', 'documentId=x', 'a=1&query='])(
    'refuses a document in the address as well: ?%s',
    (search) => {
      const answer = parse(
        makeRequest({ url: `/graphql?${search}`, bytes: '{"query":"{ hello }"}' }),
      ) as Answer;
      expect(String(bodyOf(answer)['errors'] && answer.body)).toContain('in the address and in the body');
      expect(parse(makeRequest({ url: '/graphql?a=1', bytes: '{}' }))).toBeUndefined();
    },
  );
});

describe('send', () => {
  /** What was written: status and headers by name. */
  const sent = (
    cacheControl: string | undefined,
    { method = 'GET', headers = {}, status = 200, code = '' } = {},
  ): Record<string, string> => {
    const request = makeRequest({ method, headers });
    const { state } = request;
    state.headers.push('Cache-Control', 'no-store');
    if (code !== '') state.errorCodes.add(code);
    request.asked = { method: 'GET', documentId: 'one' };
    const written: Record<string, string> = {};
    state.res.writeHead = ((_status: number, all: string[]) => {
      for (let at = 0; at < all.length; at += 2) written[all[at] as string] = all[at + 1] as string;
      return state.res;
    }) as typeof state.res.writeHead;
    state.res.end = (() => state.res) as typeof state.res.end;
    const documents = { textOf: () => undefined, cacheControl: () => cacheControl };
    createSend({ documents })(request, { status, headers: [], body: 'x' });
    return written;
  };

  test('answers may be kept where their document allows it, and say what they depend on', () => {
    expect(sent(undefined)).toMatchObject({ 'Cache-Control': 'no-store', 'Content-Length': '1' });
    expect(sent('private, max-age=5')).toMatchObject({
      'Cache-Control': 'private, max-age=5',
      Vary: 'Accept, Accept-Language, Authorization, X-Api-Key',
    });
  });

  test.each([
    ['errors', { code: 'NOT_FOUND' }],
    ['a status of failure', { status: 404 }],
    ['a price', { headers: { 'x-enos-cost': '1' } }],
    ['an explanation', { headers: { 'x-enos-explain': '1' } }],
  ])('but not those with %s', (_what, how) => {
    expect(sent('private, max-age=5', how)['Cache-Control']).toBe('no-store');
  });
});

/** Steps of one operation: find document, context, check document, limits, plan, execute, render, batch. */
import { GraphQLError } from 'graphql';
import type { Answer } from '../../../../src/server/answer.js';
import type { AdmissionRequest } from '../../../../src/server/hooks.js';
import { batch } from '../../../../src/server/pipeline/operation/batch.js';
import { checkDocument } from '../../../../src/server/pipeline/operation/check-document.js';
import { makeContext } from '../../../../src/server/pipeline/operation/context.js';
import { execute } from '../../../../src/server/pipeline/operation/execute.js';
import { findDocument } from '../../../../src/server/pipeline/operation/find-document.js';
import { limits } from '../../../../src/server/pipeline/operation/limits.js';
import { plan } from '../../../../src/server/pipeline/operation/plan.js';
import { render } from '../../../../src/server/pipeline/operation/render.js';
import type { StepParts } from '../../../../src/server/pipeline/request.js';
import { bodyOf, codesOf, knownRequest, makeParts, makeRequest } from '../../../support/pipeline-request.js';

const refused = new GraphQLError('No.', { extensions: { code: 'RATE_LIMITED', http: { status: 429 } } });
const SOURCES = {
  freshUntil: Number.POSITIVE_INFINITY,
  refreshAt: Number.POSITIVE_INFINITY,
  ...{ oldest: null, stale: false, tags: [], asOf: { position: '', at: 0 } },
};

describe('find document', () => {
  test('reads the parameters; without a source the text is what the request says', () => {
    const request = makeRequest();
    request.body = { query: '{ hello }', variables: { a: 1 } };
    expect(findDocument(makeParts())(request)).toBeUndefined();
    expect(request.parameters).toMatchObject({ query: '{ hello }', variables: { a: 1 } });
  });

  test('parameters that are not in order are left to Apollo', () => {
    const request = makeRequest();
    request.body = { query: '{ hello }', variables: [] };
    expect(findDocument(makeParts())(request)).toBeUndefined();
    expect(request.parameters).toBeUndefined();
  });

  test('the text that an id stands for takes the place of what named it', async () => {
    const request = makeRequest();
    const persistedQuery = { version: 1, sha256Hash: 'x' };
    request.body = { extensions: { persistedQuery, other: 1 } };
    await findDocument(makeParts({ documents: { textOf: async () => '{ hello }' } }))(request);
    expect(request.parameters).toMatchObject({ query: '{ hello }', extensions: { other: 1 } });
    expect(request.parameters?.extensions).toEqual({ other: 1 });
    expect(request.asked?.extensions).toEqual({ persistedQuery, other: 1 });
  });

  test('a source that refuses is heard', async () => {
    const request = makeRequest();
    request.body = { documentId: 'x' };
    const documents = { textOf: () => Promise.reject(refused) };
    const answer = await findDocument(makeParts({ documents }))(request);
    expect(answer?.status).toBe(429);
  });
});

describe('context', () => {
  test('is made for the caller, its work ending with the request where nobody else may wait', () => {
    const request = makeRequest();
    let signal: AbortSignal | undefined;
    const context = (asked: { signal: AbortSignal }): object => {
      signal = asked.signal;
      return { made: true };
    };
    expect(makeContext(makeParts({ context }))(request)).toBeUndefined();
    expect(request.context).toEqual({ made: true });
    expect([signal === request.state.signal, request.flight]).toEqual([true, undefined]);
  });

  test('of an answer that others may wait for goes on while one of them waits', () => {
    const request = makeRequest();
    request.key = 'key';
    let signal: AbortSignal | undefined;
    const context = (asked: { signal: AbortSignal }): object => ((signal = asked.signal), {});
    void makeContext(makeParts({ context }))(request);
    const other = makeRequest();
    request.flight?.join(other.state);
    request.state.abort(new Error('gone'));
    expect(signal?.aborted).toBe(false);
    other.state.abort(new Error('gone'));
    expect(signal?.aborted).toBe(true);
  });
});

describe('check document', () => {
  const asked = (parts: StepParts, query: string, method = 'POST') => {
    const request = knownRequest(parts, query, undefined, { method });
    request.key = 'key';
    if (request.parameters && method === 'GET') request.parameters = { ...request.parameters, method };
    return request;
  };

  test('a known one is taken at once, and may be kept', () => {
    const parts = makeParts();
    const request = asked(parts, '{ hello }');
    expect(checkDocument(parts)(request)).toBeUndefined();
    expect([request.operation.type, request.key, request.state.operationType]).toEqual([
      'query',
      'key',
      'query',
    ]);
  });

  test('a new one is judged; its first answer is not kept', async () => {
    const parts = makeParts();
    const known = asked(parts, '{ again: hello }');
    const request = makeRequest();
    request.parameters = { ...known.parameters, query: '{ new: hello }' } as typeof request.parameters;
    request.key = 'key';
    const judged: unknown[] = [];
    const checker = {
      ...parts.checker,
      check: async (_request: unknown, { body }: { body: unknown }) => {
        judged.push(body);
        return { operation: known.operation };
      },
    };
    expect(await checkDocument({ ...parts, checker })(request)).toBeUndefined();
    expect(judged).toEqual([{ query: '{ new: hello }' }]);
    expect([request.operation, request.key]).toEqual([known.operation, undefined]);
  });

  test('a known mutation is never shared, and by GET Apollo is asked to refuse it', async () => {
    const parts = makeParts();
    const request = asked(parts, 'mutation { add(n: 1) }');
    void checkDocument(parts)(request);
    expect(request.key).toBeUndefined();
    const refusal: Answer = { status: 405, headers: [], body: '' };
    const checker = { ...parts.checker, check: async () => ({ refusal }) };
    const byGet = asked(parts, 'mutation { add(n: 1) }', 'GET');
    expect(await checkDocument({ ...parts, checker })(byGet)).toBe(refusal);
  });
});

describe('limits', () => {
  test('notes the cost and asks for admission, telling whether anything will run', () => {
    const questions: AdmissionRequest[] = [];
    const ticket = { release: () => undefined };
    const admission = { admit: (question: AdmissionRequest) => (questions.push(question), ticket) };
    const parts = makeParts({ admission, planOperation: () => 'planned' });
    const request = knownRequest(parts, '{ hello tree { name } }');
    expect(limits(parts)(request)).toBeUndefined();
    expect([request.state.cost, request.state.ticket]).toEqual([3, ticket]);
    const planned = { headers: { 'x-enos-explain': 'plan' } };
    void limits(parts)(knownRequest(parts, '{ hello }', undefined, planned));
    expect(questions.map(({ cost, answered }) => [cost, answered])).toEqual([
      [3, false],
      [1, true],
    ]);
  });

  test('refuses what costs too much before anybody is asked, and what the hook refuses', () => {
    const admission = {
      admit: () => {
        throw refused;
      },
    };
    const parts = makeParts({ admission });
    const costly = limits(parts)(
      knownRequest(parts, '{ many(first: 1000000) { nodes { name } } }'),
    ) as Answer;
    expect(bodyOf(costly)).toMatchObject({ errors: [{ extensions: { limit: { name: 'MAX_COST' } } }] });
    const turned = limits(parts)(knownRequest(parts, '{ hello }')) as Answer;
    expect([turned.status, codesOf(turned)]).toEqual([429, ['RATE_LIMITED']]);
  });
});

describe('plan', () => {
  const asked = { headers: { 'x-enos-explain': 'plan' } };
  const planOperation: StepParts['planOperation'] = ({ variables }) => {
    if (variables?.['name'] === 'large') throw new RangeError('Too large.');
    return 'planned';
  };
  const NAMED = 'query Named($name: String) { hello(name: $name) }';

  test('answers in place of what follows, only where it is asked for and allowed', () => {
    const parts = makeParts({ planOperation });
    const answer = plan(parts)(knownRequest(parts, NAMED, {}, asked)) as Answer;
    expect(bodyOf(answer)).toEqual({ data: null, extensions: { plan: 'planned' } });
    expect(plan(parts)(knownRequest(parts, NAMED))).toBeUndefined();
    expect(plan({ ...parts, explain: false })(knownRequest(parts, NAMED, {}, asked))).toBeUndefined();
  });

  test('leaves what is wrong with variables to be said, and refuses what is too large', () => {
    const parts = makeParts({ planOperation });
    expect(plan(parts)(knownRequest(parts, NAMED, { name: 7 }, asked))).toBeUndefined();
    const large = plan(parts)(knownRequest(parts, NAMED, { name: 'large' }, asked)) as Answer;
    expect([large.status, codesOf(large)]).toEqual([400, ['BAD_USER_INPUT']]);
  });
});

describe('execute and render', () => {
  const run = (parts: StepParts, request: ReturnType<typeof makeRequest>): Answer => {
    const answer = (execute(parts)(request) ?? render(parts)(request)) as Answer;
    expect(answer).not.toBeInstanceOf(Promise);
    return answer;
  };

  test('an answer that waits for nothing is there at once', () => {
    const parts = makeParts();
    expect(bodyOf(run(parts, knownRequest(parts, '{ hello }')))).toEqual({ data: { hello: 'Hello world' } });
  });

  test('a mutation is run by graphql-js, and shown in the same way', () => {
    const parts = makeParts();
    const request = knownRequest(parts, 'mutation Add($n: Int!) { add(n: $n) }', { n: 3 });
    request.context = { answerExtensions: () => ({ warnings: ['one'] }) };
    expect(bodyOf(run(parts, request))).toEqual({ data: { add: 3 }, extensions: { warnings: ['one'] } });
  });

  test('variables that do not fit are refused, each of them', () => {
    const parts = makeParts();
    const request = knownRequest(parts, 'query Q($ids: [ID!]!) { byId(ids: $ids) { name } }', {
      ids: [{}, {}],
    });
    const answer = run(parts, request);
    expect([answer.status, codesOf(answer)]).toEqual([400, ['BAD_USER_INPUT', 'BAD_USER_INPUT']]);
  });

  test('those who ask the same meanwhile get the answer, which is kept', async () => {
    const parts = makeParts();
    const request = knownRequest(parts, '{ hello }');
    request.key = 'key';
    request.context = undefined;
    void makeContext(makeParts({ context: () => ({ sources: () => SOURCES }) }))(request);
    void execute(parts)(request);
    const outcome = parts.cache.underWay('key')?.outcome;
    const answer = render(parts)(request) as Answer;
    expect((await outcome)?.body.equals(answer.body as Buffer)).toBe(true);
    expect(parts.cache.find('key')?.about.text).toBe('{ hello }');
    expect(parts.cache.underWay('key')).toBeUndefined();
  });

  test('those who waited for an answer with errors are told to ask for themselves', async () => {
    const parts = makeParts();
    const request = knownRequest(parts, '{ fails(how: "intended") }');
    request.key = 'key';
    void makeContext(makeParts({ context: () => ({ sources: () => SOURCES }) }))(request);
    void execute(parts)(request);
    const outcome = parts.cache.underWay('key')?.outcome;
    expect(outcome).toBeDefined();
    expect(codesOf(render(parts)(request) as Answer)).toEqual(['NOT_FOUND']);
    expect([await outcome, parts.cache.find('key')]).toEqual([undefined, undefined]);
  });
});

describe('batch', () => {
  const steps = [
    (request: { body: unknown }) => ({ status: 200, headers: [], body: `${JSON.stringify(request.body)}\n` }),
  ];
  const send = (body: unknown, maxBatch: number) => {
    const request = makeRequest();
    request.body = body;
    const { limits: some } = makeParts();
    return batch({ limits: { ...some, maxBatch } }, steps)(request);
  };

  test('is not asked for what is no list', () => {
    expect(send({ query: '{ hello }' }, 5)).toBeUndefined();
  });

  test('answers a list in its order', async () => {
    expect(JSON.parse(String((await send([1, 2, 3], 5))?.body))).toEqual([1, 2, 3]);
  });

  test.each([
    ['none are allowed', [1], 1],
    ['there are too many', [1, 2, 3], 2],
    ['it is empty', [], 5],
  ])('is refused where %s', async (_why, body, maxBatch) => {
    expect((await send(body, maxBatch))?.status).toBe(400);
  });
});

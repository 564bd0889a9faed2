import { GraphQLError } from 'graphql';
import { EnosError, type EnosErrorDetails } from '../../../src/enos/errors.js';
import { formatError, publicError } from '../../../src/graph/errors/format-error.js';
import { badUserInput } from '../../../src/graph/errors/raise.js';
import { InputError } from '../../../src/loading/common.js';

function enos(details: Partial<EnosErrorDetails>): EnosError {
  return new EnosError({
    kind: 'refused',
    service: 'asset',
    operation: 'getAsset',
    message: 'No asset',
    ...details,
  });
}

test('a refused call says what EnOS said, and where', () => {
  expect(formatError(enos({ code: 99404, requestId: 'r1' }))).toEqual({
    message: 'No asset',
    extensions: {
      code: 'NOT_FOUND',
      enos: { service: 'asset', operation: 'getAsset', code: 99404, message: 'No asset', requestId: 'r1' },
    },
  });
});

test('requestId is null where EnOS sends none', () => {
  expect(formatError(enos({ code: 99500 }))?.extensions).toMatchObject({ enos: { requestId: null } });
});

test.each<[Partial<EnosErrorDetails>, string]>([
  [{ kind: 'credentials', code: 1002 }, 'UPSTREAM_ERROR'],
  [{ kind: 'http', httpStatus: 502 }, 'UPSTREAM_ERROR'],
  [{ kind: 'http', httpStatus: 429 }, 'RATE_LIMITED'],
  [{ kind: 'refused', code: 99400, httpStatus: 429 }, 'RATE_LIMITED'],
  [{ kind: 'refused', code: null }, 'UPSTREAM_ERROR'],
  [{ kind: 'timeout' }, 'UPSTREAM_TIMEOUT'],
  [{ kind: 'cancelled' }, 'UPSTREAM_TIMEOUT'],
  [{ kind: 'unavailable' }, 'UPSTREAM_UNAVAILABLE'],
  [{ kind: 'invalid-response' }, 'UPSTREAM_INVALID_RESPONSE'],
  [{ kind: 'argument' }, 'BAD_USER_INPUT'],
])('%j becomes %s', (details, code) => {
  expect(formatError(enos(details))?.extensions?.code).toBe(code);
});

test('who is refused for quantity learns how long to wait', () => {
  expect(formatError(enos({ kind: 'http', httpStatus: 429, retryAfter: 7 }))?.extensions).toMatchObject({
    retryAfter: 7,
  });
  expect(formatError(enos({ kind: 'http', httpStatus: 429 }))?.extensions).toMatchObject({ retryAfter: 1 });
});

test('addresses and stack traces of EnOS do not get out', () => {
  const message =
    'connect to http://svc.internal:8080/x failed at 10.2.3.4:9092 via db.prod.local:5432\n  at Foo.java:12';
  const { message: shown, extensions } = formatError(enos({ code: 99500, message })) ?? {};
  expect(shown).toBe('connect to [address] failed at [address] via [address]');
  expect(JSON.stringify(extensions)).not.toMatch(/internal|10\.2|Foo/);
});

test('a refused argument names itself, also out of the wrapping of the executor', () => {
  const wrapped = new GraphQLError('too long', { originalError: new InputError('too long', 'filter.name') });
  expect(formatError(wrapped)).toEqual({
    message: 'too long',
    extensions: { code: 'BAD_USER_INPUT', argument: 'filter.name' },
  });
  expect(formatError(badUserInput('no', 'first'))?.extensions).toEqual({
    code: 'BAD_USER_INPUT',
    argument: 'first',
  });
});

test('what is not known is masked, with its place kept', () => {
  const wrapped = new GraphQLError('secret at /etc/passwd', {
    path: ['asset', 'name'],
    originalError: new Error('secret'),
  });
  expect(formatError(wrapped)).toBeUndefined();
  expect(publicError(wrapped)).toEqual({
    message: 'Internal server error',
    path: ['asset', 'name'],
    extensions: { code: 'INTERNAL_SERVER_ERROR' },
  });
  expect(publicError(new TypeError('x is undefined')).message).toBe('Internal server error');
});

test('stack traces and HTTP matters are taken out of extensions', () => {
  const error = new GraphQLError('no', {
    extensions: { code: 'BAD_USER_INPUT', stacktrace: ['a'], http: { status: 400 } },
  });
  expect(formatError(error)?.extensions).toEqual({ code: 'BAD_USER_INPUT' });
});

test("GraphQL's own refusals of a request keep their message", () => {
  expect(publicError(new GraphQLError('Cannot query field "x"'))).toEqual({
    message: 'Cannot query field "x"',
    extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
  });
});

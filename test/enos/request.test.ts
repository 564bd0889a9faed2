import { OPERATIONS } from '../../src/enos/generated/operations.js';
import type { Operation } from '../../src/enos/operation.js';
import { RequestPlan } from '../../src/enos/request/request.js';
import type { UntypedArguments } from '../../src/enos/request/request.js';

const BASE = new URL('https://gateway.example/enos');
/** The request with its headers by name. */
async function prepareRequest(operation: Operation, base: URL, args: UntypedArguments) {
  const { headers: flat, ...request } = await new RequestPlan(operation, base).prepare(args);
  const headers: Record<string, string> = {};
  for (let i = 0; i < flat.length; i += 2) headers[flat[i]!] = flat[i + 1]!;
  return { ...request, headers };
}

const getAsset = OPERATIONS['asset.getAsset'];

test('action first, absent parameters left out, numbers and booleans as text, values encoded', async () => {
  const query = {
    orgId: 'o1',
    assetId: 'a b+c&d=é',
    flag: true,
    size: 5,
    big: 2n ** 63n,
    none: undefined,
    nil: null,
  };
  const request = await prepareRequest(getAsset, BASE, { query });
  expect(request.target).toBe(
    '/enos/asset-service/v2.1/assets?action=get&orgId=o1&assetId=a%20b%2Bc%26d%3D%C3%A9&flag=true&size=5' +
      '&big=9223372036854775808',
  );
  expect(request.signedText).toBe('actiongetassetIda b+c&d=ébig9223372036854775808flagtrueorgIdo1size5');
  expect(request.body).toBeNull();
});

test('a path prefix is kept, with or without a closing slash; a host without one works', async () => {
  const targets = await Promise.all(
    ['https://g/', 'https://g', 'https://g/a/b', 'https://g/a/b/'].map(
      async (base) =>
        (await prepareRequest(getAsset, new URL(base), { query: {} })).target.split('/asset-service')[0],
    ),
  );
  expect(targets).toEqual(['', '', '/a/b', '/a/b']);
});

test('the signed body is the sent body, with large integers as digits', async () => {
  const body = { id: 9007199254740993n, name: '风机' };
  const request = await prepareRequest(OPERATIONS['asset-tree.searchAssetNode'], BASE, { body });
  expect(request.signedText).toBe('actionsearchAsset{"id":9007199254740993,"name":"风机"}');
  expect(Buffer.from(request.body!).toString('utf8')).toBe('{"id":9007199254740993,"name":"风机"}');
  expect(request.headers['content-type']).toBe('application/json');
});

test('a form is sent as multipart and not signed', async () => {
  const body = new FormData();
  body.set('enos-message', '{"id":1}');
  const request = await prepareRequest(OPERATIONS['connection.uploadMeasurementPoints'], BASE, { body });
  expect(request.signedText).toBe('actionpostMeasurepoint');
  const boundary = /boundary=(.+)$/.exec(request.headers['content-type'] ?? '')?.[1];
  expect(Buffer.from(request.body!).toString()).toContain(`--${boundary}\r\n`);
});

test('headers: those of the contract, never credentials', async () => {
  const args = { headers: { 'response-format-type': 'response-format-type', 'x-other': '1' }, body: {} };
  const request = await prepareRequest(OPERATIONS['model.searchThingModel'], BASE, args);
  expect(request.headers['response-format-type']).toBe('response-format-type');
  expect(request.headers).not.toHaveProperty('x-other');
  const file = await prepareRequest(OPERATIONS['connection.getFile'], BASE, {
    headers: { 'apim-accesstoken': 'stolen' },
  });
  expect(file.headers).not.toHaveProperty('apim-accesstoken');
});

const argument = (text: string): unknown => expect.objectContaining({ kind: 'argument', message: text });

test.each([
  [{ query: { x: { a: 1 } } }, 'Parameter x must be a text, a finite number or a boolean'],
  [{ query: { x: NaN } }, 'Parameter x must be a text, a finite number or a boolean'],
  [{ query: { x: '\ud800' } }, 'Parameter x is not well-formed Unicode'],
  [{ query: { action: 'delete' } }, 'Parameter action is set by the operation'],
  [{ body: {} }, 'The call takes no body'],
])('%j is refused', async (args, message) => {
  await expect(prepareRequest(getAsset, BASE, args)).rejects.toEqual(argument(message));
});

test('a body is refused that is missing, circular, or of the wrong kind; a header that holds a line break', async () => {
  const search = OPERATIONS['model.searchThingModel'];
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  await expect(prepareRequest(search, BASE, {})).rejects.toEqual(argument('The call needs a body'));
  await expect(prepareRequest(search, BASE, { body: circle })).rejects.toEqual(
    argument('The body cannot be written as JSON'),
  );
  const headers = { 'response-format-type': 'a\r\nx: y' };
  await expect(prepareRequest(search, BASE, { body: {}, headers })).rejects.toEqual(
    argument('Parameter response-format-type holds characters that no header takes'),
  );
  const upload = OPERATIONS['connection.uploadEvents'];
  await expect(prepareRequest(upload, BASE, { body: {} })).rejects.toEqual(
    argument('The call takes its body as FormData'),
  );
});

const withPath: [string, Operation][] = Object.entries(OPERATIONS).filter(([, { path }]) =>
  path.includes('{'),
);

test('operations with ids in their path exist', () => expect(withPath.length).toBeGreaterThan(20));

describe.each(withPath)('%s', (_, operation) => {
  const names = operation.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
  const good = Object.fromEntries(names.map((name) => [name, 'x y?#1']));
  const body = operation.body?.required ? {} : undefined;

  test('encodes ids', async () => {
    const { target } = await prepareRequest(operation, BASE, { path: good, body });
    expect(target.split('?')[0]).toBe(`/enos${operation.path.replaceAll(/\{\w+\}/g, 'x%20y%3F%231')}`);
  });

  test.each([
    '',
    '.',
    '..',
    '...',
    '..;',
    '..;x',
    '../x',
    'a/b',
    '..\\x',
    '%2e%2e',
    '..%2f',
    'a\0b',
    'a\nb',
    undefined,
  ])('refuses the id %j in each place', async (id) => {
    for (const name of names) {
      const call = prepareRequest(operation, BASE, { path: { ...good, [name]: id }, body });
      await expect(call).rejects.toEqual(
        expect.objectContaining({
          kind: 'argument',
          message: expect.stringContaining(`Parameter ${name} `) as string,
        }),
      );
    }
  });
});

/** What the client tells those who listen, and the trace context that it carries. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { enosChannel } from '../../../src/enos/channels.js';
import type { CallInfo, EnosChannels } from '../../../src/enos/channels.js';
import { json } from '../../support/fake-gateway.js';
import { failed, read, Scene, write } from './support.js';

const NAMES = [
  'enos-graphql:call:start',
  'enos-graphql:call:end',
  'enos-graphql:call:error',
  'enos-graphql:attempt',
  'enos-graphql:retry',
] as const;

let scene: Scene;
let heard: { name: string; message: EnosChannels[(typeof NAMES)[number]]; store: unknown }[];
const store = new AsyncLocalStorage<string>();
const listeners = NAMES.map((name) => ({
  name,
  listen: (message: EnosChannels[(typeof NAMES)[number]]) =>
    void heard.push({ name: name.slice('enos-graphql:'.length), message, store: store.getStore() }),
}));

beforeEach(async () => {
  scene = await Scene.start();
  heard = [];
  for (const { name, listen } of listeners) enosChannel(name).subscribe(listen);
});
afterEach(async () => {
  for (const { name, listen } of listeners) enosChannel(name).unsubscribe(listen);
  await scene.stop();
});

const of = (operation: string) => heard.filter(({ message }) => message.call.operation === operation);

test('each call starts and ends once, under one object, in the context of its caller', async () => {
  const client = scene.client();
  await store.run('mine', () => read(client));
  const own = of('asset.getAsset');
  expect(own.map(({ name }) => name)).toEqual(['call:start', 'attempt', 'call:end']);
  expect(new Set(own.map(({ message }) => message.call)).size).toBe(1);
  expect(new Set(own.map((one) => one.store))).toEqual(new Set(['mine']));
  expect(own[0]!.message.call).toMatchObject({ service: 'asset-service', kind: 'read' });
  expect(own[2]!.message).toMatchObject({ attempts: 1, requestId: 'r-1' });
  expect(of('token.getAccessToken').map(({ name }) => name)).toEqual(['call:start', 'attempt', 'call:end']);
});

test('a failed call tells its attempts, the repetition and the error', async () => {
  scene.gateway.answer = (_, response) => json(response, { message: 'x' }, 503);
  await failed(read(scene.client({ retries: 1 })));
  const own = of('asset.getAsset');
  expect(own.map(({ name }) => name)).toEqual(['call:start', 'attempt', 'retry', 'attempt', 'call:error']);
  expect(own[1]!.message).toMatchObject({ attempt: { attempt: 1, outcome: 'http', httpStatus: 503 } });
  expect(own[2]!.message).toMatchObject({ attempt: 1, cause: 'http', decision: 'retried' });
  expect(own[4]!.message).toMatchObject({ attempts: 2, error: { kind: 'http', httpStatus: 503 } });
});

test('a call that is refused before it is sent has no attempt', async () => {
  const client = scene.client();
  await failed(client.call('asset.getAsset', { query: { orgId: 'o1', assetId: '\ud800' } }));
  expect(heard.map(({ name }) => name)).toEqual(['call:start', 'call:error']);
  expect(heard[1]!.message).toMatchObject({ attempts: 0, error: { kind: 'argument' } });
});

test('trace context is asked for per attempt and sent; nothing else passes by its hook', async () => {
  const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const asked: CallInfo[] = [];
  const client = scene.client({
    traceHeaders: (call) => {
      asked.push(call);
      return { traceparent: trace, tracestate: 'a=1', authorization: 'stolen', baggage: 'x\r\ny: z' };
    },
  });
  await read(client);
  await write(client, { traceHeaders: () => ({ traceparent: 'own' }) });
  const [first, second] = scene.gateway.calls.map(({ headers }) => headers);
  expect(first).toMatchObject({ traceparent: trace, tracestate: 'a=1' });
  expect(first).not.toHaveProperty('authorization');
  expect(first).not.toHaveProperty('baggage');
  expect(second).toMatchObject({ traceparent: 'own' });
  expect(second).not.toHaveProperty('tracestate');
  expect(asked.map(({ operation }) => operation)).toEqual(['token.getAccessToken', 'asset.getAsset']);
});

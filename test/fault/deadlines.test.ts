/** One deadline per request, down to its calls: whether a Retry-After is waited for is decided by what is left of it. */
import { callsOf, resetCalls } from '../support/graphql-client.js';
import { codesOf, NO_CACHE, ONE_ASSET, pause, startStack, type Stack } from './support/stack.js';

const OPERATION_MS = 5_000;
const ASSET = { asset: { assetId: 'Rk3vTq8M' } };
/** The same read, by a request that is no copy of the other. */
const SAME_ASSET = ONE_ASSET.replace('name', 'timezone');

let stack: Stack;
beforeAll(async () => {
  // One call may take far longer than the request that needs it: only the request's deadline can end it.
  stack = await startStack({
    ...NO_CACHE,
    OPERATION_TIMEOUT: `${OPERATION_MS}ms`,
    ENOS_TIMEOUT: '60s',
    ENOS_IDLE_TIMEOUT: '60s',
  });
});
afterAll(() => stack?.stop());
beforeEach(async () => {
  await stack.calm();
  await resetCalls(stack.simulator.url);
});

/** The next question for an asset is answered with 429, after a while. */
const refuseNext = (retryAfter: string, delay: number): Promise<void> =>
  stack.faults({
    match: { operation: 'getAsset' },
    delay,
    times: 1,
    fault: { kind: 'status', status: 429, retryAfter },
  });

const asked = async (): Promise<number | undefined> => (await callsOf(stack.simulator.url)).getAsset;

it('a Retry-After beyond what is left of the request fails at once, with its own code and one call', async () => {
  await refuseNext('30', 0);
  const answer = await stack.ask(ONE_ASSET);
  expect(answer.data).toEqual({ asset: null });
  // Had it been waited for until the deadline, the code would be that of a time-out.
  expect(answer.errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED', retryAfter: 30 } }]);
  expect(await asked()).toBe(1);
});

it('one that would have fitted into a whole request does not fit into the rest of one', async () => {
  await refuseNext('3', 3_000);
  const answer = await stack.ask(ONE_ASSET);
  expect(answer.errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED', retryAfter: 3 } }]);
  expect(await asked()).toBe(1);
});

it('one within it is waited for, and the answer comes', async () => {
  await refuseNext('1', 0);
  const { data, errors } = await stack.ask(ONE_ASSET);
  expect(errors).toBeUndefined();
  expect(data).toMatchObject(ASSET);
  expect(await asked()).toBe(2);
});

it('a read that two requests wait for has the time of the later one; the other leaves at its own', async () => {
  await refuseNext('3', 3_000);
  const early = stack.ask(ONE_ASSET);
  await pause(2_000);
  const late = stack.ask(SAME_ASSET);
  const [first, second] = await Promise.all([early, late]);
  expect(codesOf(first)).toEqual(['UPSTREAM_TIMEOUT']);
  expect(second.errors).toBeUndefined();
  expect(second.data).toMatchObject({ asset: { assetId: 'Rk3vTq8M' } });
  expect(await asked()).toBe(2);
}, 20_000);

it('a call that hangs ends in time for the answer to say so, beside what there is', async () => {
  await stack.faults({ match: { operation: 'getAsset' }, fault: { kind: 'hang' } });
  const { status, data, errors } = await stack.ask(
    `{ asset(assetId: "Rk3vTq8M") { name } thingModel(modelId: "DF_Turbine") { modelId } }`,
  );
  expect(status).toBe(200);
  expect(data).toEqual({ asset: null, thingModel: { modelId: 'DF_Turbine' } });
  // Told by the call, not by the end of the request: it names what did not answer.
  expect(errors).toMatchObject([
    { extensions: { code: 'UPSTREAM_TIMEOUT', enos: { operation: 'getAsset' } } },
  ]);
  expect(errors?.[0]?.message).toContain('did not answer in time');
});

import { startGraphServer } from '../support/graph-server.js';

test('what the context adds at the end stands in the extensions of the answer', async () => {
  const server = await startGraphServer({
    context: ({ explain }) => ({
      responseExtensions: () => (explain ? { explain: [{ operation: 'getAsset' }] } : {}),
    }),
  });
  try {
    const explained = await server.ask('{ hello }', { headers: { 'x-enos-explain': '1' } });
    expect(explained.body.extensions).toEqual({ explain: [{ operation: 'getAsset' }] });
    expect((await server.ask('{ hello }')).body).not.toHaveProperty('extensions');
  } finally {
    await server.close();
  }
});

test('with explain off, the wish for an explanation is not heard', async () => {
  const server = await startGraphServer({
    explain: false,
    context: ({ explain }) => ({ responseExtensions: () => ({ asked: explain }) }),
  });
  try {
    const answer = await server.ask('{ hello }', { headers: { 'x-enos-explain': '1' } });
    expect(answer.body.extensions).toEqual({ asked: false });
  } finally {
    await server.close();
  }
});

test('an operation that is too large for a plan is the fault of who asks: 400', async () => {
  const server = await startGraphServer({
    planOperation: () => {
      throw new RangeError('The operation has too many fields');
    },
  });
  try {
    const { status, body } = await server.ask('{ hello }', { headers: { 'x-enos-explain': 'plan' } });
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([
      { message: 'The operation has too many fields', extensions: { code: 'BAD_USER_INPUT' } },
    ]);
  } finally {
    await server.close();
  }
});

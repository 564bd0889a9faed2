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

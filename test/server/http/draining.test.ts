import { startGraphServer } from '../../support/graph-server.js';

const begun = () => {
  let begin: () => void = () => undefined;
  const started = new Promise<void>((resolve) => (begin = resolve));
  return { started, begin };
};

test('a request under way is finished, and then nobody is served any more', async () => {
  const { started, begin } = begun();
  const server = await startGraphServer({
    context: () => {
      begin();
      return {};
    },
  });
  const answer = server.ask('{ slow(ms: 500) }');
  await started;
  const closed = server.server.close(20_000);
  expect((await answer).body).toEqual({ data: { slow: 'slept' } });
  await closed;
  await expect(fetch(`${server.url}/health/live`)).rejects.toThrow();
});

test('what does not end in time is cut', async () => {
  const { started, begin } = begun();
  const server = await startGraphServer({
    context: ({ signal }) => {
      begin();
      return { signal };
    },
  });
  const answer = server.ask('{ slow(ms: 60000) }').then(
    () => 'answered',
    () => 'cut',
  );
  await started;
  await server.server.close(200);
  expect(await answer).toBe('cut');
});

test('a server that never listened closes at once, and closing twice does no harm', async () => {
  const server = await startGraphServer();
  await server.close();
  await server.close();
});

test('a port that is taken is an error', async () => {
  const first = await startGraphServer();
  const second = await startGraphServer();
  try {
    await expect(second.server.listen(Number(new URL(first.url).port), '127.0.0.1')).rejects.toThrow();
  } finally {
    await first.close();
    await second.close();
  }
});

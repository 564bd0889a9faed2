import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProcessLog } from '../../../src/process-log.js';
import { waitFor } from '../../support/redis.js';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'process-log-'));
  file = join(folder, 'log');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const lines = async (): Promise<{ n: number }[]> => {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as { n: number });
};

test('a lone line is out after a second or so', async () => {
  const { logger } = createProcessLog('info', file);
  logger.info({ n: 1 }, 'request');
  await waitFor(async () => (await lines()).length === 1, 'the line');
});

test('many lines are whole and in order, long ones and those beyond ASCII too', async () => {
  const { logger } = createProcessLog('info', file);
  const long = 'é'.repeat(40_000);
  for (let n = 0; n < 2_000; n += 1) logger.info({ n, text: n % 500 === 7 ? long : 'ü' }, 'request');
  await waitFor(async () => (await lines()).length === 2_000, 'all lines');
  expect((await lines()).map(({ n }) => n)).toEqual(Array.from({ length: 2_000 }, (_, n) => n));
});

test('what has been gathered is out when flushing returns', async () => {
  const { logger, flush } = createProcessLog('info', file);
  await waitFor(async () => (await readFile(file, 'utf8').catch(() => undefined)) !== undefined, 'the file');
  logger.info({ n: 1 }, 'stopping');
  flush();
  expect(await lines()).toHaveLength(1);
});

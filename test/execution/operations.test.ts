/** Every stored operation, over the real graph and the bundled world: the compiled engine answers as graphql-js does. */
import { readFileSync, readdirSync } from 'node:fs';
import { createEnosClient } from '../../src/enos/create-client.js';
import type { EnosClient } from '../../src/enos/client.js';
import { createGraphContext } from '../../src/graph/context.js';
import { buildGraph } from '../../src/graph/schema.js';
import { createLoaders } from '../../src/loading/create-loaders.js';
import { DESCRIBED } from '../../src/loading/entities/index.js';
import { startSimulator, DEMO_CREDENTIALS, type Running } from '../support/processes.js';
import { recordedLoading, type RecordedLoading } from '../support/recorded-loading.js';
import { byGraphqlJs, expectEqual } from './compare.js';

const HOUR = 3_600_000;
const folder = 'schema/operations';
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.graphql'))
  .map((name) => name.replace(/\.graphql$/, ''));
const { schema } = buildGraph();
const orgId = DEMO_CREDENTIALS.ENOS_ORG_ID;
let simulator: Running;
let client: EnosClient;
let loading: RecordedLoading;

beforeAll(async () => {
  simulator = await startSimulator();
  client = createEnosClient({
    url: simulator.url,
    accessKey: DEMO_CREDENTIALS.ENOS_ACCESS_KEY,
    secretKey: DEMO_CREDENTIALS.ENOS_SECRET_KEY,
  });
  // Long lifetimes, so that both read the same values at different moments.
  const kinds = ['models', 'assets', 'trees', 'latest'] as const;
  const more = ['seriesPast', 'seriesTail', 'seriesLateData', 'notFound'] as const;
  const lifetimes = Object.fromEntries([...kinds, ...more].map((kind) => [kind, HOUR])) as Record<
    (typeof kinds)[number] | (typeof more)[number],
    number
  >;
  const entities = Object.fromEntries(
    DESCRIBED.flatMap(({ lifetime }) => (lifetime ? [[lifetime.setting, HOUR]] : [])),
  );
  loading = recordedLoading(client, {
    orgId,
    now: Date.now,
    settings: { lifetimes: { ...lifetimes, entities } },
  });
});

afterAll(async () => {
  await client?.close();
  await simulator?.stop();
});

const context = () =>
  createGraphContext({
    loaders: createLoaders(loading.request()),
    identity: { id: 'service-account', orgId },
    acceptLanguage: 'en',
  });

test.each(names)('%s', async (name) => {
  const source = readFileSync(`${folder}/${name}.graphql`, 'utf8');
  const variables = JSON.parse(readFileSync(`${folder}/${name}.json`, 'utf8')) as Record<string, unknown>;
  const { errors, data } = await expectEqual({ schema, source, variables, context });
  expect(errors).toBeUndefined();
  expect(data).not.toBeNull();
});

test('what is missing or refused fails alike', async () => {
  const source = `{
    missing: asset(assetId: "no-such-asset") { name model { name } }
    list: assetsById(assetIds: ["no-such-asset", "neither"]) { name trees { name } }
    page: assets(first: -1) { nodes { name } }
    node(id: "text") { id __typename }
    cursor: thingModels(after: "text") { totalCount }
  }`;
  // Errors stand in the order in which they came up: both runs must find the same things in memory.
  await byGraphqlJs({ schema, source, context });
  const { errors } = await expectEqual({ schema, source, context });
  expect(errors?.length).toBeGreaterThan(3);
});

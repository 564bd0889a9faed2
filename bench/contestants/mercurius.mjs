/** Mercurius 16 on fastify 5 with its own loaders, its compiler (graphql-jit) and an undici pool. */
import Fastify from 'fastify';
import mercurius from 'mercurius';
import { createApi, createBatches, createClient } from './shared/enos.mjs';
import {
  alertConnection,
  loadingResolvers,
  plainResolvers,
  rootResolvers,
  scalars,
  typeDefs,
} from './shared/schema.mjs';

const api = createApi(createClient('undici'));
const batches = createBatches(api);
const { children } = loadingResolvers(() => api).Asset;
const app = Fastify({ logger: false });
app.register(mercurius, {
  schema: typeDefs,
  resolvers: {
    ...scalars,
    ...plainResolvers,
    Query: rootResolvers(() => api),
    Asset: { ...plainResolvers.Asset, children },
  },
  loaders: {
    Asset: {
      model: (queries) => batches.models(queries.map(({ obj }) => obj.modelId)),
      alerts: async (queries) => {
        const found = await batches.alerts(queries.map(({ obj }) => obj.assetId));
        return found.map((items, index) => alertConnection(items, queries[index].params.first ?? 50));
      },
    },
    AssetPoint: {
      latest: (queries) => batches.latest(queries.map(({ obj }) => obj)),
      series: (queries) => batches.series(queries.map(({ obj, params }) => ({ ...obj, ...params }))),
    },
  },
  jit: 1,
  graphiql: false,
});
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
process.stdout.write('ready\n');

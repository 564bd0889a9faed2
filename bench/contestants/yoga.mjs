/** graphql-yoga 5 on node:http with DataLoader; YOGA_JIT=1 adds graphql-jit. */
import { createServer } from 'node:http';
import { useGraphQlJit } from '@envelop/graphql-jit';
import { createSchema, createYoga } from 'graphql-yoga';
import { createApi, createBatches, createClient, createLoaders } from './shared/enos.mjs';
import { loadingResolvers, plainResolvers, rootResolvers, scalars, typeDefs } from './shared/schema.mjs';

const api = createApi(createClient('fetch'));
const batches = createBatches(api);
const loading = loadingResolvers((context) => context.loaders);
const resolvers = {
  ...scalars,
  ...plainResolvers,
  Query: rootResolvers((context) => context.api),
  Asset: { ...plainResolvers.Asset, ...loading.Asset },
  AssetPoint: loading.AssetPoint,
};
const yoga = createYoga({
  schema: createSchema({ typeDefs, resolvers }),
  plugins: process.env.YOGA_JIT === '1' ? [useGraphQlJit()] : [],
  context: () => ({ api, loaders: createLoaders(api, batches) }),
  graphiql: false,
  logging: false,
});
createServer(yoga).listen(Number(process.env.PORT), '127.0.0.1', () => process.stdout.write('ready\n'));

/** The reference, 1.0: Apollo Server 5 with express 5, a DataLoader per kind of thing, and the built-in fetch. */
import { ApolloServer } from '@apollo/server';
import { expressMiddleware } from '@as-integrations/express5';
import express from 'express';
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
const server = new ApolloServer({ typeDefs, resolvers, stopOnTerminationSignals: false });
await server.start();
const app = express();
const context = async () => ({ api, loaders: createLoaders(api, batches) });
app.use('/graphql', express.json(), expressMiddleware(server, { context }));
app.listen(Number(process.env.PORT), '127.0.0.1', () => process.stdout.write('ready\n'));

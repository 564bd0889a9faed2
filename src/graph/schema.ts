/** The schema of the graph, composed of its domains. */
import { isObjectType, specifiedDirectives, type GraphQLSchema } from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import { AlertQueries } from './alert/queries.js';
import { alertResolvers } from './alert/resolver.js';
import { AttributeValueResolver } from './asset/attribute-resolver.js';
import { assetFieldResolvers } from './asset/resolver.js';
import { entityResolvers } from './entities/index.js';
import { resolveDirectly } from './direct-resolvers.js';
import { heedMaxStale, maxStaleDirective } from './freshness.js';
import { checkIds } from './nodes/ids.js';
import { featureResolvers } from './model/resolver.js';
import { textResolvers } from './names.js';
import { NodeQueries } from './nodes/node-resolver.js';
import { ruleOf } from './plan/rules.js';
import { exactly } from './plan/types.js';
import { enforceRights } from './rights.js';
import { seriesResolvers } from './series/resolver.js';
import { TreeQueries } from './tree/queries.js';
import { treeResolvers } from './tree/resolver.js';
import { valueResolvers } from './value/types.js';
import { mutationResolvers } from './write/mutation.js';
import { viewerResolvers } from './viewer/resolver.js';

/** What the rest of the server gets of the graph. */
export interface Graph {
  schema: GraphQLSchema;
}

const MUTATIONS =
  'Changes. Each takes one input, and gives what it changed as the change left it; those of one request run one after the other. Served where MUTATIONS is on, to callers with the right that each names.';

/** Builds the executable schema. Resolvers expect a `GraphContext`. Each call makes a schema of its own. */
export function buildGraph(): Graph {
  const schema = buildSchemaSync({
    resolvers: [
      NodeQueries,
      TreeQueries,
      AlertQueries,
      ...assetFieldResolvers,
      AttributeValueResolver,
      ...treeResolvers,
      ...alertResolvers,
      ...seriesResolvers,
      ...valueResolvers,
      ...textResolvers,
      ...viewerResolvers,
      ...featureResolvers,
      ...entityResolvers,
      ...mutationResolvers(),
    ],
    // Inputs are checked where they are read, with messages that name the argument.
    validate: false,
    directives: [...specifiedDirectives, maxStaleDirective],
  });
  const mutation = schema.getMutationType();
  if (mutation) mutation.description = MUTATIONS;
  resolveDirectly(schema);
  heedMaxStale(schema);
  enforceRights(schema);
  markLoads(schema);
  checkIds(schema);
  return { schema };
}

/** Tells the executor which fields load something, by what is selected below them. */
function markLoads(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const rule = ruleOf(type.name, field);
      if (!rule) continue;
      const loads = (args: Record<string, unknown>, selected: ReadonlySet<string>): boolean =>
        rule({ parents: exactly(1), owners: exactly(1), args, selected }).length > 0;
      field.extensions = { ...field.extensions, loads };
    }
  }
}

/** When values were fetched, and how old a query lets them be. */
import { DirectiveLocation, GraphQLBoolean, GraphQLDirective, GraphQLInt, getDirectiveValues } from 'graphql';
import type { GraphQLResolveInfo, GraphQLSchema } from 'graphql';
import type { GraphContext } from './context.js';
import { Field, ObjectType } from './decorators.js';
import type { DurationValue } from './duration.js';
import { DateTime, Duration } from './scalars.js';

const MAX_INT = 2_147_483_647;

/** How fresh a value is. */
@ObjectType({
  simpleResolvers: true,
  description: 'When a value was fetched from EnOS, by this server or another one that shares its cache.',
})
export class Freshness {
  private readonly context: GraphContext;

  constructor(fetchedAt: number, stale: boolean, context: GraphContext) {
    this.stale = stale;
    this.fetchedAt = fetchedAt;
    this.context = context;
  }

  @Field(() => DateTime, { description: 'When EnOS was asked for it.' })
  fetchedAt: number;

  @Field(() => GraphQLInt, { description: 'How long ago that was, in milliseconds.' })
  get ageMs(): number {
    this.context.showsAge?.();
    return Math.min(MAX_INT, Math.max(0, Math.round(this.context.now() - this.fetchedAt)));
  }

  @Field(() => GraphQLBoolean, {
    description:
      'Whether its lifetime is over, and it is served because EnOS cannot be reached, fails or is slow.',
  })
  stale: boolean;
}

/** Options of every field that tells the freshness of its object. */
export const FRESHNESS = {
  nullable: true,
  description: 'When it was fetched. Costs no call; null where it is made of several reads.',
} as const;

/** How fresh a value of the loaders is; null for one that is no read of its own. */
export function freshnessOf(value: object, context: GraphContext): Freshness | null {
  const part = context.partOf?.(value);
  return part ? new Freshness(part.storedAt, part.stale, context) : null;
}

/** `@maxStale` on a query. */
export const maxStaleDirective = new GraphQLDirective({
  name: 'maxStale',
  description:
    'How long beyond its lifetime a value may be served while EnOS cannot be reached, fails or is slow. What is older is fetched anew, and fails where EnOS does. The server has a bound of its own (CACHE_STALE_FOR).',
  locations: [DirectiveLocation.QUERY],
  args: {
    duration: {
      type: Duration,
      description: 'Longest time, e.g. `PT1M`. Without it nothing stale is served.',
    },
  },
});

/** Makes the fields of the query heed `@maxStale`: the first one that runs tells the loaders, before anything is loaded. */
export function heedMaxStale(schema: GraphQLSchema): void {
  for (const field of Object.values(schema.getQueryType()?.getFields() ?? {})) {
    const { resolve } = field;
    if (!resolve) continue;
    field.resolve = (source, args, context: GraphContext, info): unknown => {
      if (info.operation.directives && info.operation.directives.length > 0) applyMaxStale(context, info);
      return resolve(source, args, context, info);
    };
  }
}

function applyMaxStale(context: GraphContext, { operation, variableValues }: GraphQLResolveInfo): void {
  const values = getDirectiveValues(maxStaleDirective, operation, variableValues);
  if (!values) return;
  const duration = values['duration'] as DurationValue | null | undefined;
  context.limitStale?.(duration ? (duration.days * 86_400 + duration.seconds) * 1000 : 0);
}

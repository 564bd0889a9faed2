/** When values were fetched, and how old a query lets them be. */
import {
  DirectiveLocation,
  GraphQLBoolean,
  GraphQLDirective,
  GraphQLInt,
  getDirectiveValues,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  GraphQLError,
} from 'graphql';
import type { GraphContext } from './context.js';
import { Field, ObjectType } from './decorators.js';
import { type DurationValue, parseDuration } from './scalars/duration.js';
import { DateTime, Duration } from './scalars/scalars.js';

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

const SECONDS = /^\d{1,9}(?:\.\d{1,3})?$/;

/**
 * Milliseconds of the header x-enos-max-stale: seconds, or an ISO 8601 duration; undefined without one. Throws
 * BAD_USER_INPUT (HTTP status 400) for anything else.
 */
export function parseMaxStale(header: string | readonly string[] | undefined): number | undefined {
  if (header === undefined) return undefined;
  const text = String(header).trim();
  if (SECONDS.test(text)) return Number(text) * 1000;
  if (text === 'PT0S') return 0;
  try {
    const { days, seconds } = parseDuration(text);
    return (days * 86_400 + seconds) * 1000;
  } catch {
    throw new GraphQLError(
      'Header x-enos-max-stale: expected seconds such as 60, or an ISO 8601 duration such as PT1M; 0 for nothing stale.',
      { extensions: { code: 'BAD_USER_INPUT', argument: 'x-enos-max-stale', http: { status: 400 } } },
    );
  }
}

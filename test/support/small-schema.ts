/** A small schema with everything that the HTTP side has to cope with: lists, pages, failures, slowness. */
import type { GraphQLSchema } from 'graphql';
import { GraphQLError, buildSchema } from 'graphql';

const SDL = `
  type Query {
    hello(name: String = "world"): String!
    echo(value: Tree): String
    tree: Branch!
    many(first: Int, last: Int): BranchConnection
    byId(ids: [ID!]!): [Branch]!
    samples(limit: Int): SampleList
    fails(how: String!): String
    slow(ms: Int!): String
    whoami: Whoami!
  }
  type Mutation { add(n: Int!): Int! }
  type Branch { name: String! children: [Branch!]! page(first: Int): BranchConnection }
  type BranchConnection { nodes: [Branch!]! edges: [BranchEdge!]! totalCount: Int }
  type BranchEdge { cursor: String! node: Branch! }
  type SampleList { values: [Sample!]! unit: String }
  type Sample { time: String value: Float }
  type Whoami { requestId: String acceptLanguage: String explain: Boolean millisecondsLeft: Int }
  input Tree { children: [Tree!] name: String }
`;

interface Whoami {
  requestId: string;
  acceptLanguage?: string;
  explain: boolean;
  deadline: number;
}

const branch = { name: 'branch', children: [], page: () => ({ nodes: [], edges: [], totalCount: 0 }) };

const FAILURES: Record<string, () => Error> = {
  plain: () => new Error('password=hunter2 at 10.0.0.7'),
  intended: () =>
    new GraphQLError('No such asset.', { extensions: { code: 'NOT_FOUND', enos: { service: 'asset' } } }),
  codeless: () => new GraphQLError('internal detail hunter2'),
  unknownCode: () => new GraphQLError('internal detail hunter2', { extensions: { code: 'DATABASE' } }),
  domain: () => Object.assign(new Error('from the domain'), { name: 'DomainError' }),
};

/** Builds the schema anew: graphql-js keeps state on it. */
export function makeSchema(): GraphQLSchema {
  const schema = buildSchema(SDL);
  resolve(schema, 'Query', {
    hello: (_, { name }) => `Hello ${String(name)}`,
    echo: () => 'echo',
    tree: () => branch,
    many: () => ({ nodes: [branch], edges: [], totalCount: 1 }),
    byId: (_, { ids }) => (ids as string[]).map(() => branch),
    samples: () => ({ values: [], unit: null }),
    fails: (_, { how }) => {
      throw FAILURES[String(how)]?.() ?? new Error('unknown');
    },
    slow: (_, { ms }, context) => sleep(Number(ms), (context as { signal?: AbortSignal }).signal),
    whoami: (_, __, context) => {
      const { deadline, ...rest } = context as Whoami;
      return { ...rest, millisecondsLeft: deadline - Date.now() };
    },
  });
  resolve(schema, 'Mutation', { add: (_, { n }) => n });
  return schema;
}

type Resolver = (source: unknown, args: Record<string, unknown>, context: unknown) => unknown;

function resolve(
  schema: GraphQLSchema,
  type: 'Query' | 'Mutation',
  resolvers: Record<string, Resolver>,
): void {
  const fields = (type === 'Query' ? schema.getQueryType() : schema.getMutationType())?.getFields() ?? {};
  for (const [name, resolver] of Object.entries(resolvers)) {
    const field = fields[name];
    if (!field) throw new Error(`No field ${type}.${name}`);
    field.resolve = resolver;
  }
}

function sleep(ms: number, signal: AbortSignal | undefined): Promise<string> {
  return new Promise((done, fail) => {
    const timer = setTimeout(() => done('slept'), ms);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      fail(new GraphQLError('The deadline has passed.', { extensions: { code: 'UPSTREAM_TIMEOUT' } }));
    });
  });
}

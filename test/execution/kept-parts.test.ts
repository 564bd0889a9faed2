/** Objects of answers kept as text: the answer is what graphql-js would have made of it, and an object is made once as long as it may be. */
import {
  Kind,
  buildSchema,
  execute,
  getOperationAST,
  parse,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type GraphQLScalarType,
} from 'graphql';
import type { HeldValue } from '../../src/cache/cache.js';
import { SourceLog } from '../../src/loading/request/sources.js';
import { resultBytes } from '../../src/server/response-cache/rendered.js';
import { compileOperation } from '../../src/server/execution/compile.js';
import { FragmentCache } from '../../src/server/execution/fragment-cache.js';

const SDL = `
  interface Node { id: ID! }
  type Query { wind: Farm things: [Thing] edges: [Edge!]! any: [Node] nested: [[Thing]] one: Thing fresh: [Thing] }
  type Farm { name: String things: [Thing!]! }
  type Edge { cursor: String node: Thing }
  type Thing implements Node {
    id: ID! name: String read(of: String): String count(of: Big): String readLater: String bad: String mustBad: String!
    below: [Thing!] plain: [Pair] odd: String
  }
  type Other implements Node { id: ID! read(of: String): String other: Int }
  type Pair { a: Int b: String }
  scalar Big
`;
const NOW = 1_000_000;

/** One run's context: what it read is told to the log, as loaders tell it. */
class Context {
  readonly log = new SourceLog({ position: '', at: 0 });
  constructor(readonly world: World) {}
}

class World {
  now = NOW;
  current = true;
  /** Times that `read` was resolved. */
  reads = 0;
  lifetime = 10_000;
  stale = false;
  /** Whether what is read again was fetched again. */
  refreshes = true;
  private fetchedAt = NOW;
  tags: readonly string[] = ['tag'];
  values: Record<string, string> = {};
  readonly kept: FragmentCache;

  constructor(maxBytes = 1_000_000) {
    this.kept = new FragmentCache({
      maxBytes,
      now: () => this.now,
      isCurrent: (tags) => this.current || !tags.includes('tag'),
    });
  }

  read(of: string, { log }: Context): string {
    this.reads += 1;
    if (this.refreshes) this.fetchedAt = this.now;
    const value = this.values[of] ?? `${of} "read" ü 雪`;
    const held: HeldValue = {
      value,
      storedAt: this.fetchedAt,
      freshUntil: this.fetchedAt + this.lifetime,
      tags: this.tags,
    };
    if (this.stale) log.addStale({ ...held, stale: true }, of);
    else log.add(held);
    return value;
  }
}

class Thing {
  readonly __typename: string = 'Thing';
  below: Thing[] | undefined;
  readonly plain = [{ a: 1, b: 'x\u2028' }, null];
  constructor(readonly id: string) {}
  get name(): string {
    return `thing ${this.id}`;
  }
  read({ of = '' }: { of?: string }, context: Context): string {
    return context.world.read(`${this.id}${of}`, context);
  }
  count({ of }: { of?: unknown }, context: Context): string {
    return context.world.read(
      of instanceof Map ? [...of.keys()].join() : `${typeof of} ${String(of)}`,
      context,
    );
  }
  async readLater(_args: unknown, context: Context): Promise<string> {
    await Promise.resolve();
    return context.world.read(this.id, context);
  }
  bad(_args: unknown, context: Context): never {
    context.world.read(this.id, context);
    throw new Error('bad');
  }
  mustBad(): never {
    throw new Error('must be bad');
  }
  get odd(): undefined {
    return undefined;
  }
}
class Other extends Thing {
  override readonly __typename = 'Other';
  readonly other = 3;
}

const schema: GraphQLSchema = buildSchema(SDL);
/** What its input becomes: a bigint, which no JSON has, or, for texts, an object of a class, which has no content to tell. */
const toBig = (value: unknown): unknown =>
  typeof value === 'string' ? new Map([[value, 1]]) : BigInt(value as number);
Object.assign(schema.getType('Big') as GraphQLScalarType, {
  parseValue: toBig,
  parseLiteral: (node: { kind: string; value: string }) =>
    toBig(node.kind === 'IntValue' ? Number(node.value) : node.value),
});
const things = [new Thing('1'), new Thing('2'), new Thing('3')];
things[0]!.below = [new Thing('4'), things[1]!];
const mixed = [things[0], null, new Other('9'), things[2]];
const root = {
  wind: { name: 'wind', things },
  things: [things[0], null, things[2]],
  edges: things.map((node) => ({ cursor: `c${node.id}`, node })),
  any: mixed,
  nested: [things, null, [null, things[0]]],
  one: things[0],
  fresh: () => [new Thing('5'), new Thing('6')],
};

interface Asked {
  variables?: Record<string, unknown>;
  audience?: string;
  operationName?: string;
}

/** The text of an answer made with parts; it must be the one that graphql-js and JSON.stringify make. */
async function ask(
  world: World,
  source: string,
  { variables, audience = 'all', operationName }: Asked = {},
): Promise<string> {
  const document = parse(source);
  const operation = getOperationAST(document, operationName)!;
  const fragments = Object.fromEntries(
    document.definitions
      .filter((it): it is FragmentDefinitionNode => it.kind === Kind.FRAGMENT_DEFINITION)
      .map((it) => [it.name.value, it]),
  );
  const context = new Context(world);
  const bound = compileOperation({ schema, operation, fragments })!.bind(variables)!;
  const parts = { kept: world.kept, audience, marks: context.log };
  const result = await bound.execute({ context, rootValue: root, parts });
  sums.push(context.log.sum());
  return resultBytes(
    result,
    result.errors?.map((error) => error.toJSON()),
  ).toString();
}
let sums: ReturnType<SourceLog['sum']>[] = [];
beforeEach(() => (sums = []));

async function byGraphqlJs(source: string, variables?: Record<string, unknown>): Promise<string> {
  const { data, errors } = await execute({
    schema,
    document: parse(source),
    variableValues: variables,
    contextValue: new Context(new World()),
    rootValue: root,
  });
  return `${JSON.stringify({ errors: errors?.map((error) => error.toJSON()), data })}\n`;
}

describe('the answer is what it would be without', () => {
  test.each<[string, Record<string, unknown> | undefined]>([
    ['{ wind { name things { id name read } } }', undefined],
    ['{ a: wind { things { id x: read(of: "a") y: read(of: "b") } } things { name read } }', undefined],
    ['{ edges { cursor node { id read } } }', undefined],
    [
      '{ any { __typename id ... on Thing { name read plain { a b } } ... on Other { other read } } }',
      undefined,
    ],
    ['{ nested { read odd } one { read } }', undefined],
    ['{ things { read below { id read below { read } } } }', undefined],
    [
      '{ things { ...T } wind { things { ...T id } } } fragment T on Thing { read ...U } fragment U on Node { id }',
      undefined,
    ],
    [
      'query ($of: String = "d", $if: Boolean!) { things { read(of: $of) name @include(if: $if) } }',
      { if: true },
    ],
    [
      'query ($of: String, $if: Boolean!) { things { read(of: $of) name @include(if: $if) } }',
      { if: false, of: null },
    ],
    ['{ things { id bad read } }', undefined],
    ['{ things { id read mustBad } }', undefined],
    ['{ wind { things { id read mustBad } } edges { node { read } } }', undefined],
    ['{ wind { things { id read readLater } } things { read } }', undefined],
    ['{ things { plain { a b } name } wind { name } }', undefined],
  ])('%s %j', async (source, variables) => {
    const world = new World();
    const expected = await byGraphqlJs(source, variables);
    for (let turn = 0; turn < 4; turn += 1) expect(await ask(world, source, { variables })).toBe(expected);
  });
});

const LIST = '{ wind { things { id read } } }';

/** Asks until parts are kept, and again; returns how often things were read for the last answer. */
async function readsOf(world: World, source = LIST, asked?: Asked): Promise<number> {
  world.reads = 0;
  await ask(world, source, asked);
  return world.reads;
}

/** A world that has kept the parts of an operation. */
async function warm(source = LIST, asked?: Asked, world = new World()): Promise<World> {
  await ask(world, source, asked);
  await ask(world, source, asked);
  return world;
}

describe('an object is made again', () => {
  test('for nobody who asks the same', async () => {
    expect(await readsOf(await warm())).toBe(0);
  });

  test('the first times that anybody asks: what is asked once is not kept', async () => {
    const world = new World();
    expect(await readsOf(world)).toBe(3);
    expect(world.kept.stats().kept).toBe(0);
    expect(await readsOf(world)).toBe(3);
    expect(world.kept.stats()).toMatchObject({ kept: 3, used: 0 });
  });

  test.each<[string, (world: World) => void]>([
    ['when a read of it is due', (world) => (world.now += 0.9 * world.lifetime)],
    ['when a read of it has ended', (world) => (world.now += world.lifetime)],
    ['when a tag of it was invalidated', (world) => (world.current = false)],
  ])('%s', async (_what, happens) => {
    const world = await warm();
    happens(world);
    world.values = { 1: 'new' };
    world.reads = 0;
    expect(await ask(world, LIST)).toContain('"new"');
    expect(world.reads).toBe(3);
  });

  test('by one alone while a read of it is due and not refreshed yet, by one again once it has ended', async () => {
    const world = await warm();
    world.refreshes = false;
    world.now += 9_500;
    expect([await readsOf(world), await readsOf(world), await readsOf(world)]).toEqual([3, 0, 0]);
    world.refreshes = true;
    world.now += 500;
    expect([await readsOf(world), await readsOf(world)]).toEqual([3, 0]);
  });

  test.each<[string, string, Asked]>([
    ['another audience', LIST, { audience: 'others' }],
    ['another selection', '{ wind { things { id read name } } }', {}],
    ['another argument', '{ wind { things { id read(of: "x") } } }', {}],
    ['the same below another name', '{ wind { things { id r: read } } }', {}],
  ])('for %s', async (_what, source, asked) => {
    const world = await warm();
    expect(await readsOf(world, source, asked)).toBe(3);
  });

  test('for other values of the variables that it reads, but not of others', async () => {
    const source =
      'query ($of: String, $if: Boolean!) { wind { name @include(if: $if) things { read(of: $of) } } }';
    const world = await warm(source, { variables: { of: 'a', if: true } });
    expect(await readsOf(world, source, { variables: { of: 'a', if: false } })).toBe(0);
    expect(await readsOf(world, source, { variables: { of: 'b', if: true } })).toBe(3);
    expect(await readsOf(world, source, { variables: { of: null, if: true } })).toBe(3);
    expect(await readsOf(world, source, { variables: { if: true } })).toBe(3);
  });

  test('for values of variables that no JSON has, as a bigint by default', async () => {
    const source = 'query ($of: Big = 12) { things { count(of: $of) } }';
    const world = await warm(source);
    expect(await ask(world, source)).toBe(await byGraphqlJs(source));
    expect(await readsOf(world, source)).toBe(0);
    expect(await readsOf(world, source, { variables: { of: 12 } })).toBe(0);
    expect(await readsOf(world, source, { variables: { of: 13 } })).toBe(2);
    expect(await readsOf(world, source, { variables: { of: null } })).toBe(2);
  });

  test('for each request where the value of a variable cannot be told from others', async () => {
    const source = 'query ($of: Big) { things { count(of: $of) } }';
    const world = await warm(source, { variables: { of: 'a' } });
    expect(await readsOf(world, source, { variables: { of: 'a' } })).toBe(2);
    expect(await ask(world, source, { variables: { of: 'b' } })).toContain('b \\"read');
  });

  test('where an error stood in it, or it was awaited', async () => {
    expect(await readsOf(await warm('{ things { id bad } }'), '{ things { id bad } }')).toBe(2);
    expect(await readsOf(await warm('{ things { readLater } }'), '{ things { readLater } }')).toBe(2);
  });

  test('while anything stale is served', async () => {
    const world = await warm();
    world.stale = true;
    expect(await readsOf(world, '{ one { read } wind { things { id read } } }')).toBe(4);
    const other = new World();
    other.stale = true;
    await warm(LIST, {}, other);
    expect(other.kept.stats().kept).toBe(0);
  });
});

describe('objects are shared', () => {
  test('by operations that select the same of them, by whatever path', async () => {
    const world = await warm('{ wind { things { ...T } } } fragment T on Thing { id read }');
    expect(
      await readsOf(world, 'query Other { wind { name things { ...T } } } fragment T on Thing { read id }'),
    ).toBe(3);
    const source = 'query Third { wind { name things { ...T } } } fragment T on Thing { id read }';
    expect(await readsOf(world, source)).toBe(0);
  });

  test('and the answer is told what they were made of', async () => {
    const world = await warm();
    world.now += 1_000;
    await ask(world, LIST);
    expect(sums.at(-1)).toEqual(sums.at(-2));
    expect(sums.at(-1)).toMatchObject({
      freshUntil: NOW + 10_000,
      refreshAt: NOW + 9_000,
      tags: ['tag'],
      stale: false,
    });
  });
});

describe('memory', () => {
  test('stays below its bound, the oldest parts leaving first', async () => {
    const world = await warm(LIST, {}, new World(1_500));
    const { bytes } = world.kept.stats();
    expect(bytes).toBeGreaterThan(1_000);
    expect(bytes).toBeLessThanOrEqual(1_500);
    expect(await readsOf(world)).toBeGreaterThan(0);
    expect(world.kept.stats().bytes).toBeLessThanOrEqual(1_500);
  });

  test('what is over makes room', async () => {
    const world = await warm();
    const { bytes } = world.kept.stats();
    world.now += 20_000;
    await ask(world, LIST);
    expect(world.kept.stats().bytes).toBe(bytes);
  });

  test('is not given to objects that are made anew for each request, until they are tried again', async () => {
    const world = new World();
    const fresh = '{ fresh { id read } }';
    for (let turn = 0; turn < 500; turn += 1) await ask(world, fresh);
    const { kept, used } = world.kept.stats();
    expect(used).toBe(0);
    expect(kept).toBeGreaterThanOrEqual(200);
    expect(kept).toBeLessThan(210);
    for (let turn = 0; turn < 1_600; turn += 1) await ask(world, fresh);
    expect(world.kept.stats().kept).toBeGreaterThan(kept);
    expect(await readsOf(await warm(LIST, {}, world))).toBe(0);
  });

  test('nothing is kept of variables that nobody else sends', async () => {
    const source = 'query ($of: String) { things { read(of: $of) } }';
    const world = await warm(source, { variables: { of: 'x'.repeat(5_000) } });
    expect(world.kept.stats().kept).toBe(0);
  });
});

/** The compiled engine answers as graphql-js does, whatever resolvers do: data, order, errors, places and paths. */
import { getIntrospectionQuery } from 'graphql';
import { compile, expectEqual } from './compare.js';
import { Root, schema } from './schema.js';

const root = () => new Root();
const ask = (source: string, variables?: Record<string, unknown>, operationName?: string) =>
  expectEqual({ schema, source, variables, operationName, root, context: () => ({ who: 'me' }) });

const WAYS = ['Null', 'Throws', 'Returns', 'Rejects', 'RejectsLate', 'NullLater', 'Coded', 'Text'];

describe('failures of fields', () => {
  test.each(WAYS.flatMap((way) => [`may${way}`, `must${way}`]))('%s', async (field) => {
    await ask(`{ plain ${field} method(n: 1) }`);
    await ask(`{ thing { name ${field} slow } }`);
    await ask(`{ thing { slow ${field} name thing { name } } plain }`);
    await ask(`{ mustThing { ${field} } plain }`);
    await ask(`{ thing { mustThing { mustThingLater { ${field} } } } }`);
    await ask(`{ thingLater { mustThingLater { name mustThing { slower ${field} } } name } plain }`);
    await ask(`{ things { ${field} } }`);
    await ask(`{ thing { mustThings { name ${field} } } }`);
    await ask(`{ thing { things { mustThings { ${field} slow } } } }`);
  });

  test.each(WAYS.flatMap((one) => WAYS.map((other) => [one, other] as const)))(
    'two in one object: %s and %s',
    async (one, other) => {
      await ask(`{ thing { a: may${one} b: may${other} } }`);
      await ask(`{ thing { a: may${one} b: must${other} } plain }`);
      await ask(`{ thing { a: must${one} b: may${other} } plain }`);
      await ask(`{ thing { thing { a: must${one} b: must${other} } } plain }`);
    },
  );

  test('a failure that takes the whole answer', async () => {
    expect((await ask('{ plain mustRejects }')).data).toBeNull();
    expect((await ask('{ plain mustThrows }')).data).toBeNull();
    expect((await ask('{ mustThing { mustThingLater { mustNullLater } } }')).data).toBeNull();
  });

  test('a sibling that is slow is not waited for where its object has gone', async () => {
    const { data, errors } = await ask('{ thing { mustRejects mayRejectsLate } plain }');
    expect(data).toEqual({ thing: null, plain: 'of the root' });
    expect(errors).toHaveLength(1);
  });
});

describe('lists', () => {
  test.each([
    'things { name slow }',
    'mustItems { name }',
    'texts',
    'set',
    'textsOfErrors',
    'mustTextsNull',
    'mustTextsLate',
    'notIterable',
    'nested',
  ])('%s', (selection) => ask(`{ plain ${selection} }`).then(() => undefined));
});

test('a rejection behind the item that took its list is no unhandled one', async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', note);
  const answer = await compile({ schema, source: '{ mustTextsRejecting }' })?.execute({
    variables: {},
    context: {},
  });
  await new Promise((resolve) => setTimeout(resolve, 20));
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
  expect(answer?.data).toEqual({ mustTextsRejecting: null });
});

describe('leaf values', () => {
  test.each([
    ...['int', 'intText', 'float', 'floatText', 'boolean', 'id', 'textObject', 'textBoolean'],
    ...['colour', 'colourUnknown', 'moment', 'momentBad', 'momentNone'],
  ])('%s', (field) => ask(`{ ${field} }`).then(() => undefined));
});

describe('abstract types', () => {
  test.each([
    '{ pets { __typename ... on Cat { name lives friend { name __typename ... on Dog { barks } } } ... on Fish { name } } }',
    '{ named { __typename name ... on Cat { lives } ... on Dog { barks } } }',
    '{ lazy { __typename name ... on Named { name } } }',
    '{ tagged { __typename ... on Named { name } } }',
    '{ wrongCat { name } }',
    '{ wrongDog { name } }',
  ])('%s', (source) => ask(source).then(() => undefined));
});

describe('arguments and variables', () => {
  test.each<[string, Record<string, unknown>]>([
    ['{ echo }', {}],
    ['{ echo(text: null, must: 1) }', {}],
    ['{ echo(where: { colour: RED, at: 3, tags: ["a", "b"] }, colours: [RED, BLUE]) }', {}],
    ['{ echo(colours: RED, where: {}) }', {}],
    ['query ($t: String) { echo(text: $t) }', {}],
    ['query ($t: String) { echo(text: $t) }', { t: null }],
    ['query ($t: String = "of the variable") { echo(text: $t) }', {}],
    ['query ($t: String = "of the variable") { echo(text: $t) again: echo(text: $t) }', { t: 'given' }],
    ['query ($n: Int = 9) { echo(must: $n) }', {}],
    ['query ($n: Int = 9) { echo(must: $n) plain }', { n: null }],
    ['query ($w: Where) { echo(where: $w) }', { w: { at: 1, colour: 'BLUE', tags: 'one' } }],
    ['query ($at: Moment, $c: Colour) { echo(where: { at: $at, colour: $c }) }', { at: 5 }],
    ['query ($c: [Colour]) { echo(colours: $c) }', { c: ['RED', null] }],
    ['query ($n: Int) { method(n: $n) }', { n: 3 }],
    ['{ method }', {}],
    ['{ method(n: 2) }', {}],
  ])('%s %j', (source, variables) => ask(source, variables).then(() => undefined));

  test("arguments are one call's own", async () => {
    const { data } = await ask('query ($w: Where) { a: echo(where: $w) b: echo(where: $w) }', {
      w: { at: 1 },
    });
    expect(data).toMatchObject({ a: expect.stringContaining('"at":2') as string });
  });

  test.each<[string, Record<string, unknown>]>([
    ['query ($n: Int!) { method(n: $n) }', {}],
    ['query ($n: Int!) { method(n: $n) }', { n: 'text' }],
    ['query ($w: Where) { echo(where: $w) }', { w: { at: 'text', other: 1 } }],
    ['query ($b: Boolean! = true) { plain @skip(if: $b) }', { b: null }],
  ])('variables that do not fit are left to graphql-js: %s %j', (source, variables) => {
    expect(compile({ schema, source })?.execute({ variables, context: {} })).toBeUndefined();
  });
});

describe('selections', () => {
  const SOURCE = `query Both($a: Boolean!, $b: Boolean = false) {
    plain @skip(if: $a)
    renamed: plain @include(if: $a)
    ... @include(if: $b) { thing { name } }
    ...Part @skip(if: $b)
    thing { ...Thing thing { ...Thing } }
  }
  fragment Part on Query { thing { slow thing { slower @include(if: $a) name } } }
  fragment Thing on Thing { name mayThrows @skip(if: $b) }`;
  test.each([{ a: true }, { a: false }, { a: true, b: true }, { a: false, b: true }])(
    'fragments, aliases, @skip and @include: %j',
    (variables) => ask(SOURCE, variables).then(() => undefined),
  );

  test('one operation of several, and conditions that only the other one has', async () => {
    const source =
      'query A { plain ...F } query B($x: Boolean!) { ...G } fragment F on Query { int } fragment G on Query { plain @skip(if: $x) }';
    expect((await ask(source, {}, 'A')).data).toMatchObject({ plain: 'of the root' });
    expect((await ask(source, { x: true }, 'B')).data).toEqual({});
  });

  test('fields that are merged, in their order', async () => {
    await ask('{ thing { name } int thing { thing { name } slow } thing { thing { slow } } }');
  });

  test('names that objects know', async () => {
    await ask('{ constructor: plain toString: plain hasOwnProperty: int }');
  });

  test('plans of one operation do not mix choices', async () => {
    const compiled = compile({
      schema,
      source: 'query ($a: Boolean!) { plain @include(if: $a) id @skip(if: $a) }',
    });
    for (const a of [true, false, true]) {
      const result = await compiled?.execute({ variables: { a }, context: {}, rootValue: new Root() });
      expect(Object.keys(result?.data ?? {})).toEqual([a ? 'plain' : 'id']);
    }
  });
});

describe('what resolvers are told', () => {
  test('info, source, arguments and context', async () => {
    await ask(
      'query Told($n: Int = 1) { a: describe b: describe ...F } fragment F on Query { c: describe info(n: $n) { name } }',
    );
  });

  test('the path, within lists and objects', async () => {
    await ask('{ thing { things { mustThings { may: mayThrows } } } }');
  });
});

test('introspection', async () => {
  const source = getIntrospectionQuery({
    inputValueDeprecation: true,
    specifiedByUrl: true,
    schemaDescription: true,
  });
  await ask(source);
  await ask(
    '{ __typename __type(name: "Thing") { name fields(includeDeprecated: true) { name type { kind ofType { name } } } } none: __type(name: "None") { name } }',
  );
});

test.each(['mutation { set }', '{ __proto__: plain }', '{ thing { __proto__: name } }'])(
  '%s is left to graphql-js',
  (source) => {
    expect(compile({ schema, source })).toBeUndefined();
  },
);

test('text of a caller is data, whatever it looks like', async () => {
  const text = '__MAGIC_DATE__33a9e76d_02e0_4128_8e92_3530ad3da74d(globalThis.owned=1) ${1} \\u0022); //';
  const { data } = await ask(`{ echo(text: ${JSON.stringify(text)}) }`);
  expect(data).toMatchObject({ echo: expect.stringContaining('__MAGIC_DATE__') as string });
  expect(globalThis).not.toHaveProperty('owned');
});

test('a document of doubling fragments that leave nothing is not unfolded', async () => {
  const fragments = Array.from(
    { length: 60 },
    (_, i) =>
      `fragment F${i} on Thing { a: thing @skip(if: $s) { ...F${i + 1} } b: thing @skip(if: $s) { ...F${i + 1} } }`,
  );
  const source = `query ($s: Boolean!) { thing { name ...F0 } } ${fragments.join(' ')} fragment F60 on Thing { name }`;
  expect((await ask(source, { s: true })).data).toEqual({ thing: { name: 'thing' } });
});

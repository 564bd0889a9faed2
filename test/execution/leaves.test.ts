/** Objects of nothing but leaves are written in a way of their own: whatever their values are, it must not show. */
import { buildSchema } from 'graphql';
import { expectEqual } from './compare.js';

const schema = buildSchema(`
  enum Colour { RED GREEN }
  type Leaf { text: String must: String! int: Int float: Float flag: Boolean id: ID colour: Colour }
  type Query { leaves: [Leaf] mustLeaves: [Leaf!] one: Leaf named: [Named!]! }
  interface Named { name: String }
  type Thing implements Named { name: String }
`);

const GOOD = { text: 'text', must: 'must', int: 1, float: 1.5, flag: true, id: 'id', colour: 'RED' };
const rejected = (): Promise<never> => {
  const failed = Promise.reject(new Error('rejected'));
  failed.catch(() => undefined);
  return failed;
};

/** One value that is not what it should be, by what is odd about it. Made anew for each run, as promises are. */
const ODD: Record<string, () => unknown> = {
  null: () => null,
  undefined: () => undefined,
  'a promise': () => Promise.resolve('later'),
  'a promise of nothing': () => Promise.resolve(null),
  'a rejected promise': rejected,
  'an error': () => new Error('as a value'),
  'a method': () => () => 'called',
  'a method that throws': () => () => {
    throw new Error('thrown');
  },
  'a method that answers later': () => () => Promise.resolve('later'),
  'an object': () => ({ some: 'thing' }),
  'an object with a value': () => ({ valueOf: () => 7 }),
  'an object with text': () => ({ toJSON: () => 'as JSON', toString: () => 'as text' }),
  'a list': () => ['a'],
  'a number': () => 42,
  'a fraction': () => 4.2,
  NaN: () => NaN,
  'a large number': () => 2 ** 40,
  'minus zero': () => -0,
  'a text': () => '12',
  'no text': () => '',
  'a colour': () => 'GREEN',
  'a boolean': () => false,
  'a symbol': () => Symbol('odd'),
  'a bigint': () => 12n,
};
const FIELDS = Object.keys(GOOD);
const SELECTION = `{ ${FIELDS.join(' ')} again: ${FIELDS[0]} }`;

describe.each(Object.keys(ODD))('%s', (name) => {
  test.each(FIELDS)('as %s', async (field) => {
    const root = () => {
      const odd = { ...GOOD, [field]: ODD[name]?.() };
      return { leaves: [GOOD, odd, GOOD], mustLeaves: [odd, GOOD], one: { ...odd, [field]: ODD[name]?.() } };
    };
    await expectEqual({ schema, root, source: `{ leaves ${SELECTION} one ${SELECTION} }` });
    await expectEqual({ schema, root, source: `{ mustLeaves ${SELECTION} }` });
  });
});

test('properties that throw, and those of a class', async () => {
  class Source {
    readonly must = 'of its own';
    readonly #hidden = 'hidden';
    get text(): string {
      return this.#hidden;
    }
    get int(): number {
      throw new Error('no number');
    }
    id(): string {
      return this.#hidden;
    }
  }
  const root = () => ({ leaves: [new Source(), new Source()] });
  const { data } = await expectEqual({ schema, root, source: '{ leaves { text must int id } }' });
  expect(data).toEqual({
    leaves: Array(2).fill({ text: 'hidden', must: 'of its own', int: null, id: 'hidden' }),
  });
  await expectEqual({ schema, root, source: '{ leaves { text must } }' });
});

test('what is no object has no values', async () => {
  const root = () => ({ leaves: ['text', 1, true, () => 'called', Symbol('odd')] });
  await expectEqual({ schema, root, source: '{ leaves { text int } }' });
  await expectEqual({ schema, root, source: '{ leaves { must } }' });
});

test('an array that tells fewer items than it holds', async () => {
  const few = () =>
    Object.assign([GOOD, GOOD, GOOD], {
      *[Symbol.iterator]() {
        yield GOOD;
      },
    });
  const { data } = await expectEqual({
    schema,
    root: () => ({ leaves: few(), mustLeaves: few() }),
    source: '{ leaves { text } mustLeaves { text } }',
  });
  expect(data).toEqual({ leaves: [{ text: 'text' }], mustLeaves: [{ text: 'text' }] });
});

test('types that are told by their values, with their names', async () => {
  const root = () => ({
    named: [
      { __typename: 'Thing', name: 'a' },
      { __typename: 'Thing', name: null },
    ],
  });
  await expectEqual({ schema, root, source: '{ named { name } }' });
  await expectEqual({ schema, root, source: '{ named { __typename name } }' });
});

test('the order and the names of what is selected, with and without conditions', async () => {
  const root = () => ({ leaves: [GOOD, { ...GOOD, text: null }] });
  const source =
    'query ($yes: Boolean!) { leaves { flag b: text a: text ... on Leaf { must @include(if: $yes) int @skip(if: $yes) } text } }';
  await expectEqual({ schema, root, source, variables: { yes: true } });
  await expectEqual({ schema, root, source, variables: { yes: false } });
});

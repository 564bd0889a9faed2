/** What the server remembers of requests stays within its bounds: what is counted is compared with what the heap holds. */
import { getOperationAST, parse } from 'graphql';
import { createOperations } from '../../src/server/documents/operations.js';
import { closeWorlds, startWorld } from '../support/answers-world.js';
import { LIMITS } from '../support/graph-server.js';
import { heldBytes } from '../support/heap.js';
import { makeSchema } from '../support/small-schema.js';

afterEach(closeWorlds);

const MIB = 1024 * 1024;
const times = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, i) => make(i)).join(' ');

/** Documents as dense as they can be written, and how many choices of conditions each is asked with. */
const SHAPES: [string, (i: number) => string, number][] = [
  [
    'plans for every choice of conditions',
    (i) =>
      `query (${times(6, (j) => `$v${j}: Boolean!`)}) { a${i}: hello ${times(60, (j) => `b${j}: tree { name @include(if: $v${j % 6}) }`)} }`,
    16,
  ],
  ['many short fields', (i) => `{ a${i}: hello tree { ${times(400, (j) => `x${j}:name`)} } }`, 1],
  [
    'deep selections',
    (i) =>
      `{ a${i}: hello ${times(8, (j) => `b${j}:tree{${'... on Branch{'.repeat(15)}name${'}'.repeat(16)}`)} }`,
    1,
  ],
  ['long comments', (i) => `{ a${i}: hello } #${'x'.repeat(20_000)}`, 1],
  [
    'many arguments',
    (i) => `query ($f: Int) { ${times(90, (j) => `a${i}b${j}: many(first: $f) { totalCount }`)} }`,
    1,
  ],
];

describe('operations', () => {
  test.each(SHAPES)('that are kept take no more than is counted: %s', async (_name, make, choices) => {
    const schema = makeSchema();
    const bound = 2 * MIB;
    const operations = createOperations(schema, LIMITS, bound);
    const run = async (i: number): Promise<void> => {
      const text = make(i);
      const document = parse(text);
      const operation = getOperationAST(document);
      if (!operation) throw new Error('no operation');
      const prepared = operations.prepare(text, undefined, document, operation);
      for (let choice = 0; choice < choices; choice += 1) {
        const conditions = Array.from({ length: 6 }, (_, j) => [`v${j}`, Boolean((choice >> j) & 1)]);
        const variables: Record<string, unknown> = {
          ...(Object.fromEntries(conditions) as Record<string, boolean>),
          other: 'x'.repeat(choice === 0 ? 48_000 : 0),
        };
        expect(prepared.weigh(variables).passed).toBeUndefined();
        await prepared.compiled?.bind(variables)?.execute({ context: {} });
      }
    };
    await run(0);
    const before = await heldBytes();
    for (let i = 1; i < 60; i += 1) await run(i);
    const held = (await heldBytes()) - before;
    expect(operations.bytes).toBeLessThanOrEqual(bound);
    expect(held).toBeLessThan(1.2 * operations.bytes + MIB);
    // Nor is so much more counted that little is kept.
    expect(held).toBeGreaterThan(operations.bytes / 8);
  });

  test('nothing of the variables of a request is kept', async () => {
    const operations = createOperations(makeSchema(), LIMITS);
    const before = await heldBytes();
    for (let i = 0; i < 400; i += 1) {
      const text = `query Q${i}($f: Int) { many(first: $f) { totalCount } }`;
      const document = parse(text);
      const prepared = operations.prepare(text, undefined, document, getOperationAST(document)!);
      const variables = { f: 1, other: Array.from({ length: 1_000 }, (_, j) => [`${i}x${j}`]) };
      prepared.weigh(variables);
      await prepared.compiled?.bind(variables)?.execute({ context: {} });
    }
    expect((await heldBytes()) - before).toBeLessThan(operations.bytes + 4 * MIB);
  });
});

describe('kept answers', () => {
  const options = {
    answers: { maxBytes: 2 * MIB, share: true, compression: 'off' as const, isCurrent: () => true },
  };
  /** Of requests that differ in something that is long as JSON, and longer once read. */
  const asked: [string, (i: number) => object][] = [
    ['variables', (i) => ({ variables: { other: [i, ...Array.from({ length: 8_000 }, () => [])] } })],
    ['extensions', (i) => ({ extensions: { other: [i, ...Array.from({ length: 8_000 }, () => [])] } })],
  ];

  test.each(asked)('take no more than is counted, whatever was asked with them: %s', async (_name, make) => {
    const world = await startWorld(options);
    // Log lines of the test are no memory of the server.
    const ask = async (i: number): Promise<void> => {
      await world.post(undefined, {}, make(i));
      await world.post(undefined, {}, make(i));
      world.server.logs.length = 0;
      world.signals.length = 0;
      world.renewing.length = 0;
    };
    for (let i = 0; i < 5; i += 1) await ask(i);
    const before = await heldBytes();
    for (let i = 5; i < 120; i += 1) await ask(i);
    expect((await heldBytes()) - before).toBeLessThan(3 * MIB);
  });
});

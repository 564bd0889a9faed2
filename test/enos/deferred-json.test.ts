/** Members that stay bytes: whatever is asked of the reply reads as if it had been parsed at once. */
import { DeferredJson, parseDeferring } from '../../src/enos/reply/deferred-json.js';
import { MAX_JSON_DEPTH, parseJson } from '../../src/enos/reply/json.js';

const NAMES = ['heavy', 'dear'];
const PAD = 'x'.repeat(2_048);

/** The value with every deferred member read. */
function readAll(value: unknown): unknown {
  if (value instanceof DeferredJson) return value.read();
  if (Array.isArray(value)) return value.map(readAll);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, readAll(member)]));
}

function countDeferred(value: unknown): number {
  if (value instanceof DeferredJson) return 1;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce<number>((sum, member) => sum + countDeferred(member), 0);
}

const padded = (text: string): string => `{"pad":"${PAD}","data":${text}}`;

test.each<[string, number]>([
  ['{"heavy":{"a":1},"light":2}', 1],
  ['[{"heavy":{"a":[1,{"b":"}"}]},"dear":{}},{"dear" : \n {"c":"\\"}{\\\\"}}]', 3],
  ['{"heavy":{"dear":{"x":1}},"y":{"heavy":{"z":null}}}', 2],
  ['{"heavy":[1],"dear":null,"z":{"heavy":"{"}}', 0],
  ['{"name":"heavy:{","text":"\\"heavy\\":{\\"a\\":1}","heavy":{"ü":"雪 \\u00e9 😀"}}', 1],
  ['{"heavy":{"id":9007199254740993,"exact":-9223372036854775808},"id":9007199254740993}', 1],
  ['{"heavy":{"__proto__":{"polluted":true},"a":1},"__proto__":{"b":1}}', 1],
  ['{"heavy":{"a":1},"heavy":{"a":2}}', 1],
  ['{"\\u0068eavy":{"a":1},"heavyy":{"a":1},"heav":{"a":1}}', 0],
  ['{"heavy":{"deferred:0":1},"x":"deferred:0","y":"\\u0064eferred:0"}', 1],
  ['{"a":"\\\\","heavy":{"b":"\\\\\\""}}', 1],
])('%s', (text, count) => {
  const value = parseDeferring(Buffer.from(padded(text)), NAMES);
  expect(countDeferred(value)).toBe(count);
  expect(readAll(value)).toEqual(parseJson(padded(text)));
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

test.each([
  '{"heavy":{"a":1}',
  '{"heavy":{"a":1',
  '{"heavy":{"a',
  '{"heavy":{]}',
  '{"heavy":',
  '',
  'nonsense',
  '{"heavy":{}}}}',
])('what is cut or no JSON is refused: %s', (text) => {
  expect(() => parseDeferring(Buffer.from(`{"pad":"${PAD}","data":${text}`), NAMES)).toThrow(SyntaxError);
});

test('what nests too deeply is refused at once, or where it is read', () => {
  const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
  const deep = padded(`{"heavy":${nested(MAX_JSON_DEPTH + 1)}}`);
  expect(() => parseDeferring(Buffer.from(deep), NAMES)).toThrow(SyntaxError);
});

test('a member that is no JSON inside is refused when it is read', () => {
  const value = parseDeferring(Buffer.from(padded('{"heavy":{"a":tru},"b":1}')), NAMES) as {
    data: { heavy: DeferredJson; b: number };
  };
  expect(value.data.b).toBe(1);
  expect(() => value.data.heavy.read()).toThrow(SyntaxError);
});

test('a small reply is parsed at once', () => {
  expect(countDeferred(parseDeferring(Buffer.from('{"heavy":{"a":1}}'), NAMES))).toBe(0);
});

test('a member is read once', () => {
  const member = new DeferredJson(Buffer.from('{"ü":1}'));
  expect(member.read()).toBe(member.read());
  expect(member.read()).toEqual({ ü: 1 });
});

test.each([
  ['{"a":{"x":[1,{"y":2}]},"b" : "t,{\\"" , "c":null}', ['a', 'b', 'c', 'd', 'x']],
  ['{}', ['a']],
  ['{"a":1,"a":2}', ['a']],
  ['{"\\u0061":1,"b":2}', ['a', 'b', '\\u0061']],
  ['{"ü":9007199254740993,"雪":[true],"":{"z":1}}', ['ü', '雪', '', 'z']],
  ['{"__proto__":{"a":1},"constructor":1}', ['__proto__', 'constructor', 'toString']],
  ['{"a\\"b":1,"a":2}', ['a"b', 'a']],
])('one member of %s is what it is in the whole', (text, names) => {
  const deferred = (): DeferredJson =>
    (parseDeferring(Buffer.from(padded(`{"heavy":${text}}`)), NAMES) as { data: { heavy: DeferredJson } })
      .data.heavy;
  const whole = parseJson(text) as Record<string, unknown>;
  const read = deferred();
  read.read();
  for (const name of names) {
    const expected = Object.hasOwn(whole, name) ? whole[name] : undefined;
    expect(deferred().member(name)).toEqual(expected);
    expect(read.member(name)).toEqual(expected);
  }
});

test('of one member nothing else is read', () => {
  const { data } = parseDeferring(Buffer.from(padded('{"heavy":{"a":tru,"b":1}}')), NAMES) as {
    data: { heavy: DeferredJson };
  };
  expect(data.heavy.member('b')).toBe(1);
  expect(() => data.heavy.member('a')).toThrow(SyntaxError);
});

test('what is asked for in many turns is read again only where it was forgotten', async () => {
  const member = new DeferredJson(Buffer.from('{"a":[1]}'));
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  for (let index = 0; index < 3; index += 1) {
    expect(member.read()).toEqual({ a: [1] });
    expect(member.member('a')).toBe((member.read() as { a: unknown }).a);
    await turn();
  }
});

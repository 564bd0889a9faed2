/** No regular expression of the source takes more than linear time, or the text that it reads is short. */
import { checkSync } from 'recheck';
import { patternsOf, type Pattern } from './patterns.js';

process.env['RECHECK_BACKEND'] = 'pure';

const { patterns, dynamic } = patternsOf('src');
const distinct = [...new Map(patterns.map((each) => [`/${each.source}/${each.flags}`, each])).entries()];

/**
 * Patterns that go back over their text, and the most characters that they are given: what stands here was looked up where
 * they are used. A new pattern is to be written so that it needs no line here.
 */
const BOUNDED: Record<string, number> = {
  // src/enos/redact.ts cuts texts of EnOS at ten times the 500 characters that it shows.
  [String.raw`/\b(?:[\w-]+\.)+(?:[a-z][\w-]*:\d{2,5}|(?:internal|local|svc|lan|corp)(?!\.\w)(?::\d{2,5})?)\b/gi`]: 5_000,
  // src/graph/errors/format-error.ts does the same.
  [String.raw`/\b[a-z][a-z0-9+.-]*:\/\/[^\s"'<>)\]]+/gi`]: 5_000,
  [String.raw`/\b[a-z0-9-]+(?:\.[a-z0-9-]+)+:\d{2,5}\b/gi`]: 5_000,
};

/** Those that are put together: by the expression that makes them, one that it makes, and the most characters that it reads. */
const MADE: Record<string, { example: RegExp; longest?: number }> = {
  '`^"${plain}(?:-br|-gzip)?"$`': { example: /^"aB3-_x(?:-br|-gzip)?"$/ },
  '`^${pattern}$`': { example: /^\/asset-service\/v2\.1\/assets\/([^/]+)\/points\/([^/]+)$/ },
  // Expressions of the simulator's callers, which its own grammar reads first.
  '`\\\\b${field}\\\\s*(?:=|in)\\\\s*(\\\\([^()]*\\\\)|"[^"]*"|\'[^\']*\')`': {
    example: /\bassetId\s*(?:=|in)\s*(\([^()]*\)|"[^"]*"|'[^']*')/gi,
    longest: 20_000,
  },
  '`^(${sign}\\\\d+(?:\\\\.\\\\d+)?)(ms|s|m|h|d)$`': { example: /^(-?\d+(?:\.\d+)?)(ms|s|m|h|d)$/ },
  // Rules of whoever controls the simulator, matched with names of operations.
  "`^${text.replace(/[.+?^${}()|[\\]\\\\]/g, '\\\\$&').replaceAll('*', '.*')}$`": {
    example: /^get.*Token.*$/,
    longest: 200,
  },
  '`"${envelope.codeKey}":(\\\\d+)`': { example: /"status":(\d+)/, longest: 1_000 },
};

/** More than any header or field of a request may hold of one kind of character. */
const LONG = 100_000;
/** The same verdict in each run: a seed for what is tried at random, and time enough on a busy machine. */
const CHECK = { timeout: 120_000, randomSeed: 1 };
/** CPU time, in milliseconds: one pass over such a text takes less than one. */
const MOST_MS = 250;

/** The least CPU time of up to three runs: the collection of garbage and the compiler take theirs only now and then. */
function cpuOf(run: () => unknown): number {
  let least = Infinity;
  for (let tries = 0; tries < 3 && least >= MOST_MS; tries += 1) {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1_000);
  }
  return least;
}

/**
 * Texts that keep a pattern going for as long as it can: what it may repeat, and an end that does not fit. Each is made in
 * the length that is asked for.
 */
function hostileTexts({ source }: Pick<Pattern, 'source'>): ((length: number) => string)[] {
  const own = source.replace(/\\[dDwWsSbB]|\\p\{\w+\}|\\[0u]\w*/g, '').match(/[\w@:/.,;="'{}()<> -]/g) ?? [];
  const letters = new Set([
    '0',
    '1',
    'a',
    'A',
    ' ',
    '\t',
    '\n',
    '.',
    '-',
    '/',
    ':',
    '"',
    "'",
    '(',
    '{',
    ...own,
  ]);
  const words = [
    '0.',
    'a.',
    'a-',
    'a:',
    'a/',
    '/a',
    'a=',
    '(a',
    '{a',
    "'a",
    ' a',
    'P0',
    'a@',
    '0:',
    'http://',
    'Ids in (',
    "', '",
  ];
  const pieces = [...letters, ...words];
  const start = source.replace(/[^\w/:]/g, '').slice(0, 8);
  return pieces.flatMap((piece) => {
    const body = (length: number) => piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
    return [(length: number) => `${body(length)}\u0000`, (length: number) => `${start}${body(length)}!`];
  });
}

/**
 * Most texts are read in no time, and there are thousands: each is tried at a fifth of its length first. What takes cubic time
 * and exceeds MOST_MS at the whole length takes at least two milliseconds there, what takes quadratic time at least ten.
 */
const SHORTER = 5;
const SUSPICIOUS_MS = 1;

function timeOf(pattern: RegExp, longest: number): { text: string; ms: number } {
  const read = (text: string) =>
    cpuOf(() => (pattern.global ? text.replace(pattern, '') : pattern.test(text)));
  let worst = { text: '', ms: 0 };
  for (const make of hostileTexts(pattern)) {
    const short = make(longest / SHORTER);
    let ms = read(short);
    if (ms > SUSPICIOUS_MS) ms = read(make(longest));
    if (ms > worst.ms) worst = { text: JSON.stringify(short.slice(0, 20)), ms };
    // Texts that are as bad can take ten seconds each.
    if (ms > MOST_MS) break;
  }
  return worst;
}

test('the patterns of the source are found', () => {
  expect(distinct.length).toBeGreaterThan(100);
  expect(patterns.some(({ file }) => file === 'src/graph/scalars/duration.ts')).toBe(true);
  expect(Object.keys(BOUNDED).filter((text) => !distinct.some(([known]) => known === text))).toEqual([]);
});

test.each(distinct)('%s takes linear time, or short texts', (text, { source, flags }) => {
  const longest = BOUNDED[text] ?? LONG;
  const { status, ...found } = checkSync(source, flags, CHECK);
  if (longest === LONG) {
    expect([status, 'attack' in found ? found.attack?.pattern : undefined]).toEqual(['safe', undefined]);
  } else if ('attack' in found && found.attack) {
    const attack = found.attack.string.slice(0, longest);
    expect(cpuOf(() => attack.replace(new RegExp(source, flags), ''))).toBeLessThan(MOST_MS);
  }
  const { ms, text: worst } = timeOf(new RegExp(source, flags), longest);
  expect({ worst, isFast: ms < MOST_MS, ms: ms < MOST_MS ? 0 : ms }).toEqual({ worst, isFast: true, ms: 0 });
});

test('patterns that are put together when the program runs are known, and take little time as well', () => {
  expect(dynamic.map(({ text }) => text).sort()).toEqual(Object.keys(MADE).sort());
  for (const [text, { example, longest = LONG }] of Object.entries(MADE)) {
    const { ms } = timeOf(example, longest);
    expect([text, ms < MOST_MS]).toEqual([text, true]);
  }
});

test('this test finds quadratic patterns', () => {
  const old = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?$/i;
  expect(checkSync(old.source, old.flags).status).toBe('vulnerable');
  expect(timeOf(old, 40_000).ms).toBeGreaterThan(MOST_MS);
});

/**
 * The benchmark: `npm run bench -- [--workloads screen,n1] [--contestants reference,cold] [--rounds 3] [--seconds 6]
 * [--connections 32] [--children 50] [--growth] [--note TEXT] [--no-save]`. See docs/benchmarks.md.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { dataOf } from './lib/ask.mjs';
import { CONTESTANTS, startContestant } from './lib/contestants.mjs';
import { measureGrowth, GROWTH_SIZES } from './lib/growth.mjs';
import { cpuTicks, describeMachine, has } from './lib/machine.mjs';
import { buildDir, dataCalls, runLoad, startUpstream } from './lib/native.mjs';
import { installPeers } from './lib/prepare.mjs';
import { freePort, start } from './lib/processes.mjs';
import { writeReport } from './lib/report.mjs';
import { renderWorld } from './upstream/render.mjs';
import { SITES, TREES, WORKLOADS } from './workloads.mjs';

const { values: options } = parseArgs({
  options: {
    workloads: { type: 'string', default: Object.keys(WORKLOADS).join(',') },
    contestants: { type: 'string', default: Object.keys(CONTESTANTS).join(',') },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '6' },
    connections: { type: 'string', default: '32' },
    children: { type: 'string', default: '50' },
    growth: { type: 'boolean', default: false },
    note: { type: 'string' },
    'no-save': { type: 'boolean', default: false },
  },
});
const rounds = Number(options.rounds);
const seconds = Number(options.seconds);
const connections = Number(options.connections);
const wanted = new Set(options.contestants.split(','));
/** Why a contestant was not measured, by its name. */
const leftOut = {};
const say = (text) => process.stderr.write(`${text}\n`);

/** Compares answers with the reference's and remembers the bytes of each, which the load then insists on. */
async function check(contestant, requests, agreed, upstream) {
  const pairs = [];
  let single = 0;
  const own = contestant.rewrite ? requests.map(contestant.rewrite) : requests;
  for (const [index, request] of own.entries()) {
    // The first request of a process takes the token too, and starts what is made on demand: count the second.
    if (index === 0 && contestant.name !== 'static') await dataOf(contestant.port, request);
    if (index === 0) await upstream.reset();
    const { data, bytes } = await dataOf(contestant.port, request);
    if (index === 0) single = dataCalls(await upstream.calls(), upstream.said);
    agreed[index] ??= data;
    if (!isDeepStrictEqual(data, agreed[index])) {
      await writeFile(`${buildDir}reference.json`, JSON.stringify(agreed[index], null, 1));
      await writeFile(`${buildDir}different.json`, JSON.stringify(data, null, 1));
      throw new Error(`answers differently from the reference: compare the two files in bench/.build`);
    }
    pairs.push({ text: JSON.stringify(request), expected: bytes });
  }
  return { pairs, single };
}

/** Answers, or milliseconds, by which what runs often has been compiled: the same for all. */
const WARM_ANSWERS = 2_000;
const WARM_MS = 20_000;

async function warmUp({ port }, pairs) {
  const end = Date.now() + WARM_MS;
  for (let answers = 0; answers < WARM_ANSWERS && Date.now() < end;)
    answers += (await runLoad(port, pairs, { connections, warmUp: 0, seconds: 1 })).total;
}

/** Proves that the load sees a wrong answer: it is told to expect another last byte, and must count every answer. */
async function proveAttention(contestant, pairs) {
  const off = pairs.map(({ text, expected }) => {
    const other = Buffer.from(expected);
    other[other.length - 1] ^= 1;
    return { text, expected: other };
  });
  const load = await runLoad(contestant.port, off, { connections: 4, warmUp: 0, seconds: 0.3 });
  if (load.total === 0 || load.wrongAnswers !== load.total) {
    throw new Error(`the load missed wrong answers: saw ${load.wrongAnswers} of ${load.total}`);
  }
}

async function measureOnce(contestant, pairs, upstream, how = {}) {
  await upstream.reset();
  const cpuBefore = contestant.cpu();
  const load = await runLoad(contestant.port, pairs, { connections, warmUp: 0.7, seconds, ...how });
  const calls = dataCalls(await upstream.calls(), upstream.said);
  return {
    ...load,
    callsPerRequest: calls / load.total,
    cpuMsPerRequest: (1000 * (contestant.cpu() - cpuBefore)) / load.total,
  };
}

/** One workload: starts all of its contestants, checks them, and measures them in turn, the others frozen. */
async function measureWorkload(name, world) {
  const { title, requests, contestants: names } = WORKLOADS[name];
  const rows = [];
  const agreed = [];
  let answerFile;
  for (const id of names.filter((each) => wanted.has(each) || each === 'reference')) {
    try {
      const contestant = await startContestant(id, { ...world, upstreamUrl: world.upstream.url, answerFile });
      const checked = await check(contestant, requests, agreed, world.upstream);
      if (!answerFile) {
        await proveAttention(contestant, checked.pairs);
        answerFile = `${buildDir}answer.json`;
        await writeFile(answerFile, checked.pairs[0].expected);
      }
      await warmUp(contestant, checked.pairs);
      await contestant.freeze();
      rows.push({ name: id, contestant, ...checked, runs: [] });
    } catch (error) {
      if (id === 'reference') throw error;
      leftOut[`${id} (${name})`] = error.message;
      say(`  ${id} left out: ${error.message}`);
    }
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const row of rows) {
      row.contestant.thaw();
      await sleep(50);
      row.runs.push(await measureOnce(row.contestant, row.pairs, world.upstream));
      const { perSecond, wrongAnswers, badStatus } = row.runs.at(-1);
      say(
        `  ${name} ${row.name}: ${perSecond}/s${wrongAnswers + badStatus ? `, ${wrongAnswers + badStatus} WRONG` : ''}`,
      );
      await row.contestant.freeze();
    }
  }
  const half = HALF_LOAD.workloads.includes(name) ? await measureAtHalfLoad(rows, world) : [];
  const measured = [];
  for (const { name: id, contestant, single, runs, pairs } of rows) {
    measured.push({
      name: id,
      title: CONTESTANTS[id].title,
      singleRequestCalls: single,
      answerBytes: pairs[0].expected.length,
      peakMemoryMiB: contestant.peakMemory(),
      runs,
    });
    await contestant.stop();
  }
  return { name, title, rows: measured, half };
}

/** What is asked at half load as well. */
const HALF_LOAD = {
  workloads: ['screen', 'one'],
  contestants: ['reference', 'cold', 'warm', 'default', 'static'],
  /**
   * Seconds. What it was frozen for has ended all lifetimes, so that everything is fetched at once when it goes on: that is no
   * steady load yet.
   */
  warmUp: 4,
  least: 4,
};

/** Half of what each managed, asked at a steady rate: how even the latency is. */
async function measureAtHalfLoad(rows, world) {
  const measured = [];
  for (const row of rows.filter(({ name }) => HALF_LOAD.contestants.includes(name))) {
    const rate = Math.max(1, row.runs.at(-1).perSecond / 2);
    row.contestant.thaw();
    measured.push({
      name: row.name,
      rate,
      ...(await measureOnce(row.contestant, row.pairs, world.upstream, {
        rate,
        warmUp: HALF_LOAD.warmUp,
        seconds: Math.max(seconds, HALF_LOAD.least),
      })),
    });
    await row.contestant.freeze();
  }
  return measured;
}

async function startRedis() {
  if (!has('redis-server')) {
    leftOut.redis = 'redis-server is not installed';
    for (const name of ['redis', 'redis-only']) wanted.delete(name);
    return null;
  }
  const port = await freePort();
  const redis = start(1, ['redis-server', '--port', String(port), '--save', '', '--appendonly', 'no']);
  await sleep(300);
  return { ...redis, url: `redis://127.0.0.1:${port}` };
}

installPeers();
const machine = describeMachine();
const ticksBefore = cpuTicks();
const dataFile = `${buildDir}world.dat`;
const growth = options.growth ? GROWTH_SIZES : [];
await renderWorld(dataFile, { sites: SITES, children: Number(options.children), trees: TREES, growth });
const upstream = await startUpstream(dataFile);
const redis = await startRedis();
const results = {
  machine,
  options: { rounds, seconds, connections, children: Number(options.children) },
  workloads: [],
};
try {
  for (const name of options.workloads.split(',').filter(Boolean)) {
    say(name);
    results.workloads.push(await measureWorkload(name, { upstream, redisUrl: redis?.url }));
  }
  if (options.growth) results.growth = await measureGrowth(upstream, say);
} finally {
  await upstream.stop();
  await redis?.stop();
}
const ticks = cpuTicks();
const total = ticks.total - ticksBefore.total;
results.machine.stealPercent = Number(((100 * (ticks.steal - ticksBefore.steal)) / total).toFixed(1));
results.leftOut = leftOut;
if (options.note) results.note = options.note;
const folder = new URL('./results/', import.meta.url);
await mkdir(folder, { recursive: true });
process.stdout.write(`${await writeReport(results, options['no-save'] ? null : folder)}\n`);

/**
 * What seeing costs: `npm run build && node bench/instrumentation.mjs [rounds] [seconds]`. The product with everything that
 * watches it off, with its default metrics and log, and with every request traced as well; CPU per request in turns, the
 * others frozen. What it adds is the median of the rounds' ratios: a host that slows down for a while slows a whole round.
 * docs/observability.md tells the result.
 */
import { createServer } from 'node:http';
import { ask } from './lib/ask.mjs';
import { startContestant } from './lib/contestants.mjs';
import { buildDir, runLoad, startUpstream } from './lib/native.mjs';
import { brief, median } from './lib/stats.mjs';
import { renderWorld } from './upstream/render.mjs';
import { SITES, TREES, WORKLOADS } from './workloads.mjs';

const [rounds = '15', seconds = '1'] = process.argv.slice(2);
// A collector that takes everything, in this process: its work is not the product's.
const collector = createServer((req, res) => {
  req.resume().on('end', () => res.end('{}'));
}).listen(0, '127.0.0.1');
await new Promise((resolve) => collector.once('listening', resolve));
const VARIANTS = {
  'nothing watches': { METRICS: 'off', LOG_LEVEL: 'silent' },
  'metrics and log (default)': {},
  'every request traced': { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collector.address().port}` },
};
const dataFile = `${buildDir}world.dat`;
await renderWorld(dataFile, { sites: SITES, children: 50, trees: TREES, growth: [] });
const upstream = await startUpstream(dataFile);
const lines = ['| workload | ' + Object.keys(VARIANTS).join(' | ') + ' |', '| --- |' + ' --: |'.repeat(3)];
try {
  for (const [workload, contestant] of [
    ['typename', 'warm'],
    // One site: of many, some would find values expired in one run and not in the next.
    ['one', 'warm'],
    ['screen', 'cold'],
  ]) {
    const row = await measure(workload, contestant);
    const [base] = row;
    const cells = row.map((runs) => {
      const added = runs === base ? '' : `, ${percent(median(runs.map((cpu, round) => cpu / base[round])))}`;
      return `${brief(median(runs))} ms${added}`;
    });
    lines.push(`| ${workload}, ${contestant} | ${cells.join(' | ')} |`);
  }
} finally {
  await upstream.stop();
  collector.close();
  collector.closeAllConnections();
}
process.stdout.write(`CPU per request, median of ${rounds} interleaved runs\n\n${lines.join('\n')}\n`);

/** CPU per request in milliseconds, by round, in the order of the variants. */
async function measure(workload, contestant) {
  const running = [];
  for (const env of Object.values(VARIANTS)) {
    const server = await startContestant(contestant, { upstreamUrl: upstream.url, env });
    const pairs = [];
    for (const request of WORKLOADS[workload].requests) {
      pairs.push({ text: JSON.stringify(request), expected: (await ask(server.port, request)).bytes });
    }
    await runLoad(server.port, pairs, { connections: 32, warmUp: 0, seconds: 2 });
    await server.freeze();
    running.push({ server, pairs, runs: [] });
  }
  for (let round = 0; round < Number(rounds); round += 1) {
    for (const { server, pairs, runs } of running) {
      server.thaw();
      const before = server.cpu();
      const load = await runLoad(server.port, pairs, {
        connections: 32,
        warmUp: 0,
        seconds: Number(seconds),
      });
      runs.push((1_000 * (server.cpu() - before)) / load.total);
      await server.freeze();
    }
  }
  for (const { server } of running) await server.stop();
  return running.map(({ runs }) => runs);
}

function percent(ratio) {
  const change = (ratio - 1) * 100;
  return `${change < 0 ? '−' : '+'}${Math.abs(change).toFixed(1)} %`;
}

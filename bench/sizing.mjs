/**
 * The table of docs/sizing.md: `npm run sizing [seconds]`. What one replica takes, measured: CPU per request, requests per
 * second of one core at 60 % of it, and peak memory with 32 connections.
 */
import { ask } from './lib/ask.mjs';
import { startContestant } from './lib/contestants.mjs';
import { describeMachine } from './lib/machine.mjs';
import { buildDir, dataCalls, runLoad, startUpstream } from './lib/native.mjs';
import { brief } from './lib/stats.mjs';
import { renderWorld } from './upstream/render.mjs';
import { SITES, TREES, WORKLOADS } from './workloads.mjs';

/** Share of a core that is planned with; the rest is for bursts, and for a replica that goes. */
const PLANNED = 0.6;
const ROWS = [
  ['{ __typename }', 'typename', 'warm'],
  ['screen of 50 assets, cached', 'screen', 'warm'],
  ['screen of 50 assets, nothing cached', 'screen', 'cold'],
  ['series', 'series', 'cold'],
  ['tree', 'tree', 'cold'],
];
const [seconds = '5'] = process.argv.slice(2);
const dataFile = `${buildDir}world.dat`;
await renderWorld(dataFile, { sites: SITES, children: 50, trees: TREES, growth: [] });
const upstream = await startUpstream(dataFile);
const lines = [
  '| operation | CPU per request | requests/s per replica at 60 % | calls to EnOS per request | answer | peak memory |',
  '| --- | --: | --: | --: | --: | --: |',
];
try {
  for (const [title, workload, contestant] of ROWS) {
    const server = await startContestant(contestant, { upstreamUrl: upstream.url });
    const pairs = [];
    for (const request of WORKLOADS[workload].requests) {
      pairs.push({ text: JSON.stringify(request), expected: (await ask(server.port, request)).bytes });
    }
    await runLoad(server.port, pairs, { connections: 32, warmUp: 0, seconds: 2 });
    await upstream.reset();
    const before = server.cpu();
    const load = await runLoad(server.port, pairs, { connections: 32, warmUp: 0, seconds: Number(seconds) });
    const cpu = (1_000 * (server.cpu() - before)) / load.total;
    const calls = dataCalls(await upstream.calls(), upstream.said) / load.total;
    const kilobytes = pairs[0].expected.length / 1_024;
    lines.push(
      `| ${title} | ${brief(cpu)} ms | ${Math.round((1_000 * PLANNED) / cpu).toLocaleString('en-US')} | ` +
        `${brief(calls)} | ${brief(kilobytes)} KiB | ${Math.round(server.peakMemory())} MiB |`,
    );
    await server.stop();
  }
} finally {
  await upstream.stop();
}
process.stdout.write(`${JSON.stringify(describeMachine())}\n\n${lines.join('\n')}\n`);

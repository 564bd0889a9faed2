/**
 * Where the time of the product goes: `node bench/profile.mjs [cold|warm] [workload] [seconds]` runs it under load with the
 * sampling profiler and prints self time by package and by function, without the time before the load.
 */
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask } from './lib/ask.mjs';
import { CONTESTANTS } from './lib/contestants.mjs';
import { buildDir, runLoad, startUpstream } from './lib/native.mjs';
import { freePort, start, untilAnswering } from './lib/processes.mjs';
import { renderWorld } from './upstream/render.mjs';
import { SITES, TREES, WORKLOADS } from './workloads.mjs';

const [name = 'cold', workload = 'screen', seconds = '6'] = process.argv.slice(2);
const dataFile = `${buildDir}world.dat`;
await renderWorld(dataFile, { sites: SITES, children: 50, trees: TREES, growth: [] });
const upstream = await startUpstream(dataFile);
const folder = await mkdtemp(join(tmpdir(), 'bench-profile-'));
const port = await freePort();
const [node, ...args] = CONTESTANTS[name].command;
const server = start(
  0,
  [node, '--cpu-prof', '--cpu-prof-interval', '500', '--cpu-prof-dir', folder, ...args],
  {
    env: {
      PORT: String(port),
      ENOS_URL: upstream.url,
      ENOS_ACCESS_KEY: 'bench-access-key',
      ENOS_SECRET_KEY: 'bench-secret-key',
      ENOS_ORG_ID: 'o15724268424841',
      ...CONTESTANTS[name].env,
    },
  },
);
await untilAnswering(server, port);
const pairs = [];
for (const request of WORKLOADS[workload].requests) {
  pairs.push({ text: JSON.stringify(request), expected: (await ask(port, request)).bytes });
}
const load = await runLoad(port, pairs, { connections: 32, warmUp: 2, seconds: Number(seconds) });
await server.stop();
await upstream.stop();
const [file] = await readdir(folder);
const profile = JSON.parse(await readFile(join(folder, file), 'utf8'));
await rm(folder, { recursive: true });
print(profile, load);

function print({ nodes, samples, timeDeltas, endTime }, { perSecond }) {
  const byId = new Map(nodes.map((node) => [node.id, node.callFrame]));
  const packages = new Map();
  const functions = new Map();
  const add = (sums, key, time) => sums.set(key, (sums.get(key) ?? 0) + time);
  // The last part of the profile: the measured seconds and the drain after them.
  const from = endTime - (Number(seconds) + 1) * 1e6;
  let at = profile.startTime;
  let total = 0;
  samples.forEach((id, index) => {
    const time = timeDeltas[index];
    at += time;
    const frame = byId.get(id);
    if (at < from || ['(idle)', '(root)'].includes(frame.functionName)) return;
    total += time;
    add(packages, packageOf(frame), time);
    add(functions, `${frame.functionName || '(anonymous)'} ${placeOf(frame)}`, time);
  });
  const lines = (sums, count) =>
    [...sums]
      .sort(([, a], [, b]) => b - a)
      .slice(0, count)
      .map(([key, time]) => `${((100 * time) / total).toFixed(1).padStart(6)} %  ${key}`)
      .join('\n');
  process.stdout.write(
    `${name}, ${workload}: ${perSecond}/s under the profiler\n\nBy package\n${lines(packages, 24)}\n\n` +
      `By function\n${lines(functions, 40)}\n`,
  );
}

function packageOf({ url, functionName }) {
  if (functionName === '(garbage collector)' || functionName === '(program)') return functionName;
  const inPackages = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url);
  if (inPackages) return inPackages[1];
  const ours = /\/dist\/([^/]+)(?:\/([^/]+))?/.exec(url);
  if (ours) return `ours: ${ours[1]}${ours[2] && !ours[2].includes('.') ? `/${ours[2]}` : ''}`;
  if (url.startsWith('node:')) return url.split('/').slice(0, 2).join('/');
  return url === '' ? 'built in' : url.split('/').at(-1);
}

function placeOf({ url, lineNumber }) {
  const file = url.replace(/.*\/(node_modules|dist)\//, '');
  return file === '' ? '' : `${file}:${lineNumber + 1}`;
}

/** Growth: one screen query over more and more assets, alone, with the product's limits raised. */
import { COLD, CONTESTANTS, startContestant } from './contestants.mjs';
import { dataCalls } from './native.mjs';
import { median } from './stats.mjs';
import { dataOf } from './ask.mjs';
import { ids } from '../upstream/render.mjs';
import { screenOf } from '../workloads.mjs';

/** Children of the sites that are asked for. */
export const GROWTH_SIZES = [10, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000];
const RAISED = {
  MAX_PAGE_SIZE: '100000',
  MAX_COST: '1000000000',
  OPERATION_TIMEOUT: '120s',
  ENOS_TIMEOUT: '60s',
};
const SECONDS_PER_SIZE = 1.2;

/** The screen query for a site of that size; its page of children is widened where the query fixes it. */
function request(size) {
  const { query, variables } = screenOf(ids.growth(size));
  return { query: query.replace(/first: 50\b/, `first: ${size}`), variables };
}

/** Medians per size and contestant: milliseconds, CPU and calls of one query. */
export async function measureGrowth(upstream, say) {
  const growth = [];
  for (const name of ['reference', 'cold']) {
    const env = name === 'cold' ? { ...COLD, ...RAISED } : {};
    const contestant = await startContestant(name, { upstreamUrl: upstream.url, env });
    const sizes = [];
    try {
      for (const size of GROWTH_SIZES) sizes.push(await measureSize(contestant, size, upstream));
    } catch (error) {
      say(`  growth of ${name} ends: ${error.message}`);
    }
    say(`  growth ${name}: ${sizes.map(({ size, ms }) => `${size}: ${ms.toFixed(0)} ms`).join(', ')}`);
    growth.push({ name, title: CONTESTANTS[name].title, sizes, peakMemoryMiB: contestant.peakMemory() });
    await contestant.stop();
  }
  return growth;
}

async function measureSize(contestant, size, upstream) {
  const asked = request(size);
  const { data } = await dataOf(contestant.port, asked);
  const found = data.asset.children.nodes.length;
  if (found !== size) throw new Error(`asked for ${size} assets, got ${found}`);
  const times = [];
  await upstream.reset();
  const cpuBefore = contestant.cpu();
  const end = performance.now() + SECONDS_PER_SIZE * 1000;
  while (performance.now() < end || times.length < 3) {
    const from = performance.now();
    await dataOf(contestant.port, asked);
    times.push(performance.now() - from);
  }
  return {
    size,
    ms: median(times),
    cpuMs: (1000 * (contestant.cpu() - cpuBefore)) / times.length,
    calls: dataCalls(await upstream.calls(), upstream.said) / times.length,
    queries: times.length,
  };
}

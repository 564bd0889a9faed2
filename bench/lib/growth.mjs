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
  MAX_COST: '1000000000',
  MAX_TOKENS: '1000000',
  OPERATION_TIMEOUT: '120s',
  ENOS_TIMEOUT: '60s',
};
const SECONDS_PER_SIZE = 1.2;
/** Items that the product gives on one page: more come as further pages in the same query. */
const PAGE = 1_000;

/** The screen query for a site of that size, its children asked for page by page under names of their own. */
function request(size) {
  const { query, variables } = screenOf(ids.growth(size));
  const start = query.indexOf('children(');
  let end = query.indexOf('{', start) + 1;
  for (let depth = 1; depth > 0; end += 1) depth += { '{': 1, '}': -1 }[query[end]] ?? 0;
  const list = query.slice(start, end);
  const pages = Array.from({ length: Math.ceil(size / PAGE) }, (_, page) => {
    const window = `first: ${Math.min(PAGE, size - page * PAGE)}, offset: ${page * PAGE}`;
    return `page${page}: ${list.replace(/first: 50\b/, window)}`;
  });
  return { query: query.slice(0, start) + pages.join('\n    ') + query.slice(end), variables };
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
  const found = Object.values(data.asset).reduce((sum, part) => sum + (part?.nodes?.length ?? 0), 0);
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

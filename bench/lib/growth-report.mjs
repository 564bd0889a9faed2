/** The growth as a table and as a chart. */
import { brief } from './stats.mjs';

/** Markdown: per size and contestant the time, and CPU per asset. */
export function growthTable(growth) {
  const head = ['assets', ...growth.flatMap(({ name }) => [`${name}: ms`, 'CPU µs/asset', 'calls'])];
  const sizes = [...new Set(growth.flatMap((each) => each.sizes.map(({ size }) => size)))];
  const rows = sizes.map((size) => [
    size.toLocaleString('en-US'),
    ...growth.flatMap((each) => {
      const found = each.sizes.find((entry) => entry.size === size);
      return found
        ? [brief(found.ms), brief((1000 * found.cpuMs) / size), brief(found.calls)]
        : ['-', '-', '-'];
    }),
  ]);
  return [head, head.map(() => '--:'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const WIDTH = 640;
const HEIGHT = 320;
const EDGE = 52;
const COLORS = ['#8a8f98', '#0b6bcb', '#c4560a', '#2d8a4e'];

/** SVG: CPU per asset over the number of assets, both logarithmic. A flat line is what is wanted. */
export function growthChart(growth) {
  const points = growth.flatMap(({ sizes }) => sizes.map(({ size, cpuMs }) => [size, (1000 * cpuMs) / size]));
  const [left, right] = [Math.min(...points.map(([x]) => x)), Math.max(...points.map(([x]) => x))];
  const low = 10 ** Math.floor(Math.log10(Math.min(...points.map(([, y]) => y))));
  const high = 10 ** Math.ceil(Math.log10(Math.max(...points.map(([, y]) => y))));
  const x = (value) => EDGE + ((WIDTH - 2 * EDGE) * Math.log(value / left)) / Math.log(right / left);
  const y = (value) => HEIGHT - EDGE - ((HEIGHT - 2 * EDGE) * Math.log(value / low)) / Math.log(high / low);
  const text = (at, to, words, rest = '') =>
    `<text x="${at.toFixed(1)}" y="${to.toFixed(1)}" ${rest}>${words}</text>`;
  const parts = [];
  for (let value = low; value <= high; value *= 10) {
    parts.push(
      `<line x1="${EDGE}" x2="${WIDTH - EDGE}" y1="${y(value).toFixed(1)}" y2="${y(value).toFixed(1)}" stroke="#ccc"/>`,
    );
    parts.push(text(EDGE - 6, y(value) + 4, brief(value), 'text-anchor="end"'));
  }
  for (const { size } of growth[0]?.sizes ?? []) {
    parts.push(
      text(
        x(size),
        HEIGHT - EDGE + 18,
        size >= 1000 ? `${size / 1000}k` : String(size),
        'text-anchor="middle"',
      ),
    );
  }
  growth.forEach(({ title, sizes }, index) => {
    const color = COLORS[index % COLORS.length];
    const line = sizes.map(
      ({ size, cpuMs }) => `${x(size).toFixed(1)},${y((1000 * cpuMs) / size).toFixed(1)}`,
    );
    parts.push(`<polyline fill="none" stroke="${color}" stroke-width="2" points="${line.join(' ')}"/>`);
    parts.push(text(EDGE + 8, 20 + 16 * index, title, `fill="${color}"`));
  });
  parts.push(text(WIDTH / 2, HEIGHT - 8, 'assets in one query', 'text-anchor="middle"'));
  parts.push(text(8, 20, 'µs'));
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" fill="#444">` +
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>${parts.join('')}</svg>\n`
  );
}

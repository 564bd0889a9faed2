/** The results as files: JSON with everything, Markdown with the tables, SVG with the growth. */
import { writeFile } from 'node:fs/promises';
import { growthChart, growthTable } from './growth-report.mjs';
import { brief, summarize } from './stats.mjs';

const table = (head, rows) =>
  [head, head.map((_, index) => (index === 0 ? '---' : '--:')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');

/** Writes the report into a folder, or nowhere if there is none; resolves to its Markdown. */
export async function writeReport(results, folder) {
  const date = new Date().toISOString().slice(0, 10);
  const chart = results.growth ? `${date}-growth.svg` : null;
  const markdown = `# Benchmark of ${date}\n\n${sections(results, chart).join('\n\n')}\n`;
  if (folder) {
    await writeFile(new URL(`${date}.md`, folder), markdown);
    await writeFile(new URL(`${date}.json`, folder), `${JSON.stringify(results, null, 1)}\n`);
    if (chart) await writeFile(new URL(chart, folder), growthChart(results.growth));
  }
  return markdown;
}

function sections(results, chart) {
  const { machine, options, workloads, growth, leftOut, note } = results;
  const texts = [machineText(machine), optionsText(options)];
  if (note) texts.push(note);
  for (const workload of workloads) texts.push(workloadText(workload));
  for (const workload of workloads) if (workload.half?.length > 0) texts.push(halfText(workload));
  if (growth) texts.push(`## Growth of one query\n\n${growthTable(growth)}\n\n![CPU per asset](${chart})`);
  const missing = Object.entries(leftOut);
  if (missing.length > 0)
    texts.push(`## Left out\n\n${missing.map(([name, why]) => `- ${name}: ${why}`).join('\n')}`);
  return texts;
}

function machineText(machine) {
  const { cpu, cores, memoryGiB, os, node, pinned, stealPercent, loadAverageAtStart } = machine;
  return (
    `${cores} cores of ${cpu}, ${memoryGiB} GiB, ${os}, Node ${node}. ` +
    (pinned
      ? 'Contestant on one core; load, upstream and Redis on another. '
      : 'Cores could not be chosen. ') +
    `Load average when it began: ${loadAverageAtStart.join(' ')} (0 is a quiet machine). Stolen by the host: ${stealPercent} %.`
  );
}

function optionsText({ rounds, seconds, connections }) {
  return (
    `${rounds} interleaved rounds of ${seconds} s, ${connections} connections. Ratios are medians of each round's ratio to the ` +
    'reference. Every answer under load was compared byte by byte with the one that had been checked against the reference.'
  );
}

function workloadText({ title, rows }) {
  const reference = rows.find(({ name }) => name === 'reference');
  const lines = rows.map((row) => {
    const { ratio, perSecond, p50, p99, callsPerRequest, cpuMsPerRequest, wrong, spread } = summarize(
      row,
      reference,
    );
    return [
      row.title,
      `**${brief(ratio)}**`,
      brief(perSecond),
      brief(p50),
      brief(p99),
      `${callsPerRequest.toFixed(2)} (${row.singleRequestCalls})`,
      brief(cpuMsPerRequest),
      brief(row.peakMemoryMiB),
      wrong === 0 ? '0' : `**${wrong}**`,
      spread,
    ];
  });
  const head = [
    'contestant',
    'ratio',
    'req/s',
    'p50 ms',
    'p99 ms',
    'calls/request (alone)',
    'CPU ms/request',
    'peak MiB',
    'wrong',
    'req/s by round',
  ];
  return `## ${title}\n\n${brief(reference.answerBytes)} bytes an answer.\n\n${table(head, lines)}`;
}

function halfText({ title, half }) {
  const rows = half.map(({ name, rate, p50, p99, max, beyond4Medians }) => [
    name,
    brief(rate),
    brief(p50 / 1000),
    brief(p99 / 1000),
    brief(max / 1000),
    `${(100 * beyond4Medians).toFixed(2)} %`,
  ]);
  const head = ['contestant', 'req/s asked', 'p50 ms', 'p99 ms', 'max ms', 'beyond 4 medians'];
  return `## At half load: ${title}\n\nA steady rate of half of what each managed; latency counts from when a request was due.\n\n${table(head, rows)}`;
}

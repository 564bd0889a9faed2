/** Figures over rounds. */

/** The middle value; the mean of the middle two. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Digits that mean something: more for small figures. */
export function brief(value) {
  if (!Number.isFinite(value)) return '-';
  if (value >= 100) return Math.round(value).toLocaleString('en-US');
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** A row of a workload in medians; its ratio is the median of the ratios of each round to the reference's. */
export function summarize(row, reference) {
  const of = (field) => median(row.runs.map((run) => run[field]));
  const sum = (field) => row.runs.reduce((total, run) => total + run[field], 0);
  return {
    ratio: median(row.runs.map((run, round) => run.perSecond / reference.runs[round].perSecond)),
    perSecond: of('perSecond'),
    p50: of('p50') / 1000,
    p99: of('p99') / 1000,
    callsPerRequest: of('callsPerRequest'),
    cpuMsPerRequest: of('cpuMsPerRequest'),
    wrong: sum('wrongAnswers') + sum('badStatus') + sum('broken'),
    spread: row.runs.map(({ perSecond }) => brief(perSecond)).join(' '),
  };
}

/**
 * Series from a CSV file: one column of local times, one column per point. An empty cell is no record.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { DateTime } from 'luxon';
import type { CsvSpec } from '../world/schema/world.js';
import { WorldError } from '../world/yaml.js';
import { zoneOf } from '../world/zone.js';
import type { PointSeries } from './point-series.js';
import { storedSeries } from './point-series.js';

/** Reads the file once; the answer maps point id to its records. */
export async function readCsvSeries(root: string, spec: CsvSpec): Promise<Map<string, PointSeries>> {
  const file = join(root, spec.file);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new WorldError(file, `cannot be read (${error instanceof Error ? error.message : String(error)})`);
  }
  const [header = [], ...rows] = parse(text, {
    delimiter: spec.separator,
    bom: true,
    trim: true,
    skip_empty_lines: true,
    relax_column_count: true,
  });
  const columns = Object.entries(spec.columns).map(([title, { point: pointId, scale }]) => {
    const index = header.indexOf(title);
    if (index < 0) throw new WorldError(file, `no column "${title}"; there are ${header.join(', ')}`);
    return { index, pointId, scale, times: [] as number[], values: [] as number[] };
  });
  const zone = zoneOf(spec.time.zone);
  rows.forEach((row, at) => {
    const time = timeOf(row[spec.time.column] ?? '', spec.time.format, zone.toUtc);
    if (time === null) {
      throw new WorldError(
        file,
        `row ${at + 2}: expected a time like ${spec.time.format}, got "${row[spec.time.column] ?? ''}"`,
      );
    }
    for (const column of columns) {
      const cell = row[column.index] ?? '';
      if (cell === '') continue;
      const number = Number(cell);
      if (Number.isNaN(number)) {
        throw new WorldError(file, `row ${at + 2}: expected a number in ${column.pointId}, got "${cell}"`);
      }
      const last = column.times.at(-1);
      if (last !== undefined && last >= time)
        throw new WorldError(file, `row ${at + 2}: expected a later time`);
      column.times.push(time);
      column.values.push(number * column.scale);
    }
  });
  return new Map(
    columns.map(({ pointId, times, values }) => [
      pointId,
      storedSeries(times, (i) => values[i] ?? Number.NaN),
    ]),
  );
}

/** Unix milliseconds of a local time in the file, or null. */
function timeOf(text: string, format: string, toUtc: (local: number) => number): number | null {
  const local = DateTime.fromFormat(text, format, { zone: 'utc' });
  return local.isValid ? toUtc(local.toMillis()) : null;
}

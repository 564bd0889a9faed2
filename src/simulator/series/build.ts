/**
 * Puts the series of a world together: CSV files and physical models, by asset and point.
 */
import { isDeepStrictEqual } from 'node:util';
import type { AssetBook } from '../world/assets.js';
import { idsOf } from '../world/assets.js';
import type { CsvSpec, GeneratedSpec, SeriesFile } from '../world/schema/world.js';
import type { SeriesSource, WorldAsset, WorldModel } from '../world/world.js';
import { WorldError } from '../world/yaml.js';
import { zoneOf } from '../world/zone.js';
import { readCsvSeries } from './csv.js';
import { physicsByName, seriesOf } from './generated.js';
import { seedOf } from './noise.js';
import type { PhysicsContext } from './physics/physics.js';
import type { PointSeries } from './point-series.js';
import { Weather } from './weather.js';

/** What series refer to. */
export interface SeriesSurroundings {
  models: ReadonlyMap<string, WorldModel>;
  book: AssetBook;
  /** Unix milliseconds; generated records end there. */
  now(): number;
  /** Folder of the CSV files; called only when there are any. */
  csvRoot(): string;
}

type SeriesByAsset = Map<string, Map<string, PointSeries>>;

/** The source of all series. */
export async function buildSeries(
  files: readonly { file: string; content: SeriesFile }[],
  around: SeriesSurroundings,
): Promise<SeriesSource> {
  const series: SeriesByAsset = new Map();
  const weathers = new Map<string, Weather>();
  for (const { file, content } of files) {
    for (const spec of content.csv) await addCsv(series, file, spec, around);
    for (const spec of content.generated) addGenerated(series, file, spec, around, weathers);
  }
  return {
    read: (assetId, pointId, from, to) => series.get(assetId)?.get(pointId)?.read(from, to) ?? [],
    latest: (assetId, pointId, at, after = -Infinity) =>
      series.get(assetId)?.get(pointId)?.latest(at, after) ?? null,
  };
}

function add(
  series: SeriesByAsset,
  file: string,
  asset: WorldAsset,
  pointId: string,
  one: PointSeries,
): void {
  let points = series.get(asset.assetId);
  if (!points) series.set(asset.assetId, (points = new Map<string, PointSeries>()));
  if (points.has(pointId))
    throw new WorldError(file, `${asset.name.defaultValue} has two series of ${pointId}`);
  points.set(pointId, one);
}

async function addCsv(
  series: SeriesByAsset,
  file: string,
  spec: CsvSpec,
  around: SeriesSurroundings,
): Promise<void> {
  const asset = around.book.assets.get(around.book.bySlug.get(spec.asset) ?? '');
  if (!asset) throw new WorldError(file, `${spec.file}: no asset ${spec.asset}`);
  const points = around.models.get(asset.modelId)?.measurepoints ?? {};
  for (const { point: pointId, unit, scale } of Object.values(spec.columns)) {
    const point = points[pointId];
    if (!point) throw new WorldError(file, `${spec.file}: ${asset.modelId} has no point ${pointId}`);
    if (unit && scale === 1 && !isDeepStrictEqual(unit, point['unit'])) {
      throw new WorldError(
        file,
        `${spec.file}: the unit of ${pointId} is not that of the model; give a scale`,
      );
    }
  }
  const columns = await readCsvSeries(around.csvRoot(), spec);
  for (const [pointId, one] of columns) add(series, file, asset, pointId, one);
}

function addGenerated(
  series: SeriesByAsset,
  file: string,
  spec: GeneratedSpec,
  around: SeriesSurroundings,
  weathers: Map<string, Weather>,
): void {
  const problem = (text: string): WorldError => new WorldError(file, `${spec.physics}: ${text}`);
  const physics = physicsByName[spec.physics];
  if (!physics) throw problem(`expected one of ${Object.keys(physicsByName).join(', ')}`);
  for (const asset of assetsOf(spec, around, problem)) {
    let outputs;
    try {
      outputs = physics(contextOf(asset, spec, around, weathers));
    } catch (error) {
      if (error instanceof RangeError) throw problem(`${asset.name.defaultValue}: ${error.message}`);
      throw error;
    }
    const points = around.models.get(asset.modelId)?.measurepoints ?? {};
    for (const [pointId, style] of Object.entries(spec.points)) {
      const point = points[pointId];
      if (!point) throw problem(`model ${asset.modelId} has no point ${pointId}`);
      const output = outputs[style.output];
      if (!output) throw problem(`no output ${style.output}; there are ${Object.keys(outputs).join(', ')}`);
      const until = (): number => around.now() + (style.ahead ?? 0);
      add(
        series,
        file,
        asset,
        pointId,
        seriesOf(output, style, { until, quality: point.hasQuality ? 0 : null }),
      );
    }
  }
}

function assetsOf(
  spec: GeneratedSpec,
  { book, models }: SeriesSurroundings,
  problem: (text: string) => WorldError,
): WorldAsset[] {
  if ((spec.model === undefined) === (spec.assets === undefined))
    throw problem('expected either model or assets');
  if (spec.model !== undefined) {
    const { model } = spec;
    if (!models.has(model)) throw problem(`no model ${model}`);
    return [...book.assets.values()].filter((asset) =>
      models.get(asset.modelId)?.modelIdPath.split('/').includes(model),
    );
  }
  return (spec.assets ?? []).flatMap((slug) => {
    const ids = idsOf(book, slug);
    if (!ids) throw problem(`no asset or range ${slug}`);
    return ids.flatMap((id) => book.assets.get(id) ?? []);
  });
}

function contextOf(
  asset: WorldAsset,
  spec: GeneratedSpec,
  { book }: SeriesSurroundings,
  weathers: Map<string, Weather>,
): PhysicsContext {
  const place = book.places.get(asset.assetId);
  if (!place) throw new RangeError('no place');
  let weather = weathers.get(place.key);
  if (!weather) weathers.set(place.key, (weather = new Weather(place)));
  return {
    seed: seedOf(asset.assetId),
    weather,
    zone: zoneOf(asset.timezone),
    latitude: place.latitude,
    parameter(name, fallback) {
      const told = spec.parameters[name];
      const found = typeof told === 'string' ? asset.attributes[told] : told;
      if (typeof found === 'number') return found;
      if (told === undefined && fallback !== undefined) return fallback;
      throw new RangeError(
        typeof told === 'string' ? `no number in attribute ${told}` : `expected the parameter ${name}`,
      );
    },
  };
}

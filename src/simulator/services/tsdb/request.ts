/**
 * What requests to the TSDB Data Service have in common: lists as comma-separated text, flags as booleans or text,
 * limits on assets x points, and rights, which are checked for the whole call.
 */
import type { OperationRequest, SimulatorContext } from '../../operation.js';
import { ServiceError } from '../../operation.js';
import type { DataType, World, WorldAsset } from '../../world/world.js';

export const MAX_PAIRS = 3000;
export const MAX_DI_PAIRS = 10;
export const MAX_PAIRS_TIMES_PAGE = 640_000;
const DEFAULT_PAGE_SIZE = 1000;

/** A refused parameter: 80400, the text saying which. */
export function invalid(detail: string): ServiceError {
  return new ServiceError(80400, `Invalid param error: ${detail}`);
}

/** One series that a request asks for. */
export interface Pair {
  asset: WorldAsset;
  pointId: string;
  /** Kinds of storage of the point; empty for a point under no policy. */
  kinds: readonly string[];
  dataType: DataType;
}

/** The kinds that hold history; LAST_CHANGED keeps no series of its own. */
export const HISTORY_KINDS: readonly string[] = ['AI_RAW', 'AI_NORMALIZED', 'DI', 'PI', 'GENERIC'];

/** Ids of a comma-separated list, without blanks around them; 80400 for an empty one. */
export function idList(body: OperationRequest['body'], name: string): string[] {
  const text = body[name];
  const ids = typeof text === 'string' ? text.split(',').map((id) => id.trim()) : [];
  if (ids.length === 0 || ids.includes('')) throw invalid(`${name} is empty or has an empty entry`);
  return ids;
}

/** A boolean, which may come as text. */
export function flag(body: OperationRequest['body'], name: string, fallback = false): boolean {
  const value = body[name];
  if (value === undefined || value === null) return fallback;
  return value === true || value === 'true';
}

/** A number that may be absent, or an empty text that counts as absent. */
export function optionalNumber(body: OperationRequest['body'], name: string): number | undefined {
  const value = body[name];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value)) throw invalid(`${name} is not an integer`);
  return value;
}

/** A text that may be absent. */
export function optionalText(body: OperationRequest['body'], name: string): string | undefined {
  const value = body[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Refuses more than `limit` pairs of assets and points. */
export function limitPairs(assets: number, points: number, limit: number): void {
  if (assets * points > limit) {
    throw invalid(`assetIds x pointIds is ${assets * points}, more than ${limit}`);
  }
}

/** pageSize per pair; refuses pages that would hold more than 640000 records together. */
export function pageSizeOf(body: OperationRequest['body'], pairs: number): number {
  const size = optionalNumber(body, 'pageSize') ?? DEFAULT_PAGE_SIZE;
  if (size < 1) throw invalid('pageSize is below 1');
  if (pairs * size > MAX_PAIRS_TIMES_PAGE) {
    throw invalid(`assetIds x pointIds x pageSize is ${pairs * size}, more than ${MAX_PAIRS_TIMES_PAGE}`);
  }
  return size;
}

/** The assets that exist, in the order asked, each once; one that may not be read refuses the whole call (80401). */
export function readableAssets(world: World, assetIds: readonly string[]): WorldAsset[] {
  const found = [...new Set(assetIds)].flatMap((id) => world.assets.get(id) ?? []);
  if (found.some((asset) => !asset.readable)) throw new ServiceError(80401, 'Assset unauthorized');
  return found;
}

/** Under what a world notes the deleted latest value of a series. */
export function latestKey({ asset, pointId }: Pair): string {
  return `${asset.assetId} ${pointId}`;
}

/** Under what a world notes that a point is no longer in the database's schema. */
export function metadataKey(modelId: string, pointId: string): string {
  return `${modelId} ${pointId}`;
}

/** The pair, or null when the asset's model has no such point, or the database does not know it. */
export function pairOf({ world }: SimulatorContext, asset: WorldAsset, pointId: string): Pair | null {
  const model = world.models.get(asset.modelId);
  const point = model?.measurepoints[pointId];
  if (!model || !point || world.deletedMetadata.has(metadataKey(model.modelId, pointId))) return null;
  return { asset, pointId, kinds: model.storage[pointId] ?? [], dataType: point.dataType };
}

/** Checks lists, limits and rights, and gives the pairs asset by asset, point by point, that `answers` lets through. */
export function pairsOf(
  { body }: OperationRequest,
  context: SimulatorContext,
  answers: (kinds: readonly string[]) => boolean,
  limit = MAX_PAIRS,
): { pairs: Pair[]; asked: number } {
  const assetIds = idList(body, 'assetIds');
  const pointIds = idList(body, 'pointIds');
  limitPairs(assetIds.length, pointIds.length, limit);
  const points = [...new Set(pointIds)];
  const pairs = readableAssets(context.world, assetIds).flatMap((asset) =>
    points.flatMap((pointId) => {
      const pair = pairOf(context, asset, pointId);
      return pair && answers(pair.kinds) ? [pair] : [];
    }),
  );
  return { pairs, asked: assetIds.length * pointIds.length };
}

/** True for points whose storage policies keep history. */
export function hasHistory(kinds: readonly string[]): boolean {
  return kinds.some((kind) => HISTORY_KINDS.includes(kind));
}

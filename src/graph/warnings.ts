/**
 * `extensions.warnings`: what is worth knowing of an answer and is no error. Points that thing models lack are noted where a model
 * is read anyway, and told once for the whole answer: assets of several kinds side by side are the usual case.
 */
import { suggestionList } from 'graphql/jsutils/suggestionList.js';
import type { ModelRecord } from '../loading/entities/thing-model.js';
import type { GraphContext } from './context.js';
import { pointIdsOf, pointOf, type Measurepoint } from './model/features.js';
import { shownValue } from './scalars/shown.js';

/** One entry of `extensions.warnings`. */
export type Warning =
  | {
      code: 'POINT_NOT_IN_MODEL';
      message: string;
      /** Id of the point as it was asked for; cut where it is longer than any can be. */
      pointId: string;
      /** Assets of the answer whose models lack it. */
      assetCount: number;
      /** The nearest id of a point that these models declare; null where some asset has the point, or none is near. */
      suggestion: string | null;
    }
  | { code: 'MORE_WARNINGS'; message: string; count: number };

/** Most entries of one answer. */
const MAX_WARNINGS = 20;
/** Longest id of a point that is repeated, and that a similar one is looked for. */
const LONGEST_ID = 100;
/** Names among which the nearest is looked for. */
const MAX_NAMES = 2_000;

/** A point that was asked of an asset whose model lacks it. */
class MissingPoint {
  constructor(
    readonly asset: string,
    readonly pointId: string,
    readonly model: ModelRecord,
  ) {}
}

/** A point of an asset, as far as it is needed here. */
interface AskedPoint {
  orgId: string;
  assetId: string;
  pointId: string;
}

/** The definition of a point in its model; null where the model lacks it, which is noted. */
export function declaredPoint(
  model: ModelRecord,
  { orgId, assetId, pointId }: AskedPoint,
  context: Pick<GraphContext, 'remark'>,
): Measurepoint | null {
  const definition = pointOf(model, pointId);
  context.remark?.(definition ? model : new MissingPoint(`${orgId} ${assetId}`, pointId, model));
  return definition;
}

/** The warnings that follow from what was noted while an answer was made. In the order of the points' ids; at most 21. */
export function warningsOf(remarks: readonly object[]): Warning[] {
  const missing = remarks.filter((remark) => remark instanceof MissingPoint);
  if (missing.length === 0) return [];
  const models = new Set(remarks.filter(isModel));
  const byPoint = new Map<string, { assets: Set<string>; models: Set<ModelRecord> }>();
  for (const { asset, pointId, model } of missing) {
    models.add(model);
    let lack = byPoint.get(pointId);
    if (!lack) byPoint.set(pointId, (lack = { assets: new Set(), models: new Set() }));
    lack.assets.add(asset);
    lack.models.add(model);
  }
  const lacks = [...byPoint].sort(([a], [b]) => (a < b ? -1 : 1));
  const warnings = lacks.slice(0, MAX_WARNINGS).map(([pointId, lack]): Warning => {
    const isKnown = [...models].some((model) => !lack.models.has(model) && pointOf(model, pointId) !== null);
    return warningOf(pointId, lack.assets.size, isKnown, isKnown ? null : nearest(pointId, lack.models));
  });
  const count = lacks.length - warnings.length;
  if (count > 0) {
    const message = `${count} more points are missing in the thing models of the assets that were asked for them.`;
    warnings.push({ code: 'MORE_WARNINGS', message, count });
  }
  return warnings;
}

function isModel(remark: object): remark is ModelRecord {
  return '__typename' in remark && remark.__typename === 'ThingModel';
}

function warningOf(
  pointId: string,
  assetCount: number,
  isKnown: boolean,
  suggestion: string | null,
): Warning {
  const assets = assetCount === 1 ? '1 asset' : `${assetCount} assets`;
  const point = shownValue(pointId);
  const hint = suggestion === null ? '' : ` Did you mean ${JSON.stringify(suggestion)}?`;
  const message = isKnown
    ? `The thing models of ${assets} have no measurement point ${point}; others of this answer have it.`
    : `No thing model of this answer has a measurement point ${point} (${assets}).${hint}`;
  // Half a pair of surrogates would not survive the answer's encoding.
  const shown = pointId.slice(0, LONGEST_ID).replace(/[\ud800-\udbff]$/, '');
  return { code: 'POINT_NOT_IN_MODEL', message, pointId: shown, assetCount, suggestion };
}

/** The id that is most alike among those of some models. */
function nearest(pointId: string, models: ReadonlySet<ModelRecord>): string | null {
  if (pointId.length > LONGEST_ID) return null;
  const names = new Set<string>();
  for (const model of models) {
    for (const name of pointIdsOf(model)) {
      if (names.size >= MAX_NAMES) break;
      if (name.length <= LONGEST_ID) names.add(name);
    }
  }
  const [alike] = suggestionList(pointId, [...names]);
  return alike ?? null;
}

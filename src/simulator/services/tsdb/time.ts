/**
 * Times of the TSDB Data Service: requests in local text, read in each asset's zone, or with an offset; replies in
 * local text of each asset.
 */
import type { OperationRequest } from '../../operation.js';
import type { WorldAsset } from '../../world/world.js';
import { isZone, localText, offsetText, zoneOf } from '../../world/zone.js';
import { flag, invalid } from './request.js';

const LOCAL = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}(?:\.\d{3})?)$/;
const OFFSET = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2}(?:\.\d{3})?)(Z|[+-]\d{2}:?\d{2})$/;

/** Unix milliseconds of a range, `from <= time < to`. */
export interface Range {
  from: number;
  to: number;
}

interface RequestTime {
  /** Milliseconds as if the local text were UTC, or the instant. */
  time: number;
  local: boolean;
}

/** The range of a request, for each asset: local text means another instant in each zone. */
export function rangeOf(body: OperationRequest['body']): (asset: WorldAsset) => Range {
  const start = parseTime(body, 'startTime');
  const end = parseTime(body, 'endTime');
  if (start.local !== end.local) throw invalid('startTime and endTime are not of the same form');
  if (end.time < start.time) throw invalid('endTime is before startTime');
  if (!start.local) return () => ({ from: start.time, to: end.time });
  return (asset) => {
    const zone = zoneOf(asset.timezone);
    return { from: zone.toUtc(start.time), to: zone.toUtc(end.time) };
  };
}

function parseTime(body: OperationRequest['body'], name: string): RequestTime {
  const text = body[name];
  if (typeof text !== 'string') throw invalid(name);
  const local = LOCAL.exec(text);
  const match = local ?? OFFSET.exec(text);
  if (!match) throw invalid(name);
  const clock = `${match[1]}T${match[2]}`;
  const time = Date.parse(`${clock}Z`);
  // Date.parse rolls 30 February over into March; such a time is refused.
  if (Number.isNaN(time) || !new Date(time).toISOString().startsWith(clock)) throw invalid(name);
  if (local) return { time, local: true };
  const offset = match[3] ?? '';
  if (!isZone(offset)) throw invalid(name);
  return { time: zoneOf(offset).toUtc(time), local: false };
}

/** How localtime is written. */
export interface LocalTimeStyle {
  withOffset: boolean;
  withMilliseconds: boolean;
}

/** The style that localTimeFormat and localTimeAccuracy ask for. */
export function localTimeStyle(body: OperationRequest['body']): LocalTimeStyle {
  return { withOffset: body['localTimeFormat'] === 1, withMilliseconds: flag(body, 'localTimeAccuracy') };
}

/** Text of an instant in the asset's zone; `gap` stands before the offset. */
export function localTime(asset: WorldAsset, time: number, style: LocalTimeStyle, gap = ''): string {
  const zone = zoneOf(asset.timezone);
  const milliseconds = style.withMilliseconds
    ? `.${String(((time % 1000) + 1000) % 1000).padStart(3, '0')}`
    : '';
  const text = localText(time, zone) + milliseconds;
  return style.withOffset ? `${text.replace(' ', 'T')}${gap}${offsetText(zone.offsetAt(time))}` : text;
}

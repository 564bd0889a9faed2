/** Time windows of alert searches. Pure. */
import { InputError } from '../common.js';
import type { AlertFilter } from './types.js';

const SECOND = 1000;
const DAY = 86_400_000;
/** Never longer than the three calendar months that EnOS allows: February to April have 89 days. */
const WINDOW = 89 * DAY;
/** Windows of one question: two years. */
const MAX_WINDOWS = 9;
/** Clocks of EnOS and ours may differ. */
const CLOCK_SKEW = 5 * 60_000;

/** A window of occurrence or recovery, whole seconds in Unix milliseconds. */
export interface TimeWindow {
  from: number;
  to: number;
}

/** The windows, newest first, that cover the occurrence times of past alerts, for alert-service. */
export function historyWindows(filter: AlertFilter, now: number): TimeWindow[] {
  const { from, to } = occurrence(filter, now);
  const windows: TimeWindow[] = [];
  for (let end = to; end > from; end -= WINDOW) windows.push({ from: Math.max(from, end - WINDOW), to: end });
  if (windows.length > MAX_WINDOWS) {
    throw new InputError(
      `Past alerts are searched over at most ${(MAX_WINDOWS * WINDOW) / DAY} days at once: give a later ` +
        'occurredFrom or an earlier occurredTo',
      'filter.occurredFrom',
    );
  }
  return windows;
}

/** The one window that event-service searches: refuses what lies more than three months back. */
export function recentWindow(filter: AlertFilter, now: number): TimeWindow {
  const window = occurrence(filter, now);
  if (window.from < monthsBefore(now, 3) - DAY) {
    throw new InputError(
      'EnOS searches past alerts of the last 3 months only, where scope or an absent tag is asked for, and in ' +
        'edition 2.1: give a later occurredFrom',
      'filter.occurredFrom',
    );
  }
  return window;
}

/** How far back event-service searches at least. */
export function recentSince(now: number): number {
  return now - WINDOW;
}

/**
 * The recovery window to send with an occurrence window. It is never left out, since EnOS would then return the last
 * week only; nothing recovers before it occurs.
 */
export function recovery(filter: AlertFilter, occurred: TimeWindow, now: number): TimeWindow {
  return {
    from: seconds(filter.recoveredFrom ?? occurred.from, Math.floor),
    to: seconds(filter.recoveredTo ?? Math.max(now, occurred.to) + CLOCK_SKEW, Math.ceil),
  };
}

/** `2024-01-01T00:00:00Z`: the services document whole seconds only. */
export function secondText(time: number): string {
  return new Date(time).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** Whole seconds around a time that a caller gave. */
export function seconds(time: number, round: (value: number) => number): number {
  if (!Number.isFinite(time) || Math.abs(time) > 8e15) {
    throw new InputError('A time of the filter lies outside the calendar', 'filter');
  }
  return round(time / SECOND) * SECOND;
}

function occurrence(filter: AlertFilter, now: number): TimeWindow {
  const to = seconds(filter.occurredTo ?? now + CLOCK_SKEW, Math.ceil);
  const from = seconds(filter.occurredFrom ?? to - WINDOW, Math.floor);
  if (from >= to) {
    throw new InputError('occurredTo must be after occurredFrom', 'filter.occurredTo');
  }
  return { from, to };
}

function monthsBefore(time: number, months: number): number {
  const date = new Date(time);
  const month = date.getUTCMonth() - months;
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), month + 1, 0)).getUTCDate();
  return Date.UTC(date.getUTCFullYear(), month, Math.min(date.getUTCDate(), lastDay)) + (time % DAY);
}

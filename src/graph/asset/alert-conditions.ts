/** The conditions on the alerts of an asset, which are the same for all assets of a list. */
import type { AlertFilter } from '../../loading/alerts/types.js';
import { toAlertFilter, type AlertFilterInput } from '../alert/filters.js';
import { matchesNothing } from '../lists/filters.js';
import { oncePerField, type SelectionInfo } from '../selection.js';

/** What the argument `filter` of a field asks for. */
export interface AlertConditions {
  assetIds: readonly string[] | undefined;
  filter: AlertFilter;
  isVain: boolean;
}

/** Reads the argument, once for a field. Throws BAD_USER_INPUT. */
export function conditionsOf(
  input: AlertFilterInput | null | undefined,
  info: SelectionInfo,
): AlertConditions {
  return oncePerField(info, conditionsOf, readConditions, input);
}

function readConditions(_: SelectionInfo, input: AlertFilterInput | null | undefined): AlertConditions {
  const { assetIds, ...filter } = toAlertFilter(input);
  return { assetIds, filter, isVain: matchesNothing(filter) };
}

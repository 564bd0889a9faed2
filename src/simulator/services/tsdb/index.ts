/**
 * TSDB Data Service v2.1.
 */
import type { ServiceHandlers } from '../../operation.js';
import { deletionHandlers } from './deletion.js';
import { metricHandlers } from './metrics.js';
import {
  checkDeadData,
  deleteAssetLatestData,
  filterAssetLatestData,
  getAssetLatestData,
  getLastChangedData,
} from './latest.js';
import {
  getAssetAiDataWithAggregationLogic,
  getAssetAiRawData,
  getAssetCurrentDayElectricPower,
  getAssetElectricPowerData,
  getAssetGenericData,
  getAssetRawDataByTimeRange,
  getAssetUnformattedData,
  getAssetUnifiedRawData,
} from './range-reads.js';
import { getAssetDiData, getAssetDiDataDuration } from './states.js';

/** Handlers by operation id of tsdb-data.yaml. */
export const tsdbDataHandlers: ServiceHandlers = {
  getAssetLatestData,
  filterAssetLatestData,
  deleteAssetLatestData,
  getAssetAiRawData,
  getAssetAiDataWithAggregationLogic,
  getAssetElectricPowerData,
  getAssetCurrentDayElectricPower,
  getAssetDiData,
  getAssetDiDataDuration,
  getAssetGenericData,
  getAssetRawDataByTimeRange,
  getLastChangedData,
  checkDeadData,
  getAssetUnformattedData,
  getAssetUnifiedRawData,
  ...deletionHandlers,
  ...metricHandlers,
};

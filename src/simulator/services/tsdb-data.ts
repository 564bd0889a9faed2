/**
 * TSDB Data Service v2.1, its reads.
 */
import type { ServiceHandlers } from '../operation.js';
import {
  checkDeadData,
  filterAssetLatestData,
  getAssetLatestData,
  getLastChangedData,
} from './tsdb/latest.js';
import {
  getAssetAiDataWithAggregationLogic,
  getAssetAiRawData,
  getAssetCurrentDayElectricPower,
  getAssetElectricPowerData,
  getAssetGenericData,
  getAssetRawDataByTimeRange,
  getAssetUnformattedData,
  getAssetUnifiedRawData,
  getDataDeletionDetails,
} from './tsdb/range-reads.js';
import { getAssetDiData, getAssetDiDataDuration } from './tsdb/states.js';

/** Handlers by operation id of tsdb-data.yaml. */
export const tsdbDataHandlers: ServiceHandlers = {
  getAssetLatestData,
  filterAssetLatestData,
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
  getDataDeletionDetails,
};

/** All quirks by what they concern. */
export { ALERT_QUIRKS } from './alerts.js';
export { ASSET_QUIRKS, MODEL_QUIRKS } from './assets.js';
export { ENDED_TOKENS, GENERAL, TRANSPORT } from './general.js';
export { SERIES_QUIRKS } from './series.js';

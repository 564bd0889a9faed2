/** Alerts, open and past: searches of two services (loading/alerts). */
import { seenAlerts } from '../alerts/seen.js';
import { special } from '../entity/special.js';

/** searchActiveAlerts, searchHistoryAlerts, searchAlerts, aggregateActiveAlerts. */
export const alert = special({
  type: 'Alert',
  nouns: { one: 'alert', many: 'alerts' },
  right: { name: 'alerts:read', allows: 'see alerts and their definitions' },
  shownBy: ['Alert', 'AlertCount'],
  lifetime: { setting: 'CACHE_TTL_ALERTS', fallback: 5_000 },
  reads: 'alerts',
  assets: seenAlerts,
  load: (alerts, { orgId, id }) => alerts.byId(orgId, id),
});

/**
 * Records in the very shape of the screen query's answer, for peers that cannot sign calls, put many ids into the body of a
 * POST, or reshape what comes back. Such peers have less to do than the others: the report says so.
 */
const textIn = ({ defaultValue, i18nValue }) =>
  defaultValue ?? i18nValue?.en_US ?? Object.values(i18nValue ?? {})[0] ?? '';
const time = (milliseconds) => new Date(milliseconds).toISOString();

/** `{ assetId, name, timezone }` of a recorded site under another id. */
export function shapeAsset(text, assetId) {
  const { name, timezone } = JSON.parse(text);
  return JSON.stringify({ assetId, name: textIn(name), timezone });
}

/** `{ totalCount, nodes: [{ assetId, name, modelId }] }` */
export function shapeChildren(children) {
  const nodes = children.map((child) => ({ ...child, name: textIn(child.name) }));
  return JSON.stringify({ totalCount: nodes.length, nodes });
}

/** `{ modelId, name }` */
export function shapeModel(text, modelId) {
  return JSON.stringify({ modelId, name: textIn(JSON.parse(text).name) });
}

/** `{ assetId, pointId, latest: { time, value } }` for each newest value, separated by commas. */
export function shapePoints(assetId, latest) {
  return latest
    .map(({ timestamp, ...rest }) => {
      const [[pointId, value]] = Object.entries(rest).filter(([name]) => name !== 'assetId');
      return JSON.stringify({ assetId, pointId, latest: { time: time(timestamp), value } });
    })
    .join(',');
}

/** `{ assetId, totalCount, nodes: [...] }`, the first five alerts. */
export function shapeAlerts(assetId, alerts) {
  const nodes = alerts
    .slice(0, 5)
    .map(({ eventId, occurTime, severityId, severityDesc, contentId, contentDesc }) => ({
      alertId: eventId,
      occurredAt: time(occurTime),
      severity: severityId && { severityId, name: textIn(severityDesc) },
      content: contentId && { name: textIn(contentDesc) },
    }));
  return JSON.stringify({ assetId, totalCount: alerts.length, nodes });
}

import { createAlertLoaders } from '../../../src/loading/alerts/create.js';
import type { AlertState } from '../../../src/loading/alerts/types.js';
import { scriptedLoading, type RecordedCall, type RecordedLoading } from '../../support/recorded-loading.js';

const NOW = Date.UTC(2024, 5, 15, 12);
const orgId = 'o1';

interface Stored {
  assetId: string;
  occurTime: number;
  eventId: string;
}

/** So many alerts per asset, taking turns in time. */
function stored(counts: Record<string, number>): Stored[] {
  const alerts = Object.entries(counts).flatMap(([assetId, count]) =>
    Array.from({ length: count }, (_, index) => ({
      assetId,
      occurTime: NOW - 1000 * index,
      eventId: `${assetId}-${String(index).padStart(5, '0')}`,
    })),
  );
  return alerts.sort((a, b) => b.occurTime - a.occurTime || (a.eventId < b.eventId ? 1 : -1));
}

/** Answers searches and counts of either service from the stored alerts, by the asset ids in the expression. */
function service(alerts: readonly Stored[], largestPage = Infinity): RecordedLoading {
  const answer = ({ operation, body }: RecordedCall): Record<string, unknown> => {
    const wanted = new Set([...String(body['expression']).matchAll(/'([^']+)'/g)].map(([, id]) => id));
    const found = alerts.filter(({ assetId }) => wanted.has(assetId));
    const envelope = { code: 0, msg: 'OK', requestId: 'r' };
    if (operation === 'alert.aggregateActiveAlerts') {
      const data: Record<string, number> = {};
      for (const { assetId } of found) data[assetId] = (data[assetId] ?? 0) + 1;
      return { ...envelope, data };
    }
    const { pageNo, pageSize } = body['pagination'] as { pageNo: number; pageSize: number };
    const size = Math.min(pageSize, largestPage);
    const page = found.slice((pageNo - 1) * size, pageNo * size);
    const data =
      operation === 'alert.searchAlerts'
        ? page.map(({ assetId, eventId, occurTime }) => ({
            alertId: eventId,
            instanceId: assetId,
            eventType: 0,
            occurTime,
          }))
        : page.map((alert) => ({ ...alert, orgId, modelId: 'M', eventType: 1 }));
    return { ...envelope, data, pagination: { pageNo, pageSize, totalSize: found.length } };
  };
  return scriptedLoading(answer, { orgId, now: () => NOW });
}

async function firstOf(loading: RecordedLoading, assetIds: readonly string[], state: AlertState, limit = 5) {
  const loaders = createAlertLoaders(loading.request());
  const slices = await Promise.all(
    assetIds.map((assetId) => loaders.ofAsset({ orgId, assetId }, state, {}, { offset: 0, limit })),
  );
  return slices.map(({ items, totalCount }, index) => ({
    own: items.every(({ assetId }) => assetId === assetIds[index]),
    items: items.length,
    totalCount,
  }));
}

describe('alerts of many assets', () => {
  it('are read in one search as long as a page holds them', async () => {
    const loading = service(stored({ a: 600, b: 400, c: 0 }));
    expect(await firstOf(loading, ['a', 'b', 'c'], 'ACTIVE')).toEqual([
      { own: true, items: 5, totalCount: 600 },
      { own: true, items: 5, totalCount: 400 },
      { own: true, items: 0, totalCount: 0 },
    ]);
    expect(loading.calls.map(({ body }) => body['pagination'])).toEqual([{ pageNo: 1, pageSize: 1000 }]);
  });

  it('are read whole over up to five pages', async () => {
    const loading = service(stored({ a: 4500, b: 3 }));
    expect(await firstOf(loading, ['a', 'b'], 'ACTIVE')).toEqual([
      { own: true, items: 5, totalCount: 4500 },
      { own: true, items: 3, totalCount: 3 },
    ]);
    expect(loading.taken()).toEqual(Array(5).fill('searchActiveAlerts'));
  });

  it('beyond that are counted once, and searched asset by asset only where the newest do not suffice', async () => {
    // The newest thousand are of a, b and c; the three of d are older.
    const alerts = [
      ...stored({ a: 3000, b: 3000, c: 2 }),
      ...stored({ d: 3 }).map((alert) => ({ ...alert, occurTime: alert.occurTime - 10_000_000 })),
    ];
    const loading = service(alerts);
    expect(await firstOf(loading, ['a', 'b', 'c', 'd', 'e'], 'ACTIVE')).toEqual([
      { own: true, items: 5, totalCount: 3000 },
      { own: true, items: 5, totalCount: 3000 },
      { own: true, items: 2, totalCount: 2 },
      { own: true, items: 3, totalCount: 3 },
      { own: true, items: 0, totalCount: 0 },
    ]);
    expect(loading.taken()).toEqual(['searchActiveAlerts', 'aggregateActiveAlerts', 'searchActiveAlerts']);
  });

  it('of the past have no counts, so each asset is searched where they are too many', async () => {
    const loading = service(stored({ a: 4000, b: 1500, c: 1 }));
    expect(await firstOf(loading, ['a', 'b', 'c'], 'HISTORY', 2)).toEqual([
      { own: true, items: 2, totalCount: 4000 },
      { own: true, items: 2, totalCount: 1500 },
      { own: true, items: 1, totalCount: 1 },
    ]);
    expect(loading.taken()).toEqual(Array(4).fill('searchAlerts'));
  });

  it('have exact totals also where EnOS makes its pages smaller than asked', async () => {
    const loading = service(stored({ a: 40, b: 40, c: 1 }), 20);
    expect(await firstOf(loading, ['a', 'b', 'c'], 'ACTIVE')).toEqual([
      { own: true, items: 5, totalCount: 40 },
      { own: true, items: 5, totalCount: 40 },
      { own: true, items: 1, totalCount: 1 },
    ]);
    expect(loading.taken()).toEqual(['searchActiveAlerts', 'aggregateActiveAlerts']);
  });

  it('take at most 1000 assets to a search', async () => {
    const loading = service([]);
    await firstOf(
      loading,
      Array.from({ length: 1001 }, (_, index) => `a${index}`),
      'ACTIVE',
    );
    expect(loading.calls).toHaveLength(2);
  });
});

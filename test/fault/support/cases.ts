/** Queries over the bundled world whose answers do not depend on when they are asked, as long as its clock stands still. */

/** Where the clock of the fault tests' worlds stands. */
export const NOON = '2026-01-15T12:00:00Z';

/** A query with its name. */
export interface Case {
  name: string;
  query: string;
}

const sites = ['Rk3vTq8M', 'Hx2wGs6C', 'Ms8dV4kT', 'Qh5sLr9B', 'Cd7zSo3L', 'Lf4sTo8G', 'Fr6nTr1G'];
const turbines = ['tB4nX9wL', 'k7Pq2VzR', 'hJ6mC3dF'];

/** From all domains of the graph: single objects, lists, trees, alerts, latest values, series. */
export const CASES: readonly Case[] = [
  ...sites.map((id) => ({
    name: `site ${id}`,
    query: `{ asset(assetId: "${id}") { assetId name timezone model { modelId name }
      trees { treeId name } alerts(first: 3) { totalCount nodes { alertId severity { name } } } } }`,
  })),
  ...turbines.map((id) => ({
    name: `turbine ${id}`,
    query: `{ asset(assetId: "${id}") { name attributes
      points(pointIds: ["activePower", "windSpeed", "energyProduced"]) { pointId latest { timestamp value } }
      point(pointId: "activePower") { series(from: "2026-01-14T10:00:00Z", to: "2026-01-14T12:00:00Z", interval: "PT10M", aggregate: AVG) {
        values { timestamp value } } } } }`,
  })),
  {
    name: 'screen',
    query: `{ asset(assetId: "Rk3vTq8M") { name children(treeId: "Wf7kQ2Zx", first: 12) { totalCount nodes { assetId name model { name }
      point(pointId: "activePower") { latest { timestamp value } } alerts(first: 2) { totalCount nodes { alertId content { name } } } } } } }`,
  },
  {
    name: 'models',
    query: `{ thingModels(first: 20) { totalCount nodes { modelId name } } thingModel(modelId: "DF_Turbine") { name } }`,
  },
  {
    name: 'tree',
    query: `{ assetTree(treeId: "Wf7kQ2Zx") { name root { asset { name } children(first: 5) { totalCount nodes { asset { assetId name } } } } } }`,
  },
  {
    name: 'alerts',
    query: `{ alerts(first: 5) { totalCount nodes { alertId occurredAt asset { assetId name } type { typeId name } } } }`,
  },
  {
    name: 'refused',
    query: `{ asset(assetId: "Xr9nD3nY") { name } missing: asset(assetId: "n0tTh3r3") { name } }`,
  },
  {
    name: 'states',
    query: `{ asset(assetId: "tB4nX9wL") { point(pointId: "runState") { latest { value }
      series(from: "2026-01-14T00:00:00Z", to: "2026-01-14T06:00:00Z", limit: 50) { values { timestamp value } } } } }`,
  },
];

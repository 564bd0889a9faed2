/** How long each kind of thing may be taken from the cache, in milliseconds; 0 is never. */
export interface Lifetimes {
  models: number;
  assets: number;
  trees: number;
  alertDefinitions: number;
  alerts: number;
  latest: number;
  seriesPast: number;
  seriesTail: number;
  /** How late measurements may arrive: what ended less long ago is no past yet. */
  seriesLateData: number;
  users: number;
  notFound: number;
  /** Of entities that have a description, by the names of their settings; absent: what the description says. */
  entities?: Readonly<Record<string, number>>;
}

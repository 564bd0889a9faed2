/** How long each kind of thing may be taken from the cache, in milliseconds; 0 is never. */
export interface Lifetimes {
  models: number;
  assets: number;
  trees: number;
  latest: number;
  seriesPast: number;
  seriesTail: number;
  /** How late measurements may arrive: what ended less long ago is no past yet. */
  seriesLateData: number;
  notFound: number;
  /** Of entities, by the settings that their descriptions name; absent: what the descriptions say. */
  entities?: Readonly<Record<string, number>>;
}

/** The settings of the lifetimes of entities, made from their descriptions. A part of the table in definitions.ts. */
import { DESCRIBED } from '../loading/entities/index.js';
import { group, time, type Definition } from './definition.js';
import { formatDuration } from './values.js';

/** Name of such a setting. */
export type LifetimeName = `CACHE_TTL_${string}`;

const KEPT = DESCRIBED.flatMap(({ nouns, lifetime }) => (lifetime ? [{ nouns, lifetime }] : []));

/** One setting for all the entities that name it. */
export const ENTITY_LIFETIMES: Readonly<Record<LifetimeName, Definition<number, string>>> =
  Object.fromEntries(
    KEPT.map(({ lifetime: { setting, fallback } }) => {
      const alike = KEPT.filter(({ lifetime }) => lifetime.setting === setting);
      if (alike.some(({ lifetime }) => lifetime.fallback !== fallback))
        throw new TypeError(`${setting} has several defaults in the descriptions`);
      const nouns = new Intl.ListFormat('en-GB').format(alike.map(({ nouns: { many } }) => many));
      const told = `How long ${nouns} are taken from the cache. 0s: never.`;
      return [setting, group('Lifetimes')(time(0), formatDuration(fallback), told)];
    }),
  );

import { InputError, type I18nText, type NameFilter } from './common.js';
import { contains, EVERYTHING, field, type Condition } from './expression.js';

const LOCALES = ['default', 'zh_CN', 'en_US', 'ja_JP', 'es_ES'] as const;

/** A language in which EnOS searches names. */
export type SearchLocale = (typeof LOCALES)[number];

/** The locale of a condition on a name, undefined for any. Throws `InputError` for one that EnOS cannot search. */
export function searchedLocale({ locale }: NameFilter, argument: string): SearchLocale | undefined {
  if (locale === undefined) return undefined;
  const known = LOCALES.find((one) => one === locale);
  if (known === undefined) {
    throw new InputError(`${argument}.locale must be one of ${LOCALES.join(', ')}`, `${argument}.locale`);
  }
  return known;
}

/** A condition on a name as an EnOS expression. */
export function nameCondition(filter: NameFilter | undefined, argument: string): Condition {
  if (filter === undefined) return EVERYTHING;
  return contains(field('name', argument, searchedLocale(filter, argument)), filter.contains);
}

/** Whether a name meets the condition, decided here by EnOS's own rules, for editions that cannot be asked. */
export function nameMatches(filter: NameFilter, name: I18nText | null, argument: string): boolean {
  const locale = searchedLocale(filter, argument);
  const standard = name?.defaultValue ?? '';
  const texts =
    locale === undefined
      ? [standard, ...Object.values(name?.i18nValue ?? {})]
      : [locale === 'default' ? standard : (name?.i18nValue?.[locale] ?? standard)];
  const wanted = filter.contains.toLowerCase();
  return texts.some((text) => text?.toLowerCase().includes(wanted));
}

/** Texts in several languages: which one a caller reads. Nothing here throws, whatever EnOS left out. */
import type { I18nText } from '../loading/common.js';

/** A text that may be missing, in part or wholly. */
export type MaybeText = I18nText | null | undefined;

/** Region that stands for a language where several have texts. */
const MAIN_REGION: Readonly<Record<string, string>> = { en: 'us', zh: 'cn', ja: 'jp', es: 'es' };

/** Languages of an Accept-Language header, best first; without those refused (q=0) and without `*`. */
export function parseAcceptLanguage(header: string | undefined): string[] {
  if (!header) return [];
  return header
    .slice(0, 1000)
    .split(',')
    .map((part, index) => {
      const [tag = '', ...parameters] = part.split(';').map((text) => text.trim());
      const quality = parameters.find((text) => /^q=/i.test(text))?.slice(2);
      return { tag, index, quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ tag, quality }) => /^[a-z]{1,8}([-_][a-z0-9]{1,8})*$/i.test(tag) && quality > 0)
    .sort((a, b) => b.quality - a.quality || a.index - b.index)
    .map(({ tag }) => tag);
}

/**
 * The text that fits best: in the language of the argument, else in one of `locales`, else the default, else English, else any.
 * `default` as argument asks for the default. Empty texts count as missing; null if there is none at all.
 */
export function pickText(
  text: MaybeText,
  locale: string | null | undefined,
  locales: readonly string[],
): string | null {
  if (!text) return null;
  const fallback = usable(text.defaultValue);
  if (locale && locale.toLowerCase() === 'default' && fallback !== null) return fallback;
  const values = localeValues(text);
  if (values.length > 0) {
    for (const wanted of locale ? [locale, ...locales] : locales) {
      const found = matching(values, wanted);
      if (found !== null) return found;
    }
  }
  return fallback ?? matching(values, 'en') ?? values[0]?.value ?? null;
}

/** One text and its language, e.g. `en_US`. */
export interface LocaleValue {
  locale: string;
  value: string;
}

/** All texts that are not empty, by language in alphabetical order. */
export function localeValues(text: MaybeText): LocaleValue[] {
  const result: LocaleValue[] = [];
  for (const [locale, value] of Object.entries(text?.i18nValue ?? {})) {
    const clean = usable(value);
    if (clean !== null) result.push({ locale, value: clean });
  }
  return result.sort((a, b) => (a.locale < b.locale ? -1 : 1));
}

/** Whether there is any text to show. */
export function hasText(text: MaybeText): boolean {
  return usable(text?.defaultValue) !== null || localeValues(text).length > 0;
}

function usable(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}

function normalize(tag: string): string[] {
  return tag.toLowerCase().split(/[-_]/);
}

/** Exact tag, then language and region (zh-Hans-CN meets zh_CN), then the language alone. */
function matching(values: readonly LocaleValue[], wanted: string): string | null {
  const parts = normalize(wanted);
  const [language = ''] = parts;
  const region = parts.length > 1 ? parts[parts.length - 1] : MAIN_REGION[language];
  const candidates = values.map(({ locale, value }) => ({ tag: normalize(locale), value }));
  const exact = candidates.find(({ tag }) => tag.join('_') === parts.join('_'));
  const regional = candidates.find(
    ({ tag }) => tag[0] === language && tag.length > 1 && tag[tag.length - 1] === region,
  );
  const plain = candidates.find(({ tag }) => tag.length === 1 && tag[0] === language);
  const related = candidates.find(({ tag }) => tag[0] === language);
  return (exact ?? regional ?? plain ?? related)?.value ?? null;
}

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
  if (!locale && locales.length === 0 && fallback !== null) return fallback;
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
export function localeValues(text: MaybeText): readonly LocaleValue[] {
  const texts: Readonly<Record<string, unknown>> = text?.i18nValue ?? {};
  const result: LocaleValue[] = [];
  for (const locale in texts) {
    const clean = usable(texts[locale]);
    if (clean !== null) result.push({ locale, value: clean });
  }
  return result.length > 1 ? result.sort((a, b) => (a.locale < b.locale ? -1 : 1)) : result;
}

/** Whether there is any text to show. */
export function hasText(text: MaybeText): boolean {
  if (usable(text?.defaultValue) !== null) return true;
  // Nothing is kept of it: this is asked of each text of each alert.
  const texts: Readonly<Record<string, unknown>> = text?.i18nValue ?? {};
  for (const locale in texts) if (usable(texts[locale]) !== null) return true;
  return false;
}

function usable(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}

/** A language tag, read. */
interface Tag {
  /** In lower case, its parts joined by `_`. */
  text: string;
  language: string;
  /** Last part; undefined for a language alone. */
  region: string | undefined;
}

const MAX_KNOWN_TAGS = 1000;
/** Tags already read: an estate has few, and each of its names carries them. */
const knownTags = new Map<string, Tag>();

function readTag(tag: string): Tag {
  let known = knownTags.get(tag);
  if (!known) {
    const parts = tag.toLowerCase().split(/[-_]/);
    known = {
      text: parts.join('_'),
      language: parts[0] ?? '',
      region: parts.length > 1 ? parts.at(-1) : undefined,
    };
    if (knownTags.size >= MAX_KNOWN_TAGS) knownTags.clear();
    knownTags.set(tag, known);
  }
  return known;
}

/** Exact tag, then language and region (zh-Hans-CN meets zh_CN), then the language alone. */
function matching(values: readonly LocaleValue[], wanted: string): string | null {
  const { text, language, region = MAIN_REGION[language] } = readTag(wanted);
  let regional: string | undefined;
  let plain: string | undefined;
  let related: string | undefined;
  for (const { locale, value } of values) {
    const tag = readTag(locale);
    if (tag.text === text) return value;
    if (tag.language !== language) continue;
    if (tag.region === undefined) plain ??= value;
    else if (tag.region === region) regional ??= value;
    related ??= value;
  }
  return regional ?? plain ?? related ?? null;
}

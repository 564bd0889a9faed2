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
  const texts = text.i18nValue;
  if (!texts) return fallback;
  if (locale) {
    const found = matching(texts, locale);
    if (found !== null) return found;
  }
  for (const wanted of locales) {
    const found = matching(texts, wanted);
    if (found !== null) return found;
  }
  return fallback ?? matching(texts, 'en') ?? localeValues(text)[0]?.value ?? null;
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
function matching(texts: Readonly<Record<string, unknown>>, wanted: string): string | null {
  const { text, language, region = MAIN_REGION[language] } = readTag(wanted);
  let best: string | undefined;
  let bestFit = 0;
  // Names are read by the hundred: nothing is made for any of them.
  for (const locale in texts) {
    const tag = readTag(locale);
    if (tag.language !== language) continue;
    const fit = tag.text === text ? 4 : tag.region === undefined ? 2 : tag.region === region ? 3 : 1;
    // Of two that fit alike the first by the alphabet, whatever order EnOS sends them in.
    const isBetter = fit > bestFit || (fit === bestFit && best !== undefined && locale < best);
    if (!isBetter || usable(texts[locale]) === null) continue;
    best = locale;
    bestFit = fit;
  }
  return best === undefined ? null : usable(texts[best]);
}

/**
 * Conditions on internationalised texts (query-expression.md, section 3).
 */
import type { I18nText } from './world/world.js';

/**
 * The texts that a condition looks in: every one without a language; the default for `default`; else the text of
 * that language, or the default where the language is missing.
 */
export function textsIn(text: I18nText, language: string | null): string[] {
  if (language === null) return [text.defaultValue, ...Object.values(text.i18nValue)];
  if (language === 'default' || language === 'defaultValue') return [text.defaultValue];
  return [text.i18nValue[language] ?? text.defaultValue];
}

/** The language of a field such as `name.en_US`, null for plain `name`. */
export function languageOf(field: string): string | null {
  const dot = field.indexOf('.');
  return dot < 0 ? null : field.slice(dot + 1);
}

/** The key of a dotted field: all that follows its first dot. */
export function keyOf(field: string): string {
  return field.slice(field.indexOf('.') + 1);
}

/** The value of a key that the map itself holds; undefined for keys such as `constructor`, which it inherits. */
export function ownValue<T>(map: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

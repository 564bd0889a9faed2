/** Texts of alerts and their definitions. */
import type { components } from '../../enos/generated/types/alert.js';
import type { I18nText } from '../common.js';

/** A text in several languages, if it is there. */
export type Text = components['schemas']['AlertStringI18n'] | undefined;

/** A text, cleaned of the default that samples show among the languages; null where nothing is left. */
export function textOf(text: Text): I18nText | null {
  if (!text) return null;
  const given: Readonly<Record<string, string | null | undefined>> = text.i18nValue ?? {};
  const defaultValue = present(text.defaultValue) ?? present(given['defaultValue']);
  const i18nValue: Record<string, string> = {};
  let isEmpty = defaultValue === null;
  for (const language in given) {
    const value = present(given[language]);
    if (value === null || language === 'defaultValue') continue;
    i18nValue[language] = value;
    isEmpty = false;
  }
  return isEmpty ? null : { defaultValue, i18nValue };
}

/** An empty text says as little as none. */
export function present(text: string | null | undefined): string | null {
  return text == null || text === '' ? null : text;
}

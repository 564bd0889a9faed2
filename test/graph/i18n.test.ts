import { hasText, localeValues, parseAcceptLanguage, pickText } from '../../src/graph/i18n.js';
import { ask, asset, at } from './fake-loaders.js';

const text = {
  defaultValue: 'Default',
  i18nValue: { en_US: 'English', zh_CN: '中文', es_ES: '', fr: 'Français', pt_BR: 'Brasil' },
};

test.each([
  ['en', 'English'],
  ['en-US', 'English'],
  ['EN_us', 'English'],
  ['en_GB', 'English'],
  ['zh', '中文'],
  ['zh-Hans-CN', '中文'],
  ['fr-CA', 'Français'],
  ['pt', 'Brasil'],
  ['default', 'Default'],
  ['es', 'Default'],
  ['ja', 'Default'],
  ['', 'Default'],
])('argument %s picks %s', (locale, expected) => {
  expect(pickText(text, locale, [])).toBe(expected);
});

test('the argument wins over Accept-Language, which wins over the default', () => {
  expect(pickText(text, 'zh', ['en'])).toBe('中文');
  expect(pickText(text, null, ['ja', 'fr', 'en'])).toBe('Français');
  expect(pickText(text, 'ja', ['en'])).toBe('English');
  expect(pickText(text, null, ['ja'])).toBe('Default');
});

test('without a default: English, then any text, then none', () => {
  expect(pickText({ defaultValue: null, i18nValue: { de_DE: 'Deutsch', en_US: 'English' } }, null, [])).toBe(
    'English',
  );
  expect(pickText({ defaultValue: '', i18nValue: { zh_CN: '中文' } }, 'en', [])).toBe('中文');
  expect(pickText({ i18nValue: { en_US: '  ' } }, null, [])).toBeNull();
  expect(pickText(null, 'en', ['de'])).toBeNull();
  expect(hasText({ defaultValue: ' ', i18nValue: null })).toBe(false);
  expect(localeValues({ i18nValue: { zh_CN: 'b', en_US: 'a', ja_JP: null } })).toEqual([
    { locale: 'en_US', value: 'a' },
    { locale: 'zh_CN', value: 'b' },
  ]);
});

test('Accept-Language by weight, then by order; nonsense is left out', () => {
  expect(parseAcceptLanguage('fr;q=0.5, zh-CN, en;q=0.8, *;q=0.1, de;q=0, x y')).toEqual([
    'zh-CN',
    'en',
    'fr',
  ]);
  expect(parseAcceptLanguage(undefined)).toEqual([]);
  expect(parseAcceptLanguage(';;;,,')).toEqual([]);
});

test('a required name falls back to the id', async () => {
  const overrides = {
    of: { Asset: { load: async () => asset('a9', { name: { defaultValue: null } }) } },
  };
  const { data } = await ask(
    '{ asset(assetId: "a9") { name names { default values { locale } value(locale: "en") } } }',
    { overrides },
  );
  expect(at(data, 'asset')).toEqual({ name: 'a9', names: { default: null, values: [], value: null } });
});

test('names through the graph', async () => {
  const query =
    '{ asset(assetId: "a1") { name zh: name(locale: "zh") names { default values { locale value } value(locale: "en") } } }';
  const { data } = await ask(query, { acceptLanguage: 'en-GB,en;q=0.9' });
  expect(at(data, 'asset.name')).toBe('English a1');
  expect(at(data, 'asset.zh')).toBe('中文 a1');
  expect(at(data, 'asset.names')).toEqual({
    default: 'Asset a1',
    values: [
      { locale: 'en_US', value: 'English a1' },
      { locale: 'zh_CN', value: '中文 a1' },
    ],
    value: 'English a1',
  });
});

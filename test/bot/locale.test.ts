import { localeOf } from '../../src/bot/locale';

const client = (locale: unknown): object => ({ type: 'clientInfo', locale });

/** What stands in an activity is whatever was posted, not what the types of the SDK promise. */
const localeIn = (entities: unknown, locale?: unknown): string => {
  const activity: unknown = JSON.parse(JSON.stringify({ entities, locale }));
  return localeOf(activity as Parameters<typeof localeOf>[0]);
};

test.each<[name: string, entities: unknown, locale: unknown, wanted: string]>([
  ['the client’s', [client('de-DE')], 'fr-FR', 'de-DE'],
  ['the activity’s', [], 'fr-FR', 'fr-FR'],
  ['a script and a region', [client('zh-Hant-TW')], undefined, 'zh-Hant-TW'],
  ['a region in numbers', [client('es-419')], undefined, 'es-419'],
  ['neither', undefined, undefined, 'en'],
  ['the first that is a tag', [client(''), client('nb'), client('de')], 'fr', 'nb'],
  ['entities that are none', 'de', 'fr', 'fr'],
  ['entities of nothing', [null, 5, 'de', [], {}], 'fr', 'fr'],
  ['a client of another kind', [{ type: 'place', locale: 'de' }], undefined, 'en'],
  ...[
    '',
    ' ',
    'd',
    'de_DE',
    'de\n',
    '\nde',
    'dé',
    '../de',
    'de/../en',
    '${title}',
    '<b>de</b>',
    '__proto__',
    'constructor',
    'de-',
    '-de',
    'de--DE',
    'de-abcdefghi',
    'de-a-b-c-d',
    `de-${'x'.repeat(1_000_000)}`,
    'de-aa'.repeat(1_000_000),
    5,
    true,
    null,
    ['de'],
    { locale: 'de' },
  ].map((value): [string, unknown, unknown, string] => [
    `hostile ${JSON.stringify(value).slice(0, 30)}`,
    [client(value)],
    value,
    'en',
  ]),
])('%s', (_, entities, locale, wanted) => {
  expect(localeIn(entities, locale)).toBe(wanted);
});

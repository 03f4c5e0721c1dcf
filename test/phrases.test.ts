import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { factNames } from '../src/knowledge/facts';
import { actors, audiences, lastings, ways, circumstances } from '../src/knowledge/schema';
import { noticeNames } from '../src/cards/render';
import { refusalReasons } from '../src/ndr/report';
import { locales, phrases, root } from './guide/core';

const fileSchema = z.strictObject({
  rtl: z.boolean().optional(),
  phrases: z.record(z.string(), z.string()),
  words: z.record(z.string(), z.array(z.string())),
});
const files = readdirSync(join(root, 'locales')).filter((name) => name.endsWith('.yaml'));
const tableOf = (name: string) => fileSchema.parse(parse(readFileSync(join(root, 'locales', name), 'utf8')));
const english = tableOf('en.yaml');

const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ name, text: readFileSync(join(root, 'src', name), 'utf8') }));

/** What stands in the holes of the keys that are put together, such as `role.${audience}`. */
const computed: Readonly<Record<string, readonly string[]>> = {
  role: [...audiences, 'admin'],
  way: ways,
  actor: actors,
  whoFirst: circumstances,
  lasting: [...lastings, 'tries.on', 'tries.over'],
  tries: ['on', 'over'],
  family: ['0', '1', '2', '3', '4', '5', '6', '7', 'words'],
  refused: refusalReasons.filter((reason) => !reason.startsWith('nothing')),
  unreadable: membersOf('unreadable'),
  notBounce: membersOf('notBounce'),
  fact: factNames,
  sure: ['sure', 'code', 'likely', 'chosen', 'general'],
  row: [
    'recipient',
    'group',
    'sender',
    'subject',
    'server',
    'generatingServer',
    'ip',
    'diagnostic',
    'alsoSaid',
  ],
  'label.draft': [...audiences, 'microsoft', 'service', 'ownAdmin'],
  'draft.chat': ['recipient', 'sender'],
  'welcome.how': ['personal', 'group'],
};

/** The notices of one family, such as `unreadable.picture`, and the title they share. */
function membersOf(family: string): string[] {
  const members = noticeNames
    .filter((name) => name.startsWith(`${family}.`))
    .map((name) => name.slice(family.length + 1));
  return [...members, 'title'];
}

/** Every literal in the source that has the shape of a key and whose first part is one of ours. */
const rooms = new Set(Object.keys(english.phrases).map((key) => key.split('.')[0] ?? ''));
const literals = sources.flatMap(({ name, text }) =>
  [...text.matchAll(/(?<![\w./])'([a-z][a-zA-Z]*(?:\.[a-zA-Z]+)*)'/g)].map(([, key = '']) => ({ name, key })),
);
const called = (method: 't' | 'words'): { name: string; key: string }[] =>
  sources.flatMap(({ name, text }) =>
    [...text.matchAll(new RegExp(`\\b${method}\\(\\s*'([^']+)'`, 'g'))].map(([, key = '']) => ({
      name,
      key,
    })),
  );
const prefixes = (method: 't' | 'words'): { name: string; prefix: string }[] =>
  sources.flatMap(({ name, text }) =>
    [...text.matchAll(new RegExp(`\\b${method}\\(\\s*\`([\\w.]+)\\.\\$\\{`, 'g'))].map(([, prefix = '']) => ({
      name,
      prefix,
    })),
  );

describe('every key that the source asks for is there', () => {
  test.each(called('t'))("$name: t('$key')", ({ key }) => {
    expect(english.phrases).toHaveProperty([key]);
  });
  test.each(called('words'))("$name: words('$key')", ({ key }) => {
    expect(english.words).toHaveProperty([key]);
  });
  test.each(prefixes('t'))('$name: t(`$prefix.…`)', ({ prefix }) => {
    const holes = computed[prefix];
    expect([prefix, holes !== undefined]).toEqual([prefix, true]);
    for (const hole of holes ?? []) expect(english.phrases).toHaveProperty([`${prefix}.${hole}`]);
  });
  test.each(prefixes('words'))('$name: words(`$prefix.…`)', ({ prefix }) => {
    for (const hole of computed[prefix] ?? []) expect(english.words).toHaveProperty([`${prefix}.${hole}`]);
  });
  test.each(literals.filter(({ key }) => key.includes('.') && rooms.has(key.split('.')[0] ?? '')))(
    '$name: $key',
    ({ key }) => {
      expect(key in english.phrases || key in english.words).toBe(true);
    },
  );
});

describe('no key is left over', () => {
  const spoken = new Set([
    ...called('t').map(({ key }) => key),
    ...literals.map(({ key }) => key),
    ...Object.entries(computed).flatMap(([prefix, holes]) => holes.map((hole) => `${prefix}.${hole}`)),
  ]);
  const heard = new Set([
    ...called('words').map(({ key }) => key),
    ...prefixes('words').flatMap(({ prefix }) => (computed[prefix] ?? []).map((hole) => `${prefix}.${hole}`)),
  ]);
  test('phrases', () => {
    expect(Object.keys(english.phrases).filter((key) => !spoken.has(key))).toEqual([]);
  });
  test('words', () => {
    expect(Object.keys(english.words).filter((key) => !heard.has(key))).toEqual([]);
  });
});

describe.each(files)('%s', (name) => {
  const table = tableOf(name);
  const tag = name.replace('.yaml', '');
  const holes = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([hole]) => hole).sort();

  test('has the keys of English, with the same holes', () => {
    expect(Object.keys(table.phrases).sort()).toEqual(Object.keys(english.phrases).sort());
    expect(Object.keys(table.words).sort()).toEqual(Object.keys(english.words).sort());
    for (const [key, text] of Object.entries(table.phrases))
      expect([key, holes(text)]).toEqual([key, holes(english.phrases[key] ?? '')]);
  });

  test('no phrase is empty or has Markdown, which cards and terminals would show differently', () => {
    for (const [key, text] of Object.entries(table.phrases))
      expect([key, /\S/.test(text) && !/\*\*|`|\]\(|<\w/.test(text)]).toEqual([key, true]);
  });

  test('no word is understood in two ways where both are listened to', () => {
    const { words } = table;
    const rivals: readonly (readonly string[])[] = [
      ['help', 'back', 'startOver', 'forget', 'about', 'codes', 'example', 'hello'],
      ['help', 'back', 'startOver', 'path'],
      audiences.map((audience) => `role.${audience}`),
      ['outcome.fixed', 'outcome.stuck'],
    ];
    for (const keys of rivals) {
      const all = keys.flatMap((key) => words[key] ?? []);
      expect(all.filter((word, index) => all.indexOf(word) !== index)).toEqual([]);
      // Nor together with the English words, which are understood everywhere.
      const both = keys.flatMap((key) => locales.of(tag).words(key));
      expect(both.filter((word, index) => both.indexOf(word) !== index)).toEqual([]);
    }
  });

  test('buttons are short enough for a narrow pane', () => {
    const button =
      /^(?:choose|role\.\w+|way\.\w+|outcome\.\w+|nav\.\w+|more\.\w+|details\.show|module\.post|stuck\.(?:other\w+|see\w*)|codes\.(?:all|more|show)|draft\.chat\.\w+)$/;
    const titles = Object.entries(table.phrases).filter(([key]) => button.test(key));
    expect(titles.length).toBeGreaterThanOrEqual(33);
    const longest = { code: '5.7.50-5.7.59 (2)', n: 12 };
    const shown = (key: string): string => locales.of(tag).t(key, longest);
    expect(titles.filter(([key]) => shown(key).length > 34)).toEqual([]);
    // A family has its number before its name and the number of its articles behind.
    const families = Object.entries(table.phrases).filter(([key]) => key.startsWith('family.'));
    expect(families.filter(([, name]) => `x.7 ${name} (100)`.length > 40)).toEqual([]);
  });

  test('headings stay within two lines of a narrow pane', () => {
    const heading = Object.entries(table.phrases).filter(([key]) => /\.title(?:\.\w+)?$/.test(key));
    expect(heading.filter(([, text]) => text.length > 60)).toEqual([]);
  });

  test('words are written as they are compared: lower case, no signs but the question mark', () => {
    for (const [key, list] of Object.entries(table.words))
      for (const word of list)
        expect([key, /^(?:\?|[\p{Ll}\p{Lo}\p{M}\p{N} ]+)$/u.test(word) && word === word.trim()]).toEqual([
          key,
          true,
        ]);
  });
});

describe('t and words', () => {
  test.each<[key: string, values: Record<string, string | number> | undefined, text: string]>([
    ['choose', { n: 2 }, (english.phrases['choose'] ?? '').replace('{n}', '2')],
    ['choose', undefined, english.phrases['choose'] ?? ''],
    ['choose', { m: 2 }, english.phrases['choose'] ?? ''],
    [
      'summary.card',
      { title: '{n} $& $1' },
      (english.phrases['summary.card'] ?? '').split('{title}').join('{n} $& $1'),
    ],
    ['no.such.key', { n: 1 }, 'no.such.key'],
    ['constructor', undefined, 'constructor'],
  ])('t(%j, %j)', (key, values, text) => {
    expect(phrases.t(key, values)).toBe(text);
  });

  test('unknown words are none', () => {
    expect(phrases.words('no.such.key')).toEqual([]);
    expect(phrases.words('__proto__')).toEqual([]);
  });
});

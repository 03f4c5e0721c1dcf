import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { LocaleError, loadLocales, type Locales } from '../src/locales';
import { locales } from './guide/core';

const made: string[] = [];
afterAll(() => {
  for (const directory of made) rmSync(directory, { recursive: true, force: true });
});

/** A folder of languages; a value that is no text is written as YAML. */
function folder(files: Readonly<Record<string, unknown>>): string {
  const directory = mkdtempSync(join(tmpdir(), 'bounce-desk-locales-'));
  made.push(directory);
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(directory, name), typeof content === 'string' ? content : stringify(content));
  return directory;
}

const english = {
  phrases: { 'nav.back': 'Back', 'path.quick': '{n} hops in {time}.', 'fact.group': 'group' },
  words: { back: ['back', 'undo'], forget: ['forget me'], 'outcome.stuck': ['no', 'still'] },
};
const full = {
  phrases: { 'nav.back': 'Zurück', 'path.quick': 'In {time} über {n}.', 'fact.group': 'Gruppe' },
  words: { back: ['zurück', 'ZUR\u00dcCK'], forget: ['vergiss mich', 'undo'], 'outcome.stuck': ['nein'] },
};
const load = (files: Readonly<Record<string, unknown>>): Locales =>
  loadLocales(folder({ 'en.yaml': english, ...files }));

describe('of', () => {
  const loaded = load({ 'de.yaml': full, 'de-CH.yaml': full, 'zh-Hant.yaml': full });

  test.each<[asked: string, spoken: string]>([
    ['de', 'de'],
    ['DE', 'de'],
    ['de-AT', 'de'],
    ['de-ch', 'de-CH'],
    ['de-CH-1996', 'de-CH'],
    ['zh-Hant-TW', 'zh-Hant'],
    ['zh-Hans-CN', 'en'],
    ['zh', 'en'],
    ['en-GB', 'en'],
    ['tlh', 'en'],
    ['d', 'en'],
    ['deutsch', 'en'],
    ['', 'en'],
    ['-', 'en'],
    ['__proto__', 'en'],
    ['constructor', 'en'],
    ['../../etc/passwd', 'en'],
    ['${title}', 'en'],
    ['de\n', 'en'],
    ['x-'.repeat(1_000_000), 'en'],
    [`de${'-x'.repeat(1_000_000)}`, 'de'],
  ])('%.40j: %s', (asked, spoken) => {
    expect(loaded.of(asked).locale).toBe(spoken);
  });
});

test('find: the same, but no English for a language that is not there', () => {
  const loaded = load({ 'de.yaml': full });
  expect(['de-AT', 'en-GB', 'tlh', ''].map((tag) => loaded.find(tag)?.locale)).toEqual([
    'de',
    'en',
    undefined,
    undefined,
  ]);
});

describe('words of another language', () => {
  const german = load({ 'de.yaml': full }).of('de');

  test.each<[key: string, words: string[]]>([
    // As typed words are compared: folded, each once; English behind.
    ['back', ['zuruck', 'back']],
    // "undo" means something else here than in English.
    ['forget', ['vergiss mich', 'undo', 'forget me']],
    ['outcome.stuck', ['nein', 'no', 'still']],
  ])('%s', (key, words) => {
    expect(german.words(key)).toEqual(words);
  });

  test('inside an article the article’s language is spoken', () => {
    expect(german.t('fact.group')).toBe('Gruppe');
    expect(german.ofArticles.t('fact.group')).toBe('group');
    expect(german.ofArticles.ofArticles).toBe(german.ofArticles);
  });
});

describe('what a language leaves out falls back to English, and the operator is told', () => {
  const loaded = load({
    'fr.yaml': { phrases: { 'nav.back': 'Retour' }, words: { back: ['retour'] } },
    'de.yaml': full,
  });

  test('phrases and words', () => {
    expect(loaded.of('fr').t('nav.back')).toBe('Retour');
    expect(loaded.of('fr').t('path.quick', { n: 2, time: '3 s' })).toBe('2 hops in 3 s.');
    expect(loaded.of('fr').words('forget')).toEqual(['forget me']);
  });

  test('gaps', () => {
    expect(loaded.tags).toEqual(['de', 'en', 'fr']);
    expect(loaded.gaps).toEqual([
      {
        file: 'fr.yaml',
        keys: ['phrases.path.quick', 'phrases.fact.group', 'words.forget', 'words.outcome.stuck'],
      },
    ]);
  });
});

test.each([
  ['de', '21. November 2026'],
  ['en', 'November 21, 2026'],
  // A language that nobody has heard of is dated in English, not as the machine is set.
  ['qtz', 'November 21, 2026'],
])('a day in %s: %s', (tag, written) => {
  expect(load({ 'de.yaml': full, 'qtz.yaml': full }).of(tag).date('2026-11-21')).toBe(written);
});

test.each(['', '2026-13-99', 'yesterday'])('a day that is none stays as it is: %j', (day) => {
  expect(load({}).of('en').date(day)).toBe(day);
});

test('rtl is what the file says, and false where it says nothing', () => {
  const loaded = load({ 'he.yaml': { rtl: true, ...full }, 'de.yaml': full });
  expect(['he', 'de', 'en'].map((tag) => loaded.of(tag).rtl)).toEqual([true, false, false]);
});

describe('refused, with file and line', () => {
  test.each<[name: string, files: Record<string, unknown>, problems: RegExp[]]>([
    [
      'a section too many',
      { 'xx.yaml': 'phrases: {}\nwords: {}\nnotes: {}\n' },
      [/^xx\.yaml:3: the file: .*notes/],
    ],
    [
      'a phrase that is a list',
      { 'xx.yaml': 'phrases:\n  nav.back: [x]\nwords: {}\n' },
      [/^xx\.yaml:2: phrases\.nav\.back: /],
    ],
    [
      'words that are one',
      { 'xx.yaml': 'phrases: {}\nwords: { back: x }\n' },
      [/^xx\.yaml:2: words\.back: /],
    ],
    [
      'a word that YAML reads as a truth',
      { 'xx.yaml': 'phrases: {}\nwords: { back: [true] }\n' },
      [/^xx\.yaml:2: words\.back\.0: /],
    ],
    [
      'a text direction that is none',
      { 'xx.yaml': 'rtl: left\nphrases: {}\nwords: {}\n' },
      [/^xx\.yaml:1: rtl: /],
    ],
    ['nothing', { 'xx.yaml': '' }, [/^xx\.yaml:1: /]],
    ['no YAML', { 'xx.yaml': 'phrases: {' }, [/^xx\.yaml:1: /]],
    [
      'an empty phrase',
      { 'xx.yaml': 'phrases:\n  nav.back: " "\nwords: {}\n' },
      [/^xx\.yaml:2: phrases\.nav\.back: says nothing/],
    ],
    [
      'phrases and words that English does not have',
      { 'xx.yaml': 'phrases:\n  nav.bak: x\n  constructor: x\nwords:\n  bak: [x]\n' },
      [
        /^xx\.yaml:2: phrases\.nav\.bak: English has no such phrase/,
        /^xx\.yaml:3: phrases\.constructor: English has no such phrase/,
        /^xx\.yaml:5: words\.bak: English has no such words/,
      ],
    ],
    [
      'a value lost, a value made up',
      { 'xx.yaml': 'phrases:\n  nav.back: "{n}"\n  path.quick: "{n}"\nwords: {}\n' },
      [
        /^xx\.yaml:2: phrases\.nav\.back: needs no /,
        /^xx\.yaml:3: phrases\.path\.quick: needs \{n\} \{time\} as English does/,
      ],
    ],
    [
      'a name that is no language',
      { 'my own.yaml': full },
      [/^my own\.yaml:1: is not named after a language/],
    ],
    [
      'one language twice',
      { 'de.yaml': full, 'DE.yaml': full },
      [/^de\.yaml:1: is a language that another file has/],
    ],
    [
      'faults of several files, all of them',
      { 'aa.yaml': '', 'bb.yaml': 'phrases:\n  x: x\nwords: {}\n' },
      [/^aa\.yaml:1: /, /^bb\.yaml:2: /],
    ],
  ])('%s', (_, files, problems) => {
    let told: string[] = [];
    try {
      load(files);
    } catch (error) {
      if (!(error instanceof LocaleError)) throw error;
      told = error.message.split('\n').slice(1);
    }
    expect(told).toHaveLength(problems.length);
    problems.forEach((problem, index) => {
      expect(told[index]?.trim()).toMatch(problem);
    });
  });

  test.each<[name: string, directory: string]>([
    ['no English', folder({ 'de.yaml': full })],
    ['no folder', join(tmpdir(), 'bounce-desk-no-such-folder')],
  ])('%s', (_, directory) => {
    expect(() => loadLocales(directory)).toThrow(/en\.yaml:1: is missing/);
  });
});

describe('the languages that are shipped', () => {
  test('leave nothing to English', () => {
    expect(locales.gaps).toEqual([]);
  });

  test('English is one of them, and speaks for itself', () => {
    expect(locales.tags).toContain('en');
    expect(locales.of('en').ofArticles).toBe(locales.of('en'));
  });
});

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { sentence } from './knowledge/load';
import { nothingParsed, type ParsedTexts } from './knowledge/parsed';
import { readSource, type Problem, type Source } from './knowledge/source';
import { englishPhrases, translatedPhrases, type Phrases, type Vocabulary } from './phrases';

/** The languages that the bot speaks. */
export interface Locales {
  /** The phrases for a reader's language tag, as `find` does, else those of English. Takes any text. */
  of(locale: string): Phrases;
  /** That language, else the next wider one (`de-AT` → `de`, RFC 4647 §3.4), else none. */
  find(locale: string): Phrases | undefined;
  /** The tags of all languages, `en` among them. */
  tags: readonly string[];
  /** What the languages leave to English, for the operator to know. */
  gaps: readonly Gap[];
}

/** The keys, such as `phrases.nav.back`, that a file does not have. */
export interface Gap {
  file: string;
  keys: readonly string[];
}

/** The languages on disk are not fit to speak. `problems` has every fault found, not only the first. */
export class LocaleError extends Error {
  readonly code = 'LOCALES_INVALID';
  constructor(readonly problems: readonly Problem[]) {
    super(`The languages could not be loaded:\n${problems.map((each) => `  ${sentence(each)}`).join('\n')}`);
    this.name = 'LocaleError';
  }
}

const fileSchema = z.strictObject({
  rtl: z.boolean().default(false),
  phrases: z.record(z.string(), z.string().regex(/\S/, 'says nothing')),
  words: z.record(z.string(), z.array(z.string().regex(/\S/, 'is no word'))),
});
type File = z.output<typeof fileSchema>;

/** What a file may be called: the tag of its language, RFC 5646. */
const tagSchema = z.string().regex(/^[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3}$/i);

/**
 * Load `<directory>/<tag>.yaml`, one file a language. English is the measure: a key that it does not have is refused, and so is
 * a phrase with other `{holes}`. A key that is missing elsewhere falls back to English and is reported as a gap: after an
 * update a language of somebody's own still speaks. `parsed` saves parsing texts that the build has seen.
 * @throws LocaleError with file and line of every fault, and when there is no English.
 */
export function loadLocales(directory: string, parsed: ParsedTexts = nothingParsed): Locales {
  const problems: Problem[] = [];
  const files = filesOf(directory, parsed, problems);
  const english = files.find(({ id }) => id === 'en');
  if (english === undefined && problems.length === 0)
    problems.push({ file: 'en.yaml', line: 1, message: `is missing in ${directory}` });
  const others = files.filter(({ id }) => id !== 'en');
  if (english !== undefined)
    problems.push(...others.flatMap((file) => differences(file, english.value)), ...twins(files));
  if (english === undefined || problems.length > 0) throw new LocaleError(problems);

  const fallback = englishPhrases(english.value);
  const spoken = new Map([
    ['en', fallback],
    ...others.map(({ id, value }): [string, Phrases] => [
      id.toLowerCase(),
      translatedPhrases(id, value, english.value, fallback),
    ]),
  ]);
  return {
    of: (locale) => lookUp(spoken, locale) ?? fallback,
    find: (locale) => lookUp(spoken, locale),
    tags: files.map(({ id }) => id),
    gaps: others.flatMap(({ file, value }) => {
      const keys = missingIn(value, english.value);
      return keys.length === 0 ? [] : [{ file, keys }];
    }),
  };
}

function filesOf(directory: string, parsed: ParsedTexts, problems: Problem[]): Source<File>[] {
  if (!existsSync(directory)) return [];
  const names = readdirSync(directory).filter((name) => name.endsWith('.yaml'));
  return names.sort().flatMap((file) => {
    if (!tagSchema.safeParse(file.slice(0, -'.yaml'.length)).success)
      problems.push({
        file,
        line: 1,
        message: 'is not named after a language, such as de.yaml or pt-BR.yaml',
      });
    const text = readFileSync(join(directory, file), 'utf8');
    const source = readSource({ file, text }, fileSchema, problems, parsed);
    return source === undefined ? [] : [source];
  });
}

/** Where a language says more than English, or leaves out a value that belongs into a sentence. */
function differences({ file, value, lineOf }: Source<File>, english: File): Problem[] {
  const faults: Problem[] = [];
  const complain = (section: 'phrases' | 'words', key: string, what: string): void => {
    faults.push({ file, line: lineOf([section, key]), message: `${section}.${key}: ${what}` });
  };
  for (const [key, phrase] of Object.entries(value.phrases)) {
    const model = ownValue(english.phrases, key);
    if (model === undefined) complain('phrases', key, 'English has no such phrase');
    else if (holesOf(phrase) !== holesOf(model))
      complain('phrases', key, `needs ${holesOf(model) || 'no {…}'} as English does`);
  }
  for (const key of Object.keys(value.words))
    if (ownValue(english.words, key) === undefined) complain('words', key, 'English has no such words');
  return faults;
}

/** `de.yaml` and `DE.yaml` are one language. */
function twins(files: readonly Source<File>[]): Problem[] {
  const tags = files.map(({ id }) => id.toLowerCase());
  return files
    .filter((_, index) => tags.indexOf(tags[index] ?? '') !== index)
    .map(({ file }) => ({ file, line: 1, message: 'is a language that another file has already' }));
}

const holesOf = (phrase: string): string =>
  [...new Set([...phrase.matchAll(/\{\w+\}/g)].map(([hole]) => hole))].sort().join(' ');

const ownValue = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

const missingIn = (own: Vocabulary, english: Vocabulary): string[] =>
  (['phrases', 'words'] as const).flatMap((section) =>
    Object.keys(english[section])
      .filter((key) => !Object.hasOwn(own[section], key))
      .map((key) => `${section}.${key}`),
  );

/** No tag has more parts than this; what strangers send may. */
const maxParts = 6;

function lookUp(spoken: ReadonlyMap<string, Phrases>, locale: string): Phrases | undefined {
  const parts = locale.toLowerCase().split('-', maxParts);
  for (let length = parts.length; length > 0; length -= 1) {
    const found = spoken.get(parts.slice(0, length).join('-'));
    if (found !== undefined) return found;
  }
  return undefined;
}

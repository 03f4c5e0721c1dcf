import { fold } from './fold';
import { headingPattern, isCjk } from './heading-pattern';
import { languages, sentences, type Headings, type Language } from './languages';

/** A heading of a report, as it was found. */
export interface Heading {
  language: Language;
  part: keyof Headings;
}

const parts = ['subject', 'user', 'admin', 'generatingServer', 'originalHeaders'] as const;
/** Without its colon, one of these is an ordinary word or two. */
const needsColon = new Set<keyof Headings>(['subject', 'generatingServer']);

const entries = (Object.entries(languages) as [Language, Headings][]).flatMap(([language, headings]) =>
  parts.flatMap((part) => headings[part].map((text) => ({ language, part, text }))),
);

/** White space is no part of the key: a wrapped heading and one of a script without spaces have other ones. */
const keyOf = (text: string): string => fold(text).replace(/[\s:]/g, '');
const byKey = new Map(entries.map(({ text, ...heading }) => [keyOf(text), heading]));

const patternOf = (cjk: boolean): string =>
  entries
    .filter(({ text }) => isCjk(text) === cjk)
    .sort((a, b) => b.text.length - a.text.length)
    .map(({ text, part }) => `${headingPattern(text)}${needsColon.has(part) ? String.raw`\s?:` : ''}`)
    .join('|');
const anyHeading = new RegExp(`(?<!\\p{L})(?:${patternOf(false)})|${patternOf(true)}`, 'giu');

/** A report has a dozen; a text with more is a list or an attack. */
const maxHeadings = 100;

/** The headings of classic reports in `text`, in order. */
export function findHeadings(text: string): Heading[] {
  const found: Heading[] = [];
  for (const [match] of text.matchAll(anyHeading)) {
    const heading = byKey.get(keyOf(match));
    if (heading !== undefined && found.push(heading) >= maxHeadings) break;
  }
  return found;
}

/**
 * The language a report is written in: the one with most of its headings there, a translated one before English, whose
 * words stand in every report; else the one whose sentences stand there. Null where nothing tells.
 */
export function languageOf(headings: readonly Heading[], text: string): Language | null {
  const kinds = new Map<Language, Set<string>>();
  for (const { language, part } of headings) {
    const seen = kinds.get(language);
    if (seen === undefined) kinds.set(language, new Set([part]));
    else seen.add(part);
  }
  const best = [...kinds]
    .map(([language, seen]) => ({ language, count: seen.size + (language === 'en' ? 0 : 0.5) }))
    .sort((a, b) => b.count - a.count)[0];
  return best?.language ?? sentenceLanguage(text);
}

/** The language of the first sentence that only a report says; `text` with its white space folded. */
export const sentenceLanguage = (text: string): Language | null =>
  sentences.find(([, pattern]) => pattern.test(text))?.[0] ?? null;

import { fold } from './fold';
import { headingPattern, isCjk, oneOf, signPatterns } from './heading-pattern';
import { headingsOf, languages, sentences, type Headings, type Language } from './languages';
import { matchesOf } from './matches';
import { squeeze } from './squeeze';

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
  oneOf(
    entries
      .filter(({ text }) => isCjk(text) === cjk)
      .sort((a, b) => b.text.length - a.text.length)
      .map(({ text, part }) => [...signPatterns(text), needsColon.has(part) ? String.raw`\s?:` : '']),
  );
const anyHeading = new RegExp(`(${patternOf(false)})|${patternOf(true)}`, 'gi');

/** A report has a dozen; a text with more is a list or an attack. */
const maxHeadings = 100;

/** The headings of classic reports in `text`, in order. */
export function findHeadings(text: string): Heading[] {
  // Where words stand apart, a heading begins none in the middle.
  return matchesOf(
    text,
    anyHeading,
    maxHeadings,
    ({ index, 1: words }) => words === undefined || !endsInLetter(text, index),
  ).flatMap(([match]) => byKey.get(keyOf(match)) ?? []);
}

const subjectAtBegin = new RegExp(
  String.raw`^[\s>*|]*(?:(?:\p{L}{4,12}|件名|主题|主旨|제목) ?: ?)?(?:${headingsOf('subject').map(headingPattern).join('|')})\s?:`,
  'iu',
);

/** Whether a text begins with what reports have in front of the subject; a field's name may stand before it, but no `FW:` or `RE:`. */
export const beginsWithSubject = (text: string): boolean => subjectAtBegin.test(text.slice(0, 300));

const endsInLetter = (text: string, end: number): boolean =>
  /\p{L}$/u.test(text.slice(Math.max(0, end - 2), end));

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

/** What else carries messages and does not deliver them; `sms.contoso.com` is the host of an address. */
const carriers =
  /(?<![@.\w-])(?:parcel|package|shipment|paket|sendung|colis|paquete|pacco|sms|mms|whatsapp|skype|voicemail)s?\b(?![.@-]\w)/i;
/** How far in front of such a sentence its subject stands, in characters. */
const maxFront = 60;

/** The language of the first sentence that only a report says. */
export function sentenceLanguage(text: string): Language | null {
  const line = squeeze(text);
  return sentences.find(([, pattern]) => isAboutMail(line, pattern.exec(line)))?.[0] ?? null;
}

function isAboutMail(line: string, found: RegExpExecArray | null): boolean {
  if (found === null) return false;
  const front = line.slice(Math.max(0, found.index - maxFront), found.index);
  const sentence = Math.max(...['.', '!', '?'].map((end) => front.lastIndexOf(end)));
  return !carriers.test(`${front.slice(sentence + 1)}${found[0]}`);
}

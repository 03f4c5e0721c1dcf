import { fold } from './ndr/fold';
import { remembering } from './remembering';

/** Articles were checked on some dozen days. */
const daysRemembered = 500;

/** The bot's own phrases in one language. */
export interface Phrases {
  /** The tag of the language, as its file is named: `de`, `zh-Hant`. */
  locale: string;
  /** Whether the language is written from right to left. */
  rtl: boolean;
  /** The phrases of the language that articles are written in: what stands inside their sentences must not be in another one. */
  ofArticles: Phrases;
  /** The phrase of a key with `{name}` values filled in. An unknown key is an error of ours and comes back as itself. */
  t(key: string, values?: Readonly<Record<string, string | number>>): string;
  /** A day such as `2026-11-21`, as people of the language write it; what is no day comes back as itself. */
  date(day: string): string;
  /** So many days, as people of the language write it: `30 days`. */
  days(n: number): string;
  /** The words that people may type for a key, folded as typed words are: theirs first, then the English ones. */
  words(key: string): readonly string[];
}

/** What one language says and hears, as its file has it. */
export interface Vocabulary {
  rtl: boolean;
  phrases: Readonly<Record<string, string>>;
  words: Readonly<Record<string, readonly string[]>>;
}

/** The phrases of English, the language that articles are written in. */
export function englishPhrases(vocabulary: Vocabulary): Phrases {
  const english: Phrases = {
    ...speaking('en', vocabulary),
    get ofArticles() {
      return english;
    },
  };
  return english;
}

/**
 * The phrases of another language: English ones where it has none. English words are understood as well, except one that
 * the language uses for something else.
 */
export function translatedPhrases(
  locale: string,
  own: Vocabulary,
  english: Vocabulary,
  ofArticles: Phrases,
): Phrases {
  const words = Object.entries(english.words).map(([key, list]): [string, string[]] => {
    const elsewhere = new Set(
      Object.entries(own.words).flatMap(([other, theirs]) => (other === key ? [] : theirs.map(fold))),
    );
    return [key, [...(own.words[key] ?? []), ...list.filter((word) => !elsewhere.has(fold(word)))]];
  });
  return {
    ...speaking(locale, {
      rtl: own.rtl,
      phrases: { ...english.phrases, ...own.phrases },
      words: Object.fromEntries(words),
    }),
    ofArticles,
  };
}

function speaking(locale: string, { rtl, phrases, words }: Vocabulary): Omit<Phrases, 'ofArticles'> {
  const table = new Map(Object.entries(phrases));
  const heard = new Map(
    Object.entries(words).map(([key, list]) => [key, [...new Set(list.map((word) => fold(word)))]]),
  );
  // English behind it: of a language that it does not know, Intl would take the machine's instead.
  const dates = new Intl.DateTimeFormat([locale, 'en'], { dateStyle: 'long', timeZone: 'UTC' });
  const days = new Intl.NumberFormat([locale, 'en'], { style: 'unit', unit: 'day', unitDisplay: 'long' });
  return {
    locale,
    rtl,
    t: (key, values) => {
      const phrase = table.get(key) ?? key;
      return values === undefined
        ? phrase
        : phrase.replace(/\{(\w+)\}/g, (hole, name: string) => String(values[name] ?? hole));
    },
    date: remembering(daysRemembered, (day) => {
      const time = Date.parse(`${day}T00:00:00Z`);
      return Number.isNaN(time) ? day : dates.format(time);
    }),
    days: (n) => days.format(n),
    words: (key) => heard.get(key) ?? [],
  };
}

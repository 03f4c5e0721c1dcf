import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

/** The bot's own phrases in one language. */
export interface Phrases {
  locale: string;
  /** The phrase of a key with `{name}` values filled in. An unknown key is an error of ours and comes back as itself. */
  t(key: string, values?: Readonly<Record<string, string | number>>): string;
  /** The words that people may type for a key, folded to lower case. */
  words(key: string): readonly string[];
}

const fileSchema = z.strictObject({
  phrases: z.record(z.string(), z.string()),
  words: z.record(z.string(), z.array(z.string())),
});

/**
 * Load `<directory>/<locale>.yaml`.
 * @throws when the file is missing or not a flat table of phrases and words.
 */
export function loadPhrases(directory: string, locale: string): Phrases {
  const file = fileSchema.parse(parse(readFileSync(join(directory, `${locale}.yaml`), 'utf8')));
  const table = new Map(Object.entries(file.phrases));
  const words = new Map(
    Object.entries(file.words).map(([key, list]) => [key, list.map((word) => word.toLowerCase())]),
  );
  return {
    locale,
    t: (key, values) =>
      (table.get(key) ?? key).replace(/\{(\w+)\}/g, (hole, name: string) => String(values?.[name] ?? hole)),
    words: (key) => words.get(key) ?? [],
  };
}

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/**
 * What YAML texts say, by the hash of the text. Parsing YAML is most of the time that loading takes, so the build
 * parses once; a text that changed since has another hash and is parsed again. Nothing is trusted because it was
 * parsed before: every value is validated at every start.
 */
export type ParsedTexts = ReadonlyMap<string, unknown>;

export const nothingParsed: ParsedTexts = new Map();

/** The key of a text. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}

/** The table that `scripts/compile-knowledge.mjs` wrote; empty when it is not there or not readable. */
export function readParsedTexts(file: string): ParsedTexts {
  try {
    const table: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof table === 'object' && table !== null ? new Map(Object.entries(table)) : nothingParsed;
  } catch {
    return nothingParsed; // A start without it is slower, not wrong.
  }
}

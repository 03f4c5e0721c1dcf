import { join } from 'node:path';
import { createCards } from '../../src/cards/render';
import { loadTemplates } from '../../src/cards/templates';
import { openCase, type Case } from '../../src/guide/case';
import { createGuide } from '../../src/guide/walk';
import { loadKnowledge } from '../../src/knowledge/load';
import { createMatcher, type Diagnosis } from '../../src/knowledge/match';
import { loadLocales } from '../../src/locales';
import { readText } from '../../src/ndr/read';

export const root = join(__dirname, '../..');

/** The shipped product without Teams, put together as in src/index.ts: real knowledge, real templates, real phrases. */
export const knowledge = loadKnowledge(join(root, 'knowledge'));
export const matcher = createMatcher(knowledge);
export const guide = createGuide(knowledge);
export const cards = createCards(loadTemplates(join(root, 'cards')), 30);
export const locales = loadLocales(join(root, 'locales'));
export const phrases = locales.of('en');

/** What the matcher makes of a paste. */
export const diagnose = (text: string): Diagnosis[] => matcher.diagnose(readText(text));

/** The case that the bot opens for a paste. */
export function caseOf(text: string, id = 'case-1'): Case {
  const report = readText(text);
  return openCase(id, report, matcher.diagnose(report));
}

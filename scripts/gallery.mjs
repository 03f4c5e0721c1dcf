/**
 * Draws every card the bot can send as Teams would, so that a person can look at them all. `npm run cards`
 *
 *   --out DIR        where to (.tmp/gallery)
 *   --only PATTERN   only cards whose name matches this regular expression
 *   --theme, --width only this look: light, dark or contrast; 640 or 320
 *   --check          no files, only the findings
 *   --json           the findings as JSON
 *   --locale TAG     in this language of locales/ (en)
 *   --cards FILE     a JSON file of [{ name, card }] instead of the bot's own cards
 *
 * Exits 1 when the renderer objects to a card, or something in it does not fit.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { withBrowser } from './gallery/browser.mjs';
import { inspect, LOOKS } from './gallery/inspect.mjs';
import { withOpened } from './gallery/opened.mjs';
import { kilobytes, SIZE_BUDGET, sizeOf } from './gallery/render-page.mjs';
import { shoot } from './gallery/shoot.mjs';

/**
 * @typedef {import('./gallery/render-page.mjs').GalleryCard} GalleryCard
 * @typedef {import('./gallery/inspect.mjs').Finding} Finding
 */

const { values: options } = parseArgs({
  options: {
    out: { type: 'string', default: fileURLToPath(new URL('../.tmp/gallery', import.meta.url)) },
    only: { type: 'string', default: '' },
    theme: { type: 'string' },
    width: { type: 'string' },
    check: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    locale: { type: 'string', default: 'en' },
    cards: { type: 'string' },
  },
});

/** @returns {GalleryCard[]} */
function allCards() {
  if (options.cards) return JSON.parse(readFileSync(options.cards, 'utf8'));
  const built = fileURLToPath(new URL('../dist/cards/gallery.js', import.meta.url));
  if (!existsSync(built)) throw new Error(`${built} is not there: run \`npm run build\` first.`);
  return createRequire(import.meta.url)(built).galleryCards(undefined, options.locale);
}

/** One line a defect, however many looks show it. @param {string} title @param {readonly Finding[]} findings */
function print(title, findings) {
  /** @type {Map<string, string[]>} */
  const seen = new Map();
  for (const { card, theme, width, message } of findings) {
    const line = `  ${card}: ${message}`;
    seen.set(line, [...(seen.get(line) ?? []), ...(theme ? [`${theme} ${width}`] : [])]);
  }
  if (seen.size === 0) return;
  console.error(`${title}: ${seen.size}`);
  for (const [line, looks] of seen) console.error(looks.length > 0 ? `${line} (${looks.join(', ')})` : line);
}

const pattern = new RegExp(options.only, 'i');
const cards = withOpened(allCards().filter(({ name }) => pattern.test(name)));
const looks = LOOKS.filter(
  ({ theme, width }) => (options.theme ?? theme) === theme && Number(options.width ?? width) === width,
);
if (cards.length === 0 || looks.length === 0) throw new Error('No card, or no look, answers these options.');

const findings = options.check
  ? await withBrowser((browser) => inspect(browser, cards, { looks }))
  : await shoot(cards, { out: options.out, looks });

const largest = cards.reduce((a, b) => (sizeOf(a.card) >= sizeOf(b.card) ? a : b));
if (options.json) {
  console.log(
    JSON.stringify({ cards: cards.map(({ name }) => name), looks, largest: largest.name, ...findings }),
  );
} else {
  print('Objections of the renderer', findings.errors);
  print('Does not fit', findings.overflow);
  console.log(
    `${cards.length} cards in ${looks.length} looks; largest: ${largest.name}, ${kilobytes(sizeOf(largest.card))} of ${kilobytes(SIZE_BUDGET)}`,
  );
  if (!options.check)
    console.log(`${join(options.out, 'index.html')}, sheet-*.png and a folder a look beside it`);
}
process.exitCode = findings.errors.length + findings.overflow.length > 0 ? 1 : 0;

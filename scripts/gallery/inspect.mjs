import { THEMES } from './host-configs.mjs';
import { kilobytes, renderPage, SIZE_BUDGET, sizeOf, WIDTHS } from './render-page.mjs';

/**
 * @typedef {import('./host-configs.mjs').Theme} Theme
 * @typedef {import('./render-page.mjs').GalleryCard} GalleryCard
 * @typedef {import('playwright-core').Page} Page
 * @typedef {{ card: string, theme?: Theme, width?: number, message: string }} Finding
 * @typedef {{ errors: Finding[], overflow: Finding[] }} Findings
 * @typedef {{ theme: Theme, width: number }} Look
 * @typedef {(page: Page, look: Look) => Promise<void>} Visit
 */

/** @type {readonly Look[]} */
export const LOOKS = THEMES.flatMap((theme) => WIDTHS.map((width) => ({ theme, width })));

/** @param {readonly GalleryCard[]} cards @returns {Finding[]} */
const oversized = (cards) =>
  cards
    .filter(({ card }) => sizeOf(card) > SIZE_BUDGET)
    .map(({ name, card }) => ({
      card: name,
      message: `${kilobytes(sizeOf(card))} of JSON, over ${kilobytes(SIZE_BUDGET)}`,
    }));

/**
 * Draws all cards in one look and collects what is wrong with them.
 * @param {import('playwright-core').Browser} browser
 * @param {readonly GalleryCard[]} cards
 * @param {Look} look
 * @param {Visit} visit
 * @returns {Promise<Findings>}
 */
async function inspectLook(browser, cards, look, visit) {
  const page = await browser.newPage({ viewport: { width: 2048, height: 1200 } });
  /** @type {Finding[]} */
  const errors = [];
  page.on('pageerror', (error) => errors.push({ card: '(page)', message: error.message }));
  await page.setContent(renderPage(cards, { ...look, bare: true }));
  await page.evaluate('document.fonts.ready'); // Widths are those of the font that came along.
  const objections = /** @type {Finding[]} */ (await page.evaluate('window.__errors'));
  const overflow = /** @type {Finding[]} */ (await page.evaluate('window.__overflow()'));
  await visit(page, look);
  await page.close();
  return { errors: [...errors, ...objections], overflow };
}

/**
 * Draws all cards in every look, a browser page each, and collects what is wrong with them.
 * @param {import('playwright-core').Browser} browser
 * @param {readonly GalleryCard[]} cards
 * @param {{ looks?: readonly Look[], visit?: Visit }} [options] visit: called with each look on screen
 * @returns {Promise<Findings>}
 */
export async function inspect(browser, cards, { looks = LOOKS, visit = async () => {} } = {}) {
  const findings = await Promise.all(looks.map((look) => inspectLook(browser, cards, look, visit)));
  return {
    errors: [...oversized(cards), ...findings.flatMap(({ errors }) => errors)],
    overflow: findings.flatMap(({ overflow }) => overflow),
  };
}

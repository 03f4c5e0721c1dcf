import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withBrowser } from './browser.mjs';
import { shootSheets } from './contact-sheet.mjs';
import { inspect, LOOKS } from './inspect.mjs';
import { renderPage } from './render-page.mjs';

/**
 * @typedef {import('./render-page.mjs').GalleryCard} GalleryCard
 * @typedef {import('./inspect.mjs').Look} Look
 */

/** @param {string} name */
const fileName = (name) => `${name.replace(/[^\w.-]+/g, '-')}.png`;

/** @param {import('playwright-core').Page} page @param {string} folder */
async function shootCards(page, folder) {
  for (const figure of await page.locator('.exhibit').all()) {
    const name = (await figure.getAttribute('data-name')) ?? 'card';
    await figure.screenshot({ path: join(folder, fileName(name)) });
  }
}

/** Pictures of an earlier run would be taken for today's. @param {string} out @param {Look} look */
async function clear(out, { theme, width }) {
  const stale = (await readdir(out)).filter(
    (entry) => entry === `${theme}-${width}` || entry.startsWith(`sheet-${theme}-${width}-`),
  );
  await Promise.all(stale.map((entry) => rm(join(out, entry), { recursive: true })));
}

/**
 * Writes `index.html`, `<theme>-<width>/<card>.png` and `sheet-<theme>-<width>-<n>.png` into `out`, in place of those of an earlier run.
 * @param {readonly GalleryCard[]} cards
 * @param {{ out: string, looks?: readonly Look[] }} options
 */
export async function shoot(cards, { out, looks = LOOKS }) {
  await mkdir(out, { recursive: true });
  await writeFile(join(out, 'index.html'), renderPage(cards, { theme: 'light', width: 640 }));
  /** @type {import('./inspect.mjs').Visit} */
  const visit = async (page, look) => {
    const { theme, width } = look;
    await clear(out, look);
    await shootCards(page, join(out, `${theme}-${width}`));
    await shootSheets(page, { width, path: (sheet) => join(out, `sheet-${theme}-${width}-${sheet}.png`) });
  };
  return withBrowser((browser) => inspect(browser, cards, { looks, visit }));
}

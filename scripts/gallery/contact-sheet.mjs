/**
 * Contact sheets: all cards of a theme and width in a few pictures, in the gallery's order, column by column.
 * @typedef {{ name: string, height: number }} Drawn
 * @typedef {string[][]} Sheet names by column
 */

/** Beyond this an image viewer shrinks the text away. In px, as are the next ones. */
const SHEET_HEIGHT = 2400;
const GAP = 16;
const SHEET_WIDTH = 2000;

/** @param {number} width of a card */
export const columnsFor = (width) => Math.max(1, Math.floor(SHEET_WIDTH / (width + 72)));

/** Room for all cards with the columns about evenly full, so that few cards do not make one long column. @param {readonly Drawn[]} drawn @param {number} columns */
function fairHeight(drawn, columns) {
  const total = drawn.reduce((sum, { height }) => sum + height + GAP, 0);
  const pages = Math.ceil(total / (columns * SHEET_HEIGHT));
  const tallest = Math.max(...drawn.map(({ height }) => height));
  return Math.min(SHEET_HEIGHT, Math.max(tallest, total / (columns * pages)) * 1.15);
}

/**
 * @param {readonly Drawn[]} drawn
 * @param {number} columns
 * @param {number} [height] of a column; a card higher than that gets a column of its own
 * @returns {Sheet[]}
 */
export function packSheets(drawn, columns, height = fairHeight(drawn, columns)) {
  /** @type {{ names: string[], used: number }[]} */
  const packed = [];
  for (const { name, height: needed } of drawn) {
    const column = packed.at(-1);
    if (column && column.used + GAP + needed <= height) {
      column.names.push(name);
      column.used += GAP + needed;
    } else {
      packed.push({ names: [name], used: needed });
    }
  }
  const names = packed.map((column) => column.names);
  return Array.from({ length: Math.ceil(names.length / columns) }, (_, sheet) =>
    names.slice(sheet * columns, (sheet + 1) * columns),
  );
}

/**
 * Shoots the cards the page shows now; afterwards the page needs a new `__render`.
 * @param {import('playwright-core').Page} page
 * @param {{ width: number, path: (sheet: number) => string }} options
 */
export async function shootSheets(page, { width, path }) {
  /** @type {Drawn[]} */
  const heights = await page.evaluate('window.__heights()');
  const sheets = packSheets(heights, columnsFor(width));
  for (const [index, sheet] of sheets.entries()) {
    await page.evaluate(`window.__sheet(${JSON.stringify(sheet)})`);
    await page.locator('.wall').screenshot({ path: path(index + 1) });
  }
}

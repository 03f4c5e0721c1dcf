import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { hostConfig, pageCss, THEMES } from './host-configs.mjs';

/**
 * @typedef {{ name: string, card: object }} GalleryCard
 * @typedef {{ theme: import('./host-configs.mjs').Theme, width: number, bare?: boolean }} View bare: without the switches
 */

/** Wide: a desktop chat. Narrow: the meeting side panel, or a phone. In CSS px, the card's border included. */
export const WIDTHS = [640, 320];

/** Our own budget for a card, counted as Teams counts (UTF-16). Teams itself gives up at about 100 KB. */
export const SIZE_BUDGET = 28 * 1024;

const require = createRequire(import.meta.url);

/** @param {object} card @returns {number} bytes of the card's JSON in UTF-16, which is what Teams' limits are about */
export const sizeOf = (card) => Buffer.byteLength(JSON.stringify(card), 'utf16le');

/** @param {number} bytes */
export const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;

/** @param {string} script */
const inlined = (script) =>
  `<script>${script.replace(/<\/(script)/gi, '<\\/$1').replace(/^\/\/# sourceMappingURL.*$/m, '')}</script>`;

/** @param {string} path */
const vendored = (path) => inlined(readFileSync(require.resolve(path), 'utf8'));

/** @param {unknown} value A card holds hostile text: no `<` may end the script element. */
const literal = (value) => JSON.stringify(value).replace(/</g, '\\u003c');

/** @param {readonly (string | number)[]} values */
const options = (values) => values.map((value) => `<option>${value}</option>`).join('');

/** @param {GalleryCard} entry */
function exhibit({ name, card }) {
  const size = sizeOf(card);
  const utf8 = Buffer.byteLength(JSON.stringify(card));
  return {
    name,
    card,
    oversized: size > SIZE_BUDGET,
    caption: `${name} · ${utf8} bytes · ${kilobytes(size)} as Teams counts`,
  };
}

/**
 * One page, without outside resources, that draws all cards and can switch theme and width. In the page: `__render(theme, width)`,
 * `__errors` (of the renderer), `__overflow()` (what does not fit), `__heights()`, `__sheet(columns)`.
 * @param {readonly GalleryCard[]} cards
 * @param {View} view what it shows first
 * @returns {string} HTML
 */
export function renderPage(cards, { theme, width, bare = false }) {
  const hostConfigs = Object.fromEntries(THEMES.map((name) => [name, hostConfig(name)]));
  const data = { cards: cards.map(exhibit), hostConfigs, theme, width };
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Bounce Desk: ${cards.length} cards</title>
<style>${pageCss()}</style>
<body class="${bare ? 'bare' : ''}" data-theme="${theme}" data-width="${width}">
<header class="bar">
  <label>Theme <select id="theme">${options(THEMES)}</select></label>
  <label>Width <select id="width">${options(WIDTHS)}</select></label>
  <label>Find <input id="find" type="search" placeholder="part of a name"></label>
</header>
<main class="wall"></main>
${vendored('adaptivecards/dist/adaptivecards.min.js')}
${vendored('markdown-it/dist/markdown-it.min.js')}
<script>const GALLERY = ${literal(data)};</script>
${inlined(readFileSync(new URL('in-page.js', import.meta.url), 'utf8'))}
</body>
</html>
`;
}

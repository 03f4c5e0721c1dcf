/**
 * Adaptive Cards host configs that look like Microsoft Teams, in its three themes.
 *
 * Geometry and type sizes: Microsoft's published Teams host config (microsoft/AdaptiveCards and
 * microsoft/Teams-AdaptiveCards-Mobile, samples/HostConfig/microsoft-teams-{light,dark}.json; the Agents Playground ships the same).
 * Colours: that file still has the palette of 2019 (yellow text on white), so they are the Fluent 2 tokens today's Teams is
 * built on (microsoft/fluentui, packages/tokens: teamsLight, teamsDark, teamsHighContrast, brandTeams).
 * High contrast has no status colours at all: seen in Teams, MicrosoftDocs/msteams-docs#13042.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/**
 * @typedef {'light' | 'dark' | 'contrast'} Theme
 * @typedef {{ default: string, subtle: string }} Ink
 * @typedef {'default' | 'accent' | 'good' | 'warning' | 'attention'} Colour
 * @typedef {object} Palette
 * @property {string} canvas behind the conversation
 * @property {string} card
 * @property {string} cardBorder
 * @property {string} separator
 * @property {Record<Colour, Ink>} ink text colours
 * @property {Record<'emphasis' | Exclude<Colour, 'default'>, string>} fill container styles
 * @property {string} fillOutline drawn around styled containers, 'transparent' where the fill is enough
 * @property {string} link
 * @property {{ fill: string, text: string, border: string }} button
 * @property {{ fill: string, text: string, border: string }} primary
 */

/** @type {readonly Theme[]} */
export const THEMES = ['light', 'dark', 'contrast'];

/** @param {string} value @param {string} [subtle] @returns {Ink} */
const ink = (value, subtle = value) => ({ default: value, subtle });

/** @type {Record<Theme, Palette>} */
const PALETTES = {
  light: {
    canvas: '#f5f5f5',
    card: '#ffffff',
    cardBorder: '#e0e0e0',
    separator: '#e0e0e0',
    ink: {
      default: ink('#242424', '#616161'),
      accent: ink('#4f52b2', '#5b5fc7'),
      good: ink('#0e700e'),
      warning: ink('#bc4b09'),
      attention: ink('#b10e1c'),
    },
    fill: {
      emphasis: '#f5f5f5',
      accent: '#e8ebfa',
      good: '#f1faf1',
      warning: '#fff9f5',
      attention: '#fdf3f4',
    },
    fillOutline: 'transparent',
    link: '#4f52b2',
    button: { fill: '#ffffff', text: '#242424', border: '#d1d1d1' },
    primary: { fill: '#5b5fc7', text: '#ffffff', border: '#5b5fc7' },
  },
  dark: {
    canvas: '#1f1f1f',
    card: '#292929',
    cardBorder: '#3d3d3d',
    separator: '#525252',
    ink: {
      default: ink('#ffffff', '#adadad'),
      accent: ink('#7f85f5', '#7f85f5'),
      good: ink('#54b054'),
      warning: ink('#faa06b'),
      attention: ink('#dc626d'),
    },
    fill: {
      emphasis: '#1f1f1f',
      accent: '#383966',
      good: '#052505',
      warning: '#4a1e04',
      attention: '#3b0509',
    },
    fillOutline: 'transparent',
    link: '#7f85f5',
    button: { fill: '#292929', text: '#ffffff', border: '#666666' },
    primary: { fill: '#4f52b2', text: '#ffffff', border: '#4f52b2' },
  },
  contrast: {
    canvas: '#000000',
    card: '#000000',
    cardBorder: '#ffffff',
    separator: '#ffffff',
    ink: {
      default: ink('#ffffff'),
      accent: ink('#ffffff'),
      good: ink('#ffffff'),
      warning: ink('#ffffff'),
      attention: ink('#ffffff'),
    },
    fill: {
      emphasis: '#000000',
      accent: '#000000',
      good: '#000000',
      warning: '#000000',
      attention: '#000000',
    },
    fillOutline: '#ffffff',
    link: '#ffff00',
    button: { fill: '#000000', text: '#ffffff', border: '#ffffff' },
    primary: { fill: '#ffffff', text: '#000000', border: '#ffffff' },
  },
};

const FONT_SIZES = { small: 12, default: 14, medium: 14, large: 18, extraLarge: 24 };
const FONT_WEIGHTS = { lighter: 200, default: 400, bolder: 600 };

/** Without Segoe UI the next best is a font of its width: line breaks are what the gallery is looked at for. Open Sans comes along. */
const FONT = "'Segoe UI', Selawik, 'Open Sans', 'Liberation Sans', Arial, sans-serif";
const MONOSPACE = "'Courier New', Courier, 'Liberation Mono', monospace";

/** @param {string} fontFamily */
const fontType = (fontFamily) => ({ fontFamily, fontSizes: FONT_SIZES, fontWeights: FONT_WEIGHTS });

/** @param {Palette} palette @param {string} backgroundColor */
const containerStyle = (palette, backgroundColor) => ({
  backgroundColor,
  foregroundColors: {
    ...palette.ink,
    dark: ink('#242424', '#616161'),
    light: ink('#ffffff', '#f0f0f0'),
  },
});

/** The JSON that `new AdaptiveCards.HostConfig()` takes. @param {Theme} theme */
export function hostConfig(theme) {
  const palette = PALETTES[theme];
  const fills = Object.entries(palette.fill).map(([name, fill]) => [name, containerStyle(palette, fill)]);
  return {
    supportsInteractivity: true,
    choiceSetInputValueSeparator: ',',
    spacing: { small: 8, default: 12, medium: 16, large: 20, extraLarge: 24, padding: 16 },
    separator: { lineThickness: 1, lineColor: palette.separator },
    imageSizes: { small: 32, medium: 52, large: 100 },
    fontTypes: { default: fontType(FONT), monospace: fontType(MONOSPACE) },
    // Fluent's type ramp; Teams' published config names none.
    lineHeights: { small: 16, default: 20, medium: 20, large: 24, extraLarge: 32 },
    textStyles: {
      heading: { fontType: 'default', size: 'large', weight: 'bolder', color: 'default', isSubtle: false },
    },
    textBlock: { headingLevel: 2 },
    containerStyles: { default: containerStyle(palette, palette.card), ...Object.fromEntries(fills) },
    actions: {
      maxActions: 6,
      spacing: 'default',
      buttonSpacing: 8,
      actionsOrientation: 'horizontal',
      actionAlignment: 'left',
      preExpandSingleShowCardAction: false,
      showCard: { actionMode: 'inline', inlineTopMargin: 16, style: 'emphasis' },
    },
    adaptiveCard: { allowCustomStyle: false },
    imageSet: { imageSize: 'medium', maxImageHeight: 100 },
    factSet: {
      title: { size: 'default', color: 'default', isSubtle: false, weight: 'bolder', wrap: true },
      value: { size: 'default', color: 'default', isSubtle: false, weight: 'default', wrap: true },
      spacing: 16,
    },
  };
}

/** @param {Theme} theme */
function themeCss(theme) {
  const { canvas, card, cardBorder, ink: text, fillOutline, link, button, primary } = PALETTES[theme];
  return `[data-theme='${theme}'] {
  --canvas: ${canvas}; --card: ${card}; --card-border: ${cardBorder}; --fill-outline: ${fillOutline};
  --text: ${text.default.default}; --subtle: ${text.default.subtle}; --attention: ${text.attention.default}; --link: ${link};
  --button-fill: ${button.fill}; --button-text: ${button.text}; --button-border: ${button.border};
  --primary-fill: ${primary.fill}; --primary-text: ${primary.text}; --primary-border: ${primary.border};
}`;
}

/** A bare machine has one wide font or none, so a font comes with the page. @param {number} weight */
function fontFace(weight) {
  const file = require.resolve(`@fontsource/open-sans/files/open-sans-latin-${weight}-normal.woff2`);
  const url = `data:font/woff2;base64,${readFileSync(file).toString('base64')}`;
  return `@font-face { font-family: 'Open Sans'; font-weight: ${weight}; src: url(${url}) format('woff2'); }`;
}

/** The gallery's style sheet: each theme's colours as variables, then the rules of page.css. */
export function pageCss() {
  const rules = readFileSync(new URL('page.css', import.meta.url), 'utf8');
  const root = `:root { --font: ${FONT}; --monospace: ${MONOSPACE}; }`;
  return [...[400, 600].map(fontFace), root, ...THEMES.map(themeCss), rules].join('\n');
}

/**
 * A card with hidden parts (Action.ToggleVisibility) is looked at twice: as sent, and with everything shown.
 * @typedef {import('./render-page.mjs').GalleryCard} GalleryCard
 */

/** @param {unknown} key @param {unknown} value */
const shown = (key, value) => (key === 'isVisible' ? undefined : value);

/** @param {readonly GalleryCard[]} cards @returns {GalleryCard[]} */
export function withOpened(cards) {
  return cards.flatMap(({ name, card }) => {
    const json = JSON.stringify(card);
    const entry = { name, card };
    return json.includes('"isVisible":false')
      ? [entry, { name: `${name}.opened`, card: JSON.parse(json, shown) }]
      : [entry];
  });
}

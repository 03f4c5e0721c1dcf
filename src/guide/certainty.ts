import type { Phrases } from '../phrases';
import type { View } from './view';

/** The phrase that says how sure a verdict is; a code that has one meaning only is said differently from words. */
export function sureKey({
  sure,
  quotes,
}: Pick<Extract<View, { kind: 'verdict' }>, 'sure' | 'quotes'>): string {
  const onlyCodes = quotes.length > 0 && quotes.every((quote) => /^[\d.]+$/.test(quote));
  return sure === 'sure' && onlyCodes ? 'sure.code' : `sure.${sure}`;
}

/** What stands above meanings to choose from: of one alone nobody says that there are several. */
export const meaningsTitle = (
  { code, items }: Pick<Extract<View, { kind: 'meanings' }>, 'code' | 'items'>,
  phrases: Phrases,
): string => {
  if (items.length === 1) return phrases.t('meanings.title.one');
  return code === null ? phrases.t('meanings.title.noCode') : phrases.t('meanings.title', { code });
};

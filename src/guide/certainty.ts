import type { View } from './view';

/** The phrase that says how sure a verdict is; a code that has one meaning only is said differently from words. */
export function sureKey({
  sure,
  quotes,
}: Pick<Extract<View, { kind: 'verdict' }>, 'sure' | 'quotes'>): string {
  const onlyCodes = quotes.length > 0 && quotes.every((quote) => /^[\d.]+$/.test(quote));
  return sure === 'sure' && onlyCodes ? 'sure.code' : `sure.${sure}`;
}

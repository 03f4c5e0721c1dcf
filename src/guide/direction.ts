import type { Phrases } from '../phrases';
import type { Piece } from './piece';

/** What stands between such a mark and the last one is laid out by itself (Unicode UAX #9 §2.4.2). */
const isolate = { ltr: '\u2066', rtl: '\u2067', byItself: '\u2068', end: '\u2069' };

/** Prose of an article, for a reader whose own lines may run the other way: it keeps its direction, down to the full stop. */
export function inOwnDirection(pieces: Piece[], { rtl, ofArticles }: Phrases): Piece[] {
  if (rtl === ofArticles.rtl) return pieces;
  const begin = ofArticles.rtl ? isolate.rtl : isolate.ltr;
  const last = pieces.length - 1;
  return pieces.map((piece, index) => ({
    ...piece,
    text: `${index === 0 ? begin : ''}${piece.text}${index === last ? isolate.end : ''}`,
  }));
}

/** A value such as `550 5.7.124`, whose numbers would change places among words that run from right to left. */
export const asWritten = (value: string, { rtl }: Pick<Phrases, 'rtl'>): string =>
  rtl ? `${isolate.byItself}${value}${isolate.end}` : value;

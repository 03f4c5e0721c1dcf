import type { Piece } from '../guide/fill';
import type { View } from '../guide/view';
import type { Phrases } from '../phrases';
import { inlines } from './inline';
import type { CardJson } from './templates';

/** A card with the one line that stands for it in a notification. */
export interface RenderedCard {
  card: CardJson;
  /** Plain text for the toast and for clients that cannot draw the card. */
  summary: string;
}

/** How a template is bound: the parts every card has, and its own model, in one part or several. */
export type Draw = (
  template: string,
  title: string,
  phrases: Phrases,
  ...model: readonly object[]
) => RenderedCard;

/** The notes of the reader's organization, under a label that says whose they are. */
export const ownRow = (own: readonly Piece[][], phrases: Phrases): object => ({
  hasOwn: own.length > 0,
  ownLabel: phrases.t('label.own'),
  own: own.map((note) => ({ inlines: inlines(note) })),
});

export type ViewOf<K extends View['kind']> = Extract<View, { kind: K }>;

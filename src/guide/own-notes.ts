import { fill, type Piece } from './fill';
import type { Scene } from './scene';

/** What the reader's organization adds to an article or a procedure (the object): each note with its page behind it. */
export function ownNotes({ knowledge, facts, phrases }: Scene, place: object): Piece[][] {
  return (knowledge.notes.get(place) ?? []).map(({ text, link }) => [
    ...(text === undefined ? [] : fill(text, facts, phrases)),
    ...(text === undefined || link === undefined ? [] : [{ text: ' ', style: 'plain' as const }]),
    ...(link === undefined ? [] : [{ text: link.label, style: 'plain' as const, url: link.url }]),
  ]);
}

/** A piece of a sentence, ready to be drawn. Nothing in `text` is markup any more. */
export interface Piece {
  text: string;
  /** `missing`: a visible placeholder for a fact that the bounce did not tell. */
  style: 'plain' | 'label' | 'code' | 'value' | 'missing';
  url?: string;
}

/** A literal piece to look for, as it stands in an article and as it is compared. Make it with {@link pieceOf}. */
export interface Piece {
  source: string;
  folded: string;
  /** The marks of its runs; none for a piece that is shorter than a run. */
  marks: Uint16Array;
}

/** So many signs are a run. */
const run = 4;
const differentMarks = 1 << 15;

export const pieceOf = (source: string, folded: string): Piece => ({
  source,
  folded,
  marks: marksOf(folded).slice(run - 1),
});

/** For every sign the mark of the run that it ends: a number, equal for equal runs and mostly different for others. */
function marksOf(text: string): Uint16Array {
  const marks = new Uint16Array(text.length);
  let mark = 0;
  for (let at = 0; at < text.length; at += 1) {
    // Each step moves the signs before up, and the one before the run out.
    mark = ((mark << 4) ^ (text.charCodeAt(at) & 0xff)) & (differentMarks - 1);
    marks[at] = mark;
  }
  return marks;
}

/**
 * A text in which hundreds of pieces are looked for, nearly all of them in vain. It notes once which runs of signs it
 * has; where a piece has another one, the text need not be searched.
 */
export class Haystack {
  private seen: Uint8Array | undefined;

  constructor(readonly text: string) {}

  has({ folded, marks }: Piece): boolean {
    if (folded.length > this.text.length) return false;
    this.seen ??= seenIn(this.text);
    for (const mark of marks) if (this.seen[mark] !== 1) return false;
    return this.text.includes(folded);
  }
}

function seenIn(text: string): Uint8Array {
  const seen = new Uint8Array(differentMarks);
  for (const mark of marksOf(text)) seen[mark] = 1;
  return seen;
}

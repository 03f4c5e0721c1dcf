/** A literal piece to look for, as it stands in an article and as it is compared. Make it with {@link pieceOf}. */
export interface Piece {
  source: string;
  folded: string;
  /** A component of Exchange and its reason: `RESOLVER.RST.NotAuthorized` is not `RESOLVER.RST.NotAuthorizedToGroup`. */
  isWhole: boolean;
  /** The marks of its runs; none for a piece that is shorter than a run. */
  marks: Uint16Array;
}

/** What the components of Exchange are called, with what they say. */
export const component = /^[A-Z][A-Za-z]{2,20}\.[A-Z][A-Za-z.]{2,80}$/;

/** So many signs are a run. */
const run = 4;
const differentMarks = 1 << 14;

/** The mark of the run that ends with this sign: equal for equal runs, mostly different for others. Each step moves the signs before up, and the one before the run out. */
const nextMark = (mark: number, sign: number): number => ((mark << 4) ^ (sign & 0xff)) & (differentMarks - 1);

export function pieceOf(source: string, folded: string): Piece {
  const marks = new Uint16Array(folded.length);
  for (let at = 0, mark = 0; at < folded.length; at += 1)
    marks[at] = mark = nextMark(mark, folded.charCodeAt(at));
  return { source, folded, isWhole: component.test(source), marks: marks.slice(run - 1) };
}

/**
 * A text in which hundreds of pieces are looked for, nearly all of them in vain. It notes once which runs of signs it
 * has; where a piece has another one, the text need not be searched.
 */
export class Haystack {
  private seen: Uint8Array | undefined;

  constructor(readonly text: string) {}

  has({ folded, marks, isWhole }: Piece): boolean {
    if (folded.length > this.text.length) return false;
    this.seen ??= seenIn(this.text);
    for (const mark of marks) if (this.seen[mark] !== 1) return false;
    return isWhole ? this.hasWhole(folded) : this.text.includes(folded);
  }

  private hasWhole(folded: string): boolean {
    for (let at = this.text.indexOf(folded); at >= 0; at = this.text.indexOf(folded, at + 1))
      if (!isLetter(this.text.charCodeAt(at + folded.length))) return true;
    return false;
  }
}

const isLetter = (sign: number): boolean => sign >= 0x61 && sign <= 0x7a;

function seenIn(text: string): Uint8Array {
  const seen = new Uint8Array(differentMarks);
  let mark = 0;
  for (let at = 0; at < text.length; at += 1) {
    mark = nextMark(mark, text.charCodeAt(at));
    seen[mark] = 1;
  }
  return seen;
}

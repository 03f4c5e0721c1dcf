/** A name without what people write in different ways: capitals, dashes, underscores. */
export function plain(name: string): string {
  return name.replace(/[^a-z\d]/gi, '').toLowerCase();
}

/** What to add to a sentence that refuses `given`: the valid name nearest to it, if one is near. */
export function suggestion(given: string, valid: readonly string[]): string {
  const meant = closest(plain(given), valid, given.length / 3);
  return meant === undefined ? '' : `; the closest is ${meant}`;
}

/** The candidate nearest to `letters`, if it is at most `most` edits away. */
export function closest<T extends string>(
  letters: string,
  candidates: readonly T[],
  most: number,
): T | undefined {
  const ranked = candidates.map((candidate) => ({
    candidate,
    edits: editDistance(letters, candidate.toLowerCase()),
  }));
  const [best] = ranked.sort((left, right) => left.edits - right.edits);
  return best !== undefined && best.edits <= most ? best.candidate : undefined;
}

/** Levenshtein, one row at a time. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [line, letter] of Array.from(from).entries()) {
    let left = line + 1;
    row = row.map((above, column) => {
      if (column === 0) return left;
      const diagonal = row[column - 1] ?? 0;
      left = Math.min(above + 1, left + 1, diagonal + (letter === to[column - 1] ? 0 : 1));
      return left;
    });
  }
  return row.at(-1) ?? 0;
}

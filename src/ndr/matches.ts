/**
 * The first `limit` matches of a pattern with the flag `g`. Unlike `matchAll` it does not copy the expression, which costs
 * more than looking through a report when the expression names all headings of all languages.
 * @param counts Asked before a match is taken; behind one that is not, the search goes on at the next sign.
 */
export function matchesOf(
  text: string,
  pattern: RegExp,
  limit: number,
  counts?: (match: RegExpExecArray) => boolean,
): RegExpExecArray[] {
  const matches: RegExpExecArray[] = [];
  for (let from = 0; matches.length < limit;) {
    pattern.lastIndex = from;
    const match = pattern.exec(text);
    if (match === null) break;
    const isTaken = counts === undefined || counts(match);
    if (isTaken) matches.push(match);
    from = match.index + (isTaken && match[0] !== '' ? match[0].length : 1);
  }
  return matches;
}

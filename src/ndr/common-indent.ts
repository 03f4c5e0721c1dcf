/** In characters; a lone space in front is the fold of a header as well. */
const minIndent = 2;

const indentOf = (line: string): number => {
  let at = 0;
  while (line.charAt(at) === ' ' || line.charAt(at) === '\t') at += 1;
  return at;
};

/**
 * Lines without the indent that all of them have, as in a block of code or a reply: it is no fold of a header, and what begins a
 * line is told by the indent that is left.
 */
export function withoutCommonIndent(lines: readonly string[]): readonly string[] {
  let common = Infinity;
  for (const line of lines) {
    const indent = indentOf(line);
    if (indent < line.length && indent < common) common = indent;
    if (common < minIndent) return lines;
  }
  return common === Infinity ? lines : lines.map((line) => line.slice(common));
}

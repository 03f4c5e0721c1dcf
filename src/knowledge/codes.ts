/** How exactly a pattern of an article's `codes` hits a code; 0 = not at all. */
export type Exactness = 0 | 1 | 2 | 3 | 4;

/** A code pattern taken apart once at load: `5.7.124`, `4.7.500-699`, `5.7.*`, `5.*.*`. */
export interface CodePattern {
  source: string;
  hit(code: string): Exactness;
}

/** Parse a pattern that {@link articleSchema} has let through. Ranges are inclusive on both ends. */
export function codePattern(source: string): CodePattern {
  const [codeClass = '', subject = '', detail = ''] = source.split('.');
  const [low = NaN, high = low] = detail.split('-').map(Number);
  // Most patterns are of another subject; that much is told without taking the code apart.
  const start = subject === '*' ? `${codeClass}.` : `${codeClass}.${subject}.`;
  const hit = (code: string): Exactness => {
    if (!code.startsWith(start)) return 0;
    if (subject === '*') return 1;
    if (detail === '*') return 2;
    const number = Number(code.slice(start.length));
    if (!(number >= low && number <= high)) return 0;
    return low === high ? 4 : 3;
  };
  return { source, hit };
}

const typographic: Readonly<Record<string, string>> = { "'": "['’‘´`]", '-': '[-–—‑]' };
/** White space as `cleanText` leaves it. `\s{1,4}` instead takes ten times as long to compile: it is written out, twice. */
const blank = String.raw`[ \t\n]`;
/** Scripts that set no spaces between words. */
export const isCjk = (text: string): boolean => /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}]/u.test(text);

/** Accents and voicing marks that stand apart from their letters. Not `\p{M}`, which needs the flag `u`: with `i`, that is slow. */
const mark = String.raw`[\u0300-\u036f\u3099\u309a]?`;

/**
 * The source of a regular expression (flag `i`) for a heading as people, programs and servers write it: accents
 * there, combined or lost; typographic signs; a line break where it was wrapped. No-break spaces and full-width signs are
 * folded in the whole text before (clean.ts).
 */
export const headingPattern = (heading: string): string => signPatterns(heading).join('');

/** The same, sign by sign. */
export function signPatterns(heading: string): string[] {
  const space = isCjk(heading) ? `${blank}*` : `${blank}+`;
  return Array.from(heading, (sign) => (sign === ' ' ? space : (typographic[sign] ?? signPattern(sign))));
}

/**
 * The source for one of several, each given as the patterns of its signs; where one begins with another, the longer first.
 * Those that begin alike share their first sign: every alternative is tried at every sign of a text, and that makes it a
 * third of them.
 */
export function oneOf(alternatives: readonly (readonly string[])[]): string {
  const groups = new Map<string, string[]>();
  for (const [first = '', ...rest] of alternatives) {
    const group = groups.get(first);
    if (group === undefined) groups.set(first, [rest.join('')]);
    else group.push(rest.join(''));
  }
  return [...groups].map(([first, rests]) => `${first}(?:${rests.join('|')})`).join('|');
}

function signPattern(sign: string): string {
  const apart = sign.normalize('NFD');
  if (apart === sign) return sign.replace(/[$()*+./?[\\\]^{|}]/g, String.raw`\$&`);
  return /^.\p{M}+$/u.test(apart) ? `(?:${sign}|${apart.charAt(0)}${mark})` : `(?:${sign}|${apart})`;
}

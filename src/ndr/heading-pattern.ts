const typographic: Readonly<Record<string, string>> = { "'": "['’‘´`]", '-': '[-–—‑]' };
/** Scripts that set no spaces between words. */
export const isCjk = (text: string): boolean => /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}]/u.test(text);

/** Accents and voicing marks that stand apart from their letters. Not `\p{M}`, which needs the flag `u`: with `i`, that is slow. */
const mark = String.raw`[\u0300-\u036f\u3099\u309a]?`;

/**
 * The source of a regular expression (flag `i`) for a heading as people, programs and servers write it: accents
 * there, combined or lost; typographic signs; a line break where it was wrapped. No-break spaces and full-width signs are
 * folded in the whole text before (clean.ts).
 */
export function headingPattern(heading: string): string {
  const space = isCjk(heading) ? String.raw`\s{0,4}` : String.raw`\s{1,4}`;
  return Array.from(heading, (sign) =>
    sign === ' ' ? space : (typographic[sign] ?? signPattern(sign)),
  ).join('');
}

function signPattern(sign: string): string {
  const apart = sign.normalize('NFD');
  if (apart === sign) return sign.replace(/[$()*+./?[\\\]^{|}]/g, String.raw`\$&`);
  return /^.\p{M}+$/u.test(apart) ? `(?:${sign}|${apart.charAt(0)}${mark})` : `(?:${sign}|${apart})`;
}

import { withoutCommonIndent } from './common-indent';
import { restoreLostBreaks } from './lost-breaks';

/** The largest text we read, in characters; a report with all headers has 80 thousand. */
export const maxText = 1_000_000;

// eslint-disable-next-line no-control-regex -- taking them out is what this is for
const controls = /[\u0000-\u0008\v\f\u000e-\u001f\u007f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g;
/** Full-width forms lie in Unicode as ASCII does, this far away. */
const wideBy = 0xfee0;

/**
 * Make a paste readable line by line: one newline style, no control or invisible characters, no-break
 * spaces as spaces, full-width signs as ASCII, an indent of all lines and quote marks of mail programs (`> `, `| `, `// `) taken off,
 * lines cut at a fixed column put together again, line breaks that were lost put back.
 * Does not fold case or typographic quotes: what the report says is quoted back to people.
 */
export function cleanText(raw: string): string {
  const text = raw
    .slice(0, maxText)
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replace(/=\n/g, joinSoftBreak)
    .replace(/<br\s?\/?>/gi, '\n')
    .replace(/[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/g, ' ')
    .replace(controls, '')
    .replace(misread, withDigits)
    .replace(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - wideBy));
  return restoreLostBreaks(joinWrapped(withoutCommonIndent(text.split('\n'))));
}

/** A reply and a code in a picture that was read by a machine: `55O 5.7.l`, `5.1.1O`. */
const misread = /(?<![\w.])(?:[45S][\dOlIS]{2}[ -])?[45]\.[\dOlI]\.[\dOlI]{1,3}(?!\.?\w)/g;

const withDigits = (found: string): string =>
  found.replace(/[OlIS]/g, (sign) => (sign === 'O' ? '0' : sign === 'S' ? '5' : '1'));

/** Quoted-printable that nobody decoded: an encoder ends a line of 71 to 76 signs with `=` (RFC 2045 §6.7). */
function joinSoftBreak(found: string, at: number, text: string): string {
  const column = at - 1 - text.slice(Math.max(0, at - 80), at).lastIndexOf('\n') - Math.max(0, at - 80);
  return column >= 70 && column <= 75 ? '' : found;
}

function joinWrapped(lines: readonly string[]): string {
  const column = hardWrapColumn(lines);
  if (column === undefined && !lines.some(isMarked))
    return lines.slice(lines.findIndex((line) => line !== '')).join('\n');
  let out = '';
  let cut: string | undefined;
  for (const line of lines) {
    const bare = stripQuoteMark(line);
    // mutt marks the rest of a line it wrapped itself with "| +".
    const continues =
      (cut !== undefined && !beginsAnew(bare, cut)) || (isMarked(line) && /^\s*\|\s\+\S/.test(line));
    out += continues ? bare.replace(/^\+/, '') : `${out === '' ? '' : '\n'}${bare}`;
    cut = column !== undefined && line.length === column && !ruler.test(line) ? bare : undefined;
  }
  return out;
}

/** How a new line of a report begins; also one that begins like the line above it, in a list of like lines. */
const opening =
  /^\s{0,8}(?:[<'"]?[\w.+-]{1,64}@[\w.-]{1,200}[>'":]{0,2}\s*$|#?[245]\d\d[ -]|\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}[ ,]|remote server returned|[A-Z][\w-]{2,30}: |<<<|>>>)/i;
const beginsAnew = (line: string, above: string): boolean =>
  opening.test(line) || (line.trim().length > 8 && line.slice(0, 8) === above.slice(0, 8));

/** Whether a line may be marked; most begin with a letter and need no closer look. */
function isMarked(line: string): boolean {
  let at = 0;
  while (line.charAt(at) === ' ' || line.charAt(at) === '\t') at += 1;
  return at < line.length && '>|/*'.includes(line.charAt(at));
}

const stripQuoteMark = (line: string): string =>
  isMarked(line)
    ? line.replace(/^\s{0,8}(?:>\s?(?!>>)|\|\s|\/\/\s?|\*\s(?=\*{0,2}[A-Z][\w ]{2,30}:))+/, (mark) =>
        mark.includes('>') && /^\s*>>>\s/.test(line) ? mark : '',
      )
    : line;

/** A drawn line ends where it was meant to. */
const ruler = /[-=_*#+|]{4}$/;

/**
 * Some mail archives cut every line at one column, in the middle of words. Such a text has several lines
 * of exactly the greatest length and hardly any just below it; word wrapping looks different.
 */
function hardWrapColumn(lines: readonly string[]): number | undefined {
  let column = 0;
  for (const line of lines) if (line.length > column && line.length <= 132) column = line.length;
  if (column < 60) return undefined;
  let full = 0;
  let nearly = 0;
  let anew = 0;
  for (const [index, line] of lines.entries()) {
    if (line.length > column) return undefined;
    if (line.length <= column - 8 || ruler.test(line)) continue;
    if (line.length === column) {
      full += 1;
      if (beginsAnew(stripQuoteMark(lines[index + 1] ?? ''), stripQuoteMark(line))) anew += 1;
    } else nearly += 1;
  }
  return full >= 3 && nearly * 2 <= full && anew * 2 <= full ? column : undefined;
}

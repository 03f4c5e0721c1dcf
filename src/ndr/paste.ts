import { cleanText } from './clean';
import { htmlToText } from './html';
import { readCleanText, readText } from './read';
import type { ReadReport, Report } from './report';
import { squeeze } from './squeeze';

/** What a person sent: the text, and the HTML that some clients send along. At least one of them. */
export interface Paste {
  text?: string | undefined;
  html?: string | undefined;
}

/**
 * Read a pasted bounce, a line of one, or a bare code. Never throws; what the text does not say is null.
 *
 * Teams drops `<user@contoso.com>` from the plain text of a personal chat but keeps it in the HTML, so where they have not the same
 * words, the HTML is read first, and the plain text counts only when it tells more.
 */
export function readPaste({ text, html }: Paste): ReadReport {
  const cleaned = [html === undefined ? '' : htmlToText(html), text ?? ''].map(cleanText);
  const sources = withoutEcho(cleaned.filter((source) => source.trim() !== ''));
  const [first = readText(''), ...others] = sources.map(readCleanText);
  return others.reduce((best, report) => (richness(report) > richness(best) ? report : best), first);
}

/**
 * Most often both have the same words in the same lines, and the HTML a blank line below each, as every line is a paragraph there. Then
 * the plain text is nearer to what was pasted, and reading both takes twice the time.
 */
function withoutEcho(sources: string[]): string[] {
  const [marked, plain] = sources;
  if (marked === undefined || plain === undefined) return sources;
  return wordsOf(marked) === wordsOf(plain) ? [plain] : sources;
}

/** The words of a text, line by line, without what is between them. */
const wordsOf = (text: string): string =>
  text
    .split('\n')
    .map((line) => squeeze(line).trim())
    .filter((line) => line !== '')
    .join('\n');

const richness = (report: Report): number =>
  (report.isNdr ? 4 : 0) +
  report.failures.reduce(
    (sum, { code, recipient, diagnostic }) =>
      sum + (code === null ? 0 : 4) + (recipient === null ? 0 : 2) + (diagnostic === null ? 0 : 1),
    0,
  );

import { htmlToText } from './html';
import { isMail, openMail, type OpenedMail } from './mail';
import { mailKind } from './mail-kind';
import { readParts, readText } from './read';
import type { Report } from './report';

/**
 * Read a file that somebody dropped: a mail (`.eml`), or any text. What it is is told by its content, never by its name.
 * Never throws; a file without a bounce in it gives a report without failures.
 */
export async function readFile(bytes: Uint8Array): Promise<Report> {
  if (isMail(bytes)) return readMail(await openMail(bytes));
  const text = decodeText(bytes);
  return readText(
    /^\s*<(?:!doctype|html|head|body|div|table)\b/i.test(text.slice(0, 400)) ? htmlToText(text) : text,
  );
}

/** One report out of a mail's parts: the words, the machine's part below them, the original's headers apart. */
function readMail(mail: OpenedMail): Report {
  const kind = mailKind(mail);
  const failed = mail.headers.get('x-failed-recipients');
  const extra = failed === undefined ? '' : `\n\nX-Failed-Recipients: ${failed}`;
  const report = readParts({
    report: `${mail.text}${extra}\n\n${mail.deliveryStatus}`,
    original: mail.original,
  });
  // What is no report about a delivery has no failures, whatever numbers stand in it.
  return kind === 'report' && report.isNdr ? report : { ...report, isNdr: false, failures: [] };
}

/** UTF-8 or UTF-16 by its mark, UTF-8 when it is valid, else Windows-1252: every byte means something there. */
export function decodeText(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

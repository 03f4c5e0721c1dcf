import { readAll, type Reading } from './file';
import { htmlToText } from './html';
import { isLure } from './lure';
import { isMail } from './mail';
import { readPaste, type Paste } from './paste';
import { kindOfText } from './text-kind';
import { unreadableText } from './unreadable';

/**
 * Read what somebody wrote or pasted into a chat. Most of it is text; the source of a whole mail, or a notice in JSON, is
 * read as the file that it was copied from, because its words may stand there in base64. Never throws.
 */
export function readMessage(paste: Paste): Reading {
  const source = sourceIn(paste);
  const [file] = source === null ? [] : readAll(Buffer.from(source, 'utf8'));
  if (file !== undefined && (file.report.isNdr || file.kind !== 'text')) return file;
  const report = readPaste(paste);
  const kind = isLure(report, report.body) ? 'lure' : kindOfText(report, report.body);
  if (kind !== null) return { report: { ...report, isNdr: false, failures: [] }, kind, unreadable: null };
  const says = report.isNdr || report.failures.length > 0 || report.hops.length > 0;
  return { report, kind: 'text', unreadable: says ? null : unreadableText(paste.text ?? '') };
}

/** The text when it is a file's content: header lines of MIME (RFC 2045 §4), or a JSON object. */
function sourceIn({ text = '', html }: Paste): string | null {
  const texts = [text, ...(html === undefined ? [] : [htmlToText(html)])];
  return texts.find((candidate) => isSource(candidate.trimStart())) ?? null;
}

const mimeHeader =
  /^(?:MIME-Version ?:|Content-Transfer-Encoding ?:|Content-Type ?: ?(?:multipart|message|text)\/)/im;

const isSource = (text: string): boolean =>
  (text.startsWith('{') && /^\{\s*"/.test(text.slice(0, 200))) ||
  (mimeHeader.test(text.slice(0, 8192)) && isMail(Buffer.from(text.slice(0, 8192), 'utf8')));

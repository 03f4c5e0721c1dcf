import { decodeText, wideName } from './charset';
import { htmlToText } from './html';
import type { MailKind } from './nature';
import { matchesOf } from './matches';
import { parseMime, type MimePart } from './mime';

/** A mail taken apart into what a reader of bounces needs. Texts are decoded, nothing in them is trusted. */
export interface OpenedMail {
  /** Header values by lower-case name, the first of each, encoded words decoded. */
  headers: ReadonlyMap<string, string>;
  /** What a person sees: text/plain, or the text of the HTML where that says more. */
  text: string;
  /** The machine's part, message/delivery-status (RFC 3464) verbatim; '' when there is none. */
  deliveryStatus: string;
  /** The headers of the message that bounced, from message/rfc822 or text/rfc822-headers; '' when they are not there. */
  original: string;
  /** Whole mails inside this one: the message that bounced, or a bounce that somebody forwards as an attachment. */
  inner: (() => OpenedMail)[];
  /** Outlook items attached as files (`.msg`), not opened. */
  items: (() => Uint8Array)[];
  /** Parts that were not read: media type and file name, lower case. */
  leftOut: { type: string; name: string }[];
  /** The header lines alone, as they stood. */
  head: string;
  /** What the store says it is, in the item class of a `.msg`; null where only the mail itself can tell. */
  declaredKind: MailKind | null;
}

/** No more text of one mail than this is put together, in characters; a reader stops at a million. */
const maxTextOfMail = 1_200_000;

/**
 * Open an `.eml`, any MIME. Line ends may be LF, CRLF or CR, an mbox `From ` line may stand in front. Never throws;
 * a structure that does not hold is read as the text that stands there.
 */
export function openMail(bytes: Uint8Array): OpenedMail {
  const source = toSource(bytes);
  const root = parseMime(
    isMimeBody(source) ? `Content-Type: multipart/mixed\n\n${source.trimStart()}` : source,
  );
  const leaves = leavesOf(root);
  const statuses = leaves.filter((leaf) => isStatus(leaf)).map((leaf) => leaf.text());
  const messages = leaves.filter((leaf) => originalTypes.test(leaf.type) || isWholeMail(leaf));
  const inner = leavesOf(root, false)
    .filter((leaf) => isWholeMail(leaf))
    .slice(0, 5)
    .map((leaf) => () => openMail(leaf.bytes()));
  return {
    headers: root.headers,
    // Some mailers call the only text there is an attachment.
    text: textOf(root, false).trim() || textOf(root, true).trim(),
    deliveryStatus: statuses.join('\n\n'),
    original: messages.map((leaf) => headerBlock(startOf(leaf))).find((text) => text.trim() !== '') ?? '',
    inner,
    items: leaves
      .filter((leaf) => isItem(leaf))
      .slice(0, 5)
      .map((leaf) => () => leaf.bytes()),
    leftOut: leaves
      .filter(
        ({ type, attached }) => !/^message\/|^text\/(?:plain|html|rfc822-headers)$/.test(type) || attached,
      )
      .map(({ type, params }) => ({ type, name: (params.get('filename') ?? '').toLowerCase() })),
    head: root.head,
    declaredKind: null,
  };
}

const originalTypes = /^(?:message\/(?:rfc822|global)|text\/rfc822-headers|message\/global-headers)$/;
/** A mail in the mail; one that somebody attached as a file often has no type that says so. */
const isWholeMail = ({ type, params }: MimePart): boolean =>
  /^message\/(?:rfc822|global)$/.test(type) || /\.eml$/i.test(params.get('filename') ?? '');

const isItem = ({ type, params }: MimePart): boolean =>
  type === 'application/vnd.ms-outlook' || /\.msg$/i.test(params.get('filename') ?? '');

/** Headers stand at the start; the message that bounced may be large. */
const startOf = (leaf: MimePart): string =>
  decodeText(leaf.bytes().subarray(0, 300_000), leaf.params.get('charset'));

const statusType = /^message\/(?:global-)?delivery-status$/;

/** Gateways rename the machine's part to a text file or to bytes; its fields give it away. */
function isStatus(leaf: MimePart): boolean {
  if (statusType.test(leaf.type)) return true;
  if (!leaf.attached || !/^(?:text\/plain|application\/octet-stream)$/.test(leaf.type)) return false;
  return (
    /\.(?:txt|dat)$/i.test(leaf.params.get('filename') ?? '') &&
    /^(?:Reporting-MTA|Final-Recipient):/im.test(leaf.text().slice(0, 5000))
  );
}

/** @param withDigests Whether the mails of a digest (RFC 2046 §5.1.5) count: they are what other people wrote. */
function leavesOf(part: MimePart, withDigests = true): MimePart[] {
  if (!part.type.startsWith('multipart/')) return [part];
  if (part.type === 'multipart/digest' && !withDigests) return [];
  return part.parts.flatMap((inner) => leavesOf(inner, withDigests));
}

/** What stands to be read, in order. Of alternatives the one that says more. */
function textOf(part: MimePart, withAttached: boolean): string {
  if (part.type === 'multipart/alternative') {
    const texts = part.parts.map((inner) => ({ text: textOf(inner, withAttached), html: holdsHtml(inner) }));
    const written = (html: boolean): string =>
      texts
        .filter((one) => one.html === html)
        .map(({ text }) => text.trim())
        .join('\n')
        .trim();
    return fuller(written(false), written(true));
  }
  if (part.type.startsWith('multipart/')) {
    let all = '';
    for (const inner of part.parts) {
      if (all.length > maxTextOfMail) break;
      const text = textOf(inner, withAttached);
      if (text !== '') all += `${all === '' ? '' : '\n'}${text}`;
    }
    return all;
  }
  if (part.attached && !withAttached) return '';
  if (part.type === 'text/html') return htmlToText(part.text());
  // "text/plain" that is HTML all the same: gateways do that.
  if (part.type !== 'text/plain') return '';
  const text = part.text();
  return looksLikeHtml(text) ? htmlToText(text) : text;
}

const holdsHtml = (part: MimePart): boolean =>
  part.type === 'text/html' || part.parts.some((inner) => holdsHtml(inner));

export const looksLikeHtml = (text: string): boolean =>
  /^\s*<(?:!doctype html|html|head|body|div|table|meta)\b/i.test(text.slice(0, 400));

/** Text and HTML of one report mostly say the same; the HTML is needed where the text is a stub ("see attached", empty). */
function fuller(plain: string, html: string): string {
  const hasCode = /[245]\.\d\.\d/.test(plain);
  if (html === '' || (plain.length > 60 && hasCode)) return plain;
  return html.length > plain.length || (!hasCode && /[245]\.\d\.\d/.test(html)) ? html : plain;
}

/** Everything before the first empty line. */
export function headerBlock(message: string): string {
  const end = /\r\n\r\n|\n\n|\r\r/.exec(message)?.index;
  return end === undefined ? message : message.slice(0, end);
}

/** One character per byte, lines ending in LF, without a byte order mark, an mbox line or empty lines in front. */
function toSource(bytes: Uint8Array): string {
  const wide = wideName(bytes);
  const plain = wide === null ? bytes : Buffer.from(new TextDecoder(wide).decode(bytes), 'utf8');
  const source = Buffer.from(plain.buffer, plain.byteOffset, plain.byteLength).toString('latin1');
  const lines = source.includes('\r') ? source.replace(/\r\r\n|\r\n?/g, '\n') : source;
  return lines.replace(/^(?:\u00ef\u00bb\u00bf)?\s*/, '').replace(/^>?From \S[^\n]{0,300}\n/, '');
}

const headerLine =
  /^(?:received|from|to|date|subject|message-id|mime-version|content-type|content-transfer-encoding|return-path|delivered-to|reporting-mta|arc-[\w-]{1,40}|dkim-signature|x-[\w-]{1,60}): ?\S/gim;

const fieldName = ([line]: RegExpExecArray): string => line.slice(0, line.indexOf(':')).toLowerCase();

/** A mail's content without its head, as people copy it out of a source view: a boundary and a part's headers. */
const isMimeBody = (source: string): boolean =>
  /^\s{0,100}--\S[^\n]{0,200}\nContent-[A-Z]/i.test(source.slice(0, 600));

/** Whether the bytes are a mail: two or more header fields in a row at the start, perhaps behind an mbox line. */
export function isMail(bytes: Uint8Array): boolean {
  const start = toSource(bytes.subarray(0, 8192));
  if (isMimeBody(start)) return true;
  if (!/^[A-Z][\w-]{1,60}[ \t]?:/i.test(start)) return false;
  const head = headerBlock(start);
  const [first] = matchesOf(head, headerLine, 1);
  if (first === undefined) return false;
  // The machine's part alone, copied out of a report, is a text and no mail.
  const known = ['reporting-mta', fieldName(first)];
  return (
    known[0] !== known[1] &&
    matchesOf(head, headerLine, 1, (line) => !known.includes(fieldName(line))).length > 0
  );
}

/** Whether a text is nothing but header lines, as Outlook's "Internet headers" box gives them. */
export function isBareHeaders({ head, text, deliveryStatus, inner, leftOut }: OpenedMail): boolean {
  const hasContent = text !== '' || deliveryStatus !== '' || inner.length > 0 || leftOut.length > 0;
  return !hasContent && /^Received: ?\S|^(?:From|To|Subject|Date): ?\S/im.test(head);
}

import PostalMime, { type Attachment, type Email } from 'postal-mime';
import { htmlToText } from './html';

/** A mail taken apart into what a reader of bounces needs. Texts are decoded, nothing in them is trusted. */
export interface OpenedMail {
  /** Header values by lower-case name, the first of each. */
  headers: ReadonlyMap<string, string>;
  /** What a person sees: text/plain, or the text of the HTML where that says more. */
  text: string;
  /** The machine's part, message/delivery-status (RFC 3464) verbatim; '' when there is none. */
  deliveryStatus: string;
  /** The headers of the message that bounced, from message/rfc822 or text/rfc822-headers; '' when they are not there. */
  original: string;
  /** Media types of all parts that were not read, lower case. */
  leftOut: string[];
}

/** Deeper nesting than this is an attack or a loop; the deepest real report of the corpus has 4 levels. */
const maxDepth = 20;
const maxHeaders = 256 * 1024;

/**
 * Open an `.eml`, any MIME. Line ends may be LF, CRLF or CR, an mbox `From ` line may stand in front. A structure that
 * does not parse is read as plain text below its headers: whatever stands there is better than nothing.
 */
export async function openMail(bytes: Uint8Array): Promise<OpenedMail> {
  const email = await parse(bytes);
  if (email === null) return plain(bytes);
  const parts = email.attachments.map((part) => ({
    type: part.mimeType.toLowerCase(),
    text: contentOf(part),
  }));
  const statuses = parts
    .filter(({ type }) => /^message\/(?:global-)?delivery-status$/.test(type))
    .map(({ text }) => text());
  const originals = parts
    .filter(({ type }) =>
      /^(?:message\/(?:rfc822|global)|text\/rfc822-headers|message\/global-headers)$/.test(type),
    )
    .map(({ text }) => headerBlock(text()));
  const read = /^(?:message\/|text\/rfc822-headers)/;
  const opened: OpenedMail = {
    headers: firstHeaders(email),
    text: readable(email),
    deliveryStatus: statuses.join('\n\n'),
    original: originals.find((text) => text.trim() !== '') ?? '',
    leftOut: parts.map(({ type }) => type).filter((type) => !read.test(type)),
  };
  return opened.text === '' && opened.deliveryStatus === '' ? { ...opened, text: plain(bytes).text } : opened;
}

async function parse(bytes: Uint8Array): Promise<Email | null> {
  try {
    return await PostalMime.parse(bytes, {
      forceRfc822Attachments: true,
      maxNestingDepth: maxDepth,
      maxHeadersSize: maxHeaders,
    });
  } catch {
    return null; // Too deep or too many headers: the plain way below reads what it can.
  }
}

/** Text and HTML of one report mostly say the same; the HTML is needed where the text is a stub ("see attached", empty). */
function readable({ text = '', html = '' }: Email): string {
  const plainText = text.trim();
  const hasCode = /[245]\.\d\.\d/.test(plainText);
  if (html === '' || (plainText.length > 60 && hasCode)) return plainText;
  const fromHtml = htmlToText(html);
  return fromHtml.length > plainText.length || (!hasCode && /[245]\.\d\.\d/.test(fromHtml))
    ? fromHtml
    : plainText;
}

const contentOf =
  ({ content }: Attachment) =>
  (): string =>
    typeof content === 'string' ? content : new TextDecoder('utf-8').decode(content);

/** Everything before the first empty line. */
function headerBlock(message: string): string {
  const end = /\r\n\r\n|\n\n|\r\r/.exec(message)?.index;
  return end === undefined ? message : message.slice(0, end);
}

function firstHeaders(email: Email): Map<string, string> {
  const headers = new Map<string, string>();
  for (const { key, value } of email.headers) if (!headers.has(key)) headers.set(key, value);
  return headers;
}

function plain(bytes: Uint8Array): OpenedMail {
  const source = new TextDecoder('utf-8').decode(bytes).replace(/\r\n?/g, '\n');
  const head = headerBlock(source);
  return {
    headers: new Map(),
    text: source.slice(head.length).trim(),
    deliveryStatus: '',
    original: '',
    leftOut: [],
  };
}

const headerLine =
  /^(?:received|from|to|date|subject|message-id|mime-version|content-type|return-path|delivered-to|x-[\w-]{1,40}): ?\S/gim;

/** Whether the bytes are a mail: two or more header fields in a row at the start, perhaps behind an mbox line. */
export function isMail(bytes: Uint8Array): boolean {
  const start = new TextDecoder('latin1')
    .decode(bytes.subarray(0, 4096))
    .replace(/^From \S[^\r\n]{0,200}[\r\n]{1,2}/, '');
  if (!/^[A-Z][\w-]{1,60}:/i.test(start)) return false;
  return (
    new Set(
      (headerBlock(start).match(headerLine) ?? []).map((line) =>
        line.slice(0, line.indexOf(':')).toLowerCase(),
      ),
    ).size >= 2
  );
}

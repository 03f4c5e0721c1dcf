import { decodeWords } from 'postal-mime';
import { decodeText } from './charset';

/** One part of a mail, opened lazily: nothing is decoded before somebody asks for its text. */
export interface MimePart {
  /** Header values by lower-case name, the first of each, unfolded and decoded. */
  headers: ReadonlyMap<string, string>;
  /** The header lines as they stood. */
  head: string;
  /** Media type, lower case; what RFC 2045 assumes where the mail does not say. */
  type: string;
  /** Parameters of the media type and, as `filename`, the name it was attached under. */
  params: ReadonlyMap<string, string>;
  attached: boolean;
  /** The parts of a multipart; empty for a leaf. */
  parts: MimePart[];
  /** The content with its transfer encoding undone. Costs time at every call. */
  bytes(): Uint8Array;
  text(): string;
}

/** Deeper nesting than this is an attack or a loop; the deepest real report of the corpus has 4 levels. */
const maxDepth = 20;
/** Parts beyond this many are not looked at; a report has three to ten. */
const maxParts = 500;
/** No more of a part than this is decoded, in characters: readers of the text stop at a million. */
const maxContent = 3_000_000;
const maxHeaderValue = 20_000;
const maxHeaders = 2_000;

/**
 * Take a mail apart (RFC 2045, 2046, 2231). Our own because it must not fail: a lost boundary, one that is never
 * closed or a bomb of parts still gives the text that stands there, in linear time. postal-mime, which read mails here
 * before, spends a third of its time on Blobs and gives up a whole mail at a limit.
 *
 * @param source one character per byte (latin1), lines ending in LF
 */
export function parseMime(source: string): MimePart {
  return openPart(source, 'text/plain', 0, { left: maxParts });
}

function openPart(source: string, standard: string, depth: number, budget: { left: number }): MimePart {
  budget.left -= 1;
  const split = endOfHead(source);
  const head = source.slice(0, split.head);
  const body = source.slice(split.body);
  const headers = readHeaders(head);
  const declared = parseValue(headers.get('content-type') ?? '');
  const disposition = parseValue(headers.get('content-disposition') ?? '');
  const type = /^[\w.+-]+\/[\w.+-]+$/.test(declared.value) ? declared.value : standard;
  const name = disposition.params.get('filename') ?? declared.params.get('name');
  const params = name === undefined ? declared.params : new Map(declared.params).set('filename', name);
  const bytes = (): Uint8Array =>
    decodeTransfer(body.slice(0, maxContent), headers.get('content-transfer-encoding') ?? '');
  const part: MimePart = {
    headers,
    head,
    type,
    params,
    attached: disposition.value === 'attachment',
    parts: [],
    bytes,
    text: () => decodeText(bytes(), declared.params.get('charset')),
  };
  if (!type.startsWith('multipart/')) return part;
  if (depth < maxDepth) {
    const inner = type === 'multipart/digest' ? 'message/rfc822' : 'text/plain';
    for (const chunk of splitAt(body, declared.params.get('boundary'))) {
      if (budget.left <= 0) break;
      part.parts.push(openPart(chunk, inner, depth + 1, budget));
    }
  }
  // Without a boundary that holds, the source itself is the text.
  return part.parts.length > 0 ? part : { ...part, type: 'text/plain' };
}

/** Where the header lines end and where the content begins. A part may begin with an empty line: no headers at all. */
function endOfHead(source: string): { head: number; body: number } {
  if (source.startsWith('\n')) return { head: 0, body: 1 };
  const end = source.indexOf('\n\n');
  return end === -1 ? { head: source.length, body: source.length } : { head: end, body: end + 2 };
}

/** Header fields of a block (RFC 5322 §2.2), the first of each name. Lines that are none are passed over. */
export function readHeaders(head: string): Map<string, string> {
  const headers = new Map<string, string>();
  let at = 0;
  while (at < head.length && headers.size < maxHeaders) {
    let end = lineEnd(head, at);
    while (head.charAt(end + 1) === ' ' || head.charAt(end + 1) === '\t') end = lineEnd(head, end + 1);
    const line = head.slice(at, Math.min(end, at + maxHeaderValue));
    const name = /^[\w-]{1,80}[ \t]?:/.exec(line)?.[0];
    if (name !== undefined) {
      const key = name.slice(0, -1).trim().toLowerCase();
      if (!headers.has(key)) headers.set(key, decodeValue(line.slice(name.length)));
    }
    at = end + 1;
  }
  return headers;
}

const lineEnd = (text: string, from: number): number => {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
};

function decodeValue(raw: string): string {
  const value = (/[\n\t]/.test(raw) ? raw.replaceAll('\n', '').replaceAll('\t', ' ') : raw).trim();
  // eslint-disable-next-line no-control-regex -- raw bytes beyond ASCII, which RFC 6532 allows as UTF-8
  const text = /[^\u0000-\u007f]/.test(value) ? decodeText(Buffer.from(value, 'latin1')) : value;
  if (!text.includes('=?')) return text;
  try {
    return decodeWords(text);
  } catch {
    return text; // An encoded word that is none: as it stands.
  }
}

interface Parameters {
  value: string;
  params: ReadonlyMap<string, string>;
}

const nothing: Parameters = { value: '', params: new Map() };

/** A structured header: `text/plain; charset="utf-8"`, with the continuations of RFC 2231. */
function parseValue(header: string): Parameters {
  if (header === '') return nothing;
  const params = new Map<string, string>();
  const value = (/^[^;\s(]*/.exec(header)?.[0] ?? '').toLowerCase();
  for (const [, name = '', quoted, bare] of header.matchAll(
    /;\s*([\w-]+)(?:\*\d{0,3}\*?)?\s*=\s*(?:"([^"]*)"?|([^;\s]*))/g,
  )) {
    const key = name.toLowerCase();
    params.set(key, (params.get(key) ?? '') + (quoted ?? bare ?? ''));
  }
  return { value, params };
}

/** The chunks between the boundary lines; where the declared boundary never comes, the one that a part's headers follow. */
function splitAt(body: string, declared = ''): string[] {
  const chunks = declared === '' ? [] : chunksOf(body, declared.trimEnd());
  if (chunks.length > 0) return chunks;
  const seen = /(?:^|\n)--(\S[^\n]{0,200})\nContent-[A-Z]/i.exec(body)?.[1]?.trimEnd();
  return seen === undefined ? [] : chunksOf(body, seen);
}

function chunksOf(body: string, boundary: string): string[] {
  const text = `\n${body}`;
  const mark = `\n--${boundary}`;
  const chunks: string[] = [];
  let start = -1;
  for (let at = text.indexOf(mark); at !== -1 && chunks.length < maxParts;) {
    const end = lineEnd(text, at + mark.length);
    const rest = text.slice(at + mark.length, Math.min(end, at + mark.length + 100)).trim();
    // "--abc-1" is another boundary than "abc".
    const isBoundary = rest === '' || rest === '--';
    if (isBoundary && start !== -1) chunks.push(text.slice(start, Math.max(start, at)));
    if (rest === '--') return chunks;
    if (isBoundary) start = end + 1;
    at = text.indexOf(mark, isBoundary ? end : at + 1);
  }
  // Never closed: a mail that was cut. What stands there is read.
  if (start !== -1 && start < text.length && chunks.length < maxParts) chunks.push(text.slice(start));
  return chunks;
}

function decodeTransfer(body: string, encoding: string): Uint8Array {
  const name = encoding.toLowerCase();
  if (name.includes('base64')) return decodeBase64(body);
  return Buffer.from(name.includes('quoted') ? decodeQuotedPrintable(body) : body, 'latin1');
}

/** RFC 2045 §6.8. Signs that are none of it are passed over. */
export function decodeBase64(text: string): Uint8Array {
  const padding = text.indexOf('=');
  if (padding === -1 || !/[^=\s]/.test(text.slice(padding))) return Buffer.from(text, 'base64');
  // Some mailers pad every line, and Node's decoder stops at the first padding.
  const bytes = Buffer.allocUnsafe(text.length);
  let size = 0;
  let value = 0;
  let bits = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const digit = base64Digits[code] ?? -1;
    if (code === equals) bits = 0;
    if (digit === -1) continue;
    value = ((value << 6) | digit) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[size] = value >> bits;
    size += 1;
  }
  return bytes.subarray(0, size);
}

/** By character code, -1 for all that is no digit; the last two also as URLs write them. */
const base64Digits = new Int8Array(128).fill(-1);
Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/').forEach((sign, value) => {
  base64Digits[sign.charCodeAt(0)] = value;
});
base64Digits['-'.charCodeAt(0)] = 62;
base64Digits['_'.charCodeAt(0)] = 63;

/** RFC 2045 §6.7; one character per byte in and out. */
export function decodeQuotedPrintable(text: string): string {
  const lines = text.replace(/=[ \t]{0,20}(?:\n|$)/g, '');
  if (!lines.includes('=')) return lines;
  // By hand: in a text beyond ASCII nearly every sign is encoded, and a call for each would cost ten times as much.
  const bytes = Buffer.allocUnsafe(lines.length);
  let size = 0;
  for (let at = 0; at < lines.length; at += 1) {
    const sign = lines.charCodeAt(at);
    const high = sign === equals ? hexDigit(lines.charCodeAt(at + 1)) : -1;
    const low = high === -1 ? -1 : hexDigit(lines.charCodeAt(at + 2));
    if (low !== -1) at += 2;
    bytes[size] = low === -1 ? sign : high * 16 + low;
    size += 1;
  }
  return bytes.toString('latin1', 0, size);
}

const equals = '='.charCodeAt(0);

/** The value of a hexadecimal digit, -1 for other signs and behind the end. */
function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

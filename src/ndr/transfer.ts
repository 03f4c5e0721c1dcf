import { decodeText } from './charset';
import { decodeQuotedPrintable } from './mime';

/** A text that was pasted as it travelled, in base64 or quoted-printable (RFC 2045 §6), as its reader sees it. Others come back as they are. */
export function undoTransfer(text: string): string {
  const start = text.slice(0, 5000).trim();
  if (start.length > 80 && /^[a-z\d+/\s]+={0,2}$/i.test(start) && /^\S{60}/.test(start)) {
    const decoded = decodeText(Buffer.from(text, 'base64'));
    // eslint-disable-next-line no-control-regex -- a text has none of them, decoded noise is full of them
    return /[\u0000-\u0008\u000e-\u001a\ufffd]/.test(decoded.slice(0, 2000)) ? text : decoded;
  }
  return isQuotedPrintable(text) ? decodeText(Buffer.from(unquote(text), 'latin1')) : text;
}

/** Soft line breaks and encoded equals signs, blanks or UTF-8: three of them are no accident. Hex in a URL does not begin so. */
const isQuotedPrintable = (text: string): boolean =>
  (text.slice(0, 200_000).match(/=(?:3D|20\r?\n|0D\r?\n|C3=|E2=80|[A-F][0-9A-F]=[89AB][0-9A-F]|\r?\n)/g)
    ?.length ?? 0) >= 3 && /=[0-9A-F]{2}/.test(text);

const unquote = (text: string): string =>
  decodeQuotedPrintable(Buffer.from(text.replace(/\r\n?/g, '\n'), 'utf8').toString('latin1'));

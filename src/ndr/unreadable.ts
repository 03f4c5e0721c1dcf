import type { OpenedMail } from './mail';

/** Why nothing can be read in a file. */
export type Unreadable =
  'empty' | 'tooLarge' | 'encrypted' | 'winmail' | 'picture' | 'archive' | 'binary' | 'notMail';

/** The largest file that is read, in bytes: what a mail server lets a mail weigh, in most cases. */
export const maxFile = 10 * 1024 * 1024;

/** First bytes of formats, one character per byte, and what such a file is. */
const magic: readonly (readonly [string, Unreadable])[] = [
  ['\x78\x9f\x3e\x22', 'winmail'], // TNEF (MS-OXTNEF §2.1.3)
  ['\x76\xe8\x04\x60\xc4\x11\xe3\x86', 'encrypted'], // .rpmsg (MS-OXORMMS §2.2.4)
  ['-----BEGIN PGP MESSAGE-----', 'encrypted'],
  ['\x89PNG\r\n', 'picture'],
  ['\xff\xd8\xff', 'picture'],
  ['GIF87a', 'picture'],
  ['GIF89a', 'picture'],
  ['II*\0', 'picture'],
  ['MM\0*', 'picture'],
  ['PK\x03\x04', 'archive'],
  ['PK\x05\x06', 'archive'],
  ['Rar!', 'archive'],
  ['7z\xbc\xaf', 'archive'],
  ['\x1f\x8b', 'archive'],
  ['BZh', 'archive'],
  ['\xfd7zXZ', 'archive'],
  ['MSCF', 'archive'],
  ['%PDF-', 'binary'],
  ['\x7fELF', 'binary'],
];
/** PKCS #7 enveloped-data, 1.2.840.113549.1.7.3 (RFC 8551), near the start of a DER sequence. */
const envelopedData = '\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03';

function byMagic(start: string): Unreadable | null {
  const known = magic.find(([first]) => start.startsWith(first))?.[1] ?? null;
  // Word and its like are zip files with these names in them.
  if (known === 'archive' && /\[Content_Types\]\.xml|word\/|xl\/|ppt\/|mimetypeapp/.test(start))
    return 'binary';
  if (known !== null) return known;
  if (start.startsWith('RIFF') && start.startsWith('WEBP', 8)) return 'picture';
  if (start.startsWith('BM') && start.startsWith('\0\0\0\0', 6)) return 'picture';
  if (/^ftyp(?:hei[cmsx]|hev[cx]|mif1|msf1|avif)/.test(start.slice(4, 12))) return 'picture';
  return start.startsWith('\x30') && start.slice(0, 30).includes(envelopedData) ? 'encrypted' : null;
}

/** What the first bytes tell, without opening anything. */
export function unreadableBytes(bytes: Uint8Array): Unreadable | null {
  if (bytes.length > maxFile) return 'tooLarge';
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 4096)).toString('latin1');
  if (start.trim() === '' && isBlank(bytes)) return 'empty';
  return byMagic(start);
}

/** What a text is that somebody copied out of a file nobody can read; null for words. */
export function unreadableText(text: string): Unreadable | null {
  const start = text.slice(0, 4096);
  const known = byMagic(start.trimStart());
  if (known !== null) return known;
  return looksBinary(Buffer.from(start, 'utf8')) ? 'binary' : null;
}

const isBlank = (bytes: Uint8Array): boolean =>
  bytes.every((byte) => byte === 0x20 || byte === 0 || (byte >= 0x09 && byte <= 0x0d));

/** More control signs than any text has. Texts in UTF-16 are to be told apart before. */
export function looksBinary(bytes: Uint8Array): boolean {
  const start = bytes.subarray(0, 4096);
  const controls = start.reduce((sum, byte) => sum + (byte < 9 || (byte > 13 && byte < 27) ? 1 : 0), 0);
  return controls > start.length * 0.05;
}

const encryptedTypes =
  /^(?:application\/(?:x-)?pkcs7-mime|application\/x-microsoft-rpmsg-message|application\/pgp-encrypted)$/;
const notes =
  /^(?:sent from my [\w ]{1,30}|get outlook for [\w ]{1,20}|von meinem \w{1,20} gesendet|envoyé de mon \w{1,20})\.?$/i;

/** What stands in the way when a mail's only content is a part that nobody can read. Null when there are words, or nothing at all. */
export function unreadableMail({
  headers,
  text,
  deliveryStatus,
  leftOut,
  inner,
  items,
}: OpenedMail): Unreadable | null {
  if (deliveryStatus !== '') return null;
  const type = headers.get('content-type') ?? '';
  if (
    leftOut.some((part) => encryptedTypes.test(part.type) || /\.(?:rpmsg|p7m)$/.test(part.name)) &&
    !/signed-data/i.test(type)
  )
    return 'encrypted';
  if (/^-----BEGIN PGP MESSAGE-----/m.test(text.slice(0, 5000))) return 'encrypted';
  const hasWords = text.split('\n').some((line) => line.trim() !== '' && !notes.test(line.trim()));
  if (hasWords || inner.length + items.length > 0 || leftOut.length === 0) return null;
  const kinds = leftOut.map((part) => partKind(part));
  return (
    (['winmail', 'picture', 'archive', 'binary'] as const).find((kind) => kinds.includes(kind)) ?? 'binary'
  );
}

function partKind({ type, name }: { type: string; name: string }): Unreadable {
  if (/^application\/(?:vnd\.)?ms-tnef$/.test(type) || name === 'winmail.dat') return 'winmail';
  if (type.startsWith('image/') || /\.(?:png|jpe?g|gif|webp|heic|bmp|tiff?)$/.test(name)) return 'picture';
  if (/zip|x-7z|x-rar|gzip|x-tar/.test(type) || /\.(?:zip|7z|rar|gz|tgz|cab)$/.test(name)) return 'archive';
  return 'binary';
}

import { createHash } from 'node:crypto';

/** Letters of an encoded key that a name keeps; Azure takes 1,024, and the emulator's disk fewer. */
const plainLetters = 900;
/** Azure takes 254 parts between slashes. */
const plainParts = 200;
const suffix = '.json';
const fold = '~~';

/**
 * The name of the blob of a key. Letters, digits, `-` and `_` stand for themselves, and so does a slash between two
 * others, so that a browser of blobs shows folders; every other byte is `~` and two hex digits. That leaves nothing that a
 * URL, a proxy or Azure reads in its own way: dots, empty parts, capitals of another alphabet. A long key, or one that UTF-8
 * cannot hold, is `folded`: its beginning and a hash of the whole.
 */
export function blobName(key: string): { name: string; folded: boolean } {
  const encoded = encode(key);
  const isWhole = beginning(encoded) === encoded && isText(key);
  if (isWhole) return { name: `${encoded}${suffix}`, folded: false };
  const hash = createHash('sha256').update(key, 'utf16le').digest('hex');
  return { name: `${beginning(encoded)}${fold}${hash}${suffix}`, folded: true };
}

/** What the names of all keys that begin with `prefix` begin with, and possibly others'. */
export const blobPrefix = (prefix: string): string =>
  // Half a surrogate pair at the end would be another character in the keys that have it whole.
  beginning(encode(prefix.replace(/[\ud800-\udbff]$/, '')));

/** Whether this is the name of a key too long for it: its blob has to say the key. */
export const isFoldedName = (name: string): boolean => /~~[\da-f]{64}\.json$/.test(name);

/** The key of a name that is not folded; null for what is no name of ours. */
export function keyOfName(name: string): string | null {
  if (!name.endsWith(suffix)) return null;
  try {
    const key = decodeURIComponent(name.slice(0, -suffix.length).replaceAll('~', '%'));
    return blobName(key).name === name ? key : null;
  } catch {
    return null;
  }
}

const slash = 0x2f;

function encode(key: string): string {
  const bytes = Buffer.from(key, 'utf8');
  let encoded = '';
  for (const [index, byte] of bytes.entries()) {
    const letter = String.fromCharCode(byte);
    const isPlain = byte === slash ? index > 0 && bytes[index - 1] !== slash : /[\w-]/.test(letter);
    encoded += isPlain ? letter : `~${byte.toString(16).padStart(2, '0').toUpperCase()}`;
  }
  return encoded;
}

const beginning = (encoded: string): string =>
  encoded.slice(0, plainLetters).split('/').slice(0, plainParts).join('/');

const isText = (key: string): boolean => Buffer.from(key, 'utf8').toString('utf8') === key;

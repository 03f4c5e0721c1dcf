import { createHash } from 'node:crypto';

/** Bytes of a key that are kept as they are; LMDB takes 1,978. */
const plainBytes = 1_800;
/** A byte that UTF-8 never has, and the highest there is: no key can pass for a folded one. */
const fold = 0xff;

const isAscii = /^\p{ASCII}+$/u;

/** A key as LMDB takes it: its own bytes, or, `folded`, the first of them and a hash of the whole. */
export interface StoredKey {
  bytes: Buffer;
  folded: boolean;
}

/** Longer keys are folded, and so are those LMDB or UTF-8 cannot hold: the empty one, and halves of surrogate pairs. */
export function storedKey(key: string): StoredKey {
  // As nearly all of ours are.
  if (key.length <= plainBytes && isAscii.test(key))
    return { bytes: Buffer.from(key, 'latin1'), folded: false };
  const bytes = Buffer.from(key, 'utf8');
  const isWhole = bytes.length > 0 && bytes.length <= plainBytes && bytes.toString('utf8') === key;
  if (isWhole) return { bytes, folded: false };
  const hash = createHash('sha256').update(key, 'utf16le').digest('hex');
  return {
    bytes: Buffer.concat([bytes.subarray(0, plainBytes), Buffer.from([fold]), Buffer.from(hash)]),
    folded: true,
  };
}

/** Where the keys that begin with `prefix` lie, and possibly others: from `start` up to, but without, `end`. */
export function rangeOf(prefix: string): { start: Buffer; end: Buffer } {
  // Half a surrogate pair at the end would be another character in the keys that have it whole.
  const bytes = Buffer.from(prefix.replace(/[\ud800-\udbff]$/, ''), 'utf8').subarray(0, plainBytes);
  // LMDB takes no empty key, and none is smaller than this one.
  const start = bytes.length === 0 ? Buffer.from([0]) : bytes;
  return { start, end: Buffer.concat([bytes, Buffer.from([fold, fold])]) };
}

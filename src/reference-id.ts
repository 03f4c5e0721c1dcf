import { randomBytes } from 'node:crypto';

/** Crockford's base 32: without I, L, O (read as digits) and U (so that no word of offence appears). */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * An id to read out over the telephone, such as `BD-7K3M-Q2XF`: it ties an apology to its line in the log. 40 random bits; it is
 * not a secret and grants nothing.
 */
export function referenceId(random: (bytes: number) => Uint8Array = randomBytes): string {
  // 256 is a multiple of 32, so the low five bits of a byte are as even as the byte.
  const letters = Array.from(random(8), (byte) => LETTERS.charAt(byte % 32)).join('');
  return `BD-${letters.slice(0, 4)}-${letters.slice(4)}`;
}

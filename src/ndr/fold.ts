import { squeeze } from './squeeze';

const signs: Readonly<Record<string, string>> = {
  '’': "'",
  '‘': "'",
  '‚': "'",
  '‛': "'",
  '´': "'",
  '`': "'",
  '“': '"',
  '”': '"',
  '„': '"',
  '«': '"',
  '»': '"',
  '–': '-',
  '—': '-',
  '‑': '-',
  '−': '-',
  '…': '...',
};

/**
 * Fold what people, mail programs and servers write differently: case, accents, typographic quotes and
 * dashes, runs of white space. Two texts that fold alike say the same thing. Linear in the length.
 */
export function fold(text: string): string {
  return squeeze(unaccented(text).toLowerCase()).trim();
}

// eslint-disable-next-line no-control-regex -- everything beyond ASCII
const beyondAscii = /[^\u0000-\u007f]/;

/** Most texts are ASCII, which has one quote to be changed and no accents. */
function unaccented(text: string): string {
  if (!beyondAscii.test(text)) return text.replaceAll('`', "'");
  return text
    .replace(/[’‘‚‛´`“”„«»–—‑−…]/g, (sign) => signs[sign] ?? sign)
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '');
}

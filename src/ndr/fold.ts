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
  return text
    .replace(/[’‘‚‛´`“”„«»–—‑−…]/g, (sign) => signs[sign] ?? sign)
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim();
}

import { TextDecoder } from 'node:util';
import { decodeUtf7, looksLikeUtf7 } from './utf7';

/**
 * The text in some bytes. `label` is what the mail says about them; an unknown or misspelt name, or one that the bytes
 * contradict, is answered by a guess. Never throws: the worst is a wrong accent, and codes are ASCII in every charset here.
 */
export function decodeText(bytes: Uint8Array, label = ''): string {
  const name = canonicalName(label);
  if (name === 'utf-7') return decodeUtf7(latin1(bytes));
  const decoder = name === null ? null : strictDecoder(name);
  if (decoder === null) return guessText(bytes);
  const text = attempt(decoder, bytes);
  if (text !== null) return text;
  // Cut or damaged: in Japanese and the like the label is still the best guess, in UTF-8 the bytes tell better.
  return name === 'utf-8' ? guessText(bytes) : new TextDecoder(decoder.encoding).decode(bytes);
}

/** Aliases of mail programs that the Encoding Standard lacks. Anything else that it does not know is guessed. */
const aliases: readonly (readonly [RegExp, string])[] = [
  [/^(?:unicode11)?utf7/, 'utf-7'],
  [/^utf8|^unicode11utf8/, 'utf-8'],
  [/^(?:iso2022jp|jis$|csiso2022jp|cp5022)/, 'iso-2022-jp'],
  [/^(?:s(?:hift)?jis|(?:cp|ms|windows|ibm)(?:932|31j|943)|mskanji)/, 'shift_jis'],
  [/^eucjp|^ujis/, 'euc-jp'],
  [/^euckr|^(?:cp|ms|windows)949|^uhc/, 'euc-kr'],
  [/^(?:gb|euccn|(?:cp|ms|windows)936)/, 'gb18030'],
  [/^big5|^(?:cp|ms|windows)950/, 'big5'],
  [/^koi8r/, 'koi8-r'],
  [/^koi8u/, 'koi8-u'],
  [/^utf16be/, 'utf-16be'],
  [/^utf16|^ucs2|^unicode$/, 'utf-16le'],
];

function canonicalName(label: string): string | null {
  const name = label
    .slice(0, 60)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .replace(/^x(?=[a-z])/, '');
  // "us-ascii" is what a mail program writes that did not look.
  if (name === '' || name === 'usascii' || name === 'ascii') return null;
  const alias = aliases.find(([pattern]) => pattern.test(name));
  if (alias !== undefined) return alias[1];
  const numbered =
    /^(?:windows|win|cp|ms)(125[0-8]|874)/.exec(name)?.[1] ?? /^iso8859(\d{1,2})/.exec(name)?.[1];
  if (numbered !== undefined) return numbered.length >= 3 ? `windows-${numbered}` : `iso-8859-${numbered}`;
  return /^latin1/.test(name) ? 'windows-1252' : label.slice(0, 60).trim().toLowerCase();
}

const decoders = new Map<string, TextDecoder | null>();

/** A decoder that refuses what is not of its charset; null for names nobody knows. At most one for each real charset. */
function strictDecoder(name: string): TextDecoder | null {
  const known = decoders.get(name);
  if (known !== undefined) return known;
  try {
    const decoder = new TextDecoder(name, { fatal: true });
    decoders.set(name, decoder);
    return decoder;
  } catch {
    return null; // Not a charset of this world; the bytes have to tell.
  }
}

/** What Windows-1252 has where Latin-1 has control signs, from 80 to 9F. */
const windowsSigns = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/** Windows-1252 by hand: `TextDecoder` of Node 20.20 takes it for Latin-1 and leaves control signs for quotes. */
const decodeWestern = (bytes: Uint8Array): string =>
  latin1(bytes).replace(/[\u0080-\u009f]/g, (sign) => windowsSigns.charAt(sign.charCodeAt(0) - 0x80));

function attempt(decoder: TextDecoder, bytes: Uint8Array): string | null {
  if (decoder.encoding === 'windows-1252') return decodeWestern(bytes);
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');

function guessText(bytes: Uint8Array): string {
  const wide = wideName(bytes);
  if (wide !== null) return new TextDecoder(wide).decode(bytes);
  const utf8 = strict('utf-8', bytes);
  if (utf8 !== null) {
    if (['\x1b$B', '\x1b$@', '\x1b(J', '\x1b(I'].some((escape) => utf8.includes(escape)))
      return new TextDecoder('iso-2022-jp').decode(bytes);
    return looksLikeUtf7(utf8) ? decodeUtf7(utf8) : utf8;
  }
  for (const name of ['euc-jp', 'shift_jis']) {
    const text = strict(name, bytes);
    if (text !== null && isJapanese(text)) return text;
  }
  const name = westernOrCyrillic(bytes);
  return name === 'windows-1252' ? decodeWestern(bytes) : new TextDecoder(name).decode(bytes);
}

const strict = (name: string, bytes: Uint8Array): string | null => {
  const decoder = strictDecoder(name);
  return decoder === null ? null : attempt(decoder, bytes);
};

/** UTF-16 by its mark, or by the zeros that Western text has in every second byte. */
export function wideName(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const looked = Math.min(bytes.length, 512) & ~1;
  if (looked < 8) return null;
  let even = 0;
  let odd = 0;
  for (let at = 0; at < looked; at += 2) {
    if (bytes[at] === 0) even += 1;
    if (bytes[at + 1] === 0) odd += 1;
  }
  const half = looked / 2;
  if (odd > half * 0.6 && even < half * 0.05) return 'utf-16le';
  return even > half * 0.6 && odd < half * 0.05 ? 'utf-16be' : null;
}

/** Kana make it Japanese: half of the other signs beyond ASCII at most may be something else than kana and kanji. */
function isJapanese(text: string): boolean {
  const sample = text.slice(0, 20_000);
  const kana = sample.match(/[\u3041-\u30fe]/g)?.length ?? 0;
  const japanese = kana + (sample.match(/[\u3001-\u3020\u4e00-\u9fff\uff01-\uff5e]/g)?.length ?? 0);
  // eslint-disable-next-line no-control-regex -- everything beyond ASCII
  const foreign = sample.match(/[^\u0000-\u007f]/g)?.length ?? 0;
  return kana >= 2 && japanese * 2 > foreign;
}

/** Cyrillic words are runs of high bytes, an accent in a Western word stands alone. */
function westernOrCyrillic(bytes: Uint8Array): 'windows-1251' | 'koi8-r' | 'windows-1252' {
  let high = 0;
  let inRuns = 0;
  let upper = 0;
  let run = 0;
  const end = Math.min(bytes.length, 20_000);
  for (let at = 0; at <= end; at += 1) {
    const byte = at < end ? (bytes[at] ?? 0) : 0;
    if (byte >= 0xc0) {
      run += 1;
      if (byte >= 0xe0) upper += 1;
      continue;
    }
    high += run;
    if (run >= 3) inRuns += run;
    run = 0;
  }
  if (high < 6 || inRuns < high * 0.7) return 'windows-1252';
  // Small letters lie above E0 in Windows-1251 and below it in KOI8-R.
  return upper * 2 > high ? 'windows-1251' : 'koi8-r';
}

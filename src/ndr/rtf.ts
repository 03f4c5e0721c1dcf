import { decodeText } from './charset';

const dictionaryStart =
  '{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx';
const compressed = 0x75465a4c;
const stored = 0x414c454d;
/** No more RTF than this is unpacked, in bytes: a few bytes of it can claim gigabytes. */
const maxRtf = 4_000_000;

/** Unpack PR_RTF_COMPRESSED (MS-OXRTFCP §2.1.3): references into a ring of 4 KB. '' when it is none; cut where it is broken. */
export function unpackRtf(bytes: Uint8Array): string {
  if (bytes.length < 16) return '';
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = view.getUint32(8, true);
  if (magic === stored) return Buffer.from(bytes.subarray(16, 16 + maxRtf)).toString('latin1');
  if (magic !== compressed) return '';
  const ring = new Uint8Array(4096);
  ring.set(Buffer.from(dictionaryStart, 'latin1'));
  const out = new Uint8Array(Math.min(maxRtf, view.getUint32(4, true), bytes.length * 20));
  let place = dictionaryStart.length;
  let length = 0;
  const put = (byte: number): void => {
    ring[place] = byte;
    place = (place + 1) & 4095;
    if (length < out.length) out[length++] = byte;
  };
  for (let at = 16; at < bytes.length && length < out.length;) {
    const control = bytes[at++] ?? 0;
    for (let bit = 0; bit < 8 && at < bytes.length; bit += 1) {
      if ((control & (1 << bit)) === 0) {
        put(bytes[at++] ?? 0);
        continue;
      }
      const pair = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
      at += 2;
      const from = pair >> 4;
      if (from === place) return Buffer.from(out.subarray(0, length)).toString('latin1');
      for (let step = 0; step < (pair & 15) + 2; step += 1) put(ring[(from + step) & 4095] ?? 0);
    }
  }
  return Buffer.from(out.subarray(0, length)).toString('latin1');
}

const silent =
  /^(?:fonttbl|colortbl|stylesheet|info|pict|object|themedata|listtable|listoverridetable|generator|xmlnstbl)$/;
const breaks: Readonly<Record<string, string>> = {
  par: '\n',
  line: '\n',
  row: '\n',
  sect: '\n',
  tab: '\t',
  cell: '\t',
};

/** The words of an RTF text, also of one that Outlook made from HTML (MS-OXRTFEX): tags and hidden repetitions are left out. */
export function rtfToText(rtf: string): string {
  const page = /\\ansicpg(\d{3,5})/.exec(rtf.slice(0, 1000))?.[1] ?? '1252';
  let out = '';
  let bytes: number[] = [];
  const muted: boolean[] = [];
  let mute = false;
  let hidden = false;
  let skip = 0;
  const flush = (): void => {
    if (bytes.length > 0) out += decodeText(Uint8Array.from(bytes), `windows-${page}`);
    bytes = [];
  };
  const write = (text: string): void => {
    flush();
    if (!mute && !hidden) out += text;
  };
  for (const [token, word, number, hex] of rtf.matchAll(
    /\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-f]{2})|\\[\s\S]|[{}]|[^\\{}]{1,1000}/gi,
  )) {
    if (hex !== undefined) {
      if (skip > 0) skip -= 1;
      else if (!mute && !hidden) bytes.push(parseInt(hex, 16));
    } else if (token === '{') muted.push(mute);
    else if (token === '}') mute = muted.pop() ?? false;
    else if (token === '\\*') mute = true;
    else if (word === undefined) {
      const text = (token.startsWith('\\') ? token.slice(1) : token.replace(/[\r\n]/g, '')).slice(skip);
      skip = 0;
      write(text);
    } else if (word === 'htmlrtf') hidden = number !== '0';
    else if (silent.test(word)) mute = true;
    else if (word === 'u' && number !== undefined) {
      write(String.fromCharCode((Number(number) + 65_536) & 0xffff));
      skip = 1;
    } else if (breaks[word] !== undefined) write(breaks[word]);
  }
  flush();
  return out;
}

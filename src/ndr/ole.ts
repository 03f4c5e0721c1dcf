/** A storage of a compound file: streams by name, lower case, and storages in it. */
export interface Storage {
  stream(name: string): Uint8Array | null;
  storages(prefix: string): Storage[];
}

interface Entry {
  name: string;
  type: number;
  left: number;
  right: number;
  child: number;
  start: number;
  size: number;
}

const endOfChain = 0xfffffffe;
const noEntry = 0xffffffff;
const maxSectors = 400_000;
const maxEntries = 50_000;

/** Whether the bytes begin as a compound file (MS-CFB §2.2). */
export const isOle = (bytes: Uint8Array): boolean =>
  [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1].every((byte, at) => bytes[at] === byte);

/**
 * Open a compound file (MS-CFB). Null when it is none or is broken beyond its directory; a broken stream is cut short.
 *
 * Our own because a file may be hostile: every chain is followed through each sector at most once. `@kenjiuno/msgreader` follows
 * a chain that bites its own tail until the memory is full (seen with 1.28).
 */
export function openOle(bytes: Uint8Array): Storage | null {
  if (!isOle(bytes) || bytes.length < 1024) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = (at: number): number =>
    at >= 0 && at + 4 <= view.byteLength ? view.getUint32(at, true) : endOfChain;
  const sectorSize = view.getUint16(30, true) === 12 ? 4096 : 512;
  const sector = (number: number): number => (number + 1) * sectorSize;
  const fat = readFat(word, sector, sectorSize, view.byteLength);
  const chain = (start: number, table: readonly number[]): number[] => follow(start, table);
  const read = (start: number, size: number): Uint8Array =>
    gather(chain(start, fat), size, (number) => bytes.subarray(sector(number), sector(number) + sectorSize));
  const directory = read(word(48), maxEntries * 128);
  const entries = readDirectory(directory);
  const root = entries[0];
  if (root?.type !== 5) return null;
  const mini = read(root.start, Math.min(root.size, bytes.length));
  const miniFat = words(read(word(60), bytes.length));
  const content = ({ start, size }: Entry): Uint8Array =>
    size < 4096
      ? gather(chain(start, miniFat), size, (number) => mini.subarray(number * 64, number * 64 + 64))
      : read(start, Math.min(size, bytes.length));
  return storageOf(root, entries, content);
}

function readFat(
  word: (at: number) => number,
  sector: (number: number) => number,
  sectorSize: number,
  length: number,
): number[] {
  const places: number[] = [];
  const most = Math.min(maxSectors, Math.ceil(length / sectorSize));
  const perSector = sectorSize / 4;
  for (let index = 0; index < 109; index += 1) places.push(word(76 + index * 4));
  let further = word(68);
  const seen = new Set<number>();
  while (further < most && !seen.has(further)) {
    seen.add(further);
    for (let index = 0; index < perSector - 1; index += 1) places.push(word(sector(further) + index * 4));
    further = word(sector(further) + sectorSize - 4);
  }
  const fat: number[] = [];
  for (const place of new Set(places)) {
    if (place >= most || fat.length > most + perSector) continue;
    for (let index = 0; index < perSector; index += 1) fat.push(word(sector(place) + index * 4));
  }
  return fat;
}

/** The numbers of a chain, each at most once: a loop ends where it closes. */
function follow(start: number, table: readonly number[]): number[] {
  const chain: number[] = [];
  const seen = new Set<number>();
  for (
    let number = start;
    number < maxSectors * 8 && !seen.has(number) && number < table.length;
    number = table[number] ?? endOfChain
  ) {
    seen.add(number);
    chain.push(number);
  }
  return chain;
}

function gather(chain: readonly number[], size: number, piece: (number: number) => Uint8Array): Uint8Array {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (const number of chain) {
    if (length >= size) break;
    const next = piece(number);
    pieces.push(next);
    length += next.length;
  }
  return Buffer.concat(pieces).subarray(0, size);
}

function words(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, index) => view.getUint32(index * 4, true));
}

function readDirectory(bytes: Uint8Array): Entry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor(bytes.length / 128) }, (_, index) => {
    const at = index * 128;
    const length = Math.min(64, Math.max(2, view.getUint16(at + 64, true)));
    return {
      name: new TextDecoder('utf-16le').decode(bytes.subarray(at, at + length - 2)).toLowerCase(),
      type: view.getUint8(at + 66),
      left: view.getUint32(at + 68, true),
      right: view.getUint32(at + 72, true),
      child: view.getUint32(at + 76, true),
      start: view.getUint32(at + 116, true),
      size: view.getUint32(at + 120, true),
    };
  });
}

function storageOf(owner: Entry, entries: readonly Entry[], content: (entry: Entry) => Uint8Array): Storage {
  const seen = new Set<number>();
  const children: Entry[] = [];
  const open = [owner.child];
  while (open.length > 0) {
    const number = open.pop() ?? noEntry;
    const entry = entries[number];
    if (entry === undefined || seen.has(number)) continue;
    seen.add(number);
    children.push(entry);
    open.push(entry.left, entry.right);
  }
  return {
    stream(name) {
      const entry = children.find((child) => child.type === 2 && child.name === name);
      return entry === undefined ? null : content(entry);
    },
    storages: (prefix) =>
      children
        .filter(({ type, name }) => type === 1 && name.startsWith(prefix))
        .sort((one, other) => (one.name < other.name ? -1 : 1))
        .map((child) => storageOf(child, entries, content)),
  };
}

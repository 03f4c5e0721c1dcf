import { burn } from '@kenjiuno/msgreader/lib/Burner';
import { TypeEnum } from '@kenjiuno/msgreader/lib/Reader';

/** The properties of an item: strings as UTF-16, bytes as they are, numbers into the property stream. */
export type Properties = Readonly<Record<string, string | Uint8Array | number>>;

export interface Item {
  properties: Properties;
  recipients?: readonly Properties[];
  /** Attachments: an item is embedded, properties alone are a file. */
  attachments?: readonly { properties: Properties; item?: Item }[];
}

type Entry = Parameters<typeof burn>[0][number];

/**
 * Write an Outlook item (MS-OXMSG). We have no real `.msg` file of a bounce: these stand in for them, in a container that the
 * library's own writer makes, so that our reader is not tested against itself.
 */
export function writeMsg(item: Item): Uint8Array {
  const entries: Entry[] = [{ name: 'Root Entry', type: TypeEnum.ROOT, length: 0, children: [] }];
  fill(entries, 0, item, 32);
  return burn(entries);
}

function fill(entries: Entry[], owner: number, item: Item, headLength: number): void {
  writeProperties(entries, owner, item.properties, headLength);
  item.recipients?.forEach((recipient, index) => {
    writeProperties(
      entries,
      addStorage(entries, owner, `__recip_version1.0_#${number(index)}`),
      recipient,
      8,
    );
  });
  item.attachments?.forEach(({ properties, item: embedded }, index) => {
    const storage = addStorage(entries, owner, `__attach_version1.0_#${number(index)}`);
    writeProperties(entries, storage, properties, 8);
    if (embedded !== undefined)
      fill(entries, addStorage(entries, storage, '__substg1.0_3701000D'), embedded, 24);
  });
}

const number = (index: number): string => index.toString(16).toUpperCase().padStart(8, '0');

function writeProperties(entries: Entry[], owner: number, properties: Properties, headLength: number): void {
  const rows: Buffer[] = [Buffer.alloc(headLength)];
  for (const [id, value] of Object.entries(properties)) {
    const type = typeof value === 'number' ? 0x0003 : typeof value === 'string' ? 0x001f : 0x0102;
    const row = Buffer.alloc(16);
    row.writeUInt16LE(type, 0);
    row.writeUInt16LE(parseInt(id, 16), 2);
    if (typeof value === 'number') row.writeUInt32LE(value, 8);
    else {
      const bytes = typeof value === 'string' ? Buffer.from(value, 'utf16le') : value;
      row.writeUInt32LE(bytes.length, 8);
      addStream(
        entries,
        owner,
        `__substg1.0_${id.toUpperCase()}${type.toString(16).toUpperCase().padStart(4, '0')}`,
        bytes,
      );
    }
    rows.push(row);
  }
  addStream(entries, owner, '__properties_version1.0', Buffer.concat(rows));
}

function add(entries: Entry[], owner: number, entry: Entry): number {
  entries[owner]?.children?.push(entries.length);
  entries.push(entry);
  return entries.length - 1;
}

const addStorage = (entries: Entry[], owner: number, name: string): number =>
  add(entries, owner, { name, type: TypeEnum.DIRECTORY, length: 0, children: [] });

const addStream = (entries: Entry[], owner: number, name: string, bytes: Uint8Array): number =>
  // A copy: Burner writes the whole ArrayBuffer under a pooled Buffer.
  add(entries, owner, {
    name,
    type: TypeEnum.DOCUMENT,
    length: bytes.length,
    binaryProvider: () => Uint8Array.from(bytes),
  });

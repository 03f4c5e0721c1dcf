import { rangeOf, storedKey, type StoredKey } from './embedded-key';
import { headOf, itemIn, recordOf, type RecordHead } from './embedded-record';
import { prepareFolder } from './embedded-folder';
import { itemsOf, jsonOf, requiredTag } from './item';
import { ETagConflict, StorageError, type KeyValueStorage } from './storage';

export interface EmbeddedOptions {
  /** Made if it is not there. On a disk of this machine; processes of this machine may share it. */
  folder: string;
  now: () => Date;
  /** A new id, unlike any other process's. */
  newId: () => string;
}

/** Keys looked at in one go while listing, so that a long list neither holds up turns nor an old snapshot of the data. */
const pageKeys = 500;

/** A change that is ready to be put. */
interface Change {
  key: string;
  at: StoredKey;
  record: Buffer;
  tag: string | undefined;
}

/**
 * Storage in a folder of this machine, on LMDB. What was acknowledged is with the operating system and outlives the process,
 * however that ends. It is on the disk some milliseconds later: a power cut may cost the last writes, never the data's shape.
 * @throws StorageError when the folder cannot be used, or what is in it cannot be read.
 */
export async function openEmbeddedStorage(options: EmbeddedOptions): Promise<KeyValueStorage> {
  const { folder, now, newId } = options;
  await prepareFolder(folder);
  const db = await openDatabase(folder);

  const instance = newId();
  let version = 0;
  const recordFor = (key: string, { folded }: StoredKey, json: string): Buffer => {
    version += 1;
    return recordOf({ eTag: `${instance}-${version}`, written: now(), key: folded ? key : null }, json);
  };
  const headAt = (at: Buffer): RecordHead | null => {
    const record = db.get(at);
    return record === undefined ? null : headOf(record);
  };

  return {
    async read(keys) {
      await Promise.resolve();
      return itemsOf(
        keys.flatMap((key) => {
          const record = db.get(storedKey(key).bytes);
          return record === undefined ? [] : [[key, itemIn(record)] as const];
        }),
      );
    },
    async write(changes) {
      const ready: Change[] = Object.entries(changes).map(([key, value]) => {
        const at = storedKey(key);
        return { key, at, record: recordFor(key, at, jsonOf(value)), tag: requiredTag(value) };
      });
      const put = ({ at, record }: Change): unknown => db.put(at.bytes, record);
      const [only] = ready;
      if (only === undefined) return;
      if (ready.length === 1 && only.tag === undefined) {
        await put(only);
        return;
      }
      // A child transaction, as only that is undone when something throws in the middle of it.
      await db.childTransaction(() => {
        const lost = ready.find(({ at, tag }) => tag !== undefined && headAt(at.bytes)?.eTag !== tag);
        if (lost !== undefined) throw new ETagConflict(lost.key);
        ready.forEach(put);
      });
    },
    create(key, value) {
      const at = storedKey(key);
      return db.ifNoExists(at.bytes, () => {
        void db.put(at.bytes, recordFor(key, at, jsonOf(value)));
      });
    },
    async delete(keys) {
      await Promise.all(keys.map((key) => db.remove(storedKey(key).bytes)));
    },
    deleteOlder(keys, before) {
      return db.transaction(() => {
        const old = keys
          .map((key) => storedKey(key).bytes)
          .filter((at) => (headAt(at)?.written ?? before) < before);
        for (const at of old) void db.remove(at);
        return old.length;
      });
    },
    async *list(prefix) {
      let { start } = rangeOf(prefix);
      const { end } = rangeOf(prefix);
      let exclusiveStart = false;
      for (;;) {
        const page = [...db.getKeys({ start, end, exclusiveStart, limit: pageKeys })];
        for (const at of page) {
          const head = headAt(at);
          const key = head?.key ?? at.toString('utf8');
          if (head !== null && key.startsWith(prefix)) yield { key, written: head.written };
        }
        const last = page.at(-1);
        if (last === undefined || page.length < pageKeys) return;
        start = last;
        exclusiveStart = true;
        await new Promise(setImmediate);
      }
    },
    close: () => db.close(),
  };
}

/** LMDB is loaded here and not above: whoever keeps data elsewhere does without it. */
async function openDatabase(folder: string) {
  const { open } = await import('lmdb');
  try {
    return open<Buffer, Buffer>({
      path: folder,
      // Else a folder with a dot in its name is taken for a file.
      noSubdir: false,
      encoding: 'binary',
      keyEncoding: 'binary',
    });
  } catch (cause) {
    throw new StorageError(
      `the data in the folder ${folder} (DATA_DIR) cannot be opened. Check that this program may write there, that no backup holds its files, and put a backup in its place if they are damaged.`,
      { cause },
    );
  }
}

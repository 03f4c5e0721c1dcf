import { headAt, openDatabase, pageOf, type Page } from './embedded-database';
import { prepareFolder } from './embedded-folder';
import { rangeOf, storedKey, type StoredKey } from './embedded-key';
import { itemIn, recordOf } from './embedded-record';
import { freeBytesAt, watchRoom } from './embedded-room';
import { createGate } from './gate';
import { itemsOf, jsonOf, requiredTag } from './item';
import { ETagConflict, type KeyValueStorage } from './storage';

export interface EmbeddedOptions {
  /** Made if it is not there. On a disk of this machine; processes of this machine may share it. */
  folder: string;
  now: () => Date;
  /** A new id, unlike any other process's. */
  newId: () => string;
  /** How much the disk has left; asked of the system unless given. */
  freeBytes?: () => Promise<number>;
}

/** So much of an id tells processes apart: two that ever wrote the same record. */
const instanceSigns = 13;

/** A change that is ready to be put. */
interface Change {
  key: string;
  at: StoredKey;
  record: Buffer;
  tag: string | undefined;
}

/**
 * Storage in a folder of this machine, on LMDB. What was acknowledged is on the disk: it outlives the process, however that ends,
 * and a power cut.
 * @throws StorageError when the folder cannot be used, or what is in it cannot be read.
 */
export async function openEmbeddedStorage(options: EmbeddedOptions): Promise<KeyValueStorage> {
  const { folder, now, newId } = options;
  await prepareFolder(folder);
  const db = await openDatabase(folder);
  const requireRoom = watchRoom(options.freeBytes ?? (() => freeBytesAt(folder)), now);

  const instance = newId().slice(0, instanceSigns);
  let version = 0;
  const recordFor = (key: string, { folded }: StoredKey, json: string): Buffer => {
    version += 1;
    return recordOf({ eTag: `${instance}-${version}`, written: now(), key: folded ? key : null }, json);
  };
  // LMDB ends the process over some of what comes after its end.
  const gate = createGate();

  return {
    read: (keys) =>
      gate.pass(async () => {
        await Promise.resolve();
        // Else what another process has just written is seen a moment later.
        db.resetReadTxn();
        return itemsOf(
          keys.flatMap((key) => {
            const record = db.get(storedKey(key).bytes);
            return record === undefined ? [] : [[key, itemIn(record)] as const];
          }),
        );
      }),
    write: (changes) =>
      gate.pass(async () => {
        const ready: Change[] = Object.entries(changes).map(([key, value]) => {
          const at = storedKey(key);
          return { key, at, record: recordFor(key, at, jsonOf(value)), tag: requiredTag(value) };
        });
        const put = ({ at, record }: Change): unknown => db.put(at.bytes, record);
        const [only] = ready;
        if (only === undefined) return;
        await requireRoom();
        if (ready.every(({ tag }) => tag === undefined)) {
          // In one commit, and without a way back into JavaScript, which would hold up everybody else's.
          const putAll = (): void => {
            ready.forEach(put);
          };
          await (ready.length === 1 ? put(only) : db.batch(putAll));
          return;
        }
        // A child transaction, as only that is undone when something throws in the middle of it.
        await db.childTransaction(() => {
          const lost = ready.find(({ at, tag }) => tag !== undefined && headAt(db, at.bytes)?.eTag !== tag);
          if (lost !== undefined) throw new ETagConflict(lost.key);
          ready.forEach(put);
        });
      }),
    create: (key, value) =>
      gate.pass(async () => {
        const at = storedKey(key);
        const record = recordFor(key, at, jsonOf(value));
        await requireRoom();
        return db.ifNoExists(at.bytes, () => {
          void db.put(at.bytes, record);
        });
      }),
    delete: (keys) =>
      gate.pass(async () => {
        await Promise.all(keys.map((key) => db.remove(storedKey(key).bytes)));
      }),
    deleteOlder: (keys, before) =>
      gate.pass(() =>
        db.transaction(() => {
          const old = [...new Set(keys)]
            .map((key) => storedKey(key).bytes)
            .filter((at) => (headAt(db, at)?.written ?? before) < before);
          for (const at of old) void db.remove(at);
          return old.length;
        }),
      ),
    async *list(prefix) {
      const { start, end } = rangeOf(prefix);
      let page: Page = { listed: [], last: null };
      do {
        const { last } = page;
        page = await gate.pass(async () => {
          await new Promise(setImmediate);
          db.resetReadTxn();
          return pageOf(db, { start: last ?? start, end, exclusiveStart: last !== null });
        });
        yield* page.listed.filter(({ key }) => key.startsWith(prefix));
      } while (page.last !== null);
    },
    async close() {
      await gate.close();
      await db.close();
    },
  };
}

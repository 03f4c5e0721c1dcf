import { isError } from '../log';
import { damaged, inUse } from './embedded-folder';
import { headOf, type RecordHead } from './embedded-record';
import type { Listed } from './storage';

export type Database = Awaited<ReturnType<typeof openDatabase>>;

/** Keys looked at in one go while listing, so that a long list neither holds up turns nor an old snapshot of the data. */
const pageKeys = 500;

export interface Page {
  listed: Listed[];
  /** Where the next page goes on; null when there is none. */
  last: Buffer | null;
}

/** Keys looked through at the start, to find damage before a turn does: some 25 ms, if there are so many. */
const inspectedKeys = 100_000;

/** Addresses, neither memory nor disk; where that is too little the library takes more. */
const firstMapBytes = 1024 ** 3;

/** LMDB is loaded here and not above: whoever keeps data elsewhere does without it. */
export async function openDatabase(folder: string) {
  const { open } = await import('lmdb');
  try {
    const db = open<Buffer, Buffer>({
      path: folder,
      // Else a folder with a dot in its name is taken for a file.
      noSubdir: false,
      // LMDB's own way. The library's, to acknowledge first and flush later, breaks a process when another on the same folder is killed.
      overlappingSync: false,
      // Left to itself the library begins with 128 KB and doubles, and keeps every smaller map: each page counts twice then.
      mapSize: firstMapBytes,
      encoding: 'binary',
      keyEncoding: 'binary',
    });
    db.getKeys({ limit: inspectedKeys }).forEach(() => undefined);
    return db;
  } catch (cause) {
    // Processes are told apart by their numbers, and in two containers both may be number 1.
    if (isError(cause) && cause.message.includes('No transaction to renew')) throw inUse(folder, cause);
    throw damaged(folder, cause);
  }
}

/** What is known of a record, without its value; null where there is none. @throws for one that is not ours. */
export function headAt(db: Database, at: Buffer): RecordHead | null {
  const record = db.get(at);
  return record === undefined ? null : headOf(record);
}

/** The next keys of a range. A record that is not ours is left out: it must not stop a sweep. */
export function pageOf(db: Database, range: { start: Buffer; end: Buffer; exclusiveStart: boolean }): Page {
  const found = [...db.getKeys({ ...range, limit: pageKeys })];
  const listed = found.flatMap((at): Listed[] => {
    try {
      const head = headAt(db, at);
      return head === null ? [] : [{ key: head.key ?? at.toString('utf8'), written: head.written }];
    } catch {
      return [];
    }
  });
  return { listed, last: found.length < pageKeys ? null : (found.at(-1) ?? null) };
}

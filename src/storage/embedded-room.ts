import { statfs } from 'node:fs/promises';

/** The disk is all but full. */
export class StorageFull extends Error {
  readonly code = 'STORAGE_FULL';
  constructor() {
    super('The disk of the folder DATA_DIR is full: nothing more is written until it has room again.');
    this.name = 'StorageFull';
  }
}

/** What is left free: deletions need some to be written as well. */
const reserveBytes = 32 * 1024 * 1024;
/** How long an answer is believed, in ms: in that time a busy bot writes some megabytes. */
const believedMs = 1_000;

/**
 * A check to make before every write, as LMDB takes a full disk badly: seen with lmdb 3.5.6, it ends the process, or leaves its memory
 * in disorder.
 * @returns what rejects with StorageFull when there is no room.
 */
export function watchRoom(freeBytes: () => Promise<number>, now: () => Date): () => Promise<void> {
  let asked = -Infinity;
  let hasRoom: Promise<boolean> = Promise.resolve(true);
  return async () => {
    const time = now().getTime();
    if (Math.abs(time - asked) > believedMs) {
      asked = time;
      // A system that does not tell may still have room.
      hasRoom = freeBytes().then(
        (free) => free >= reserveBytes,
        () => true,
      );
    }
    if (!(await hasRoom)) throw new StorageFull();
  };
}

export async function freeBytesAt(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBlobStorage } from '../../src/storage/blob';
import { openEmbeddedStorage } from '../../src/storage/embedded';
import { createMemoryStorage } from '../../src/storage/memory';
import type { KeyValueStorage } from '../../src/storage/storage';
import { startAzurite } from './azurite';

/** One place where data are kept, and how another instance is opened on it. */
export type Place = () => Promise<KeyValueStorage>;

/** An engine with all it needs: Azurite is started, folders are made. */
export interface Running {
  /** A new, empty place. `now`: the clock of what is written there; Azure has its own. */
  newPlace: (now?: () => Date) => Place;
  stop: () => Promise<void>;
}

const clock = (): Date => new Date();

export const engines = {
  memory: () =>
    Promise.resolve<Running>({
      newPlace: (now) => {
        const storage = createMemoryStorage(undefined, now);
        return () => Promise.resolve(storage);
      },
      stop: () => Promise.resolve(),
    }),
  embedded: () => {
    const scratch = mkdtempSync(join(tmpdir(), 'bounce-desk-places-'));
    let folders = 0;
    return Promise.resolve<Running>({
      newPlace: (now = clock) => {
        // With a dot: LMDB would take it for a file.
        const folder = join(scratch, `place.${(folders += 1)}`);
        return () => openEmbeddedStorage({ folder, now, newId: randomUUID });
      },
      stop: () => {
        rmSync(scratch, { recursive: true, force: true });
        return Promise.resolve();
      },
    });
  },
  'Azure Blob, by Azurite': async (): Promise<Running> => {
    const azurite = await startAzurite();
    const access = { kind: 'connectionString', connectionString: azurite.connectionString() } as const;
    let containers = 0;
    return {
      newPlace: () => {
        const container = `desk-${(containers += 1)}`;
        return () => openBlobStorage({ access, container, newId: randomUUID });
      },
      stop: () => azurite.stop(),
    };
  },
};

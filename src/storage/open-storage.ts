import type { StorageConfig } from '../config/storage';
import { openBlobStorage } from './blob';
import { openEmbeddedStorage } from './embedded';
import { createMemoryStorage } from './memory';
import type { KeyValueStorage } from './storage';

/** The clock, and where ids come from that no other process has. */
export interface StorageSources {
  now: () => Date;
  newId: () => string;
}

/**
 * The storage that the settings ask for, ready to be used. The libraries of the engines not asked for are not loaded.
 * @throws StorageError
 */
export async function openStorage(
  config: StorageConfig,
  { now, newId }: StorageSources,
): Promise<KeyValueStorage> {
  switch (config.engine) {
    case 'memory':
      return createMemoryStorage(undefined, now);
    case 'embedded':
      return openEmbeddedStorage({ folder: config.folder, now, newId });
    case 'azureBlob':
      return openBlobStorage({ access: config.access, container: config.container, newId });
  }
}

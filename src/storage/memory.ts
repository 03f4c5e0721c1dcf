import { LRUCache } from 'lru-cache';

/** What one key holds; `eTag` changes with every write. */
interface Item {
  eTag?: string;
  [field: string]: unknown;
}
type Items = Record<string, Item>;

/** The part of the Bot Framework's `Storage` contract that the bot uses. */
export interface KeyValueStorage {
  read(keys: string[]): Promise<Items>;
  write(changes: Record<string, unknown>): Promise<void>;
  delete(keys: string[]): Promise<void>;
}

/** Somebody else has written the key since it was read. */
export class ETagConflict extends Error {
  readonly code = 'ETAG_CONFLICT';
  constructor(key: string) {
    super(`The key "${key}" was changed by somebody else since it was read.`);
    this.name = 'ETagConflict';
  }
}

/** Conversations and cases kept at a time; the longest unused goes first. 20,000 cases take about 60 MB. */
const maxItems = 20_000;

/**
 * Storage in memory, bounded: the SDK's own MemoryStorage never forgets. Values are kept as JSON text, so that nobody
 * holds on to an object that another turn changes. Lost with the process.
 */
export function createMemoryStorage(limit = maxItems): KeyValueStorage {
  const items = new LRUCache<string, string>({ max: limit });
  let version = 0;
  return {
    read(keys) {
      const found: Items = {};
      for (const key of keys) {
        const text = items.get(key);
        if (text !== undefined) found[key] = parseItem(text);
      }
      return Promise.resolve(found);
    },
    write(changes) {
      // All or nothing: every eTag is looked at before the first value changes.
      for (const [key, value] of Object.entries(changes)) {
        const eTag = typeof value === 'object' && value !== null && 'eTag' in value ? value.eTag : undefined;
        const current = items.peek(key);
        if (eTag !== undefined && eTag !== '*' && current !== undefined && parseItem(current).eTag !== eTag) {
          return Promise.reject(new ETagConflict(key));
        }
      }
      for (const [key, value] of Object.entries(changes)) {
        version += 1;
        items.set(key, JSON.stringify({ ...Object(value), eTag: String(version) }));
      }
      return Promise.resolve();
    },
    delete(keys) {
      for (const key of keys) items.delete(key);
      return Promise.resolve();
    },
  };
}

const parseItem = (text: string): Item => {
  const value: unknown = JSON.parse(text);
  return typeof value === 'object' && value !== null ? { ...value } : {};
};

import { LRUCache } from 'lru-cache';
import { itemOf, itemsOf, jsonOf, requiredTag } from './item';
import { ETagConflict, type KeyValueStorage } from './storage';

/** A value as JSON text, so that nobody holds on to an object that another turn changes. */
interface Kept {
  json: string;
  eTag: string;
  written: Date;
}

/** Conversations and cases kept at a time; the longest unused goes first. 20,000 cases take about 60 MB. */
const maxItems = 20_000;

/** Storage in memory, bounded: the SDK's own MemoryStorage never forgets. Lost with the process. */
export function createMemoryStorage(limit = maxItems, now = () => new Date()): KeyValueStorage {
  const items = new LRUCache<string, Kept>({ max: limit });
  let version = 0;

  const put = (key: string, json: string): void => {
    version += 1;
    items.set(key, { json, eTag: String(version), written: now() });
  };

  return {
    read: (keys) =>
      promised(() =>
        itemsOf(
          keys.flatMap((key) => {
            const kept = items.get(key);
            return kept === undefined ? [] : [[key, itemOf(JSON.parse(kept.json), kept.eTag)] as const];
          }),
        ),
      ),
    write: (changes) =>
      promised(() => {
        const texts = Object.entries(changes).map(([key, value]) => [key, jsonOf(value)] as const);
        // All or nothing: every eTag is looked at before the first value changes.
        for (const [key, value] of Object.entries(changes)) {
          const tag = requiredTag(value);
          if (tag !== undefined && items.peek(key)?.eTag !== tag) throw new ETagConflict(key);
        }
        for (const [key, json] of texts) put(key, json);
      }),
    create: (key, value) =>
      promised(() => {
        if (items.has(key)) return false;
        put(key, jsonOf(value));
        return true;
      }),
    delete: (keys) =>
      promised(() => {
        for (const key of keys) items.delete(key);
      }),
    deleteOlder: (keys, before) =>
      promised(() => {
        const old = keys.filter((key) => (items.peek(key)?.written ?? before) < before);
        return old.filter((key) => items.delete(key)).length;
      }),
    async *list(prefix) {
      const found = await promised(() => [...items.entries()].filter(([key]) => key.startsWith(prefix)));
      for (const [key, { written }] of found) yield { key, written };
    },
    close: () => Promise.resolve(),
  };
}

/** Done at once; what it throws is a rejection, as from an engine that takes its time. */
const promised = <T>(work: () => T): Promise<T> =>
  new Promise((resolve) => {
    resolve(work());
  });

import { createHash } from 'node:crypto';
import type { Case } from '../guide/case';
import type { KeyValueStorage, Listed } from './storage';
import { fromStored, toStored } from './stored-case';

/** Where the extracted facts of bounces are kept, so that a button works later and for somebody else. */
export interface Cases {
  /** `owner` is whoever brought the bounce, in any words that stay the same; only a hash of it is kept. Null: nobody knows. */
  put(bounce: Case, owner?: string | null): Promise<void>;
  /** Null when the case is unknown, deleted, or written by a release that kept other things. */
  get(id: string): Promise<Case | null>;
  /** Delete one case; what is not there is deleted already. */
  remove(id: string): Promise<void>;
  /** Delete every case of a person. How many there were. */
  forget(owner: string): Promise<number>;
  /** Delete what is kept for a time only and was last written before that moment: {@link isPerishable}. How much it was. */
  sweep(before: Date): Promise<number>;
}

/**
 * Cases by their id, which is all that a button knows, and beside them an empty entry for each below its owner, so that forgetting
 * is one look. An owner's entry is written first and goes last: what is cut in the middle leaves an entry too many, never a
 * case that cannot be forgotten.
 */
export function createCases(storage: KeyValueStorage, now = () => new Date()): Cases {
  return {
    async put(bounce, owner = null) {
      const stored = toStored(bounce, {
        owner: owner === null ? null : hashOf(owner),
        at: now().toISOString(),
      });
      await storage.write({
        ...(owner === null ? {} : { [`${entriesOf(owner)}${bounce.id}`]: { v: 1 } }),
        [caseKey(bounce.id)]: stored,
      });
    },
    async get(id) {
      const key = caseKey(id);
      const { [key]: item } = await storage.read([key]);
      return fromStored(id, item);
    },
    remove: (id) => storage.delete([caseKey(id)]),
    async forget(owner) {
      let forgotten = 0;
      for await (const page of pagesOf(storage.list(entriesOf(owner)))) {
        const ids = page.map(({ key }) => key.slice(entriesOf(owner).length));
        forgotten += await storage.deleteOlder(ids.map(caseKey), endOfTime);
        await storage.delete(page.map(({ key }) => key));
      }
      return forgotten;
    },
    async sweep(before) {
      let swept = 0;
      for await (const page of pagesOf(storage.list(''))) {
        const keys = page.filter(({ written }) => written < before).map(({ key }) => key);
        swept += await storage.deleteOlder(keys.filter(isPerishable), before);
        // A case may be younger than its owner's entry by as long as it takes to write both.
        const entries = keys.filter((key) => key.startsWith(ownersRoom));
        await storage.deleteOlder(entries, new Date(before.getTime() - entryOutlivesMs));
      }
      return swept;
    },
  };
}

const ownersRoom = 'owners/';
const caseKey = (id: string): string => `cases/${id}`;
const entriesOf = (owner: string): string => `${ownersRoom}${hashOf(owner)}/`;
const hashOf = (owner: string): string => createHash('sha256').update(owner).digest('hex');

const entryOutlivesMs = 60_000;
/** The last moment a Date can be: nothing was written after it. */
const endOfTime = new Date(8.64e15);

/**
 * What goes when it is old: cases, which message was answered by which, and where people stand (`<channel>/conversations/…`, as the
 * SDK names its state). Everything else stays, as do welcomes.
 */
const isPerishable = (key: string): boolean => /^(?:cases|turns|[^/]*\/conversations)\//.test(key);

const pageSize = 500;

async function* pagesOf(listed: AsyncIterable<Listed>): AsyncGenerator<Listed[]> {
  let page: Listed[] = [];
  for await (const one of listed) {
    page.push(one);
    if (page.length < pageSize) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

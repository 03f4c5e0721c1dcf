import { createGuide, type Guide } from './guide/walk';
import { KnowledgeError, sentence, type Base, type Knowledge } from './knowledge/load';
import { createMatcher, type Matcher } from './knowledge/match';
import { lay, type Laid } from './knowledge/overlay';
import { codeOf, listOwnFolder, readOwnFiles, type Listing } from './knowledge/own-folder';
import type { Problem } from './knowledge/source';
import type { Log } from './log';

/** What an answer is made from. The three belong together: they are made, used and replaced as one. */
export interface Library {
  readonly knowledge: Knowledge;
  readonly matcher: Matcher;
  readonly guide: Guide;
}

/** The library as it stands now. Who answers takes `current` once and keeps it to the end. */
export interface LiveLibrary {
  readonly current: Library;
  /** Look whether the organization's folder has changed and settled, and if so read it again. Never rejects. */
  check(): Promise<void>;
  stop(): void;
}

export interface LibraryOptions {
  base: Base;
  /** The organization's own folder; undefined when it has none. */
  own: string | undefined;
  /** Milliseconds between two looks at that folder; 0: it is read at the start only. */
  pollMs: number;
  log: Log;
}

/** What was read last, and what of it could not be. */
interface Served {
  stamp: string;
  unread: readonly string[];
  refused: readonly string[];
  laid: Laid;
}

/**
 * Read the organization's folder, lay it over ours, and go on looking at it. It is looked at, not watched: file systems
 * of other machines tell nobody of a change. A change counts when two looks in a row saw the same, so that a file is not
 * read while somebody is still copying it.
 * @throws KnowledgeError when the folder cannot be read at the start; later, what was read last stays.
 */
export async function openLibrary({ base, own, pollMs, log }: LibraryOptions): Promise<LiveLibrary> {
  if (own === undefined)
    return {
      current: libraryOf(lay(base, []).knowledge),
      check: () => Promise.resolve(),
      stop: () => undefined,
    };

  const folder = own;
  const first = await listOwnFolder(folder).catch((cause: unknown) => {
    const message = `this folder (KNOWLEDGE_DIR) cannot be read (${codeOf(cause)})`;
    throw new KnowledgeError([{ file: folder, line: 1, message }]);
  });
  let seen = first.stamp;
  let wasGone = false;
  let served = await read(first);
  tell('knowledge of the organization', served);

  async function read({ files, refused, stamp }: Listing): Promise<Served> {
    const unread: Problem[] = [];
    const laid = lay(base, await readOwnFiles(folder, files, unread));
    return {
      stamp,
      unread: unread.map(sentence),
      refused: [...refused, ...unread, ...laid.refused].map(sentence),
      laid,
    };
  }

  function tell(event: string, { laid, refused }: Served): void {
    const fields = { articles: laid.knowledge.articles.size, own: laid.own, refused };
    if (refused.length > 0) log.warn(event, fields);
    else log.info(event, fields);
  }

  async function check(): Promise<void> {
    try {
      const listing = await listOwnFolder(folder);
      wasGone = false;
      const hasSettled = listing.stamp === seen;
      seen = listing.stamp;
      if (!hasSettled) return;
      if (seen === served.stamp && served.unread.length === 0) return;
      const next = await read(listing);
      // What could not be read is tried again every time; it is news only when that went differently.
      if (seen === served.stamp && String(next.unread) === String(served.unread)) return;
      current = libraryOf(next.laid.knowledge);
      served = next;
      tell('knowledge reloaded', served);
    } catch (error) {
      // A share that is away for a while must not take the organization's articles with it.
      if (!wasGone) log.warn('knowledge not reloaded', { error });
      wasGone = true;
    }
  }

  let current = libraryOf(served.laid.knowledge);
  let timer: NodeJS.Timeout | undefined;
  let stopped = pollMs === 0;
  const plan = (): void => {
    if (stopped) return;
    timer = setTimeout(() => void check().then(plan), pollMs).unref();
  };
  plan();
  return {
    get current() {
      return current;
    },
    check,
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

export const libraryOf = (knowledge: Knowledge): Library => ({
  knowledge,
  matcher: createMatcher(knowledge),
  guide: createGuide(knowledge),
});

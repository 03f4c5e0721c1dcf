import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Standing } from '../dialogs/desk';
import { toPlace } from '../dialogs/standing';
import { ETagConflict, type KeyValueStorage } from '../storage/storage';

/** What became of something that was to be answered: our message, and the case it opened. */
export interface Answered {
  /** The id of the message that answers it; null where nothing could be sent. */
  answer: string | null;
  /** The case that was opened for it; null for an answer within a case, whosever that is. */
  caseId: string | null;
  /** Where the person stood when they said it; null or left out: nowhere yet. */
  from?: Standing | null;
}

/** The right to answer something. Whoever has it sends nothing later than 10 s after `begun`. */
export interface Claim {
  key: string;
  /** Whose it is: nobody else's claim has this. */
  by: string;
  /** When it was taken, in ms since 1970. */
  begun: number;
  /** Which version of it this claim is for; null for the first. */
  version: string | null;
  /** What answers it already, when it is to be answered anew, and which version that is for. */
  before: (Answered & { version: string | null }) | null;
}

/** Somebody else has been at work on it for longer than anybody waits here. Who is told so comes again. */
export class StillClaimed extends Error {
  readonly code = 'STILL_CLAIMED';
  constructor() {
    super('Another instance is still at work on this.');
    this.name = 'StillClaimed';
  }
}

/** Who answers what, among all instances on one storage. Whoever dies over it is succeeded by the next who asks. */
export interface Claims {
  /**
   * Waits while somebody else is at work on it. Null: it is answered. With a `version`, it is to be answered even so, unless the
   * newest answer is for that version.
   * @throws StillClaimed after 15 s.
   */
  take(key: string, version?: string): Promise<Claim | null>;
  /** It is answered, and stays so. What came `along`, by storage key, is written first, in one go where the engine can. */
  finish(claim: Claim, answered: Answered, along?: Record<string, object>): Promise<void>;
  /** It could not be answered: the next who asks may try. */
  abandon(claim: Claim): Promise<void>;
  /** Waits as `take` does. Null when it was not answered, or is forgotten. */
  recall(key: string): Promise<Answered | null>;
  forget(key: string): Promise<void>;
  /** Of everything below a key, where the person stood is known no more; that it is answered, and by what, still is. */
  forgetPlaces(below: string): Promise<void>;
}

export interface ClaimsOptions {
  now?: () => number;
  wait?: (ms: number) => Promise<unknown>;
  newId: () => string;
}

/** A turn sends nothing after 10 s, and two seconds are for clocks that differ: who has not finished by then is dead, in ms. */
const patience = 12_000;
/** Nobody listens to an answer any more that Teams has waited 15 s for; it delivers again. */
const longestWait = 15_000;
const firstPause = 100;
const longestPause = 1000;

/** A record without further fields is what welcomes were before they were claimed. */
const record = z.object({
  v: z.literal(1),
  begun: z.number().default(0),
  done: z.boolean().default(true),
  answer: z.string().nullable().default(null),
  caseId: z.string().nullable().default(null),
  version: z.string().nullable().default(null),
  from: z.unknown().optional().transform(toPlace),
  by: z.string().default(''),
  eTag: z.string().optional(),
});
type Known = z.infer<typeof record>;

const answeredIn = ({ done, answer, caseId, from, version }: Known): Claim['before'] =>
  done || answer !== null ? { answer, caseId, version, ...(from === null ? {} : { from }) } : null;

export function createClaims(
  storage: KeyValueStorage,
  { now = Date.now, wait = sleep, newId }: ClaimsOptions,
): Claims {
  /** Null where nothing is; a record of a release that we do not know has been given up. */
  const read = async (key: string): Promise<Known | null> => {
    const { [key]: item } = await storage.read([key]);
    if (item === undefined) return null;
    const parsed = record.safeParse(item);
    return parsed.success ? parsed.data : record.parse({ v: 1, done: false, eTag: item.eTag });
  };
  // Either way: a clock that is far ahead must not hold up a message for as long.
  const isAtWork = ({ done, begun }: Known): boolean => !done && Math.abs(now() - begun) < patience;
  const begunRecord = ({ begun, by, before }: Claim): object => ({ v: 1, begun, by, done: false, ...before });

  /** Most records are such: what is null needs no room. */
  const doneRecord = (known: Pick<Known, 'answer' | 'caseId' | 'version' | 'from'>): object => ({
    v: 1,
    ...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== null)),
  });

  /** What is there once nobody is at work on it. */
  const settled = async (key: string, until: number): Promise<Known | null> => {
    for (let pause = firstPause; ; pause = Math.min(longestPause, 2 * pause)) {
      const known = await read(key);
      if (known === null || !isAtWork(known)) return known;
      if (now() >= until) throw new StillClaimed();
      await wait(pause);
    }
  };

  /** False when somebody else was faster. */
  const replace = async (key: string, value: object, eTag: string | undefined): Promise<boolean> => {
    try {
      await storage.write({ [key]: { ...value, eTag } });
      return true;
    } catch (error) {
      if (error instanceof ETagConflict) return false;
      throw error;
    }
  };

  return {
    async take(key, version) {
      const by = newId();
      const until = now() + longestWait;
      for (;;) {
        const fresh: Claim = { key, by, begun: now(), version: version ?? null, before: null };
        if (await storage.create(key, begunRecord(fresh))) return fresh;
        const known = await settled(key, until);
        if (known === null) continue;
        const before = answeredIn(known);
        if (before !== null && (version === undefined || version === before.version)) return null;
        const claim: Claim = { ...fresh, begun: now(), before };
        if (await replace(key, begunRecord(claim), known.eTag)) return claim;
      }
    },
    finish: ({ key, version }, { answer, caseId, from = null }, along = {}) =>
      storage.write({ ...along, [key]: doneRecord({ answer, caseId, version, from }) }),
    async abandon(claim) {
      const known = await read(claim.key);
      // Whoever was too slow may have been succeeded meanwhile.
      if (known === null || known.by !== claim.by) return;
      await replace(claim.key, begunRecord({ ...claim, begun: 0 }), known.eTag);
    },
    async recall(key) {
      const known = await settled(key, now() + longestWait);
      const answered = known === null ? null : answeredIn(known);
      return answered === null ? null : { answer: answered.answer, caseId: answered.caseId };
    },
    forget: (key) => storage.delete([key]),
    async forgetPlaces(below) {
      for await (const { key } of storage.list(below)) {
        const known = await read(key);
        if (known === null || known.from === null) continue;
        const { eTag, ...rest } = known;
        // Who has written it meanwhile was at work on it, and keeps the place for that.
        await replace(key, { ...rest, from: null }, eTag);
      }
    },
  };
}

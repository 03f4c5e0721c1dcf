import { z } from 'zod';
import { ETagConflict, type KeyValueStorage } from '../storage/storage';

/** What became of a message that somebody sent: our answer to it, and the case it opened. */
export interface Answered {
  /** The id of the message that answers it; null where nothing could be sent. */
  answer: string | null;
  /** The case that the answer belongs to. */
  caseId: string | null;
}

/** Remembers which messages have been answered, on whatever instance: Teams delivers again what was not acknowledged in 15 s. */
export interface Turns {
  /** True for the one who is to answer this message: the first, or whoever comes when the first must have died over it. */
  begin(id: MessageId): Promise<boolean>;
  finish(id: MessageId, answered: Answered): Promise<void>;
  /** The turn failed before an answer: the next delivery may try again. */
  abandon(id: MessageId): Promise<void>;
  /** Null when the message was not answered, or is forgotten. */
  recall(id: MessageId): Promise<Answered | null>;
  forget(id: MessageId): Promise<void>;
}

export interface MessageId {
  channel: string;
  conversation: string;
  message: string;
}

/** A turn has 10 s and Teams delivers again after 15 s: who has not finished by then is dead, in milliseconds. */
const patience = 12_000;

const record = z.object({
  v: z.literal(1),
  begun: z.number(),
  done: z.boolean(),
  answer: z.string().nullable(),
  caseId: z.string().nullable(),
  eTag: z.string().optional(),
});

export function createTurns(storage: KeyValueStorage, now: () => number = Date.now): Turns {
  const keyOf = ({ channel, conversation, message }: MessageId): string =>
    `turns/${channel}/${conversation}/${message}`;
  const read = async (key: string): Promise<z.infer<typeof record> | null> => {
    const items = await storage.read([key]);
    const parsed = record.safeParse(items[key]);
    return parsed.success ? parsed.data : null;
  };
  const started = (): object => ({ v: 1, begun: now(), done: false, answer: null, caseId: null });

  return {
    async begin(id) {
      const key = keyOf(id);
      if (await storage.create(key, started())) return true;
      const known = await read(key);
      if (known === null) return true; // Another release wrote it, or it has just been given up.
      if (known.done || now() - known.begun < patience) return false;
      try {
        await storage.write({ [key]: { ...started(), eTag: known.eTag } });
        return true;
      } catch (error) {
        if (error instanceof ETagConflict) return false; // Somebody else took it over.
        throw error;
      }
    },
    finish: (id, answered) => storage.write({ [keyOf(id)]: { ...started(), ...answered, done: true } }),
    abandon: (id) => storage.delete([keyOf(id)]),
    async recall(id) {
      const known = await read(keyOf(id));
      return known?.done === true ? { answer: known.answer, caseId: known.caseId } : null;
    },
    forget: (id) => storage.delete([keyOf(id)]),
  };
}

import type { Answered, Claim, Claims } from './claims';

/** Remembers which messages have been answered, on whatever instance: Teams delivers again what was not acknowledged in 15 s. */
export interface Turns {
  /** Waits while another instance is at work on this message. Null: it is answered. @throws StillClaimed */
  begin(id: MessageId): Promise<Claim | null>;
  /** The same for a message that has been edited: each version of it is answered once. @throws StillClaimed */
  beginAgain(id: MessageId, version: string): Promise<Claim | null>;
  /** Writes what came `along`, by storage key, before and together with the answer, as far as the storage can. */
  finish(claim: Claim, answered: Answered, along?: Record<string, object>): Promise<void>;
  /** The turn failed before an answer: the next delivery may try again. */
  abandon(claim: Claim): Promise<void>;
  /** Null when the message was not answered, or is forgotten. Waits as `begin` does. @throws StillClaimed */
  recall(id: MessageId): Promise<Answered | null>;
  forget(id: MessageId): Promise<void>;
  /** Where people stood when they said what they said in the conversation of this message. */
  forgetPlaces(id: MessageId): Promise<void>;
}

export interface MessageId {
  channel: string;
  conversation: string;
  message: string;
}

export function createTurns(claims: Claims): Turns {
  const roomOf = ({ channel, conversation }: MessageId): string => `turns/${channel}/${conversation}/`;
  const keyOf = (id: MessageId): string => `${roomOf(id)}${id.message}`;
  return {
    begin: (id) => claims.take(keyOf(id)),
    beginAgain: (id, version) => claims.take(keyOf(id), version),
    finish: (claim, answered, along) => claims.finish(claim, answered, along),
    abandon: (claim) => claims.abandon(claim),
    recall: (id) => claims.recall(keyOf(id)),
    forget: (id) => claims.forget(keyOf(id)),
    forgetPlaces: (id) => claims.forgetPlaces(roomOf(id)),
  };
}

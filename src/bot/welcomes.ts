import type { Answered, Claim, Claims } from './claims';

/** Remembers who was welcomed, because Teams announces one install more than once, even at the same time. */
export interface Welcomes {
  /** For the first caller of a conversation only, whatever instance it is on; null for all others. @throws StillClaimed */
  begin(conversationId: string): Promise<Claim | null>;
  finish(claim: Claim, answered: Answered): Promise<void>;
  /** It could not be said: the next announcement of this install tries again. */
  abandon(claim: Claim): Promise<void>;
  /** The app was removed; a later install is a new one. */
  forget(conversationId: string): Promise<void>;
}

export function createWelcomes(claims: Claims): Welcomes {
  // A channel's threads share the team's install.
  const keyOf = (conversationId: string): string => `welcomed/${conversationId.split(';')[0] ?? ''}`;
  return {
    begin: (conversationId) => claims.take(keyOf(conversationId)),
    finish: (claim, answered) => claims.finish(claim, answered),
    abandon: (claim) => claims.abandon(claim),
    forget: (conversationId) => claims.forget(keyOf(conversationId)),
  };
}

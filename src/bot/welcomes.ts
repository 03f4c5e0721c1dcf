import type { KeyValueStorage } from '../storage/storage';

/** Remembers who was welcomed, because Teams announces one install more than once, even at the same time. */
export interface Welcomes {
  /** True for the first caller of a conversation only, whatever instance it is on. */
  claim(conversationId: string): Promise<boolean>;
  /** The app was removed; a later install is a new one. */
  forget(conversationId: string): Promise<void>;
}

export function createWelcomes(storage: KeyValueStorage): Welcomes {
  // A channel's threads share the team's install.
  const keyOf = (conversationId: string): string => `welcomed/${conversationId.split(';')[0] ?? ''}`;
  return {
    claim: (conversationId) => storage.create(keyOf(conversationId), { v: 1 }),
    forget: (conversationId) => storage.delete([keyOf(conversationId)]),
  };
}

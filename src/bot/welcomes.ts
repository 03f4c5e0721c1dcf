import type { KeyValueStorage } from '../storage/memory';

/** Remembers who was welcomed, because Teams announces one install more than once, even at the same time. */
export interface Welcomes {
  /** True for the first caller of a conversation only. */
  claim(conversationId: string): Promise<boolean>;
  /** The app was removed; a later install is a new one. */
  forget(conversationId: string): Promise<void>;
}

export function createWelcomes(storage: KeyValueStorage): Welcomes {
  const claiming = new Set<string>();
  // A channel's threads share the team's install.
  const keyOf = (conversationId: string): string => `welcomed/${conversationId.split(';')[0] ?? ''}`;
  return {
    async claim(conversationId) {
      const key = keyOf(conversationId);
      if (claiming.has(key)) return false;
      claiming.add(key);
      try {
        const items = await storage.read([key]);
        if (items[key] !== undefined) return false;
        await storage.write({ [key]: { v: 1 } });
        return true;
      } finally {
        claiming.delete(key);
      }
    },
    forget: (conversationId) => storage.delete([keyOf(conversationId)]),
  };
}

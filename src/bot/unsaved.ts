import type { PrivateConversationState, TurnContext } from 'botbuilder';

/**
 * What a turn has made of the state, by storage key, for whoever writes it together with something else; nothing where the turn has
 * not looked at the state. The SDK writes it alone.
 */
export function unsaved(state: PrivateConversationState, context: TurnContext): Record<string, object> {
  const known: unknown = state.get(context);
  if (typeof known !== 'object' || known === null) return {};
  const key = state.getStorageKey(context);
  // As the SDK does: the last one wins.
  return key === undefined ? {} : { [key]: { ...known, eTag: '*' } };
}

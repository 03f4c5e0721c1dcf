import { isObject } from '../is-object';

/** What a client says beside the words, by its type: `mention`, `clientInfo`, `quotedReply`. The rest of each is unchecked. */
export function entitiesOf(entities: unknown, type: string): Partial<Record<string, unknown>>[] {
  if (!Array.isArray(entities)) return [];
  return (entities as unknown[]).filter(isObject).filter((entity) => entity['type'] === type);
}

import type { Item, Items } from './storage';

/** The eTag that a key must still have for this value to be written; undefined where the last one wins. */
export function requiredTag(value: unknown): string | undefined {
  const { eTag } = fieldsOf(value);
  if (eTag === undefined || eTag === '*') return undefined;
  // No key ever has an empty one.
  return typeof eTag === 'string' ? eTag : '';
}

/** A value as JSON text, without its eTag. @throws TypeError for what JSON cannot hold. */
export const jsonOf = (value: unknown): string => JSON.stringify({ ...fieldsOf(value), eTag: undefined });

export const itemOf = (value: unknown, eTag: string): Item => ({ ...fieldsOf(value), eTag });

/** A key may be called `__proto__`: assigned, it would be no key but a prototype. */
export const itemsOf = (found: Iterable<readonly [key: string, item: Item]>): Items =>
  Object.fromEntries<Item>(found);

const fieldsOf = (value: unknown): Partial<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {};

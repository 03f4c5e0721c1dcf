import { LRUCache } from 'lru-cache';

/**
 * A pure function of a text that remembers what it has answered, for the `max` texts asked for last; the answers are shared, so nobody
 * may change them. For texts of ours, which come again and again, and not for what people write.
 */
export function remembering<T extends object | string>(
  max: number,
  work: (text: string) => T,
): (text: string) => T {
  const known = new LRUCache<string, T>({ max });
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const answer = work(text);
    known.set(text, answer);
    return answer;
  };
}

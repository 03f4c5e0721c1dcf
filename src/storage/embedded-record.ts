import { itemOf } from './item';
import type { Item } from './storage';

/**
 * A value as the embedded engine keeps it, in two lines of text: `["<eTag>",<written, in ms>]`, with the key as a third
 * where LMDB has it folded, and the value as JSON, which has no line breaks of its own.
 */
export interface RecordHead {
  eTag: string;
  written: Date;
  /** Null where LMDB's own key says it. */
  key: string | null;
}

export function recordOf(head: RecordHead, json: string): Buffer {
  const { eTag, written, key } = head;
  return Buffer.from(`${JSON.stringify([eTag, written.getTime(), ...(key === null ? [] : [key])])}\n${json}`);
}

/** @throws for what is no record. */
export function headOf(record: Buffer): RecordHead {
  return headIn(record.toString('utf8', 0, found(record.indexOf('\n'))));
}

/** @throws for what is no record. */
export function itemIn(record: Buffer): Item {
  const text = record.toString('utf8');
  const end = found(text.indexOf('\n'));
  const { eTag } = headIn(text.slice(0, end));
  return itemOf(JSON.parse(text.slice(end + 1)), eTag);
}

/** Where the first line ends. */
function found(end: number): number {
  if (end < 0) throw new Error('A record of the storage lacks its first line.');
  return end;
}

function headIn(line: string): RecordHead {
  const parsed: unknown = JSON.parse(line);
  if (!Array.isArray(parsed)) throw unlikeHead();
  const [eTag, written, key = null, ...more] = parsed as unknown[];
  const isHead =
    typeof eTag === 'string' &&
    typeof written === 'number' &&
    (key === null || typeof key === 'string') &&
    more.length === 0;
  if (!isHead) throw unlikeHead();
  return { eTag, written: new Date(written), key };
}

const unlikeHead = (): Error => new Error('A record of the storage has another first line than ours.');

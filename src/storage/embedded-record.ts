import { z } from 'zod';
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

const firstLine = z.union([z.tuple([z.string(), z.number()]), z.tuple([z.string(), z.number(), z.string()])]);

export function recordOf(head: RecordHead, json: string): Buffer {
  const { eTag, written, key } = head;
  return Buffer.from(`${JSON.stringify([eTag, written.getTime(), ...(key === null ? [] : [key])])}\n${json}`);
}

/** @throws for what is no record. */
export function headOf(record: Buffer): RecordHead {
  const [eTag, written, key] = firstLine.parse(JSON.parse(record.toString('utf8', 0, lineOf(record))));
  return { eTag, written: new Date(written), key: key ?? null };
}

/** @throws for what is no record. */
export function itemIn(record: Buffer): Item {
  const { eTag } = headOf(record);
  return itemOf(JSON.parse(record.toString('utf8', lineOf(record) + 1)), eTag);
}

function lineOf(record: Buffer): number {
  const end = record.indexOf('\n');
  if (end < 0) throw new Error('A record of the storage lacks its first line.');
  return end;
}

import { findAddresses } from './addresses';
import { actionIn } from './action';
import type { Labelled } from './labels';
import { maxDiagnostic, type Action } from './report';

/** What a machine-readable report says about one recipient beside the refusal (RFC 3464 §2.3). */
export interface RecipientFields {
  action: Action | null;
  originalRecipient: string | null;
  displayName: string | null;
  /** What the Diagnostic-Code says behind its type, in one line; also without a reply in it (`X-Postfix; unknown user`). */
  diagnostic: string | null;
}

/**
 * The fields of each recipient, by address in lower case. A block ends at an empty line, or where a field comes again
 * because the empty line was lost; the order of fields in it is free.
 */
export function fieldsByRecipient(text: string, labels: readonly Labelled[]): Map<string, RecipientFields> {
  const fields = new Map<string, RecipientFields>();
  for (const block of blocksOf(text, labels)) {
    const own = fieldsOf(block);
    for (const { field, value } of block) {
      if (field !== 'recipient') continue;
      for (const address of findAddresses(value, 20)) {
        const name = address.value.toLowerCase();
        fields.set(name, merged(fields.get(name), own));
      }
    }
  }
  return fields;
}

/** A recipient may be named in several blocks: alone in a header field, with its fields in the machine's part. */
const merged = (first: RecipientFields | undefined, next: RecipientFields): RecipientFields => ({
  action: first?.action ?? next.action,
  originalRecipient: first?.originalRecipient ?? next.originalRecipient,
  displayName: first?.displayName ?? next.displayName,
  diagnostic: first?.diagnostic ?? next.diagnostic,
});

const inBlocks = new Set<Labelled['field']>([
  'recipient',
  'originalRecipient',
  'action',
  'status',
  'displayName',
  'diagnostic',
]);

function blocksOf(text: string, labels: readonly Labelled[]): Labelled[][] {
  const blocks: Labelled[][] = [];
  let block: Labelled[] = [];
  let last = 0;
  for (const label of labels) {
    if (!inBlocks.has(label.field)) continue;
    const isNext =
      block.some(({ field }) => field === label.field) || /\n[ \t]*\n/.test(text.slice(last, label.at));
    if (isNext) blocks.push((block = []));
    else if (block.length === 0) blocks.push(block);
    block.push(label);
    last = label.to;
  }
  return blocks;
}

const wordsOf = (diagnostic: string | null): string | null => {
  const words = diagnostic?.replace(/^[\w-]{1,20} ?; ?/, '').trim() ?? '';
  return /\p{L}{2}/u.test(words) ? words.slice(0, maxDiagnostic) : null;
};

/** The fields of one block, or of a report about one recipient. */
export function fieldsOf(labels: readonly Labelled[]): RecipientFields {
  const first = (wanted: Labelled['field']): string | null =>
    labels.find(({ field, value }) => field === wanted && value !== '')?.value ?? null;
  const action = first('action');
  const original = first('originalRecipient');
  return {
    action: action === null ? null : actionIn(action),
    originalRecipient: original === null ? null : (findAddresses(original, 1)[0]?.value ?? null),
    displayName: first('displayName')?.slice(0, 100) ?? null,
    diagnostic: wordsOf(first('diagnostic')),
  };
}

import { actionInWords } from './action';
import { displayNameAt } from './display-name';
import { fieldsByRecipient, fieldsOf } from './fields';
import type { Labelled } from './labels';
import type { Recipient } from './recipients';
import type { ReadFailure, Reply } from './report';
import { squeeze } from './squeeze';

type Details = Pick<ReadFailure, 'action' | 'originalRecipient' | 'displayName' | 'diagnostic'>;

/** What decides stands at the beginning of a report. */
const maxWords = 20_000;

/** Tells what fields and words beside the refusal say about one recipient. */
export function detailsOf(
  report: string,
  labels: readonly Labelled[],
  recipients: readonly Recipient[],
): (recipient: string | null, replies: readonly Reply[]) => Details {
  const byRecipient = fieldsByRecipient(report, labels);
  const places = placesByName(recipients);
  // Asked for only where no field tells.
  let squeezed: string | undefined;
  const words = (): string => (squeezed ??= squeeze(report.slice(0, maxWords)));
  const common = places.size > 1 ? nothing : fieldsOf(labels);
  return (recipient, replies) => {
    const name = recipient?.toLowerCase() ?? '';
    const fields = byRecipient.get(name) ?? common;
    const isTransient = replies.every(({ code, reply }) => (code ?? reply ?? '4').startsWith('4'));
    return {
      action: fields.action ?? actionInWords(words(), isTransient),
      originalRecipient: fields.originalRecipient,
      diagnostic: fields.diagnostic,
      displayName: fields.displayName ?? displayNameAt(report, places.get(name) ?? []),
    };
  };
}

const nothing: Details = { action: null, originalRecipient: null, displayName: null, diagnostic: null };

function placesByName(recipients: readonly Recipient[]): Map<string, Recipient[]> {
  const places = new Map<string, Recipient[]>();
  for (const recipient of recipients) {
    const name = recipient.value.toLowerCase();
    const known = places.get(name);
    if (known === undefined) places.set(name, [recipient]);
    else known.push(recipient);
  }
  return places;
}

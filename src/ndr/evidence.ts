import type { Recipient } from './recipients';
import type { Evidence, Failure, Reply, Sighting } from './report';

/** What the reader saw, each list with the chosen value first. */
export interface Seen {
  failures: readonly Failure[];
  recipients: readonly Recipient[];
  sender: Sighting | null;
  subject: Sighting | null;
  generatingServer: Sighting | null;
  remoteServers: readonly Sighting[];
  /** What the headers of the message say about its sender. */
  origins: readonly Evidence[];
}

/** A report with more places than this is a list; the rest proves nothing new. */
const maxEvidence = 400;

/**
 * Where every value comes from. A value that contradicts the chosen one (`Status` against `Diagnostic-Code`, two codes, two
 * servers) is kept behind it; the same value twice is named once, at its best place.
 */
export function collectEvidence(body: string, seen: Seen): Evidence[] {
  const all = [
    ...seen.failures.flatMap(({ replies }) => replies.flatMap((reply) => ofReply(body, reply))),
    ...inOrderOf(seen.failures, seen.recipients),
    ...as('sender', seen.sender === null ? [] : [seen.sender]),
    ...as('subject', seen.subject === null ? [] : [seen.subject]),
    ...as('generatingServer', seen.generatingServer === null ? [] : [seen.generatingServer]),
    ...as('remoteServer', seen.remoteServers),
    ...seen.origins,
  ];
  const first = new Map<string, Evidence>();
  for (const evidence of all) {
    const key = `${evidence.field} ${evidence.value.toLowerCase()}`;
    if (!first.has(key)) first.set(key, evidence);
  }
  return [...first.values()].slice(0, maxEvidence);
}

const as = (field: Evidence['field'], sightings: readonly Sighting[]): Evidence[] =>
  sightings.map((sighting) => ({ field, ...sighting }));

function ofReply(body: string, { code, reply, at, end = at, rule }: Reply): Evidence[] {
  const numbers = body.slice(at, end);
  const codeAt = at + Math.max(0, numbers.search(/[245]\.\s?\d\.\s?\d{1,3}$/));
  return [
    ...(code === null ? [] : [{ field: 'code' as const, value: code, rule, from: codeAt, to: end }]),
    ...(reply === null
      ? []
      : [{ field: 'reply' as const, value: reply, rule, from: at, to: at + reply.length }]),
  ];
}

/** The recipients in the order of the failures; each where it was named first. */
function inOrderOf(failures: readonly Failure[], recipients: readonly Recipient[]): Evidence[] {
  const places = new Map<string, Recipient>();
  for (const recipient of recipients) {
    const name = recipient.value.toLowerCase();
    if (!places.has(name)) places.set(name, recipient);
  }
  return failures.flatMap(({ recipient }) => {
    const place = places.get(recipient?.toLowerCase() ?? '');
    return place === undefined
      ? []
      : [
          {
            field: 'recipient' as const,
            value: place.value,
            rule: place.rule,
            from: place.at,
            to: place.end,
          },
        ];
  });
}

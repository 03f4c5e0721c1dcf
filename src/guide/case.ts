import { domainOf } from '../ndr/addresses';
import type { Hop } from '../ndr/hops';
import type { Failure, Refusal, Report, Said } from '../ndr/report';
import type { Facts } from '../knowledge/facts';
import type { Diagnosis, Evidence } from '../knowledge/match';
import type { Circumstance } from '../knowledge/schema';

/** What is kept of one bounce: extracted facts, never the pasted text. Plain JSON. */
export interface Case {
  id: string;
  isNdr: boolean;
  problems: Problem[];
  /** The way of the message, oldest hop first; empty when the report has no trace headers. */
  hops: KeptHop[];
}

/** What the card of the way shows: every server, how long the message took to it, and where it came `from` at the first. */
export type KeptHop = Omit<Hop, 'at'>;

/** `on`: nothing has failed yet; `over`: this message is not tried again, also where the fault itself would pass. */
export const tries = ['on', 'over', 'unsaid'] as const;
export type Tries = (typeof tries)[number];

/** Recipients that failed for one and the same reason. */
export interface Problem {
  recipients: string[];
  facts: Facts;
  /** The meaning, by article id; null while it is open between the candidates. */
  article: string | null;
  certainty: Diagnosis['certainty'];
  evidence: Evidence[];
  candidates: { article: string; evidence: Evidence[] }[];
  /** The class-independent code (`X.7.17`) of the registry, where no article of ours knows the code. */
  registry: string | null;
  /** Whether servers still try; `unsaid` where the report does not tell. */
  tries: Tries;
  /** Who said no; null where the report does not tell. */
  refused: Pick<Refusal, 'reason' | 'product' | 'via'> | null;
  /** Codes of the report that contradict the one the verdict goes by, with their words. */
  alsoSaid: Said[];
  /** What the report tells about who stands where. */
  circumstances: Circumstance[];
}

/** How much of a value is kept; the longest legal address has 254 characters. */
const maxKept = 300;

/** Make the case of a report: one problem for every different reason, in the order of the report. */
export function openCase(id: string, report: Report, diagnoses: readonly Diagnosis[]): Case {
  const problems = new Map<string, Problem>();
  for (const diagnosis of diagnoses) {
    const { failure } = diagnosis;
    const key = [
      diagnosis.article?.id,
      failure.code,
      ...diagnosis.candidates.map(({ article }) => article.id),
    ].join(' ');
    const known = problems.get(key);
    if (known === undefined) problems.set(key, toProblem(diagnosis, report));
    else if (failure.recipient !== null) known.recipients.push(failure.recipient.slice(0, maxKept));
  }
  return { id, isNdr: report.isNdr, problems: [...problems.values()], hops: keptHops(report) };
}

/** More than this is a loop, and its beginning shows it. */
const maxHopsKept = 20;

const maxHost = 120;

const keptHops = (report: Report): KeptHop[] =>
  (report.hops ?? []).slice(0, maxHopsKept).map(({ from, by, protocol, delay, clockDiffers }, index) => ({
    from: index === 0 ? (from?.slice(0, maxHost) ?? null) : null,
    by: by?.slice(0, maxHost) ?? null,
    protocol,
    delay,
    clockDiffers,
  }));

function toProblem(
  { failure, article, certainty, evidence, candidates, registry, circumstances }: Diagnosis,
  report: Report,
): Problem {
  return {
    recipients: failure.recipient === null ? [] : [failure.recipient.slice(0, maxKept)],
    facts: factsOf(failure, report),
    article: article?.id ?? null,
    certainty,
    evidence,
    candidates: candidates.map((candidate) => ({
      article: candidate.article.id,
      evidence: candidate.evidence,
    })),
    registry: registry?.code ?? null,
    tries: triesOf(failure),
    refused: refusedOf(failure),
    alsoSaid: contradicting(
      failure,
      evidence.map(({ quote }) => quote),
    ),
    circumstances,
  };
}

/** Action (RFC 3464 §2.3.3) decides; without it a permanent reply or code does. */
function triesOf({ action = null, reply, code }: Failure): Tries {
  if (action !== null) return action === 'delayed' ? 'on' : 'over';
  return (reply ?? code ?? '4').startsWith('5') ? 'over' : 'unsaid';
}

function refusedOf({ refusedBy = 'unknown', refusal }: Failure): Problem['refused'] {
  if (refusal === undefined || (refusedBy === 'unknown' && refusal.reason !== 'ranOut')) return null;
  const { reason, product, via } = refusal;
  return { reason, product, ...(via === undefined ? {} : { via }) };
}

const maxAlsoSaid = 3;

/**
 * Codes that servers gave for the same recipient and that speak of another kind of fault than the verdict does. A summary's
 * `5.0.0` contradicts nothing; nor does what the verdict goes by anyway, its quotes, the wrapped reply and whatever stands
 * within the deciding words, or a code of the same subject (RFC 3463 §3), `5.7.1` beside `5.7.606`.
 */
function contradicting({ code, replies, innermost, diagnostic }: Failure, quotes: readonly string[]): Said[] {
  const quoted = quotes.filter((quote) => /^[245]\.\d{1,3}\.\d{1,3}$/.test(quote));
  const known = [innermost?.code ?? null, ...(quoted.length > 0 ? quoted : [code])];
  const subjects = new Set(known.flatMap((of) => (of === null ? [] : [subjectOf(of)])));
  const others = new Map<string, Said>();
  for (const { code: other, reply, text } of subjects.size === 0 ? [] : replies) {
    if (other === null || other.startsWith('2') || other.endsWith('.0.0')) continue;
    if (subjects.has(subjectOf(other)) || others.has(other) || diagnostic?.includes(other) === true) continue;
    others.set(other, { code: other, reply, text: text.slice(0, 120) });
  }
  return [...others.values()].slice(0, maxAlsoSaid);
}

const subjectOf = (code: string): string => code.split('.')[1] ?? '';

/** A server's words go on to its admin and to support: where they end early, that shows. */
const cut = (words: string | null): string | null =>
  words === null || words.length <= maxKept ? words : `${words.slice(0, maxKept - 1)}…`;

function factsOf(failure: Failure, report: Report): Facts {
  const kept = (value: string | null): string | null =>
    value === null || value === '' ? null : value.slice(0, maxKept);
  return {
    recipient: kept(failure.recipient),
    sender: kept(report.sender),
    group: kept(failure.group),
    domain: kept(domainOf(failure.recipient)),
    // Who sends a report on often leaves the sender out, and a service sends under an envelope of its own: the refusal knows better.
    senderDomain: kept(failure.senderDomain ?? domainOf(report.sender)),
    ip: kept(failure.ip),
    server: kept(failure.remoteServer),
    generatingServer: kept(report.generatingServer),
    code: failure.code,
    reply: failure.reply,
    diagnostic: kept(cut(failure.diagnostic)),
    error: kept(
      cut([failure.reply, failure.code, failure.diagnostic].filter((part) => part !== null).join(' ')),
    ),
    subject: kept(report.subject),
    messageId: kept(report.messageId),
    time: kept(report.dates?.created ?? report.dates?.sent ?? report.dates?.arrival ?? null),
  };
}

/** The problem of a card whose case is gone: the article still answers, with placeholders for the facts. */
export function factlessProblem(article: string, code: string | null): Problem {
  return {
    recipients: [],
    facts: { ...noFacts, code },
    article,
    certainty: 'sure',
    evidence: code === null ? [] : [{ kind: 'code', quote: code }],
    candidates: [],
    registry: null,
    tries: 'unsaid',
    refused: null,
    alsoSaid: [],
    circumstances: [],
  };
}

/** Of a bounce that told nothing. */
export const noFacts: Facts = {
  recipient: null,
  sender: null,
  group: null,
  domain: null,
  senderDomain: null,
  ip: null,
  server: null,
  generatingServer: null,
  code: null,
  reply: null,
  diagnostic: null,
  error: null,
  subject: null,
  messageId: null,
  time: null,
};

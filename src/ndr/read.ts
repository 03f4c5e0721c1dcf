import { findAttempts, toHistory, type FoundAttempt } from './attempts';
import { isBareCode } from './bare-code';
import { recipientByBlocks } from './block-recipient';
import { senderByBlocks } from './block-sender';
import { cleanText } from './clean';
import { findDates } from './dates';
import { detailsOf } from './details';
import { readEnvelope } from './envelope';
import { collectEvidence } from './evidence';
import { saysFailure } from './failure-words';
import { assemble, type Assembled } from './failures';
import { findGroup } from './group';
import { guessRecipients, type OwnAddresses } from './guessed-recipients';
import { findHeadBlocks } from './head-blocks';
import { findHeadings, languageOf } from './headings';
import { findHelpLinks } from './help-links';
import { findReceived, findTable, type Hop } from './hops';
import { findRefuser, findWriter, labelledRefusers } from './hosts';
import { isOfServer, looksLikeReport, namesManyCodes } from './kind';
import { findLabels, type Labelled } from './labels';
import type { Claim } from './nature';
import { findOrigin, originOf } from './origin';
import { splitParts, type Parts } from './parts';
import { findRecipients, type Recipient } from './recipients';
import { findReplies } from './replies';
import { findReplyParties } from './reply-parties';
import { findRefusal, findRuleOwner } from './refuser';
import type { Action, Attempt, ReadFailure, ReadReport, Refusal, Reply, Sighting } from './report';
import { isAboutSourceCode, isInSourceCode } from './source-code';

/** Read one plain text. Linear in its length; at most {@link maxText} characters are looked at. */
export const readText = (raw: string): ReadReport => readCleanText(cleanText(raw));

/** The same for a text that has been through {@link cleanText}. */
export const readCleanText = (text: string): ReadReport => readCleaned(splitParts(text));

/** What the mail around a report says about it. */
export interface Surroundings {
  /** What makes the mail a report; null where it claims to be none. */
  claim: Claim | null;
  subject: string;
  own: OwnAddresses;
}

/** Read a report whose original message has been told apart already, as a mail's structure does. */
export function readParts({ report, original }: Parts, around: Surroundings | null = null): ReadReport {
  const { report: words, original: below } = splitParts(cleanText(report));
  return readCleaned({ report: words, original: original === '' ? below : cleanText(original) }, around);
}

function readCleaned(parts: Parts, around: Surroundings | null = null): ReadReport {
  const { report, original } = parts;
  const body = `${report}${original}`;
  const labels = findLabels(report);
  const below = shifted(findLabels(original), report.length);
  const { sender: told, subject, messageId } = readEnvelope(parts, labels, below);
  const all = outsideSubjects(findReplies(report), labels).filter(({ at }) => !isInSourceCode(report, at));
  const replies =
    around === null ? withoutTalk(report, all) : all.filter((reply) => !isMentioned(report, reply));
  const headings = findHeadings(report);
  const isClaimed = around !== null && isClaimedReport(report, around);
  const looksSo = !isBareCode(body) && looksLikeReport(report, labels, replies, headings);
  const writer = findWriter(report, labels);
  const attempts = findAttempts(report, replies);
  const refuser = notTheWriter(findRefuser(report, labels), writer, attempts);
  const named = findRecipients(report, labels, told?.value ?? null);
  const above = told ?? senderByBlocks(findHeadBlocks(report), named);
  const isLabelled = named.some(({ rule }) => rule.startsWith('labelled'));
  const parties = findReplyParties(report, isLabelled && above !== null ? [] : replies);
  const sender = above ?? otherThan(named, parties.sender);
  const recipients = isLabelled
    ? named
    : withListed(
        withListed(named, parties.recipients),
        named.length > 0 || !(looksSo || isClaimed)
          ? []
          : around === null
            ? recipientByBlocks(report, parties.recipients.length > 0 ? [] : findHeadBlocks(report))
            : guessRecipients(report, original, around.own, sender?.value ?? null),
      );
  const isNdr =
    looksSo || (isClaimed && (around.claim === 'machine' || recipients.length > 0 || replies.length > 0));
  const hops = findWay(parts, isNdr);
  const origins = findOrigin(original, report.length);
  const generatingServer = writer?.value ?? null;
  const assembled =
    !isNdr && namesManyCodes(report, replies)
      ? []
      : assemble(recipients, replies, isNdr, {
          group: findGroup(report),
          remoteServer: refuser?.value ?? null,
          history: toHistory(attempts),
          between: (from, to) => saidBetween(parts, labels, attempts, from, to),
          isOfServer: (reply) => isOfServer(report, reply),
          details: detailsOf(report, labels, recipients),
        });
  const sides = {
    writer: generatingServer,
    sender: sender?.value ?? null,
    hops,
    ruleOf: findRuleOwner(report),
  };
  const failures = inFieldOrder(withoutSuccesses(assembled), recipients).map((failure): ReadFailure => ({
    ...failure,
    ...findRefusal({ ...sides, failure }),
  }));
  return {
    isNdr,
    failures,
    sender: sender?.value ?? null,
    subject: subject?.value ?? null,
    messageId,
    generatingServer,
    remoteServer: refuser?.value ?? null,
    body,
    language: languageOf(
      [...headings, ...findHeadings(original.slice(0, maxHeading))],
      body.slice(0, maxLanguage),
    ),
    dates: findDates(original, labels),
    helpLinks: findHelpLinks(report),
    hops,
    refusedBy: failures[0]?.refusedBy ?? 'unknown',
    refusal: failures[0]?.refusal ?? nothingRefused,
    origin: originOf(origins, sender?.value ?? null, messageId),
    evidence: collectEvidence(body, {
      failures,
      recipients,
      sender,
      subject,
      generatingServer: writer,
      remoteServers: [...(refuser === null ? [] : [refuser]), ...labelledRefusers(labels)],
      origins,
    }),
  };
}

const arrived = new Set<Action | null>(['delivered', 'relayed', 'expanded']);

/** A report about several recipients tells also whom the message did reach. */
function withoutSuccesses(failures: Assembled[]): Assembled[] {
  const failed = failures.filter(({ action }) => !arrived.has(action ?? null));
  return failed.length > 0 ? failed : failures;
}

/** The words above the fields may name recipients in another order, or only some of them. */
function inFieldOrder(failures: Assembled[], recipients: readonly Recipient[]): Assembled[] {
  const order = new Map<string, number>();
  for (const { value, rule } of recipients)
    if (rule.startsWith('labelled') && !order.has(value.toLowerCase()))
      order.set(value.toLowerCase(), order.size);
  const rank = ({ recipient }: Assembled): number =>
    order.get(recipient?.toLowerCase() ?? '') ?? Number.MAX_SAFE_INTEGER;
  return failures.toSorted((one, other) => rank(one) - rank(other));
}

/** Whom the rest of the text makes the recipient, a reply does not make the sender. */
const otherThan = (named: readonly Recipient[], sender: Sighting | null): Sighting | null =>
  named.some(({ value }) => value.toLowerCase() === sender?.value.toLowerCase()) ? null : sender;

/** Those found by the better rule, and the others of a list that holds them all. */
function withListed(found: readonly Recipient[], listed: readonly Recipient[]): readonly Recipient[] {
  const names = new Set(listed.map(({ value }) => value.toLowerCase()));
  return found.every(({ value }) => names.has(value.toLowerCase())) ? [...found, ...listed] : found;
}

/** A mail that has a machine's fields is a report; of one that only a system sent, the words have to speak of a failure. */
const isClaimedReport = (report: string, { claim, subject }: Surroundings): boolean =>
  claim === 'machine' || (claim === 'system' && saysFailure(`${subject}\n${report}`));

/** A machine that writes a report sets its codes apart: "rule 5.7.1 of the policy" in its words is no code, nor is what it says of the subject. */
const isMentioned = (report: string, { code, reply, at, rule }: Reply): boolean =>
  code !== null &&
  reply === null &&
  rule.endsWith('unlabelled') &&
  (ofSubject.test(report.slice(Math.max(0, at - 200), at)) ||
    spoken.test(report.slice(Math.max(0, at - 16), at)));

/** Beside lines of a program, a code that no server's reply or label goes with is talk about that program. */
function withoutTalk(report: string, replies: Reply[]): Reply[] {
  const isGuess = ({ reply, rule }: Reply): boolean => reply === null && rule.endsWith('unlabelled');
  return replies.some(isGuess) && isAboutSourceCode(report)
    ? replies.filter((one) => !isGuess(one))
    : replies;
}

const ofSubject = /\b(?:subject|betreff|objet|oggetto|asunto|assunto|onderwerp)\b[^\n]{0,160}$/i;
const spoken =
  /\b(?:of|rules?|polic(?:y|ies)|profile|in|at|on|the|than|page|room|item|filter|engine|pattern|list|level|by|from)[ \t]$/i;

/** The heading in front of the original's headers is one line. */
const maxHeading = 200;
/** What tells a language stands at the beginning. */
const maxLanguage = 20_000;

const shifted = (labels: readonly Labelled[], by: number): Labelled[] =>
  labels.map((label) => ({ ...label, at: label.at + by, from: label.from + by, to: label.to + by }));

/** A report that expired names its own server last; the one that was tried stands in the older lines. */
function notTheWriter(
  refuser: Sighting | null,
  writer: Sighting | null,
  attempts: readonly FoundAttempt[],
): Sighting | null {
  const own = writer?.value.toLowerCase();
  if (refuser !== null && refuser.value.toLowerCase() !== own) return refuser;
  const tried = attempts.findLast(({ server }) => server !== null && server.toLowerCase() !== own);
  return tried?.server == null
    ? refuser
    : {
        value: tried.server,
        rule: 'attempt',
        from: tried.serverAt,
        to: tried.serverAt + tried.server.length,
      };
}

/** What one block of a report about several recipients says. */
function saidBetween(
  { report }: Parts,
  labels: readonly Labelled[],
  attempts: readonly FoundAttempt[],
  from: number,
  to: number,
): { remoteServer: string | null; history: Attempt[] } {
  const isInside = ({ at }: { at: number }): boolean => at >= from && at < to;
  return {
    remoteServer: findRefuser(report.slice(from, to), labels.filter(isInside))?.value ?? null,
    history: toHistory(attempts.filter(isInside)),
  };
}

/** The way of the message that bounced; the headers a report itself came with are another message's. */
function findWay({ report, original }: Parts, isNdr: boolean): Hop[] {
  const way = findReceived(original);
  if (way.length > 0) return way;
  const table = findTable(report);
  return table.length > 0 || isNdr ? table : findReceived(report);
}

const nothingRefused: Refusal = { reason: 'nothingRefused', host: null, product: null };

/** Longer than this, a subject is the rest of a report whose lines were lost. */
const maxSubject = 150;

/** A subject may quote a code ("Re: help with 5.7.1"); no server said it. */
function outsideSubjects(replies: Reply[], labels: readonly Labelled[]): Reply[] {
  const subjects = labels.filter(({ field }) => field === 'subject');
  return replies.filter(
    ({ at }) => !subjects.some(({ from, to }) => at >= from && at < Math.min(to, from + maxSubject)),
  );
}

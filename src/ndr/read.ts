import { isBareCode } from './bare-code';
import { cleanText } from './clean';
import { readEnvelope } from './envelope';
import { assemble } from './failures';
import { findGroup } from './group';
import { findRefuser, findWriter } from './hosts';
import { htmlToText } from './html';
import { looksLikeReport, namesManyCodes } from './kind';
import { findLabels, type Labelled } from './labels';
import { splitParts, type Parts } from './parts';
import { findRecipients } from './recipients';
import { findReplies } from './replies';
import type { Reply, Report } from './report';

/** What a person sent: the text, and the HTML that some clients send along. At least one of them. */
export interface Paste {
  text?: string | undefined;
  html?: string | undefined;
}

/**
 * Read a pasted bounce, a line of one, or a bare code. Never throws; what the text does not say is null.
 *
 * Teams drops `<user@contoso.com>` from the plain text of a personal chat but keeps it in the HTML, so the HTML
 * is read first and the plain text only when it tells more.
 */
export function readPaste({ text, html }: Paste): Report {
  const sources = [html === undefined ? '' : htmlToText(html), text ?? ''].filter(
    (source) => source.trim() !== '',
  );
  const [first = readText(''), ...others] = sources.map((source) => readText(source));
  return others.reduce((best, report) => (richness(report) > richness(best) ? report : best), first);
}

const richness = (report: Report): number =>
  (report.isNdr ? 4 : 0) +
  report.failures.reduce(
    (sum, { code, recipient, diagnostic }) =>
      sum + (code === null ? 0 : 4) + (recipient === null ? 0 : 2) + (diagnostic === null ? 0 : 1),
    0,
  );

/** Read one plain text. Linear in its length; at most {@link maxText} characters are looked at. */
export function readText(raw: string): Report {
  return readCleaned(splitParts(cleanText(raw)));
}

/** Read a report whose original message has been told apart already, as a mail's structure does. */
export function readParts({ report, original }: Parts): Report {
  const { report: words, original: below } = splitParts(cleanText(report));
  return readCleaned({ report: words, original: original === '' ? below : cleanText(original) });
}

function readCleaned(parts: Parts): Report {
  const { report } = parts;
  const body = `${report}${parts.original}`;
  const labels = findLabels(report);
  const envelope = readEnvelope(parts, labels, findLabels(parts.original));
  const replies = outsideSubjects(findReplies(report), labels);
  const isNdr = !isBareCode(body) && looksLikeReport(report, labels, replies);
  const remoteServer = findRefuser(report, labels);
  const refuserBetween = (from: number, to: number): string | null =>
    findRefuser(
      report.slice(from, to),
      labels.filter(({ at }) => at >= from && at < to),
    );
  const known = { group: findGroup(report), remoteServer, refuserBetween };
  return {
    isNdr,
    failures:
      !isNdr && namesManyCodes(report, replies)
        ? []
        : assemble(findRecipients(report, labels, envelope.sender), replies, isNdr, known),
    ...envelope,
    generatingServer: findWriter(report, labels),
    remoteServer,
    body,
  };
}

/** Longer than this, a subject is the rest of a report whose lines were lost. */
const maxSubject = 150;

/** A subject may quote a code ("Re: help with 5.7.1"); no server said it. */
function outsideSubjects(replies: Reply[], labels: readonly Labelled[]): Reply[] {
  const subjects = labels.filter(({ field }) => field === 'subject');
  return replies.filter(
    ({ at }) => !subjects.some(({ from, to }) => at >= from && at < Math.min(to, from + maxSubject)),
  );
}

import { findAddresses, findIp } from './addresses';
import { cleanText } from './clean';
import { findRefuser, findWriter } from './hosts';
import { htmlToText } from './html';
import { looksLikeReport, namesManyCodes } from './kind';
import { findLabels, type Labelled } from './labels';
import { splitParts } from './parts';
import { findRecipients, type Recipient } from './recipients';
import { findReplies, isBareCode } from './replies';
import type { Failure, Reply, Report } from './report';

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
  const reports = [html === undefined ? undefined : htmlToText(html), text].filter((source) => source !== undefined && source.trim() !== '').map((source) => readText(source ?? ''));
  return reports.reduce<Report | undefined>((best, report) => (best === undefined || richness(report) > richness(best) ? report : best), undefined) ?? readText('');
}

const richness = (report: Report): number =>
  (report.isNdr ? 4 : 0) +
  report.failures.reduce((sum, { code, recipient, diagnostic }) => sum + (code === null ? 0 : 4) + (recipient === null ? 0 : 2) + (diagnostic === null ? 0 : 1), 0);

/** Read one plain text. Linear in its length; at most {@link maxText} characters are looked at. */
export function readText(raw: string): Report {
  const body = cleanText(raw);
  const { report, original } = splitParts(body);
  const labels = findLabels(report);
  const originalLabels = findLabels(original);
  const sender = findSender(labels, originalLabels, original);
  const replies = findReplies(report).filter(({ at }) => !labels.some(({ field, from, to }) => field === 'subject' && at >= from && at < to));
  const recipients = findRecipients(report, labels, sender);
  const isNdr = !isBareCode(body) && looksLikeReport(report, labels, replies);
  const remoteServer = findRefuser(report, labels);
  const failures = namesManyCodes(report, replies) && !isNdr ? [] : assemble(report, recipients, replies, remoteServer, isNdr);
  return {
    isNdr,
    failures,
    sender,
    subject: findSubject(labels, originalLabels),
    messageId: originalLabels.find(({ field }) => field === 'messageId')?.value.replace(/^<|>$/g, '').slice(0, 200) ?? null,
    generatingServer: findWriter(report, labels),
    remoteServer,
    body,
  };
}

function assemble(report: string, recipients: readonly Recipient[], replies: readonly Reply[], remoteServer: string | null, isNdr: boolean): Failure[] {
  const refusals = replies.filter(({ code, reply }) => !(code ?? reply ?? '5').startsWith('2'));
  const failing = refusals.length > 0 ? refusals : replies;
  const group = findGroup(report);
  const build = (recipient: string | null, own: readonly Reply[]): Failure => {
    const ordered = byWeight(own);
    const [first] = ordered;
    return {
      recipient,
      code: first?.code ?? null,
      reply: first?.reply ?? ordered.find(({ reply, code }) => reply !== null && (code === null || code === first?.code))?.reply ?? null,
      diagnostic: ordered.find(({ text, code }) => text !== '' && (code === null || code === first?.code))?.text ?? null,
      replies: ordered,
      group,
      remoteServer,
      ip: ordered.map(({ text }) => findIp(text)).find((ip) => ip !== null) ?? null,
    };
  };
  const names = [...new Map(recipients.map(({ value }) => [value.toLowerCase(), value])).values()];
  if (names.length <= 1) {
    const [name = null] = names;
    if (failing.length === 0) return isNdr ? [build(name, [])] : [];
    return isNdr || name !== null ? [build(name, failing)] : distinctCodes(failing).map((own) => build(null, own));
  }
  return names.map((name) => build(name, repliesFor(name, recipients, failing)));
}

/** "5.7.1 or 5.1.10?" asks about two things; in a report the later codes belong to the first. */
function distinctCodes(replies: readonly Reply[]): Reply[][] {
  const byCode = new Map<string, Reply[]>();
  for (const reply of replies) {
    const key = reply.code ?? '';
    byCode.set(key, [...(byCode.get(key) ?? []), reply]);
  }
  return [...byCode.values()];
}

/** The replies that stand behind a mention of this recipient and before a mention of another; all of them when none does. */
function repliesFor(name: string, recipients: readonly Recipient[], replies: readonly Reply[]): readonly Reply[] {
  const own = replies.filter(({ at }) => recipients.findLast((mention) => mention.at <= at)?.value.toLowerCase() === name.toLowerCase());
  return own.length > 0 ? own : replies.filter(({ at }) => !recipients.some((mention) => mention.at <= at) || recipients.length === 0);
}

/** The reply that decides first: a real code before `x.0.0`, a server's words before a summary, the earlier before the later. */
function byWeight(replies: readonly Reply[]): Reply[] {
  return [...replies].sort((a, b) => weight(b) - weight(a) || a.at - b.at);
}

function weight({ code, reply, text, rule }: Reply): number {
  if (code?.startsWith('2') === true) return -5;
  const generic = code === null ? 2 : /^\d\.0\.0$/.test(code) ? 1 : 4;
  // A frontend that only passes on what the next server said: its own 5.7.0 explains nothing.
  const wrapper = /^Proxy session setup failed/i.test(text) ? 3 : 0;
  return generic + (reply === null ? 0 : 1) + (rule.endsWith('unlabelled') ? 0 : 1) - wrapper;
}

function findSender(labels: readonly Labelled[], originalLabels: readonly Labelled[], original: string): string | null {
  const labelled = labels.find(({ field, value }) => field === 'sender' && value !== '');
  if (labelled !== undefined) return findAddresses(labelled.value)[0]?.value ?? labelled.value.slice(0, 200);
  const fromLine = /^[ \t]{0,4}(?:from|return-path): ?([^\n]{1,300}(?:\n[ \t][^\n]{1,200})?)/im.exec(original)?.[1];
  return fromLine === undefined ? (findAddresses(originalLabels.find(({ field }) => field === 'sender')?.value ?? '')[0]?.value ?? null) : (findAddresses(fromLine)[0]?.value ?? null);
}

const bouncePrefix = /^(?:undeliver(?:able|ed)(?: mail returned to sender)?|delivery (?:status notification|failure|has failed|delayed)|mail delivery failed|failure notice|returned mail|unzustellbar|non remis|non recapitabile|onbestelbaar|não entregue|no se puede entregar)(?:[ \t]?\([^)\n]{0,30}\))?[ \t]?:?[ \t]*/i;

function findSubject(labels: readonly Labelled[], originalLabels: readonly Labelled[]): string | null {
  const candidates = [...originalLabels, ...labels].filter(({ field, value }) => field === 'subject' && value !== '').map(({ value }) => value.replace(bouncePrefix, ''));
  return candidates.find((value) => value !== '')?.slice(0, 300) ?? null;
}

/** How reports name a restricted group. Group 1 is the group. */
const groupShapes: readonly RegExp[] = [
  /\bthe group ["']?([^"'\n]{1,80}?)["']? (?:only accepts|isn['’]t set up|is set up|has been set up|doesn['’]t accept|has restricted)/i,
  /\brestricted groups?:? ["']?([^"'\n,.]{1,80})["']?/i,
];

function findGroup(report: string): string | null {
  for (const shape of groupShapes) {
    const group = shape.exec(report)?.[1]?.trim();
    if (group !== undefined && group !== '') return group;
  }
  return null;
}

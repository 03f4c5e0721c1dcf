import { findAddresses } from './addresses';
import { decodeText, wideName } from './charset';
import { htmlToText } from './html';
import { isLure } from './lure';
import { isBareHeaders, isMail, looksLikeHtml, openMail, type OpenedMail } from './mail';
import { answersUnasked, mailKind, natureOf } from './mail-kind';
import { splitMbox } from './mbox';
import { openMsg } from './msg';
import type { MailKind, Nature } from './nature';
import { readNotice } from './notice-json';
import { isOle } from './ole';
import { splitParts } from './parts';
import { readParts, readText } from './read';
import type { Report } from './report';
import { kindOfText } from './text-kind';
import { undoTransfer } from './transfer';
import { looksBinary, unreadableBytes, unreadableMail, type Unreadable } from './unreadable';

export type { Unreadable } from './unreadable';

/** One mail, or one text, of a file. */
export interface Reading {
  report: Report;
  /** What kind of mail it was; `text` for everything that is no mail. */
  kind: MailKind | 'headers' | 'text';
  /** Why there is nothing to be read, null when there is something. */
  unreadable: Unreadable | null;
}

/**
 * Read a file that somebody dropped: a mail (`.eml`, Outlook's `.msg`), an mbox, a JSON notice, or any text. What it is is told
 * by its content, never by its name. Never throws; a file without a bounce in it gives a report without failures. Of
 * several mails the first.
 */
export function readFile(bytes: Uint8Array): Promise<Report> {
  const [first = bytes] = bytes[0] === letterF ? splitMbox(bytes) : [bytes];
  return Promise.resolve(readOne(first).report);
}

/** Read all mails of a file: several from an mbox, one from any other. */
export function readFiles(bytes: Uint8Array): Promise<Report[]> {
  return Promise.resolve(readAll(bytes).map(({ report }) => report));
}

/** As {@link readFiles}, with what each was. */
export function readAll(bytes: Uint8Array): Reading[] {
  const mails = unreadableBytes(bytes) === null && bytes[0] === letterF ? splitMbox(bytes) : [bytes];
  return mails.map((mail) => readOne(mail));
}

const letterF = 0x46;

/** What stands in the way of reading a file; null when it can be read. Looks into mails, but not into Outlook's items. */
export function inspect(bytes: Uint8Array): Unreadable | null {
  const unreadable = unreadableBytes(bytes);
  if (unreadable !== null) return unreadable;
  if (isOle(bytes)) return holdsItem(bytes) ? null : 'binary';
  if (isMail(bytes)) return unreadableMail(openMail(bytes));
  if (wideName(bytes) === null && looksBinary(bytes)) return 'binary';
  return readPlain(bytes).unreadable;
}

function readOne(bytes: Uint8Array): Reading {
  const unreadable = unreadableBytes(bytes);
  if (unreadable !== null) return nothing(unreadable);
  if (isOle(bytes)) return readItem(bytes);
  if (isMail(bytes)) return readMail(openMail(bytes));
  if (wideName(bytes) === null && looksBinary(bytes)) return nothing('binary');
  return readPlain(bytes);
}

const nothing = (unreadable: Unreadable): Reading => ({ report: readText(''), kind: 'text', unreadable });

/** "__properties_version1.0" in UTF-16: the stream that every Outlook item has and no other compound file. */
const itemMark = Buffer.from('__properties_version1.0', 'utf16le');
const holdsItem = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(itemMark);

const openItem = (bytes: Uint8Array): OpenedMail | null => (holdsItem(bytes) ? openMsg(bytes) : null);

function readItem(bytes: Uint8Array): Reading {
  const item = openItem(bytes);
  return item === null ? nothing('binary') : readMail(item);
}

/** Mails forwarded as attachments of mails forwarded as attachments: deeper ones are not looked for. */
const maxForwards = 3;
/** No more mails than this are opened for one file, however they are nested. */
const maxOpened = 12;

/** How deep in a file a mail stands, and how many may still be opened. */
interface Nesting {
  depth: number;
  budget: { left: number };
}

/** One report out of a mail's parts: the words, the machine's part below them, the original's headers apart. */
function readMail(mail: OpenedMail, nesting: Nesting = { depth: 0, budget: { left: maxOpened } }): Reading {
  if (isBareHeaders(mail)) return without('headers', readText(mail.head));
  const nature = natureOf(mail);
  const unreadable = unreadableMail(mail);
  if (unreadable !== null)
    return nature.kind === 'mail' || nature.kind === 'report'
      ? { ...nothing(unreadable), kind: 'mail' }
      : without(nature.kind, readText(''));
  const notice = readNotice(mail.text);
  if (notice !== null) return readJson(notice);
  // A bounce counts itself; what a person's mail carries may be the bounce that it is about.
  const isCarrier = nature.kind === 'mail' || nature.claim === 'words';
  const carried = isCarrier ? readCarried(mail, nesting) : null;
  if (carried?.report.isNdr === true) return carried;
  const own = readOwn(mail, nature);
  if (own.report.isNdr || (carried === null && isCarrier)) return own;
  // A list server passes on a bounce that it made nothing of; a person asks what a receipt is.
  const passedOn = carried ?? (nature.kind === 'report' ? readCarried(mail, nesting) : null);
  return passedOn !== null && (passedOn.report.isNdr || own.kind === 'mail') ? passedOn : own;
}

/** The first bounce among the mails in a mail, else the first that is of some other special kind; null for ordinary mails. */
function readCarried({ inner, items }: OpenedMail, { depth, budget }: Nesting): Reading | null {
  if (depth >= maxForwards) return null;
  const nesting = { depth: depth + 1, budget };
  let special: Reading | null = null;
  for (const open of [...inner, ...items.map((bytes) => () => openItem(bytes()))]) {
    if (budget.left <= 0) break;
    budget.left -= 1;
    const mail = open();
    if (mail === null) continue;
    // What an ordinary mail says is not asked, only what it carries in turn.
    const reading = mailKind(mail) === 'mail' ? readCarried(mail, nesting) : readMail(mail, nesting);
    if (reading?.report.isNdr === true) return reading;
    if (reading !== null && isSpecial(reading)) special ??= reading;
  }
  return special;
}

const isSpecial = ({ kind, unreadable }: Reading): boolean =>
  unreadable === null && kind !== 'mail' && kind !== 'headers' && kind !== 'text';

function readOwn(mail: OpenedMail, { kind, claim }: Nature): Reading {
  const own = { from: addressesIn(mail, 'from'), to: addressesIn(mail, 'to') };
  const parts = { report: inOrder(mail), original: mail.original };
  const report = readParts(parts, { claim, subject: mail.headers.get('subject') ?? '', own });
  // What is no report about a delivery has no failures, whatever numbers stand in it.
  if (kind !== 'report') return without(kind, report);
  if (claim === 'words' && isLure(report, report.body)) return without('lure', report);
  if (claim === 'words')
    return report.isNdr && saysWhat(report, own.to)
      ? asReport(report)
      : without(answersUnasked(mail.headers) ? 'autoReply' : 'mail', report);
  if (report.isNdr && saysWhy(report)) return asReport(report);
  // The words above say nothing; what stands below them is a bounce that a list server passes on.
  const below = readText(splitParts(mail.text).original);
  if (below.isNdr && saysWhy(below)) return asReport(below);
  return report.isNdr ? asReport(report) : without(kind, report);
}

/** Whether a report names a code, a reply, or somebody in a form that only reports have. */
const saysWhy = ({ failures, evidence = [] }: Report): boolean =>
  failures.some(({ code, reply }) => code !== null || reply !== null) ||
  evidence.some(({ field, rule }) => field === 'recipient' && !rule.startsWith('guessed'));

const asReport = (report: Report): Reading => ({ report, kind: 'report', unreadable: null });

const addressesIn = ({ headers }: OpenedMail, name: string): string[] =>
  findAddresses(headers.get(name) ?? '', 50).map(({ value }) => value);

/** Spam plays a bounce to the one who reads it: a real one has a server's reply or is about somebody else. */
const saysWhat = ({ failures }: Report, to: readonly string[]): boolean =>
  failures.some(({ code, reply, recipient }) =>
    recipient === null
      ? code !== null || reply !== null
      : reply !== null || !to.some((address) => address.toLowerCase() === recipient.toLowerCase()),
  );

const without = (kind: Reading['kind'], report: Report): Reading => ({
  report: { ...report, isNdr: false, failures: [] },
  kind,
  unreadable: null,
});

/** "This is a copy of the message" ends the report's words: what the machine says has to stand before it. */
function inOrder({ headers, text, deliveryStatus }: OpenedMail): string {
  const failed = headers.get('x-failed-recipients');
  const first = failed === undefined ? '' : `X-Failed-Recipients: ${failed}\n\n`;
  if (deliveryStatus === '') return `${first}${text}`;
  const { report, original } = splitParts(text);
  return `${first}${report}\n\n${deliveryStatus}\n\n${original}`;
}

function readPlain(bytes: Uint8Array): Reading {
  const source = decodeText(bytes);
  const notice = readNotice(source);
  if (notice !== null) return readJson(notice);
  const raw = undoTransfer(source);
  const text = looksLikeHtml(raw) ? htmlToText(raw) : raw;
  const report = readText(text);
  const kind = isLure(report, text) ? 'lure' : kindOfText(report, text);
  if (kind !== null) return without(kind, report);
  return !report.isNdr && isOtherFormat(raw)
    ? nothing('notMail')
    : { report, kind: 'text', unreadable: null };
}

function readJson({ kind, report: words, original }: NonNullable<ReturnType<typeof readNotice>>): Reading {
  const report = readParts({ report: words, original });
  return kind === 'report'
    ? { report: { ...report, isNdr: true }, kind, unreadable: null }
    : without(kind, report);
}

/** Files that are text and no mail: JSON, XML, calendars, business cards, code. A number in them is no code: "version": "5.7.1". */
const isOtherFormat = (text: string): boolean =>
  /^\s*(?:[[{]\s*["{[\]}]|<\?xml|<svg|BEGIN:V(?:CALENDAR|CARD)|#!\/|%!PS|\{\\rtf)/.test(text.slice(0, 300));

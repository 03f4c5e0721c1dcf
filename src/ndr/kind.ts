import { isRefusal } from './bare-code';
import { exactServerWords, serverWords } from './codes';
import { findHeadBlocks } from './head-blocks';
import { beginsWithSubject, sentenceLanguage, type Heading } from './headings';
import type { Labelled } from './labels';
import { isSystemName } from './mail-kind';
import type { Reply } from './report';

/** These headings are said by reports only; a server's name, headers of a message or a report's subject stand elsewhere too. */
const telling = new Set<Heading['part']>(['user', 'admin']);

/**
 * Whether this is a bounce or a line of one. A code that somebody merely names, a glossary of codes, a range of
 * codes ("5.1.1 to 5.1.20") are not.
 */
export function looksLikeReport(
  report: string,
  labels: readonly Labelled[],
  replies: readonly Reply[],
  headings: readonly Heading[],
): boolean {
  if (namesManyCodes(report, replies)) return false;
  if (replies.length === 0 && heldBack.test(report.slice(0, maxHeldBack))) return false;
  if (headings.some(({ part }) => telling.has(part))) return true;
  if (headings.some(({ part }) => part === 'subject') && isHeaded(report)) return true;
  const fields = new Set(labels.map(({ field }) => field));
  const hasState = fields.has('status') || fields.has('action') || fields.has('statusCode');
  if (fields.has('diagnostic') || (fields.has('recipient') && hasState)) return true;
  if (fields.has('status') && fields.has('action')) return true;
  if (exchange2003.test(report) || postfix.test(report)) return true;
  if ((fields.has('statusCode') || fields.has('error')) && fields.has('generatingServer')) return true;
  if (labels.some(({ field, value }) => field === 'statusCode' && wholeCode.test(value))) return true;
  return (
    replies.some(
      (reply) => !isForetold(report, reply) && (isRefusalLine(reply) || isQuoted(report, reply)),
    ) ||
    isShortRefusal(report, replies) ||
    sentenceLanguage(report) !== null
  );
}

/**
 * `Undeliverable: Plans` as the first words, or above what a mail system sent. Further down it is a row of a list, and behind `FW:` it
 * is passed on: the report itself has to stand there.
 */
const isHeaded = (report: string): boolean =>
  beginsWithSubject(report) ||
  findHeadBlocks(report).some(
    ({ from, to, subject }) => to.length > 0 && isSystemName(from) && beginsWithSubject(subject),
  );

/** What a quarantine holds back, once a day: its subjects are other people's, bounces among them. */
const heldBack =
  /\b(?:quarantine|spam|junk)(?: (?:e-?mail|message|folder))?[ \t](?:summary|digest|report|notification)\b|\b\d{1,5} (?:new )?(?:e-?mails?|messages?)\b[^.\n]{0,30} in (?:your |the )?(?:quarantine|spam|junk)\b|\b\d{1,5} (?:neue )?(?:e-?mails?|nachrichten) in (?:der |ihrer )?quarantäne\b/i;
/** Such a list names itself at its beginning, in characters. */
const maxHeldBack = 300;

/** `Status code: 550 5.7.193`: what a report of Exchange Online says in a line of its own. */
const wholeCode = /^[45]\d\d [45]\.\d\.\d{1,3}\.?$/;

/** Programs put a server's answer into their own sentence: `The server response was: 5.7.57 Client not authenticated`. */
const isQuoted = (report: string, { at, code, text }: Reply): boolean =>
  code?.startsWith('2') !== true &&
  text.includes(' ') &&
  /\b(?:response was|server said|server returned|server (?:replied|responded|answered)):? ['"]?$/i.test(
    report.slice(Math.max(0, at - 40), at),
  );

/** `Devices will then get this answer: 550 …`: an announcement says what is going to be refused, in the sentence that ends here. */
const isForetold = (report: string, { at }: Reply): boolean =>
  /\b(?:will|would)\b[^.!?\n]{1,60}\b(?:gets?|see|receive|return|answer|be (?:rejected|refused|bounced))\b[^.!?]{0,80}$/i.test(
    report.slice(Math.max(0, at - 200), at),
  );

/** `<mail.contoso.com #5.3.5>`, `< #5.7.1 smtp;550 …>`: who refused, and with which code (ndr-formats.md §3). */
const exchange2003 = /<[\w.-]{0,253} ?#[245]\.\d\.\d{1,3}(?:>| smtp ?;)/i;

/** `<user@contoso.com>: conversation with mx.contoso.com[203.0.113.9] timed out …`: no reply, but what Postfix tells of a recipient. */
const postfix =
  /<[^\s<>@]{1,128}@[^\s<>@]{1,255}>(?: \(expanded from [^()\n]{1,300}\))?: (?:host \S{1,255}\[|connect to |conversation with |lost connection with |delivery temporarily suspended|mail for \S{1,255} loops)|\bstatus=(?:bounced|deferred) \((?:host|connect|lost|conversation|delivery|mail|unknown|user|[45]\d\d)\b/i;

/** "5.7.1 unable to relay": a line that somebody typed from a report. */
function isShortRefusal(report: string, [first]: readonly Reply[]): boolean {
  return (
    first !== undefined &&
    report.length <= 120 &&
    first.at <= 2 &&
    !report.includes('?') &&
    isRefusal(first.text)
  );
}

/** Whether the words of a reply are a server's, and not the rest of a sentence in which somebody names a code. */
export function isOfServer(report: string, reply: Reply): boolean {
  const behind = report.slice(reply.end, (reply.end ?? 0) + 5);
  // "a report with 550 5.7.133. If your list …": the next sentence.
  if (/^\. \p{Lu}/u.test(behind)) return false;
  if (isRefusalLine(reply)) return true;
  const [sentence = ''] = reply.text.split('. ', 1);
  return (
    /^[ :-]{1,3}\p{Lu}/u.test(behind) &&
    !sentence.includes('?') &&
    isRefusal(sentence.split(' ', 5).join(' '))
  );
}

function isRefusalLine({ reply, code, text, rule }: Reply): boolean {
  if (code?.startsWith('2') === true) return false;
  // "550 5.1.1 to 5.1.20", "450 4.7.500-699": a range is spoken about, not returned.
  if (
    /^[^\s\d.]{0,8} ?[245]\.\d\.\d{1,3}(?![\d.])/.test(text) &&
    reply !== null &&
    !/^\S{0,8} ?smtp/i.test(text)
  )
    return false;
  // People write "5.7.708 - access denied" in sentences; without a reply only a server's own spelling counts.
  if (reply === null ? exactServerWords.test(text) : serverWords.test(text)) return true;
  if (reply === null || rule.endsWith('unlabelled') || /\?(?:\s|$)/.test(text.split('. ')[0] ?? ''))
    return false;
  return text.split(' ').length >= 2 || /[A-Z]\.[A-Z]/.test(text);
}

/** A glossary: four or more different codes, most of them at the start of their line, each with its explanation. */
export function namesManyCodes(report: string, replies: readonly Reply[]): boolean {
  const leading = replies.filter(
    ({ at, code }) =>
      code !== null &&
      (/(?:^|\n)[ \t|*-]{0,6}$/.test(report.slice(Math.max(0, at - 8), at)) ||
        report.startsWith(`${code} - `, at)),
  );
  return (
    new Set(leading.map(({ code }) => code)).size >= 4 &&
    leading.every(({ rule }) => !rule.startsWith('reply and'))
  );
}

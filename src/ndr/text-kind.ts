import { kindOfSubject } from './mail-kind';
import type { MailKind } from './nature';
import type { Report } from './report';

type TextKind = Exclude<MailKind, 'report' | 'mail'>;

/** What only mails of one kind say, for texts whose white space is folded. */
const sayings: readonly (readonly [TextKind, RegExp])[] = [
  ['calendar', /^BEGIN:VCALENDAR/],
  [
    'aggregate',
    /\bthis is (?:a|an) (?:dmarc )?aggregate (?:tls )?report\b|^<\?xml[^>]{0,100}>\s?<feedback\b|"organization-name" ?:.{1,300}"date-range" ?:/i,
  ],
  [
    'feedback',
    /\bthis is an (?:email )?(?:abuse|authentication failure) report for an email\b|\bfeedback-type: ?[a-z]/i,
  ],
  [
    'recall',
    /\bwould like to recall the message\b|\bmessage recall (?:success|failure|report)\b|\bcould not be recalled on\b|\bwas recalled successfully\b|\bmöchte die nachricht [^.]{1,200} zurückrufen\b/i,
  ],
  [
    'readReceipt',
    /\byour (?:message|mail|e-?mail)\b.{1,600}? (?:was read on|was (?:displayed|opened) on|was deleted without being read)\b|\bthis is a (?:return|read) receipt for the (?:mail|message)\b|\bihre nachricht\b.{1,600}? (?:gelesen\.|ungelesen gelöscht|gelöscht, ohne)|\bvotre message\b.{1,600}? (?:a été lu\b|a été supprimé sans)|\bsu mensaje\b.{1,600}? (?:fue leído|se eliminó sin)/i,
  ],
  [
    'delivered',
    /\bdelivery to these recipients (?:or groups |or distribution lists )?is complete\b|\byour message (?:to \S{1,300} )?(?:has been|was) (?:successfully )?(?:delivered|relayed)\b|\bmessage has been (?:successfully )?(?:delivered|relayed) to the following\b|\bzustellung an diese empfänger (?:oder gruppen )?ist abgeschlossen\b|\bsuccessfully delivered to the (?:destination|folder|mailbox|inbox)|\bstat(?:us)?=sent \(|=> .{1,400} C="250[ -]/i,
  ],
  [
    'autoReply',
    /\b(?:i am|i['’]m|i will be|i['’]ll be) (?:currently |now )?(?:out of (?:the |my )?office|on (?:annual |parental |maternity |sick |holiday )?leave|on vacation|on holiday|away from (?:the office|my (?:desk|mail|e-?mail)))\b|\bich bin (?:derzeit |momentan |bis zum [\d.]{3,10} )?(?:nicht im (?:büro|haus)|abwesend|im urlaub)\b|\bje suis (?:actuellement )?(?:absente?|en congés?)\b/i,
  ],
];

/** The subject in a block of headers that mail programs put above what they print or forward. */
const subjectLine =
  /^[ \t>*|]{0,8}(?:subject|betreff|objet|asunto|oggetto|onderwerp|assunto|тема|件名|主题|主旨|제목)\*{0,2} ?[:\uff1a]\*{0,2} ?(\S[^\n]{0,300})$/imu;

/** What decides stands at the beginning, in characters. */
const maxLooked = 4000;

/** Mails of these kinds say in their own words that nothing failed, whatever sentence of theirs sounds like a report. */
const reassuring = new Set<TextKind>(['delivered', 'readReceipt', 'recall']);

/**
 * What a pasted text is when it is recognisable as one that is no bounce: a receipt, an automatic reply, a recall. Null for
 * everything else, bounces among it.
 */
export function kindOfText(
  { isNdr, failures }: Pick<Report, 'isNdr' | 'failures'>,
  text: string,
): TextKind | null {
  const isProven = failures.some(
    ({ code, reply, action }) =>
      code !== null || reply !== null || action === 'failed' || action === 'delayed',
  );
  if (isNdr && isProven) return isReceipt(text) ? 'readReceipt' : null;
  if (!isNdr && isTaken(failures)) return 'delivered';
  const kind = recognise(text, failures.length > 0);
  return isNdr && kind !== null && !reassuring.has(kind) ? null : kind;
}

/** `250 2.6.0 … Queued mail for delivery`: the next server took the message over, and nobody refused it. */
const isTaken = (failures: Report['failures']): boolean => {
  const replies = failures.flatMap((failure) => failure.replies);
  return (
    replies.some(({ reply, text }) => reply?.startsWith('2') === true && text !== '') &&
    replies.every(({ code }) => code?.startsWith('2') === true)
  );
};

/** The subject of what was read may be a bounce's: then the first line and the words both have to tell. */
function isReceipt(text: string): boolean {
  const start = text.slice(0, maxLooked).trim();
  return (
    kindOfSubject(start.split('\n', 1)[0] ?? '') === 'readReceipt' &&
    sayings.some(([kind, pattern]) => kind === 'readReceipt' && pattern.test(start.replace(/\s+/g, ' ')))
  );
}

function recognise(text: string, hasFailures: boolean): TextKind | null {
  const start = text.slice(0, maxLooked).trim();
  // "Read: 550 5.7.1 …" somebody types; a mail program's subject says so in its line.
  const subject = subjectLine.exec(start)?.[1] ?? (hasFailures ? '' : (start.split('\n', 1)[0] ?? ''));
  const told = kindOfSubject(subject.trim());
  if (told !== null) return told;
  const folded = start.replace(/\s+/g, ' ');
  return sayings.find(([, pattern]) => pattern.test(folded))?.[0] ?? null;
}

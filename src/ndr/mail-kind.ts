import type { OpenedMail } from './mail';

/**
 * What kind of mail this is, by its headers and parts. `report`: something a mail system wrote about a delivery;
 * whether it failed, its text tells. `mail`: written by a person or a program about other things.
 */
export type MailKind = 'report' | 'feedback' | 'readReceipt' | 'autoReply' | 'delivered' | 'mail';

/** Names that mail systems write their reports under (RFC 5321 §4.5.5: an empty reverse path; the rest by habit). */
const systemSender =
  /(?:^|[<" ])(?:mailer-?daemon|postmaster|mail delivery (?:system|subsystem|service)|system administrator|microsoft outlook|microsoftexchange[0-9a-f]{8,}|mdaemon|post ?office|no-?reply-bounce)\b/i;
const reportSubject =
  /^(?:undeliver|delivery (?:status|failure|delay|report|notification|has failed)|mail (?:delivery |system |failed|failure)|failure notice|returned mail|non[- ]?remis|non recapitabile|unzustellbar|onbestelbaar|não entregue|no se puede entregar|配信|未送达|無法傳遞|배달되지|недостав|warning: (?:could not|message)|nondeliverable|permanent delivery failure|bounce)/i;
const receiptSubject =
  /^(?:read|not read|gelesen|ungelesen|lu|non lu|letto|gelezen|recall(?: success| failure)?|message recall) ?[:-]/i;
const awaySubject =
  /^(?:auto(?:matic|matische antwort)?[ -]?(?:reply|response|antwort)?:|automatic reply|automatische antwort|réponse automatique|risposta automatica|out of (?:the )?office|abwesen|autoreply|vacation|on vacation)/i;

/** Decide by the machine-readable signs first (RFC 6522 report-type, RFC 3834 Auto-Submitted), by habits of names last. */
export function mailKind({ headers, deliveryStatus, text }: OpenedMail): MailKind {
  const header = (name: string): string => headers.get(name) ?? '';
  const type = header('content-type');
  if (/report-type=?["' ]{0,2}feedback-report/i.test(type)) return 'feedback';
  if (/report-type=?["' ]{0,2}disposition-notification/i.test(type)) return 'readReceipt';
  if (deliveryStatus !== '') return onlyGoodNews(deliveryStatus) ? 'delivered' : 'report';
  if (headers.has('x-failed-recipients') || headers.has('x-ms-exchange-message-is-ndr')) return 'report';
  if (/report-type=?["' ]{0,2}delivery-status/i.test(type)) return 'report';
  const subject = header('subject').trim();
  if (receiptSubject.test(subject)) return 'readReceipt';
  const bySystem =
    systemSender.test(header('from')) ||
    header('return-path').replace(/\s/g, '') === '<>' ||
    reportSubject.test(subject);
  if (awaySubject.test(subject) && !reportSubject.test(subject)) return 'autoReply';
  if (/^auto-replied/i.test(header('auto-submitted')) && !bySystem) return 'autoReply';
  if (bySystem) return 'report';
  // A person forwards a bounce: the words of the report stand in the text.
  return /^(?:fwd?|wg|tr|rv|enc|i) ?:/i.test(subject) || forwarded.test(text) ? 'report' : 'mail';
}

const forwarded =
  /^[ \t>]{0,6}(?:Diagnostic information for administrators|Reporting-MTA|Final-Recipient|Generating server|Diagnostic-Code|Reported error|Remote Server returned)\b/im;

/** Every action of the report is a success (RFC 3464 §2.3.3). */
function onlyGoodNews(deliveryStatus: string): boolean {
  const actions = [...deliveryStatus.matchAll(/^Action: ?([a-z]{4,12})/gim)].map((match) =>
    (match[1] ?? '').toLowerCase(),
  );
  return (
    actions.length > 0 && actions.every((action) => ['delivered', 'relayed', 'expanded'].includes(action))
  );
}

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
const deliveredSubject =
  /^(?:delivered|relayed|expanded|zugestellt|remis|entregado|entregue|recapitato|bezorgd|доставлено|配信済み|已送达) ?[:\uff1a]/i;
const receiptSubject =
  /^(?:read|not read|gelesen|ungelesen|lu|non lu|letto|non letto|gelezen|leído|lida|开封|開封済み|recall(?: success| failure)?|message recall) ?[-:\uff1a]/i;
const awaySubject =
  /^(?:(?:re|aw|sv|tr) ?[:\uff1a] ?)?(?:auto(?:matic|matische antwort)?[ -]?(?:reply|response|antwort)?[:\uff1a]|automatic reply|automatische antwort|automatisch antwoord|(?:réponse|reponse) automatique|respuesta automática|resposta automática|risposta automatica|automatyczna odpowied|autosvar|automatisk svar|автоматический ответ|自動応答|自動返信|不在通知|自动答复|自動回覆|자동 회신|out of (?:the )?office|abwesen|absence du bureau|absent du bureau|message d['’]absence|fuera de la oficina|autoreply|vacation|on vacation)/i;
const calendarSubject =
  /^(?:accepted|declined|tentative|tentatively accepted|canceled|cancelled|zugesagt|abgelehnt|mit vorbehalt|accepté|refusé|provisoire|承諾済み|辞退) ?[:\uff1a]/i;

/** Decide by the machine-readable signs first (RFC 6522 report-type, RFC 3834 Auto-Submitted), by habits of names last. */
export function mailKind(mail: OpenedMail): MailKind {
  const { headers, deliveryStatus, declaredKind } = mail;
  const type = headers.get('content-type') ?? '';
  if (/report-type=?["' ]{0,2}feedback-report/i.test(type)) return 'feedback';
  if (/report-type=?["' ]{0,2}disposition-notification/i.test(type)) return 'readReceipt';
  if (mail.leftOut.some((part) => part.type === 'message/feedback-report')) return 'feedback';
  if (declaredKind !== null) return declaredKind;
  if (deliveryStatus !== '') return onlyGoodNews(deliveryStatus) ? 'delivered' : 'report';
  if (headers.has('x-failed-recipients') || headers.has('x-ms-exchange-message-is-ndr')) return 'report';
  if (/report-type=?["' ]{0,2}delivery-status/i.test(type)) return 'report';
  return kindByNames(mail);
}

function kindByNames({ headers, text }: OpenedMail): MailKind {
  const subject = (headers.get('subject') ?? '').trim();
  const isReportSubject = reportSubject.test(subject);
  if (receiptSubject.test(subject)) return 'readReceipt';
  if (deliveredSubject.test(subject)) return 'delivered';
  if (awaySubject.test(subject) && !isReportSubject) return 'autoReply';
  if (calendarSubject.test(subject) || /^text\/calendar/i.test(headers.get('content-type') ?? ''))
    return 'mail';
  const bySystem = systemSender.test(headers.get('from') ?? '');
  // Exchange's own reports say auto-replied as well (ndr-formats.md §5), under a system's name or subject.
  if (answersByItself(headers) && !bySystem && !isReportSubject) return 'autoReply';
  if (isToMany(headers, subject)) return 'mail';
  if (bySystem || hasEmptyPath(headers)) return 'report';
  if (isReportSubject) return serverSpeaks.test(text) ? 'report' : 'mail';
  // A part of a mail's source, without the head that would tell.
  if (!headers.has('from') && !headers.has('subject') && !headers.has('to')) return 'report';
  // A person forwards a bounce: the words of the report stand in the text.
  return /^(?:fwd?|wg|tr|rv|enc|i|vs|doorst|转发|轉寄) ?[:\uff1a]/i.test(subject) || forwarded.test(text)
    ? 'report'
    : 'mail';
}

const hasEmptyPath = (headers: ReadonlyMap<string, string>): boolean =>
  (headers.get('return-path') ?? '').replace(/\s/g, '') === '<>';

/** RFC 3834 §5, and what was used before it. */
const answersByItself = (headers: ReadonlyMap<string, string>): boolean =>
  /^auto-replied/i.test(headers.get('auto-submitted') ?? '') ||
  /^auto[_-]?reply/i.test(headers.get('precedence') ?? '') ||
  ['x-autoreply', 'x-autorespond', 'x-autoresponder', 'x-vacation'].some((name) => headers.has(name));

/** Newsletters and mailing lists (RFC 2369, 2919) talk about deliveries; they are not about this one. */
const isToMany = (headers: ReadonlyMap<string, string>, subject: string): boolean =>
  headers.has('list-unsubscribe') ||
  headers.has('list-id') ||
  (/^(?:bulk|list)$/i.test(headers.get('precedence') ?? '') && headers.has('list-post')) ||
  /\bdigest, vol(?:ume)? \d/i.test(subject);

/** Words that stand in a report whatever system wrote it: a reply, an enhanced code, a mail server's phrases. */
const serverSpeaks =
  /\b[45]\d\d[ -](?:#?[45]\.\d|\S)|\b[45]\.\d{1,3}\.\d{1,3}\b|[\w.+-]@[\w-]|mailbox|recipient|host unknown|smtp/i;

const forwarded =
  /^[ \t>|*]{0,6}(?:Diagnostic information for administrators|Diagnoseinformationen für Administratoren|Informations de diagnostic pour les administrateurs|Informazioni di diagnostica per gli amministratori|Delivery has failed to these recipients|Reporting-MTA|Final-Recipient|Generating server|Diagnostic-Code|Reported error|Remote Server returned)\b/im;

/** Every action of the report is a success (RFC 3464 §2.3.3). */
function onlyGoodNews(deliveryStatus: string): boolean {
  const actions = [...deliveryStatus.matchAll(/^Action: ?([a-z]{4,12})/gim)].map((match) =>
    (match[1] ?? '').toLowerCase(),
  );
  return (
    actions.length > 0 && actions.every((action) => ['delivered', 'relayed', 'expanded'].includes(action))
  );
}

import type { OpenedMail } from './mail';
import type { Claim, MailKind, Nature } from './nature';

/** Names that mail systems write their reports under (RFC 5321 §4.5.5: an empty reverse path; the rest by habit). */
const systemSender =
  /(?:^|[<" ])(?:mail(?:er)?[-_ ]?daemon|post[-_]?master|mail delivery? (?:system|subsystem|service|agent|failure)|(?:e?-?mail|mail delivery) (?:system|subsystem|administrator|daemon|gateway)|internet mail delivery|system administrator|microsoft outlook|microsoftexchange[0-9a-f]{8,}|mdaemon|post ?office|courier mail server|no-?reply-(?:bounce|postmaster)|bounces?[-_]?daemon|[\w-]{1,30} (?:mail daemon|mailer daemon|spam firewall|e-?mail filter|notification))\b/i;
/** A sender without an address: `From: MAILER-DAEMON <>`, and Courier's `<@>`. */
const nobody = /<@?>\s*$/;

const reportSubject =
  /^(?:undeliver|delivery (?:status|failure|delay|report|notification|has failed)|mail (?:delivery |system |failed|failure)|failure notice|returned mail|non[- ]?remis|non recapitabile|unzustellbar|onbestelbaar|não entregue|no se puede entregar|配信|未送达|無法傳遞|배달되지|недостав|warning: (?:could not|message)|nondeliverable|permanent delivery failure|bounce)/i;
/** Said by subjects of reports, and by many others: counts only in what a mail system sent. */
const ofDelivery =
  /deliver|return(?:ed|ing)|bounc|fail|undeliv|error|reject|unable|not sent|could not|frozen|blocked|warning|zustell|zugestellt|unzust|fehl|remis|distribu|achemin|echec|échec|recapit|consegn|mancat|bezorg|entreg|fallo|falha|devuelt|devolv|levere|недостав|доставк|ошибк|не доставл|niedostarcz|dostarcz|配信|送信|届け|エラー|未送|送达|退信|退件|傳遞|遞送|投递|배달|반송|전송/i;
const deliveredSubject =
  /^(?:(?:delivered|relayed|expanded|zugestellt|remis|entregado|entregue|recapitato|bezorgd|доставлено|配信済み|已送达) ?[:\uff1a]|successful mail delivery report|delivery (?:status )?notification \((?:relay|success|expan))/i;
const receiptSubject =
  /^(?:(?:read|not read|gelesen|ungelesen|nicht gelesen|lu|non lu|letto|non letto|gelezen|niet gelezen|leído|no leído|lida|não lida|przeczytano|прочитано|не прочитано|läst|開封|開封済み|开封|已读|未读|已讀|읽음) ?[-:\uff1a]|(?:return|read|disposition) (?:receipt|notification)\b)/i;
const recallSubject =
  /^(?:recall ?[:\uff1a]|(?:message )?recall (?:success|failure|report)\b|(?:rückruf|nachrichtenrückruf|rappel|recuperar|richiamo|intrekken) ?[:\uff1a]|nachrichtenrückruf\b)/i;
const awaySubject =
  /^(?:(?:re|aw|sv|tr) ?[:\uff1a] ?)?(?:auto(?:matic|matische antwort)?[ -]?(?:reply|response|antwort)?[:\uff1a]|automatic reply|automatische antwort|automatisch antwoord|(?:réponse|reponse) automatique|respuesta automática|resposta automática|risposta automatica|automatyczna odpowied|autosvar|automatisk svar|автоматический ответ|自動応答|自動返信|不在通知|自动答复|自動回覆|자동 회신|out of (?:the )?office|abwesen|absence du bureau|absent du bureau|message d['’]absence|fuera de la oficina|autoreply|vacation|on vacation)/i;
const calendarSubject =
  /^(?:accepted|declined|tentative|tentatively accepted|canceled|cancelled|new time proposed|zugesagt|abgelehnt|mit vorbehalt|abgesagt|accepté|refusé|provisoire|annulé|aceptada|rechazada|accettato|rifiutato|geaccepteerd|geweigerd|承諾済み|辞退) ?[:\uff1a]/i;
/** RFC 7489 §7.2.1.1 and RFC 8460 §5.3, in the subject and in the name of the file. */
const aggregateSubject = /(?:^|\] ?)report domain: ?\S/i;
const aggregateName = /^[^!\s]{1,200}![^!\s]{1,200}!\d{6,12}!\d{6,12}/;
/** What a quarantine holds back, listed once a day: subjects of other people's mails. */
const quarantineSubject =
  /\b(?:quarantine|spam|junk)\b.{1,40}\b(?:summary|digest|report|notification|release)\b/i;

/** The kind alone. */
export const mailKind = (mail: OpenedMail): MailKind => natureOf(mail).kind;

const is = (kind: Exclude<MailKind, 'report'>): Nature => ({ kind, claim: null });
const reportBy = (claim: Claim): Nature => ({ kind: 'report', claim });

/** Decide by the machine-readable signs first (RFC 6522 report-type, RFC 3834 Auto-Submitted), by habits of names last. */
export function natureOf(mail: OpenedMail): Nature {
  const { headers, deliveryStatus, declaredKind } = mail;
  const type = headers.get('content-type') ?? '';
  if (/report-type=?["' ]{0,2}feedback-report/i.test(type) || hasPart(mail, 'message/feedback-report'))
    return is('feedback');
  // Outlook.com's complaints are in a form of their own.
  if (headers.has('x-hmxmroriginalrecipient')) return is('feedback');
  if (/report-type=?["' ]{0,2}disposition-notification/i.test(type)) return is('readReceipt');
  if (isAggregate(mail, type)) return is('aggregate');
  if (declaredKind !== null) return declaredKind === 'report' ? reportBy('machine') : is(declaredKind);
  if (deliveryStatus !== '') return onlyGoodNews(deliveryStatus) ? is('delivered') : reportBy('machine');
  if (headers.has('x-failed-recipients') || headers.has('x-ms-exchange-message-is-ndr'))
    return reportBy('machine');
  const named = natureByNames(mail);
  return /report-type=?["' ]{0,2}delivery-status/i.test(type) && named.kind !== 'delivered'
    ? reportBy('machine')
    : named;
}

const hasPart = ({ leftOut }: OpenedMail, type: string): boolean =>
  leftOut.some((part) => part.type === type);

const isAggregate = (mail: OpenedMail, type: string): boolean =>
  /report-type=?["' ]{0,2}tlsrpt/i.test(type) ||
  mail.headers.has('tls-report-domain') ||
  aggregateSubject.test(mail.headers.get('subject') ?? '') ||
  mail.leftOut.some(
    ({ type: part, name }) => part.startsWith('application/tlsrpt') || aggregateName.test(name),
  );

const forwardSubject = /^(?:fwd?|wg|tr|rv|enc|i|vs|doorst|转发|轉寄) ?[:\uff1a]/i;

/** What programs write in front of a subject, when it tells what the mail is; null for all others, reports among them. */
export function kindOfSubject(subject: string): Exclude<MailKind, 'report' | 'mail'> | null {
  if (aggregateSubject.test(subject)) return 'aggregate';
  if (recallSubject.test(subject)) return 'recall';
  if (receiptSubject.test(subject)) return 'readReceipt';
  if (deliveredSubject.test(subject)) return 'delivered';
  if (awaySubject.test(subject) && !reportSubject.test(subject)) return 'autoReply';
  return calendarSubject.test(subject) ? 'calendar' : null;
}

function natureByNames(mail: OpenedMail): Nature {
  const { headers, text } = mail;
  const subject = (headers.get('subject') ?? '').trim();
  const isReportSubject = reportSubject.test(subject);
  const told = kindOfSubject(subject);
  if (told !== null) return is(told);
  if (isInvitation(mail)) return is('calendar');
  if (quarantineSubject.test(subject)) return is('mail');
  const bySystem = isSystem(headers);
  // Exchange's own reports say auto-replied as well (ndr-formats.md §5), under a system's name or subject.
  if (answersByItself(headers) && !bySystem && !isReportSubject) return is('autoReply');
  if (isToMany(headers, subject)) return is('mail');
  if (bySystem || hasEmptyPath(headers)) return reportBy(claimOf(headers, subject, bySystem));
  if (isReportSubject) return serverSpeaks.test(text) ? reportBy('words') : is('mail');
  // A part of a mail's source, without the head that would tell.
  if (!headers.has('from') && !headers.has('subject') && !headers.has('to')) return reportBy('words');
  // A person forwards a bounce: the words of the report stand in the text.
  return isForwardSubject(subject) || forwarded.test(text) ? reportBy('words') : is('mail');
}

/** A report's subject, as plainly as no other mail of a system has it. */
const failureSubject = /undeliver|fail|return(?:ed|ing)|could not|bounc|unzustell|non remis/i;

/** Signs of a report are its sender, its empty path and its subject: all of them, two, or one. */
function claimOf(headers: ReadonlyMap<string, string>, subject: string, bySystem: boolean): Claim {
  const isEmpty = hasEmptyPath(headers);
  if (bySystem && isEmpty && failureSubject.test(subject)) return 'machine';
  if (
    bySystem &&
    headers.has('return-path') &&
    !isEmpty &&
    !systemPath.test(headers.get('return-path') ?? '')
  )
    return 'words';
  // Tickets are confirmed with an empty path as well, and under the subject that they were opened with.
  if (!bySystem && answersUnasked(headers)) return 'words';
  return (bySystem && (isEmpty || subject === '')) || ofDelivery.test(subject) ? 'system' : 'words';
}

/** Whether a mail system sent it. A name alone is soon forged: the path of such a mail leads to the forger. */
function isSystem(headers: ReadonlyMap<string, string>): boolean {
  const from = headers.get('from') ?? '';
  const path = headers.get('return-path') ?? from;
  return (
    isSystemName(from) &&
    (hasEmptyPath(headers) || !path.includes('@') || systemPath.test(path) || systemPath.test(from))
  );
}

/** Whether a name or address that stands behind `From` is one that mail systems write their reports under. */
export const isSystemName = (from: string): boolean => systemSender.test(from) || nobody.test(from);

/** Whether a mail with this subject is a report, as far as a subject can tell. */
export const isReportSubject = (subject: string): boolean => reportSubject.test(subject.trim());

/** Whether somebody passes a message on under this subject. */
export const isForwardSubject = (subject: string): boolean => forwardSubject.test(subject.trim());

/** Some systems send their reports under an address of their own, against RFC 5321 §4.5.5. */
const systemPath = /(?:daemon|post[-_]?master|bounce|mailer|microsoftexchange)[^@]{0,40}@|<@>/i;

const isInvitation = (mail: OpenedMail): boolean =>
  /^text\/calendar/i.test(mail.headers.get('content-type') ?? '') || hasPart(mail, 'text/calendar');

const hasEmptyPath = (headers: ReadonlyMap<string, string>): boolean =>
  /^<?(?:mailer-daemon(?:@[^>]{0,200})?)?>?$/i.test(
    (headers.get('return-path') ?? 'none').replace(/\s/g, ''),
  );

/** Exchange's rules answer with an empty path and whatever subject a person gave them. */
export const answersUnasked = (headers: ReadonlyMap<string, string>): boolean =>
  hasEmptyPath(headers) && /^auto-/i.test(headers.get('auto-submitted') ?? '');

/** RFC 3834 §5, and what was used before it. */
const answersByItself = (headers: ReadonlyMap<string, string>): boolean =>
  /^auto-replied/i.test(headers.get('auto-submitted') ?? '') ||
  /^auto[_-]?reply/i.test(headers.get('precedence') ?? '') ||
  ['x-autoreply', 'x-autorespond', 'x-autoresponder', 'x-vacation'].some((name) => headers.has(name));

/** Bug trackers write about reports of others. */
const trackers = [
  'x-bugzilla-type',
  'x-jira-fingerprint',
  'x-github-reason',
  'x-gitlab-project',
  'x-redmine-host',
];

/** Newsletters and mailing lists (RFC 2369, 2919) talk about deliveries; they are not about this one. */
const isToMany = (headers: ReadonlyMap<string, string>, subject: string): boolean =>
  headers.has('list-unsubscribe') ||
  trackers.some((name) => headers.has(name)) ||
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

import { findAddresses, isMailAddress, type Found } from './addresses';
import { headRowsOf } from './head-rows';
import { headingPattern } from './heading-pattern';
import type { Labelled } from './labels';
import { headingsOf } from './languages';
import { squeeze } from './squeeze';

/** Where a recipient was named, and the form it was recognised by. */
export interface Recipient extends Found {
  rule: string;
}

type Rule = readonly [rule: string, pattern: RegExp];

const wroteTo =
  /\b(?:e-?mail(?:ing|ed|s)|mail(?:ing|ed|s)|(?:i|we|they|people|users) (?:(?:e-?)?mail|write to)|(?:writ(?:ing|es)|wrote) to|(?:could not|couldn['’]t|cannot|can['’]t|unable to|failed to) (?:e-?mail|notify|reach|inform)) <?$/i;

/** What the sender typed, before a server expanded it. */
export const aliasRule = 'alias that was expanded';

const wroteToRule = 'whom somebody wrote to';

const aboveSentenceRule = 'above a sentence of the report';

/** The name stands in the server's own words. */
export const quotedRule = 'quoted by a server';

const logField = /\b(?:to|rcpt(?:-?to)?)=[<"[]?$/i;

/** What stands right in front of a recipient's address. */
const inFront: readonly Rule[] = [
  ['RCPT TO', /rcpt to: ?<?$/i],
  // A log line of Postfix, Exim or Sendmail: `to=<user@contoso.com>, relay=…`.
  ['log line', logField],
  // "Failed to send: 550 5.7.1 Unable to relay" for user@contoso.com.
  [
    'for whom a quoted reply was',
    /[45]\d\d[ -](?:[45]\.\d\.\d{1,3}[ -])?[^"“”«»]{3,120}["”“»] (?:for|to|when (?:sending|mailing) to|für|an|pour|para|per|voor) <?$/i,
  ],
  [
    'message to',
    /\b(?:messages?|mails?|e-?mails?|nachricht(?:en)?|mensajes?|messaggio|bericht|mensagem|delivered|delayed|parvenu|zugestellt|zustellung|senden|versenden|versand|schicken|envoi|envoyer|enviar|recapitat[ao]|recapitare|consegnat[ao]|entregue|entregad[ao]|entregar|remis|dostarczono|leveret|nicht|deliver|undeliverable|sent|send|sending|deliver it) (?:could not be delivered |wasn't delivered |was not delivered |nicht |das )?(?:to|an|à|a|para|aan|naar|til|till|do) \[?<?$/i,
  ],
  [
    'recipient label',
    /\b(?:failed )?recipients?(?: \([^()\n]{1,40}\))?(?:[\])]? ?[:=]| (?:address )?(?:is|was)) ?['"[<]{0,2}(?:smtp:)?$/i,
  ],
  [
    'recipient label, in other languages',
    /(?:empfänger(?:in)?|destinat(?:aire|ario|ário)|ontvanger|odbiorca|mottagare|modtager|mottaker|получатель|宛先|受信者|收件人|받는 사람)s? ?[:\uff1a] ?['"[<]{0,2}$/iu,
  ],
  ['message to, in Chinese', /(?:发送到|发给|送达|投递到|傳送至|寄給|送達) ?$/],
  ['relay for', /\brelay(?:ing)?(?: denied| not permitted| access denied)?:? (?:for|to) ?<?$/i],
  // The heading of a list, or the server above the first block of a classic report (ndr-formats.md §3).
  [
    'under a heading',
    /\b(?:recipient|address|group|list|empfänger|gruppe|destinat|geadresseerde|lijst|elenc)[^:\n@]{0,60}: ?['"<([]{0,2}$/i,
  ],
  [
    'under the server',
    new RegExp(
      `(?:${['receiving server', ...headingsOf('generatingServer')].map(headingPattern).join('|')}) ?: ?[\\w.-]{3,253}(?: \\([\\d.:a-f]{3,45}\\))? ['"<]?$`,
      'iu',
    ),
  ],
  // A bounce notice of Amazon SES.
  ['JSON field', /"emailAddress" ?: ?"$/],
  [
    'recipient in words',
    /(?<!\b(?:owned by|(?:logged in|authenticated) as) )\b(?:recipient|address|user|account|mailbox) ['"[<(]{0,2}$/i,
  ],
];

/** What stands right behind one, wherever it stands. */
const behind: readonly Rule[] = [
  ['expanded alias', /^[>)]{0,2} \((?:expanded|generated) from /i],
  ['transcript', /^>?(?: <[^>\n]{1,300}>)?\s{0,20}\(reason:/i],
  // The server's reply under the address, with the server's name or the dates of the attempts in front.
  [
    'above a reply',
    /^['">)\]]{0,3}(?:<mailto:[^>\n]{1,300}>)?\s{1,12}(?:[\w.-]{3,253}\s{1,12})?(?:#[\d<]|<[\w.-]{3,253} #[245]\.|remote server returned|\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4},? \d[\d:]{3,8}(?: [AP]M)? - |[45]\d\d[ -]#?[245]\.\d\.\d|host [\w.-]{3,253} ?\[|smtp error from |retry time|all hosts |unrouteable |mailbox is full|"?too many )/i,
  ],
  [
    'above a line with a reply',
    /^['">)\]]{0,3}[ \t]{0,4}\n[ \t]{0,8}(?!(?:gets?|got|receives?|received|sees|sent|sends|bekommt|erhält|reçoit|recibe|recebe|riceve|krijgt|dostaje)\b)[^\n@]{3,160}[ '"(:][45]\d\d[ -]#?[45]\.\d\.\d/i,
  ],
  // Exim's log: `** user@contoso.com R=dnslookup T=remote_smtp: …`.
  ['log of Exim', /^>?(?: <[^<>\n]{3,300}>)?(?: [FP]=<[^<>\n]{0,300}>){0,2} R=\w/],
  // Japanese and Korean say behind an address what was to go there.
  [
    'message to, in Japanese and Korean',
    /^['">)\]」]{0,3} ?(?:(?:への|宛ての|宛の|あての)(?:メール|メッセージ|電子メール|配信|送信)|(?:へ|に|宛に)(?:メール|メッセージ)?を?(?:配信|送信|送達)でき|(?:에게|님에게|으로|로) (?:보낸|보내는|전송|배달|메일|메시지))/,
  ],
  [
    aboveSentenceRule,
    /^['">)\]]{0,3}[ \t]{0,4}[\n ]\s{0,4}(?:your message (?:was|could|can|to|is|has)|ihre nachricht |votre message |su mensaje |[\w.-]{3,253} couldn['’]t confirm|the e-?mail address you)/i,
  ],
  [
    quotedRule,
    /^['">)\]]{0,3}(?:: |\.{3} ?)(?:recipient address rejected|relay(?:ing)? (?:access )?denied|user unknown|no such user|host unknown|mailbox )/i,
  ],
  ['exchange 2003', /^['>)]{0,2} (?:\([^()\n]{1,200}\) )?on (?:[A-Z][a-z]{2}, )?\d{1,2}[/. ]/],
  ['chip', /^\)?(?:\(\S{1,300}\))?<mailto:/i],
  [
    'not found',
    /^['">)]{0,2} (?:wasn't found|couldn't be found|could not be found|was not found|address (?:doesn't|does not) exist|address not found|(?:does not|doesn't) exist|isn't available|couldn't be delivered|bounces\b|bounced\b|(?:is|keeps|are|gets?) (?:bouncing|rejected|returned)|konnte nicht|wurde nicht|n'a pas|no se|is full\b|ist voll\b|est pleine?\b|está llen|está chei|è pien|is vol\b)/i,
  ],
];

/** What stands right behind an address that begins its line. */
const behindInLine: readonly Rule[] = [
  // Exim 3, Sendmail and Smail: `user@contoso.com ... unknown host`.
  ['reason behind dots', /^[>)]{0,2} ?\.\.\. ?\S/],
  [
    'host said',
    /^[>)\]'"]{0,3}(?: \((?:expanded|generated) from [^()\n]{1,300}\)| <[^<>\s]{3,320}>)?[ \t]?:[ \t]*(?:host|sender |delivery |access denied|relay|\n|lost connection|connect|conversation|delivery|\S{1,300} said|user|mailbox|unknown|recipient|message|name service|permission|invalid|maildir|\d{3}|temporary|unrouteable|undeliverable|can't|cannot|\()/i,
  ],
];

/** A line that holds the address alone; below a heading that speaks of recipients it is one, above a signature's phone number it is not. */
const aloneAhead = /^[ \t]{0,8}(?:[-*•|]{1,2} )?['"<([]{0,2}$/;
const aloneBehind = /^['">)\]]{0,3}(?:<mailto:[^>\n]{1,300}>)?[ \t]*(?:\n|$)/;

const headingNear =
  /\b(?:recipients?|address(?:es|ed)?|groups?|lists?|delivered|deliver|failed|errors?|undeliverable|server|empfänger\w*|destinat\w*)\b/i;
const signature =
  /\b(?:thanks|thank you|thx|regards|cheers|sincerely|best|grüße|grüßen|gruß|cordialement|merci|saludos|gracias|groeten|saluti|grazie)\b[^@]{0,160}$/i;

/** What stands in front of addresses of other people. */
const notRecipient =
  /(?:(?:^|\s)[FP]=<|\b(?:from|sender(?: address)?|von|absender(?:adresse)?|mail from(?: address)?|reply-to|return-path|message-id|envelope-from)\b[*"']{0,3}(?::\s{0,4}|\s?)"?[^\n<:"]{0,40}"? ?[<("[]{0,2}|\b(?:new|neue|nouvelle|nueva) (?:e-?mail[ -]?)?add?ress\w{0,3}(?: is)?:? ?<?|\b(?:forward(?: this)?(?: message)? to|contact|mail to|write to|assistance from) )$/i;

/** `Our user ana@contoso.com gets 550 …`: whoever gets the bounce has sent the message. */
const getsIt =
  /^['">)\]]{0,3} (?:gets?|got|is getting|receives?|received|sees?|sends?|sent|tries|tried|is (?:sending|trying)|(?:can ?not|can['’]t|could ?n[o'’]t|is unable to) send)\b/i;

/** Addresses of mail systems: they send reports and are never what one is about, unless a field says so. */
const systems =
  /^(?:mailer-daemon|postmaster|imceasystem-[^@]*|microsoftexchange[0-9a-f]{8,}|no-?reply-postmaster)@/i;
/** People to turn to. They may be recipients where a server says so, not where they only stand around. */
const desks = /^(?:delist|abuse|support|helpdesk|servicedesk)@/i;
const weakRules = new Set([
  'recipient in words',
  wroteToRule,
  'message to',
  'alone in its line',
  'named line',
]);
/** Behind these a comma may lead on to the next recipient. */
const listRules = new Set(['recipient label', 'message to', 'under a heading']);

/** A report to more people than this tells nothing about each; the rest is left out. */
const maxMentions = 200;
/** Most addresses of a long text are not recipients; beyond these none is looked at. */
const maxAddresses = 2000;

/**
 * The recipients that the report itself names, in order, with every place they are named at.
 * Labelled fields (Final-Recipient, RFC 3464 §2.3.2) win over addresses that only stand in the right place.
 */
export function findRecipients(
  report: string,
  labels: readonly Labelled[],
  sender: string | null,
): Recipient[] {
  const labelled = labels
    .filter(({ field }) => field === 'recipient')
    .flatMap(fromLabel)
    .slice(0, maxMentions);
  const placed = findPlaced(report, sender);
  if (labelled.length === 0) return placed;
  const names = new Set(labelled.map(({ value }) => value.toLowerCase()));
  return [...labelled, ...placed.filter(({ value }) => names.has(value.toLowerCase()))].sort(
    (a, b) => a.at - b.at,
  );
}

function findPlaced(report: string, sender: string | null): Recipient[] {
  const lowSender = sender?.toLowerCase();
  const placed: Recipient[] = [];
  const rows = headRowsOf(report);
  let listed: Recipient | undefined;
  for (const address of findAddresses(report, maxAddresses)) {
    const found = byLink(report, address);
    if (systems.test(found.value)) continue;
    const rule = goesOn(report, listed, found) ?? placeRule(report, found);
    if (rule === undefined || rows.isOfReport(found)) continue;
    // Whom a report went to may be all that is left above it.
    if (rule === aboveSentenceRule && rows.isIn(found)) continue;
    // People write to themselves, to test; where an address only stands around, the sender's is the sender.
    if (weakRules.has(rule) && (desks.test(found.value) || found.value.toLowerCase() === lowSender)) continue;
    listed = { ...found, rule };
    if (placed.push(listed) >= maxMentions) break;
  }
  return withoutGlued(placed);
}

/** `Failed recipients: ana@contoso.com, bob@contoso.com`: the rule of the one in front, where this one goes on its list. */
const goesOn = (text: string, listed: Recipient | undefined, { at }: Found): string | undefined =>
  listed !== undefined &&
  listRules.has(listed.rule) &&
  at - listed.end < 8 &&
  listDelimiter.test(text.slice(listed.end, at))
    ? listed.rule
    : undefined;

const listDelimiter = /^[>)'"]{0,2}\s?(?:[,;]|and)\s?['"<(]{0,2}$/;

/** Where line breaks were lost, `user@contoso.com` and `mx.fabrikam.com` under it become one; the address alone stands elsewhere. */
function withoutGlued(placed: Recipient[]): Recipient[] {
  const names = new Map(placed.map(({ value }) => [value.toLowerCase(), value]));
  return placed.map((recipient) => ({ ...recipient, value: shortest(recipient.value, names) }));
}

function shortest(value: string, names: ReadonlyMap<string, string>): string {
  const low = value.toLowerCase();
  for (let length = low.lastIndexOf('@') + 4; length < low.length; length += 1) {
    const name = /[a-z\d]/.test(low.charAt(length)) ? names.get(low.slice(0, length)) : undefined;
    if (name !== undefined) return name;
  }
  return value;
}

/** Of `…address.user@contoso.com<mailto:user@contoso.com>` the link tells where the address begins. */
function byLink(report: string, found: Found): Found {
  const linked = /^[)>]?(?:\(\S{1,300}\))?<mailto:([^>\n]{3,320})>/i.exec(
    report.slice(found.end, found.end + 700),
  )?.[1];
  return linked !== undefined && found.value.endsWith(linked)
    ? { value: linked, at: found.end - linked.length, end: found.end }
    : found;
}

function fromLabel({ value, from }: Labelled): Recipient[] {
  const plain = value.replace(/^\s*(?:rfc822|smtp|x400|utf-8)\s?;\s*/i, '');
  const place = { at: from, end: from + value.length };
  const addresses = firstList(plain);
  if (addresses.length > 0)
    return addresses.map((found) => ({ ...place, value: found.value, rule: 'labelled' }));
  // A masked or broken address is still the name people know: keep it when it looks like one.
  return /^\S{1,200}@\S{1,200}(?: \S{1,60})?$/.test(plain)
    ? [{ ...place, value: plain, rule: 'labelled, damaged' }]
    : [];
}

/** The addresses that a value begins with, as far as commas hold them together: behind them may stand the rest of a flattened report. */
function firstList(value: string): Found[] {
  const list: Found[] = [];
  for (const found of findAddresses(value)) {
    const last = list.at(-1);
    if (last !== undefined && !listDelimiter.test(value.slice(last.end, found.at))) break;
    list.push(found);
  }
  return list;
}

function placeRule(text: string, { at, end, value }: Found): string | undefined {
  const ahead = text.slice(Math.max(0, at - 160), at);
  const line = ahead.slice(ahead.lastIndexOf('\n') + 1);
  const back = text.slice(end, end + 400);
  const front = squeeze(ahead);
  if (/\((?:expanded|generated) from:? <?$/i.test(front)) return aliasRule;
  if (wroteTo.test(front.slice(-60))) return wroteToRule;
  // A name may stand between, but in the same line: what the lines above say of senders is not about this address.
  if (!logField.test(front) && notRecipient.test(ahead.replace(/[^\S\n]{2,}|[^\S\n ]/g, ' ')))
    return undefined;
  const beginsLine = aloneAhead.test(line);
  const rule =
    firstRule(inFront, front) ??
    firstRule(behind, back) ??
    (beginsLine ? firstRule(behindInLine, back) : undefined);
  if (rule !== undefined) return weakRules.has(rule) && getsIt.test(back) ? undefined : rule;
  if (beginsLine && aloneBehind.test(back) && isWholeAddress(value) && isListed(text, at))
    return 'alone in its line';
  // Name (address), Name <address> or Name<mailto:address> below a heading: one line that ends with the address.
  return /^[^\n@:]{1,60}(?:[(<]|<mailto:)$/.test(line) &&
    /^[)>](?:<mailto:[^>\n]{1,300}>)?[ \t]*\n/.test(back)
    ? 'named line'
    : undefined;
}

const isListed = (text: string, at: number): boolean => {
  const ahead = text.slice(Math.max(0, at - 600), at);
  return headingNear.test(ahead) && !signature.test(ahead.slice(-200));
};

const firstRule = (rules: readonly Rule[], text: string): string | undefined =>
  rules.find(([, pattern]) => pattern.test(text))?.[0];

/** Masked addresses and Exchange's encoded ones (`IMCEAEX-…`) are names as well. */
const isWholeAddress = (value: string): boolean => isMailAddress(value) || /^IMCEA|[*[]/.test(value);

import { findAddresses, type Found } from './addresses';
import { quotedRule, type Recipient } from './recipients';
import type { Reply, Sighting } from './report';

/** Whom a server's own words name: the recipient it refused, the sender it refused. */
export interface ReplyParties {
  recipients: Recipient[];
  sender: Sighting | null;
}

type Role = 'recipient' | 'sender';

/** A text with more replies than this is a log; what each of them names is its own affair. */
const maxReplies = 50;
/** A server names whom it means early; behind that stand explanations. */
const maxAddresses = 4;
/** How far in front of a reply a program sets the address that it is about, in characters. */
const maxFront = 120;
/** How far behind a quoted reply. */
const maxBehind = 200;

/**
 * Most servers repeat the address they refuse (`550 5.4.1 [user@contoso.com]: Recipient address rejected`), and programs set it
 * in front (`user@contoso.com: 550 …`). It is the recipient, unless the words make it the sender or somebody to turn to.
 */
export function findReplyParties(text: string, replies: readonly Reply[]): ReplyParties {
  const recipients: Recipient[] = [];
  let sender: Sighting | null = null;
  for (const said of replies.slice(0, maxReplies)) {
    if (said.code?.startsWith('2') === true) continue;
    const reply = { ...said, text: `${said.text}${behindQuotes(text, said)}` };
    const named = namedIn(text, reply);
    const [recipient = inFront(text, reply)] = named.recipients;
    sender ??= named.sender;
    if (recipient !== null) recipients.push(recipient);
  }
  return { recipients, sender };
}

/** `535 5.7.139 Authentication unsuccessful" since yesterday, login ana@contoso.com`: whoever quotes a server goes on about the same. */
function behindQuotes(text: string, { at, text: said }: Reply): string {
  const word = said.slice(said.lastIndexOf(' ') + 1);
  const found = word === '' ? -1 : text.indexOf(word, at + said.length - word.length);
  const behind = found === -1 ? '' : text.slice(found + word.length, found + word.length + maxBehind);
  return /^["'”’“»],? \p{L}[^\n]*/u.exec(behind)?.[0] ?? '';
}

function namedIn(text: string, reply: Reply): ReplyParties {
  const parties: ReplyParties = { recipients: [], sender: null };
  if (!reply.text.includes('@')) return parties;
  for (const found of findAddresses(reply.text, maxAddresses)) {
    const role = roleOf(reply, found, isToSender(text, reply, found.value));
    const at = text.indexOf(found.value, reply.at);
    if (role === null || at === -1) continue;
    const end = at + found.value.length;
    if (role === 'recipient') parties.recipients.push({ value: found.value, at, end, rule: quotedRule });
    else parties.sender ??= { value: found.value, rule: quotedRule, from: at, to: end };
  }
  return parties;
}

/**
 * Postfix and Exim tell which command was answered, and sendmail shows it. `A mail from our scanner` is none, and what
 * `Mail from:` of a list names is the sender only where the reply is about that address.
 */
function isToSender(text: string, { at, text: said }: Reply, address: string): boolean {
  const front = text
    .slice(Math.max(0, at - 200), at)
    .split('\n')
    .slice(-3)
    .join(' ');
  const command = commands.exec(front)?.[1];
  return (
    command?.toLowerCase() === address.toLowerCase() ||
    /\b(?:after|in reply to) MAIL FROM\b/i.test(front) ||
    /\(in reply to MAIL FROM/i.test(text.slice(at, at + said.length + 120))
  );
}

const commands = /\bmail from: ?<?([\w.+-]{1,64}@[\w.-]{1,250})/i;

/** Mail systems, and people to turn to. */
const desks =
  /^(?:mailer-?daemon|post[-_]?master|hostmaster|abuse|delist\w*|unblock\w*|remov\w*|support\w*|help\w*|service-?desk|feedback|info|noc|root|microsoftexchange[0-9a-f]{8,}|no-?reply[\w-]*)@/i;
/** What stands right in front of an address that is a place on the web, the id of a message, who signed in, somebody to write to, or where the recipient went. */
const inFrontOfOthers: readonly RegExp[] = [
  /(?:(?:https?:\/\/|www\.)\S*|[?&;]\w{1,20}=|\b(?:message-?id|msg-?id|id|ref(?:erence)?|ticket)\W{0,4})$/i,
  /\b(?:owned by|logged in as|authenticated as)(?: user)?\W{0,4}$/i,
  /\b(?:contact|write to|mail to|assistance from|visit|via|at|use|try|ask|now|(?:moved|changed|relocated) to|new (?:e-?mail )?address(?: is)?:?)\W{0,4}$/i,
  /(?:\b(?:please|or|can|may|should|must)|[,;.]) (?:send an? )?e?-?mail(?: us at| to)?\W{0,4}$/i,
  /\b(?:forward|report|respond|write|complain\w*|requests?|appeals?|questions?|e-?mail an?) (?:[^@]{0,60} )?(?:to|at|for|with)\W{0,3}$/i,
];
/** What stands right in front of whoever sent. */
const inFrontOfSender: readonly RegExp[] = [
  /\b(?:sender|originator|from|mail-?from|return-?path|envelope-?from)(?: (?:e-?mail )?address)?(?: (?:is|was))?(?:\W{0,4}|[ :]{1,2}['"]?[\w .-]{1,40}['"]? <)$/i,
  /\b(?:send|sent|sending|submit\w*) (?:\w{1,12} ){0,2}(?:as|by|on behalf of)\W{0,4}$/i,
  /\b(?:sending|outbound|outgoing|submission|sent) (?:[^@]{0,60} )?(?:for|of|by)\W{0,4}$/i,
  /(?:absender\w*|expéditeur|remitente|mittente|afzender|nadawca|avsändare|afsender|remetente|отправител\w*|送信者|发件人|寄件者)\W{0,4}$/i,
];
/** What stands right behind a sender. */
const behindSender =
  /^\W{0,6}(?:\(?sender\b(?! ['"<(]{0,2}[\w.+-]{1,64}@)|(?:is |was |are )?(?:currently )?(?:not |un)(?:allowed|authori[sz]ed|permitted|able) (?:to |for )?(?:send|submit|relay|use)|(?:does not|doesn't|do not) have (?:the )?permissions? [^.]{0,20}send|(?:can ?not|can't|may not|must not) send|(?:has |have )?(?:exceeded|reached) [^.]{0,40}(?:sending|outbound|outgoing|sent|submission|messages? per|recipients? per)|has been (?:blocked|restricted|banned|suspended) from|not owned by)/i;
/** Words of a refusal that is about who sends, whoever's address they hold. */
const aboutSender =
  /\b(?:sender verif\w*|verification failed|callout|callback|spf|dkim|dmarc|(?:bad|invalid|unknown|rejected|blocked) (?:outbound )?sender|sender address|(?:anti-?)?spoof\w*|impersonat\w*|send-?as-?denied|envelope sender|return[ -]path|authenticat\w* (?:failed|unsuccessful|credentials))/i;
/** What stands right in front of whom a message is for, and right behind him. */
const inFrontOfRecipient =
  /(?:\b(?:to|for|recipients?|rcpt|user|mailbox|account|alias|member|list|group|destinat\w*|empfänger\w*|utilisateur|usuario|utente|gebruiker|address|адресат\w*|получател\w*)|宛先|收件人)(?: (?:address|name|id|is|was))?\W{0,4}$/iu;
const behindRecipient =
  /^\W{0,4}(?:\(?recipient\b|(?:user |mailbox |account |address |e?-?mail )?(?:is |was |are |has |have |could |can ?not |does |doesn't |do )?(?:been |be )?(?:not |no )?(?:unknown|found|exists?|valid|invalid|disabled|inactive|full|over ?quota|unavailable|undeliverable|rejected|refused|a known user|known|listed|deactivated|no longer|no such|suspended|closed|deleted))/i;

/** Subjects 1.7 and 1.8 are about the sender's address, 7.8 about somebody who signs in (RFC 3463 §3.2, RFC 4954 §6). */
const senderCode = /^[45]\.(?:1\.[78]|7\.8)$/;
/** Answers to somebody who signs in (RFC 4954 §4). */
const signIn = /^53[0458]$/;

function roleOf({ code, reply, text }: Reply, { value, at, end }: Found, isToSender: boolean): Role | null {
  const front = text.slice(Math.max(0, at - 120), at);
  const behind = text.slice(end, end + 120);
  if (holds(inFrontOfOthers, front) || /^["'>)\]]{0,3}-\S/.test(behind)) return null;
  // `<info@contoso.com>: Access denied`: whoever a refusal begins with is refused, by whatever name.
  const isAtDesk = isDesk(value) && !/^[<[(]$/.test(text.slice(0, at));
  if (holds(inFrontOfSender, front) || behindSender.test(behind)) return isAtDesk ? null : 'sender';
  const isRefused = behindRecipient.test(behind);
  if (isAtDesk) return /delist|^abuse/i.test(value) || !isRefused ? null : 'recipient';
  if (isToSender || senderCode.test(code ?? '') || signIn.test(reply ?? '')) return 'sender';
  if (isRefused) return 'recipient';
  if (aboutSender.test(text))
    return inFrontOfRecipient.test(front) && !/verif|failed/i.test(front) ? 'recipient' : 'sender';
  // Beside the refusal, not in what a person goes on to tell behind it.
  return isSetApart(front, behind) || !/[.!?] \p{Lu}/u.test(text.slice(0, at)) ? 'recipient' : null;
}

const holds = (patterns: readonly RegExp[], text: string): boolean =>
  patterns.some((pattern) => pattern.test(text));
const isDesk = (address: string): boolean => desks.test(address);

const isSetApart = (front: string, behind: string): boolean =>
  (/<$/.test(front) && behind.startsWith('>')) ||
  (/\[$/.test(front) && behind.startsWith(']')) ||
  (/\($/.test(front) && behind.startsWith(')'));

/** Between an address and the reply it got: signs, and words that say that it was refused. */
const refusedWith =
  /^["'>)\]]{0,4}(?: ?\([^()\n]{1,60}\))?[ \t]?(?:[:;,=-]|=>|->)?[ \t]?\(?(?:(?:the[ \t])?(?:mail[ \t]|remote[ \t])?(?:server|host)(?:[ \t]\S{1,120})?[ \t](?:said|says|replied|returned|responded|answered)[ \t]?)?(?:(?:was|is|were|has been|have been|could not be|couldn't be|cannot be|can't be|wasn't|not)[ \t])?(?:refused|rejected|returned|bounced|failed|failing|bouncing|undeliverable|undelivered|delivered|denied|blocked|error|invalid|reached)?(?:[ \t](?:with|by|due to|because|as|from)(?:[ \t](?:the|error|code|reply|status|message|server|remote server|smtp)){0,3})?[ \t]?[:;,=-]?(?:[ \t]?(?:smtp|error|code|reply|reason|status)[:=]?)?[ \t]?[([{'"`<]{0,3}$/i;
/** `"user@contoso.com";"hard";"550 …"`: the row of a table. */
const cells = /^["']?[ \t]?(?:[;|\t][ \t]?["']?[\w .:/-]{0,40}["']?[ \t]?){1,5}[;:|\t]?["']?$/;
/** Whoever stands here is the sender, or somebody who tells of it. */
const notMeant =
  /\b(?:from|sender|by|reply-to|return-path|contact|cc|user(?:name)?|login|auth\w*|von|absender|de|as)[ \t]?[:=]?[ \t]?["'<([]{0,3}$/i;

/** `{'user@contoso.com': (550, b'…')}`, `user@contoso.com was refused: 550 …`: in the line of the reply, with nothing else between. */
function inFront(text: string, { at, code, reply, text: said }: Reply): Recipient | null {
  if (aboutSender.test(said) || senderCode.test(code ?? '') || signIn.test(reply ?? '')) return null;
  const line = text.slice(Math.max(0, at - maxFront), at);
  const ahead = line.slice(line.lastIndexOf('\n') + 1);
  if (!ahead.includes('@')) return null;
  const found = findAddresses(ahead).at(-1);
  if (found === undefined || isDesk(found.value)) return null;
  const between = ahead.slice(found.end);
  if (!(refusedWith.test(between) || cells.test(between)) || notMeant.test(ahead.slice(0, found.at)))
    return null;
  const begin = at - ahead.length;
  return { value: found.value, at: begin + found.at, end: begin + found.end, rule: 'in front of the reply' };
}

import { isRefusal } from './bare-code';
import { maxCodes } from './codes';
import { fileTransferIn } from './file-transfer';
import { matchesOf } from './matches';
import type { Reply } from './report';
import { wordsBehind } from './said';

/** A lone three-digit number and the beginning of words. Numbers are few: what stands in front is looked at only there. */
const bareNumber =
  /((?:5\d|4[1-9])\d)(?:\]?[ -]|\): |, ?b?['"]|[ \t]?\n[ \t]{2,12})(?:\d{1,2} )?(?=[\p{L}<#"'[])/gu;

/** What SMTP and its extensions reply with (RFC 5321 §4.2.3, 4954 §6, 7504 §4, 3207 §4), and what large receivers add: 571. */
const smtpNumber = /^(?:4(?:21|3[0-2]|41|5[0-589]|71)|5(?:0[0-4]|2[13]|3[0458]|41|5[0-7]|71))$/;

/** The openings of mail servers and their libraries: whatever stands behind one is a reply. */
const ofMail =
  /(smtp error from remote (?:mail )?server [^\n]{1,340}:\s{1,12}(?:host \S{1,253} \[[^\]\n]{1,45}\]: )?|(?:\b(?:hosts?|servers?|system|gateway|mta|mx)|\w\.\w{2,63}|[\])]) (?:said|replied|responded|answered|returned)(?::| ?['"‘])|\w\.\w{2,63} ?(?=#)|smtp;|<<<|\(reason:|talk to me:|refused by server:|->|\bsmtp[ -](?:error|fehler|erreur|errore|response|reply|status|fout|fel|fejl|erro):?)[ \t]{0,4}[#[('"`]?$/i;

/** The openings behind which other programs and people have their numbers too. */
const ofAnybody =
  /((?<![^\n])|said:|returned ['"‘]?|reason:|response(?: was)?:|reported error:|error:?|refused:|\b(?:is|was|says?|gets?|got|received):|server:|data:|@[\w.-]{3,100}['">)\]]{0,3}:|\b(?:error|fehler|erreur|errore|fout|fel|fejl|erro) ?\(|[.!?] |[#'"`>])[ \t]{0,4}[#[]?$/i;

/** The longest opening, and the longest of the others, in characters. */
const [maxExim, maxOpening] = [680, 40];

interface Opening {
  /** Empty at the begin of a line. */
  words: string;
  isOfMail: boolean;
}

/** The opening in front of a number; null where there is none. Python's `(550, b'…')` has a bracket, which is none elsewhere. */
function openingOf(text: string, { index, 0: whole }: RegExpExecArray, longest: number): Opening | null {
  const front = text.slice(Math.max(0, index - longest), index);
  // `SMTP Error (550): …`; in `error (500 mails)` something is counted.
  if (front.endsWith('(') && !/^...(?:\):|,)/.test(whole)) return null;
  if (ofWeb.test(front)) return null;
  const strong = ofMail.exec(front)?.[1];
  if (strong !== undefined) return { words: strong, isOfMail: true };
  const words = ofAnybody.exec(front)?.[1];
  if (words !== undefined) return { words, isOfMail: false };
  return front.endsWith('(') && whole.charAt(3) === ',' ? { words: '(', isOfMail: true } : null;
}

/** `HTTP error: 502 Bad Gateway` is no mail server's. */
const ofWeb = /\bhttps?\b[^\n]{0,24}$/i;

/** Where a website's error stands, another number of its kind is the website's too. */
const webStatus = /\bhttps?[ -](?:error|status|code|response)\b|\bhttp\/[1-3](?:\.\d)?\b/i;

/** `kim@contoso.com: 550 messages`: what is counted stands in the plural. */
const counted =
  /^(?:e-?mails|mails|messages|users|accounts|recipients|servers|addresses|mail ?boxes|people|items|points)\b/i;

/** At the start of a line anything may be counted ("550 people came"); a server speaks of mail. */
const smtpWords =
  /\b(?:e?-?mail\w*|messages?|users?|recipients?|senders?|address\w*|accounts?|hosts?|domains?|servers?|services?|servi[cç]\w*|smtp|ip|relay\w*|rejected|denied|refused|blocked|unknown|invalid|unavailable|prohibited|disabled|failed|failure|errors?|delivery|policy|spam|blacklist\w*|quota|authenticat\w*|authoriz\w*|connections?|temporar\w*|permanent\w*|command|syntax|requested|administrative\w*|transaction|unauthenticated|access)\b/i;

/** A server's sentence has more than a word or two, or a token. */
const isSentence = (said: string): boolean => said.split(' ').length >= 3 || /[.;:_#[<]/.test(said);

/** In the midst of a text numbers count most things: there the first words have to refuse something of mail. */
const refusesAtOnce = (said: string): boolean => {
  const first = said.split(' ', 5).join(' ');
  return smtpWords.test(first) && isRefusal(first);
};

/** Words of mail, and no label as in `Mail: ann@contoso.com`; beside them stands what a mail server said. */
const ofDelivery =
  /\b(?:smtp|rcpt|ehlo|helo|starttls|bounc\w{0,4}|ndrs?|undeliver\w{0,6}|mailbox(?:es)?|recipients?|e?-?mail(?:s|ed|ing|server)?(?!\w|\s?[:.]))/i;
const nearby = 200;

/** Whether what is said behind an opening was said by a mail server. */
function isReply(
  said: string,
  { words, isOfMail }: Opening,
  isBesideMail: () => boolean,
  isAlone: boolean,
): boolean {
  if (isOfMail) return isSentence(said) || smtpWords.test(said);
  if (counted.test(said)) return false;
  // `550 user unknown`, and nothing else.
  if (words === '') return isSentence(said) ? smtpWords.test(said) : isAlone && refusesAtOnce(said);
  if (/^[.!?]/.test(words)) return isSentence(said) && /^[\p{Lu}<]/u.test(said) && refusesAtOnce(said);
  // `error: 550 user unknown` is whole; `error 550 refused` may be anybody's.
  if (!isSentence(said) && !/["'`:]$/.test(words)) return false;
  return (
    refusesAtOnce(said) || (isSentence(said) && (isBesideMail() || (isAlone && isOfServer(said, words))))
  );
}

/** `error: 451 Temporary local problem`, and hardly more: whoever asks about an error need not say that it is of mail. */
const isOfServer = (said: string, words: string): boolean =>
  words.endsWith(':') && /^\p{Lu}/u.test(said) && smtpWords.test(said.split(' ', 5).join(' '));
const alone = 120;

/** The replies of `text` that have no enhanced code, beside those that have one. */
export function findBareReplies(text: string, coded: readonly Reply[]): Reply[] {
  const taken = new Set(coded.map(({ at }) => at));
  const replies: Reply[] = [];
  const isAboutWeb = webStatus.test(text);
  const longest = /smtp error from remote/i.test(text) ? maxExim : maxOpening;
  let isOfTransfer: ((at: number) => boolean) | undefined;
  let looked = 0;
  for (const match of matchesOf(text, bareNumber, Infinity)) {
    const { index: at, 1: reply = '' } = match;
    const opening = openingOf(text, match, longest);
    if (opening === null || taken.has(at)) continue;
    if (!opening.isOfMail && (!smtpNumber.test(reply) || (isAboutWeb && reply.startsWith('50')))) continue;
    if ((looked += 1) > maxCodes) break;
    const end = at + reply.length;
    const said = wordsBehind(text, at, end, { code: null, reply });
    const isBesideMail = (): boolean =>
      coded.length > 0 || ofDelivery.test(text.slice(Math.max(0, at - nearby), at + nearby));
    if (!isReply(said, opening, isBesideMail, text.length <= alone)) continue;
    isOfTransfer ??= fileTransferIn(text);
    if (!isOfTransfer(at)) replies.push({ reply, code: null, text: said, at, end, rule: 'reply' });
  }
  return replies;
}

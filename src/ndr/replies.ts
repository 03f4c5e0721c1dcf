import { isBareCode, isRefusal, onlyAsks } from './bare-code';
import { findCodes, maxCodes } from './codes';
import { matchesOf } from './matches';
import type { Reply } from './report';
import { wordsBehind } from './said';

/** Everything in `text` that a server said, in the order of the text. */
export function findReplies(text: string): Reply[] {
  const lonely = isBareCode(text);
  const asks = onlyAsks(text);
  const coded = findCodes(text, lonely).map(({ code, reply, at, end, rule }): Reply => ({
    reply,
    code,
    text: asks || isNamedInQuotes(text, at, end) ? '' : wordsBehind(text, end, { code, reply }),
    at,
    end,
    rule,
  }));
  if (coded.length === 0 && lonely) return findReplyAlone(text);
  // 220 and 221 open and close a session; they are about no message.
  const found = [...coded, ...findBareReplies(text, coded)]
    .filter(({ reply }) => reply !== '220' && reply !== '221')
    .sort((a, b) => a.at - b.at);
  const conclusions = findConclusions(text);
  const said = found.filter(({ at }) => !conclusions.has(at));
  return said.length > 0 ? said : found;
}

/** `handles "554 5.7.1" in the parser`: the sentence goes on behind the quotes, and the server said the number alone. */
const isNamedInQuotes = (text: string, at: number, end: number): boolean =>
  /["'”’]/.test(text.charAt(end)) &&
  /["'“‘„][^\n"'“”‘’„]{0,40}$/.test(text.slice(Math.max(0, at - 42), at)) &&
  /^ \p{Ll}/u.test(text.slice(end + 1, end + 3));

/**
 * Where Sendmail's own conclusions stand in a transcript: whatever a server answers to RCPT, the next line is
 * `550 5.1.1 <user@contoso.com>... User unknown`.
 */
function findConclusions(text: string): Set<number> {
  const line = /<<< [^\n]{0,1000}\n(?=[45]\d\d [45]\.\d\.\d{1,3} <[^>\n]{1,300}>\.\.\. )/g;
  return new Set([...text.matchAll(line)].map(({ 0: above, index }) => index + above.length));
}

/** Nothing but a reply code: "550", "error 421". */
function findReplyAlone(text: string): Reply[] {
  const reply = /^\D{0,20}\b([45]\d\d)\b\D{0,20}$/.exec(text)?.[1];
  if (reply === undefined) return [];
  const at = text.indexOf(reply);
  return [{ reply, code: null, text: '', at, end: at + reply.length, rule: 'reply alone' }];
}

/** A lone three-digit number and the beginning of words. Numbers are few: what stands in front is looked at only there. */
const bareNumber =
  /((?:5\d|4[1-9])\d)(?:\]?[ -]|\): |, ?b?['"]|[ \t]?\n[ \t]{2,12})(?:\d{1,2} )?(?=[\p{L}<#"'[])/gu;
/** The openings behind which such a number is a reply, as mail servers and libraries write them. */
const opening =
  /(smtp error from remote (?:mail )?server [^\n]{1,340}:\s{1,12}(?:host \S{1,253} \[[^\]\n]{1,45}\]: )?|(?<![^\n])|said:|returned ['"‘]?|smtp;|<<<|reason:|response(?: was)?:|reported error:|error:?|refused:|talk to me:|\b(?:is|was|says?|gets?|got|received):|server:|data:|@[\w.-]{3,100}['">)\]]{0,3}:|\b(?:error|fehler|erreur|errore|fout|fel|fejl|erro) ?\(|[.!?] |[#'"`>])[ \t]{0,4}[#[]?$/i;
/** The longest opening, and the longest of the others, in characters. */
const [maxExim, maxOpening] = [680, 40];

/** The opening in front of a number; null where there is none. Python's `(550, b'…')` has a bracket, which is none elsewhere. */
function openingOf(text: string, { index, 0: whole }: RegExpExecArray, longest: number): string | null {
  const front = text.slice(Math.max(0, index - longest), index);
  // `SMTP Error (550): …`; in `error (500 mails)` something is counted.
  if (front.endsWith('(') && !/^...(?:\):|,)/.test(whole)) return null;
  if (ofWeb.test(front)) return null;
  return opening.exec(front)?.[1] ?? (front.endsWith('(') && whole.charAt(3) === ',' ? '(' : null);
}

/** `HTTP error: 502 Bad Gateway` is no mail server's. */
const ofWeb = /\bhttps?\b[^\n]{0,24}$/i;

/** Where a website's error stands, another number of its kind is the website's too. */
const webStatus = /\bhttps?[ -](?:error|status|code|response)\b|\bhttp\/[1-3](?:\.\d)?\b/i;

/** A session of FTP, whose replies have the numbers of SMTP (RFC 959 §4.2). */
const isFileTransfer = (text: string): boolean =>
  ftp.test(text) && !/^\W{0,8}(?:\w+: *)?(?:MAIL FROM|RCPT TO)\b/im.test(text);
const ftp =
  /^[^\n]{0,40}\b(?:STOR|RETR|PASV|EPSV|MLSD|CWD|MKD|DELE)(?: |$)|\b220[ -][^\n]{0,60}ftp|\b(?:227|229) entering (?:extended )?passive|\bftp[^\n]{1,60}[ :](?:4[25]|55)\d[ -]/im;

/** `kim@contoso.com: 550 messages`: what is counted stands in the plural. */
const counted =
  /^(?:e-?mails|mails|messages|users|accounts|recipients|servers|addresses|mail ?boxes|people|items|points)\b/i;

/** At the start of a line anything may be counted ("550 people came"); a server speaks of mail. */
const smtpWords =
  /\b(?:e?-?mail\w*|messages?|users?|recipients?|senders?|address\w*|accounts?|hosts?|domains?|servers?|services?|servi[cç]\w*|smtp|ip|relay\w*|rejected|denied|refused|blocked|unknown|invalid|unavailable|prohibited|disabled|failed|failure|errors?|delivery|policy|spam|blacklist\w*|quota|authenticat\w*|authoriz\w*|connections?|temporar\w*|permanent\w*|command|syntax|requested|administrative\w*|transaction|unauthenticated|access)\b/i;

/** Openings behind which even two words are a reply: `550 unknown user`. */
const spoken = /said:|smtp error|talk to me|<<<|smtp;/i;

/** A server's sentence has more than a word or two, or a token. */
const isSentence = (said: string): boolean => said.split(' ').length >= 3 || /[.;:_#[<]/.test(said);

/** In the midst of a text numbers count most things: there a server's capital and a word of refusal have to follow. */
const isSaidAmid = (said: string): boolean =>
  /^[\p{Lu}<]/u.test(said) && isRefusal(said.split(' ', 5).join(' '));

function findBareReplies(text: string, coded: readonly Reply[]): Reply[] {
  if (isFileTransfer(text)) return [];
  const taken = new Set(coded.map(({ at }) => at));
  const replies: Reply[] = [];
  const isAboutWeb = webStatus.test(text);
  const longest = /smtp error from remote/i.test(text) ? maxExim : maxOpening;
  let looked = 0;
  for (const match of matchesOf(text, bareNumber, Infinity)) {
    const { index: at, 1: reply = '' } = match;
    const front = openingOf(text, match, longest);
    if (front === null || taken.has(at)) continue;
    if (isAboutWeb && reply.startsWith('50') && !spoken.test(front)) continue;
    if ((looked += 1) > maxCodes) break;
    const said = wordsBehind(text, at + reply.length, { code: null, reply });
    const isSaid =
      front === '' || /^[.!?]/.test(front)
        ? isSentence(said) && smtpWords.test(said) && (front === '' || isSaidAmid(said))
        : isSentence(said) || (spoken.test(front) && smtpWords.test(said));
    if (isSaid && !(counted.test(said) && !spoken.test(front)))
      replies.push({ reply, code: null, text: said, at, end: at + reply.length, rule: 'reply' });
  }
  return replies;
}

import { maxDiagnostic, type Reply } from './report';
import { trimSigns } from './trim';

/** A code-shaped number with what its surroundings say about it. */
interface Candidate {
  code: string;
  reply: string | null;
  /** First character of the number or of the reply in front of it. */
  at: number;
  /** First character behind the number. */
  end: number;
  rule: string;
}

/** How much of the text around a number is looked at, in characters. */
const before = 48;
const near = 120;

/**
 * Subjects end at 7 (RFC 3463 §3), so `4.94.2` is Exim and not a code. The class must not be glued to another
 * digit or dot: `15.7.13`, `10.105.7.129`, `id 15.20.8583.26` are sections, addresses and builds.
 */
const codeShape = /(?<![\d.])([245])\.([0-7])\.(\d{1,3})(?!\d|\.\d)/g;
/** Some text-cleaning programs put a space behind each dot: `5. 1. 0`. */
const spacedShape = /(?<![\d.])([245])\. ([0-7])\. (\d{1,3})(?!\d|\.\d)/g;

/** The words in front of a number that make it a status code, or somebody's version number. */
const replyInFront = /(?<![\w.@])([245]\d\d)(?:[ \t]*\n[ \t]*|[ \t]+|-|[ \t]*[;:,][ \t]*)?#?$/;
const labelInFront = /(?:status(?: code)?|reported error|error(?: code)?|smtp|dsn|ndr|ehlo|enhanced|diagnostic(?:-code)?|reason|problem|message|returned|antwort|response|said|code|fehlercode|bounce)['"`]?(?: (?:is|was|of))?[ \t]?[:;=.#-]{0,3}[ \t]{0,12}['"`(#<*]{0,3}$/i;
const softwareInFront = /(?:\bv|\bversion[ :]?|[a-z][:@/=_]|\b(?:mysql|mariadb|postfix|exim|sendmail|spamassassin|perl|php|node|python|linux|kernel|wordpress|server|release|update|rfc|id|section|chapter|§)[ \t/-]{0,2})$/i;
const mailWords = /\b(?:e-?mails?|messages?|mailbox|mail|bounc\w*|ndrs?|dsn|deliver\w*|undeliver\w*|recipients?|senders?|reject\w*|denied|refused|smtp|exchange|outlook|office 365|error|status|diagnostic\w*|relay|spam|quota|zugestellt|correo|courriel|rebot\w*|fejlkode|fehler\w*)\b/i;

/** What servers open a refusal with; a code in front of such words was said by a server, not asked by a person. */
export const serverWords =
  /^["'`*(\s:|-]{0,6}(?:Access denied|Service unavailable|Recipient address rejected|Message expired|Client (?:was|does) not|Remote server|RESOLVER\.|STOREDRV|QUEUE\.|TRANSPORT\.|SMTPSEND|APPROVAL|UnifiedGroupAgent|TenantAttribution|Your message can['’]t|The sender|The message|Sender |Relay|Unable to relay|Mailbox |User |Hop count|Connection |Too many|Delivery |Invalid |smtp;)/;

/** Everything in `text` that a server said, in the order of the text. */
export function findReplies(text: string): Reply[] {
  const coded = findCodes(text);
  const bare = findBareReplies(text, coded);
  return [...coded, ...bare].sort((a, b) => a.at - b.at);
}

/**
 * The text is nothing but a code, or a short question about one: "5.7.124", "550 5.7.124", "code 5.7.1?".
 */
export function isBareCode(text: string): boolean {
  if (text.length > 120) return false;
  const words = text.replace(/[245]\d\d\b|[\d.#]+/g, ' ').match(/\p{L}+/gu) ?? [];
  return words.length <= 3 || (words.length <= 12 && /\?\s*$|^\s*(?:what|why|how|explain|meaning|help)\b/i.test(text));
}

function findCodes(text: string): Reply[] {
  const lonely = isBareCode(text);
  const replies: Reply[] = [];
  for (const candidate of candidates(text)) {
    const front = text.slice(Math.max(0, candidate.at - before), candidate.at);
    const labelled = labelInFront.test(front);
    if (candidate.reply === null && !labelled && softwareInFront.test(front)) continue;
    const strong = candidate.reply !== null || labelled || /[#<]$/.test(front) || serverWords.test(text.slice(candidate.end, candidate.end + 60));
    if (!strong && !lonely && !mailWords.test(text.slice(Math.max(0, candidate.at - near), candidate.end + near))) continue;
    if (candidate.code.startsWith('2') && !strong && !lonely) continue;
    replies.push({
      reply: candidate.reply,
      code: candidate.code,
      text: replyText(text, candidate.end, candidate),
      at: candidate.at,
      rule: strong ? candidate.rule : `${candidate.rule}, unlabelled`,
    });
  }
  return replies;
}

function candidates(text: string): Candidate[] {
  const found: Candidate[] = [];
  for (const [shape, rule] of [
    [codeShape, 'code'],
    [spacedShape, 'spaced code'],
  ] as const) {
    for (const match of text.matchAll(shape)) {
      const front = text.slice(Math.max(0, match.index - 16), match.index);
      const reply = replyInFront.exec(front);
      const at = reply === null ? match.index : match.index - front.length + reply.index;
      if (rule === 'spaced code' && reply === null && !/(?:problem|error|status|code|reason)\W{0,4}$/i.test(front)) continue;
      const [, subjectClass = '', subject = '', detail = ''] = match;
      found.push({
        code: `${subjectClass}.${subject}.${String(Number(detail))}`,
        reply: reply?.[1] ?? null,
        at,
        end: match.index + match[0].length,
        rule: reply === null ? rule : `reply and ${rule}`,
      });
    }
  }
  return found.sort((a, b) => a.at - b.at);
}

/** The openings behind which a lone three-digit number is a reply, as mail servers and libraries write them. */
const bareReply = /(?:^|said:|returned ['"‘]?|smtp;|<<<|reason:|response(?: was)?:|reported error:|error:?|refused:|server:|data:|[#'"`>])[ \t]{0,4}#?([45]\d\d)[ -](?=[\p{L}<#"'[])/gimu;

function findBareReplies(text: string, coded: readonly Reply[]): Reply[] {
  // Nothing but a reply code: "550", "error 421".
  const alone = coded.length === 0 && isBareCode(text) ? /^[^\d]{0,20}\b([45]\d\d)\b[^\d]{0,20}$/.exec(text) : null;
  if (alone?.[1] !== undefined) return [{ reply: alone[1], code: null, text: '', at: text.indexOf(alone[1]), rule: 'reply alone' }];
  const taken = new Set<number>();
  for (const { at } of coded) taken.add(at);
  const replies: Reply[] = [];
  for (const match of text.matchAll(bareReply)) {
    const reply = match[1] ?? '';
    const at = match.index + match[0].lastIndexOf(reply);
    if (taken.has(at)) continue;
    const said = replyText(text, at + reply.length, { code: null, reply });
    // "550 people came": a server's sentence has more than a word or two, or a token.
    if (said.split(' ').length < 3 && !/[.;:_#[<]/.test(said)) continue;
    replies.push({ reply, code: null, text: said, at, rule: 'reply' });
  }
  return replies;
}

/**
 * The words behind a reply, up to where the next thing starts: an empty line, the closing `##` or quote, a
 * field such as `Remote-MTA:`, the next dated attempt. Lines of one reply (`550-5.7.26 … 550 5.7.26 …`,
 * RFC 5321 §4.2.1) become one line without the repeated numbers.
 */
function replyText(text: string, from: number, { code, reply }: { code: string | null; reply: string | null }): string {
  let start = from;
  while (start < text.length && start - from < 12 && ' :;,.#|*`\'")]-'.includes(text.charAt(start))) start += 1;
  const rest = text.slice(start, start + 4 * maxDiagnostic);
  const stop = replyEnd.exec(rest);
  let said = rest.slice(0, stop?.index ?? rest.length).replace(/\s+/g, ' ');
  if (reply !== null && code !== null) said = said.split(`${reply}-${code} `).join('').split(`${reply} ${code} `).join('');
  else if (reply !== null) said = said.replace(new RegExp(`\\b${reply}[- ](?=\\p{L})`, 'gu'), '');
  return trimSigns(said, ` :;,.#|*\`'")]-`, ` #|*\`'"(,;`).slice(0, maxDiagnostic);
}

const replyEnd =
  /\n[ \t]*\n|##|['’]\s*(?:\n|$)|> ?#SMTP#|`|\n[ \t]*(?:[A-Z][\w-]{2,30}:\s|<?[\w.+-]{1,64}@[\w.-]{1,200}>?[ \t:]*\n|\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4} |--|>>>|<<<|\.\.\. while)|(?:DSN generated by|Remote server|Message rejected by|Sent by|Original message headers|Message Hops):|\(in reply to/;

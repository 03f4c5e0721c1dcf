import { findAddresses, type Found } from './addresses';
import type { Recipient } from './recipients';

/** What a mail tells about itself: its own addresses are never the recipient that failed. */
export interface OwnAddresses {
  from: readonly string[];
  to: readonly string[];
}

/** Addresses of mail systems and of people to turn to. */
const systems =
  /^(?:mailer-?daemon|post[-_]?master|hostmaster|abuse|delist|support|help|helpdesk|servicedesk|info|noc|admin\w*|root|mdaemon|microsoftexchange[0-9a-f]{8,}|no-?reply[\w-]*|do-?not-?reply|bounces?|imceasystem-[^@]*)@/i;
/** Fields of a header, and words in front of somebody to write to. */
const ofOthers =
  /(?:^[ \t>|*]{0,8}(?:from|reply-to|sender|return-path|message-id|in-reply-to|references|mail from|cc|von|absender|de|da|remitente|expéditeur|mittente|afzender|от кого|差出人|送信者|发件人|寄件者)\b[^\n]{0,80}|\b(?:contact|write to|mail to|e?-?mail|support|help|assistance|questions?|sender|from|by|kontakt|contacter|contacte)\W{1,8}|\?\S{0,200}|https?:\S{0,300}|\b(?:id|message-id)\W{0,4}<?)$/i;

/** The names of the guesses, by which everybody else can tell them from forms of reports. */
const guessRules = {
  alone: 'guessed: alone in its line',
  leading: 'guessed: begins its line',
  first: 'guessed: first address',
  addressee: 'guessed: addressee of the original',
} as const;

const maxAddresses = 200;
/** More addresses than this, and nothing tells which one is meant. */
const maxCandidates = 20;

/**
 * Whom a report is about when no form of a report names him: addresses that stand alone in their line, else those that begin
 * one, else the first one that belongs to nobody else, else the only addressee of the message that bounced.
 */
export function guessRecipients(
  report: string,
  original: string,
  own: OwnAddresses,
  sender: string | null,
): Recipient[] {
  const others = new Set([...own.from, ...own.to, sender ?? ''].map((address) => address.toLowerCase()));
  const isCandidate = (found: Found): boolean =>
    !others.has(found.value.toLowerCase()) && !systems.test(found.value) && !isOfOthers(report, found);
  const candidates = distinct(findAddresses(report, maxAddresses).filter((found) => isCandidate(found)));
  if (candidates.length > 0 && candidates.length <= maxCandidates) {
    const leading = candidates.filter((found) => beginsLine(report, found));
    const alone = leading.filter((found) => endsLine(report, found));
    if (alone.length > 0) return alone.map((found) => ({ ...found, rule: guessRules.alone }));
    if (leading.length > 0) return leading.map((found) => ({ ...found, rule: guessRules.leading }));
    return candidates.slice(0, 1).map((found) => ({ ...found, rule: guessRules.first }));
  }
  return candidates.length > 0 ? [] : addressee(original, report.length, others);
}

const distinct = (found: readonly Found[]): Found[] =>
  [...new Map([...found].reverse().map((one) => [one.value.toLowerCase(), one])).values()].reverse();

function isOfOthers(text: string, { at }: Found): boolean {
  const ahead = text.slice(Math.max(0, at - 300), at);
  return ofOthers.test(ahead.slice(ahead.lastIndexOf('\n') + 1));
}

const beginsLine = (text: string, { at }: Found): boolean => {
  const ahead = text.slice(Math.max(0, at - 40), at);
  return /^[ \t\-*•|>'"<([]{0,12}$/.test(ahead.slice(ahead.lastIndexOf('\n') + 1));
};
const endsLine = (text: string, { end }: Found): boolean =>
  /^[ \t\-*|>'")\]:;,.]{0,12}$/.test(text.slice(end, end + 40).split('\n', 1)[0] ?? '');

const toLine = /^[ \t]{0,4}to: ?([^\n]{1,2000}(?:\n[ \t][^\n]{1,2000}){0,20})/im;

/** The one addressee in the headers of the message that bounced; of several any may be meant. */
function addressee(original: string, offset: number, others: ReadonlySet<string>): Recipient[] {
  const match = toLine.exec(original);
  if (match === null || /^[ \t]{0,4}b?cc: ?\S/im.test(original)) return [];
  const start = offset + match.index + match[0].indexOf(match[1] ?? '');
  const found = findAddresses(match[1] ?? '', 2);
  const [only] = found;
  return only === undefined || found.length > 1 || others.has(only.value.toLowerCase())
    ? []
    : [{ value: only.value, at: start + only.at, end: start + only.end, rule: guessRules.addressee }];
}

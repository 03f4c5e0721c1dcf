import { exactServerWords } from './codes';

/** Words that people put around a code they ask about; they say nothing about a refusal. */
const asking =
  /^(?:[ais]|an|and|or|the|my|our|this|that|is|it|we|got|get|getting|have|has|with|for|in|of|on|what|whats|why|how|does|do|mean|means|meaning|fix|explain|help|please|pls|hi|hello|error|errors|code|codes|status|ndr|ndrs|dsn|bounce|bounced|smtp|exchange|online|office|outlook|microsoft|number|enhanced|about|to|me|tell|can|you|und|oder|was|bedeutet|fehler|fehlercode|que|significa|signifie|erreur)$/i;
/** Words of a refusal: with one of them behind a code, a server is speaking. */
const refusing =
  /\b(?:den(?:ied|ies)|rejected|refused|unknown|not|full|expired|blocked|failed|exceeded|exceeds|unavailable|invalid|disabled|relay\w*|spam|quota|too|banned|unable|cannot|can['’]t|found|limit|throttled|busy|loop\w*|timed|mailbox|user|recipient|sender|verweigert|geweigerd)\b/i;

/**
 * Whether the text is nothing but a code, several codes, or a short question about one: `5.7.124`,
 * `550 5.7.124`, `code 5.7.1?`, `what does 5.7.124 mean`. A server's own line (`550 5.7.1 Access denied`) is not.
 */
export function isBareCode(signed: string): boolean {
  const text = withoutSignOff(signed);
  if (text.length > 120 || !/[245]\.\d|[45]\d\d/.test(text)) return false;
  const words = wordsAround(text);
  if (words.every((word) => asking.test(word))) return true;
  if (/^\s*(?:what(?! (?:we|i) (?:get|got|see)\b)|why|how|explain|meaning|help)\b/i.test(text))
    return words.length <= 12;
  if (/\?\s*$/.test(text)) return words.length <= 12 && !quotesServer(text);
  return countWords(words) <= 3 && !isRefusal(text) && !isReplyLine(text);
}

/** Longer texts are no question with a name below, in characters. */
const maxSigned = 600;

/** Thanks and regards with whatever stands below them, and a signature (RFC 3676 §4.3). */
const signOff =
  /(?:\n|(?<=[.?!])[ \t])[ \t]*(?:--[ \t]*(?:\n|$)|(?:(?:many|with|best|kind|warm|viele|beste|liebe|mit (?:freundlichen|besten)) )?(?:thanks|thank you|thx|regards|cheers|sincerely|danke|grüße?n?|gruß|mfg|vg|lg|cordialement|merci|saludos|gracias|groeten|bedankt|saluti|grazie)\b).*$/is;

/** A question as it was asked, without the name under it. Where a code stands in that, it is more than a name. */
function withoutSignOff(text: string): string {
  const found = text.length > maxSigned ? null : signOff.exec(text);
  return found === null || found.index === 0 || /[245]\.\d\.\d/.test(found[0])
    ? text
    : text.slice(0, found.index);
}

/** "NDR says 5.7.505 Access denied, banned recipient. What now?": the question is about a line that stands there. */
const quotesServer = (text: string): boolean =>
  [...text.matchAll(/[245]\.\d\.\d{1,3}/g)].some(({ 0: code, index }) =>
    exactServerWords.test(text.slice(index + code.length)),
  );

/** Reply and code, and then words: nobody asks like that. */
const isReplyLine = (text: string): boolean =>
  /^\W{0,4}[245]\d\d[ -]#?[245]\.\d\.\d{1,3}[ \t:;-]{1,4}\p{L}{2,}[^\n]{0,80}\p{L}/u.test(text);

/** Chinese and Japanese put no spaces between words; two signs are about one. */
const countWords = (words: readonly string[]): number =>
  words.reduce(
    (sum, word) =>
      sum + (/[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}]/u.test(word) ? Math.ceil(word.length / 2) : 1),
    0,
  );

/** Whether the words around a code only ask about it, so that they are nothing a server said. */
export const onlyAsks = (text: string): boolean =>
  text.length <= 120 && wordsAround(text).every((word) => asking.test(word));

/** Whether the words are those of a refusal, in any spelling. */
export const isRefusal = (words: string): boolean => refusing.test(words) || /\w\.[A-Z]/.test(words);

const wordsAround = (text: string): string[] =>
  text.replace(/[245]\d\d\b|[\d.#]+/g, ' ').match(/[\p{L}'’]+/gu) ?? [];

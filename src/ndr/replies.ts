import { isBareCode, onlyAsks } from './bare-code';
import { findBareReplies } from './bare-replies';
import { findCodes } from './codes';
import type { Reply } from './report';
import { wordsBehind } from './said';

/** Everything in `text` that a server said, in the order of the text. */
export function findReplies(text: string): Reply[] {
  const lonely = isBareCode(text);
  const asks = onlyAsks(text);
  const coded = findCodes(text, lonely).map(({ code, reply, at, end, rule }): Reply => ({
    reply,
    code,
    text: asks || isNamedInQuotes(text, at, end) ? '' : wordsBehind(text, at, end, { code, reply }),
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

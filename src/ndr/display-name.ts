import { quotedRule, type Recipient } from './recipients';

/** Behind these, words stand in front of an address that are no name. */
const sentenceRules = new Set([
  'message to',
  'RCPT TO',
  'relay for',
  'recipient in words',
  'log line',
  'labelled',
  quotedRule,
]);

/** `Ana Doe (ana@contoso.com)<mailto:…`, `Ana Doe<mailto:ana@contoso.com>`: the name alone in front, in its line. */
const nameInFront = /(?:^|\n)[ \t'"*]{0,8}([^\n@<>():;]{2,60}?)['"]?[ \t]{0,4}(?:\(|<(?:mailto:)?)$/;

/** The name that the report sets in front of one of the places where it names a recipient. */
export function displayNameAt(text: string, places: readonly Recipient[]): string | null {
  for (const { at, rule } of places) {
    if (sentenceRules.has(rule)) continue;
    const name = nameInFront.exec(text.slice(Math.max(0, at - 90), at))?.[1]?.trim();
    if (name !== undefined && /\p{L}/u.test(name)) return name;
  }
  return null;
}

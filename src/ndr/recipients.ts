import { findAddresses, isMailAddress, type Found } from './addresses';
import type { Labelled } from './labels';

/** Where a recipient was named, and the form it was recognised by. */
export interface Recipient extends Found {
  rule: string;
}

/** What stands right in front of a recipient's address. */
const inFront: readonly (readonly [rule: string, pattern: RegExp])[] = [
  ['RCPT TO', /rcpt to: ?<?$/i],
  ['message to', /\b(?:message|mail|e-?mail|nachricht|mensaje|messaggio|bericht|mensagem|delivered|zugestellt|zustellung|nicht|deliver|sent|send|deliver it) (?:could not be delivered |wasn't delivered |was not delivered |nicht |das )?(?:to|an|à|a|para|aan) \[?<?$/i],
  ['recipient label', /\b(?:failed )?recipients?(?: \([^()\n]{1,40}\))?[\])]? ?[:=] ?['"[<]{0,2}(?:smtp:)?$/i],
  ['relay for', /\brelay(?:ing)?(?: denied| not permitted| access denied)?:? (?:for|to) ?<?$/i],
  ['recipient in words', /\b(?:recipient|address|user|account|mailbox) ['"[<(]{0,2}$/i],
  ['not found in words', /^[ \t]{0,8}(?:[-*•|]{1,2} )?\**$/],
];

/** What stands right behind one, when it begins its line. */
const behind: readonly (readonly [rule: string, pattern: RegExp])[] = [
  ['host said', /^[>)\]'"]{0,3}(?: \((?:expanded|generated) from [^()\n]{1,300}\))?[ \t]?:[ \t]*(?:host|\n|lost connection|connect|delivery|\S+ said|user|mailbox|unknown|recipient|message|name service|permission|invalid|maildir|\d{3}|temporary|unrouteable|undeliverable|can't|cannot|\()/i],
  ['expanded alias', /^[>)]{0,2} \((?:expanded|generated) from /i],
  ['exchange 2003', /^[>)]{0,2} (?:\([^()\n]{1,200}\) )?on \d/],
  ['transcript', /^>?(?: <[^>\n]{1,300}>)?[ \t]*\n[ \t]*\(reason:/i],
  ['chip', /^\)?(?:\(\S{1,300}\))?<mailto:/i],
  ['not found', /^['">)]{0,2} (?:wasn't found|couldn't be found|could not be found|was not found|address (?:doesn't|does not) exist|address not found|(?:does not|doesn't) exist|isn't available|couldn't be delivered|konnte nicht|wurde nicht|n'a pas|no se)/i],
];

/** A line that holds the address alone, in front of what a server said about it. */
const aloneAhead = /^[ \t]{0,8}(?:[-*•|]{1,2} )?['"<([]{0,2}$/;
const aloneBehind = /^['">)\]]{0,3}(?:<mailto:[^>\n]{1,300}>)?[ \t]*(?:\n|$)/;

/** What stands in front of addresses of other people. */
const notRecipient =
  /(?:\b(?:from|sender|von|absender|mail from(?: address)?|reply-to|return-path|message-id|envelope-from)\b[*"']{0,3}:? ?"?[^\n<:"]{0,40}"? ?[<("[]{0,2}|\b(?:forward(?: this)?(?: message)? to|contact|mail to) )$/i;

const never = /^(?:mailer-daemon|postmaster|microsoftexchange[0-9a-f]{8,}|no-?reply-postmaster|delist|abuse|support)@/i;

/**
 * The recipients that the report itself names, each once, in order, with every place they are named at.
 * Labelled fields (Final-Recipient, RFC 3464 §2.3.2) win over addresses that only stand in the right place.
 */
export function findRecipients(report: string, labels: readonly Labelled[], sender: string | null): Recipient[] {
  const labelled = labels.filter(({ field }) => field === 'recipient').flatMap(fromLabel);
  const lowSender = sender?.toLowerCase();
  const placed = findAddresses(report).flatMap((found): Recipient[] => {
    const low = found.value.toLowerCase();
    if (never.test(low) || low === lowSender) return [];
    const rule = placeRule(report, found);
    return rule === undefined ? [] : [{ ...found, rule }];
  });
  if (labelled.length === 0) return placed;
  const names = new Set(labelled.map(({ value }) => value.toLowerCase()));
  return [...labelled, ...placed.filter(({ value }) => names.has(value.toLowerCase()))].sort((a, b) => a.at - b.at);
}

function fromLabel({ value, from }: Labelled): Recipient[] {
  const plain = value.replace(/^\s*(?:rfc822|smtp|x400|utf-8)\s?;\s*/i, '');
  const [address] = findAddresses(plain);
  if (address !== undefined) return [{ value: address.value, at: from, end: from + value.length, rule: 'labelled' }];
  // A masked or broken address is still the name people know: keep it when it looks like one.
  return /^\S{1,200}@\S{1,200}(?: \S{1,60})?$/.test(plain) ? [{ value: plain, at: from, end: from + value.length, rule: 'labelled, damaged' }] : [];
}

function placeRule(text: string, { at, end, value }: Found): string | undefined {
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  const line = text.slice(Math.max(lineStart, at - 160), at);
  const front = text.slice(Math.max(0, at - 160), at).replace(/\s+/g, ' ');
  const back = text.slice(end, end + 400);
  if (notRecipient.test(front)) return undefined;
  for (const [rule, pattern] of inFront) {
    if (rule !== 'not found in words' && pattern.test(front)) return rule;
  }
  for (const [rule, pattern] of behind) {
    if (pattern.test(back) && (rule === 'not found' || rule === 'chip' || rule === 'transcript' || aloneAhead.test(line) || rule === 'expanded alias')) return rule;
  }
  if (aloneAhead.test(line) && aloneBehind.test(back) && (isMailAddress(value) || value.includes('*') || value.includes('[') || value.startsWith('IMCEA'))) return 'alone in its line';
  // Name (address) or Name <address> below a heading: one line that ends with the address.
  if (/^[^\n@:]{1,60}[(<]$/.test(line) && /^[)>](?:<mailto:[^>\n]{1,300}>)?[ \t]*\n/.test(back)) return 'named line';
  return undefined;
}

import { isHostName, isIpAddress } from './addresses';
import { hostIn, type Labelled } from './labels';
import type { Sighting } from './report';

const host = '([\\w*.-]{3,253})';

/**
 * A place where reports name a server. Either group 1 of `pattern` is the host; or, with `gap`, the host stands in front of
 * the pattern and is read backwards from there: a pattern that began with a host would try each sign of the text.
 */
interface Place {
  rule: string;
  /** Without the flag `u`: with `i`, that makes a `\b` look at every sign of the text at length. */
  pattern: RegExp;
  /** The white space between the host and the match. */
  gap?: RegExp;
  /** Nothing but the host stands in front in its line. */
  wholeLine?: boolean;
}

const behind = (rule: string, pattern: string): Place => ({ rule, pattern: new RegExp(pattern, 'gi') });
const infront = (rule: string, gap: RegExp, pattern: string, wholeLine = false): Place => ({
  rule,
  pattern: new RegExp(pattern, 'gi'),
  gap,
  wholeLine,
});
const oneBlank = /^ $/;

const lastAttempted = behind('last attempted server', `\\[LastAttemptedServerName=${host}\\]`);

/** How reports name the server that refused, best first (ndr-formats.md §8). */
const refused: readonly Place[] = [
  infront('host said', /^\s?$/, '\\[[^\\]\\n]{1,60}\\](?::\\d{1,5})?\\s{1,8}said:'),
  behind('nested reply', `<${host} ?#[\\d.]{5,9} smtp`),
  behind('attempt', `\\b(?:remote )?server at ${host} \\([\\d.:a-f]{3,45}\\) returned`),
  infront('rejected your message', oneBlank, 'rejected your message to', true),
  infront('gave this error', oneBlank, 'gave this error:', true),
  behind('while talking to', `while talking to ${host}:`),
  behind('host with address', `\\bhost ${host} \\[[^\\]\\n]{1,60}\\]`),
  infront('above a reply', /^[ \t]?\n?[ \t]{0,8}$/, '#\\d{3}|Remote server returned', true),
  infront('in front of a reply', oneBlank, '#[45]\\d\\d '),
  behind('greeting', `\\bsmtp; ?[45]\\d\\d-${host}>`),
  behind('lost connection', `\\blost connection with ${host}\\[`),
  behind('log line', `\\brelay=${host} ?\\[`),
  behind('log line of Exim', `\\bH=${host} \\[[^\\]\\n]{3,45}\\]`),
  behind('delivery error of Yahoo', `\\bdelivery error: [^\\n]{1,200} - ${host}`),
  behind('message trace', `\\{FQDN=${host}\\}`),
  // In brackets an address is as likely the sender's; a name is the server's.
  behind(
    'host in the reply',
    '\\[([\\w-]{1,63}(?:\\.[\\w-]{1,63}){1,8}\\.[a-z]{2,24})(?: \\d{4}-\\d\\d-\\d\\dT[\\d:.]{8,15}Z [0-9A-F]{8,20})?\\]',
  ),
];

/** The server that refused, in `text` and its labels; null where the report names none. */
export function findRefuser(text: string, labels: readonly Labelled[]): Sighting | null {
  const attempted = hostAt(text, lastAttempted);
  if (attempted !== null && isHostName(attempted.value)) return attempted;
  const [labelled] = labelledRefusers(labels);
  if (labelled !== undefined) return labelled;
  for (const place of refused) {
    const name = hostAt(text, place);
    if (name !== null) return name;
  }
  return null;
}

/** Every server that a label names as the one that refused; the first is the one to believe. */
export const labelledRefusers = (labels: readonly Labelled[]): Sighting[] =>
  labels.flatMap((label) =>
    label.field === 'remoteServer' ? seen(label, hostIn(label.value) ?? connectorName(label.value)) : [],
  );

const seen = ({ from, to }: Labelled, value: string | null): Sighting[] =>
  value === null ? [] : [{ value, rule: 'labelled', from, to }];

/** How many places of one kind are looked at before the next kind is tried. */
const maxPlaces = 50;

function hostAt(text: string, place: Place): Sighting | null {
  const { pattern, gap } = place;
  pattern.lastIndex = 0;
  for (let looked = 0; looked < maxPlaces;) {
    const match = pattern.exec(text);
    if (match === null) return null;
    const found = gap === undefined ? inside(match, place) : before(text, match.index, gap, place);
    if (found === null) {
      pattern.lastIndex = match.index + 1;
      continue;
    }
    if (isHostName(found.value) || isIpAddress(found.value)) return found;
    looked += 1;
  }
  return null;
}

function inside({ index, 0: whole, 1: host = '' }: RegExpExecArray, { rule }: Place): Sighting {
  return sighting(rule, host, index + whole.indexOf(host));
}

/** Null where the white space in front of `at` is another than `gap`. */
function before(text: string, at: number, gap: RegExp, { rule, wholeLine }: Place): Sighting | null {
  let end = at;
  while (end > 0 && at - end <= maxGap && isSpace(text.charAt(end - 1))) end -= 1;
  if (end === 0 || !gap.test(text.slice(end, at))) return null;
  const host = hostBefore(text, end, wholeLine === true);
  return sighting(rule, host, end - host.length);
}

function sighting(rule: string, host: string, from: number): Sighting {
  const value = host.replace(/\.$/, '');
  return { value, rule, from, to: from + value.length };
}

/** Longer than any gap. */
const maxGap = 12;
const isSpace = (sign: string): boolean => /\s/.test(sign);

function hostBefore(text: string, end: number, wholeLine: boolean): string {
  let at = end;
  while (at > 0 && end - at < 254 && /[\w*.-]/.test(text.charAt(at - 1))) at -= 1;
  // In a flattened report the recipient's address stands in front, where its line ended.
  return wholeLine && !/(?:^|\n|@[\w.-]{1,250}>?[ \t])[ \t]{0,8}$/.test(text.slice(Math.max(0, at - 260), at))
    ? ''
    : text.slice(at, end);
}

/** A send connector may stand where a server is expected; its name is worth showing, a sentence is not. */
const connectorName = (value: string): string | null =>
  /^[\w -]{3,60}$/.test(value) && value.includes(' ') ? value : null;

/** How reports without such a label name the server that wrote them. */
const wrote: readonly Place[] = [
  behind('mail system at host', `(?<=^|\\n)This is the mail system at host ${host}`),
  behind('expired at', `\\bserver at ${host} returned ['‘]5\\d\\d \\d\\.4\\.\\d{1,3} Message expired`),
  behind('nested reply', `<${host} ?#[\\d.]{5,9}>`),
];

/** The server that wrote the report. */
export function findWriter(text: string, labels: readonly Labelled[]): Sighting | null {
  for (const label of labels) {
    const [found] = label.field === 'generatingServer' ? seen(label, hostIn(label.value)) : [];
    if (found !== undefined) return found;
  }
  for (const place of wrote) {
    const name = hostAt(text, place);
    if (name !== null && isHostName(name.value)) return name;
  }
  return null;
}

/** Whether the host is one of Exchange Online's or Outlook.com's own (ndr-formats.md §7). */
export function isMicrosoftHost(name: string): boolean {
  return /(?:^|\.)(?:outlook\.com|outlook\.office365\.com|exchangelabs\.com|mx\.microsoft|protection\.gbl|hotmail\.com|office365\.com)$/i.test(
    name,
  );
}

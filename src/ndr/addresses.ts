import { isIP } from 'node:net'; // A check of the spelling; nothing is connected to.
import { trimSigns } from './trim';

/** A mail address or host name as it stood in a text. */
export interface Found {
  value: string;
  at: number;
  end: number;
}

const localSign = signTest(/[\p{L}\p{N}.!#$%&'*+/=?^_`{|}~\-[\]]/u);
const domainSign = signTest(/[\p{L}\p{N}.\-[\]]/u);
const maxLocal = 320; // IMCEAEX addresses carry a whole directory path before the @.
const maxDomain = 255;

/** Whether the sign at a place of a text is one of a kind; ASCII, which nearly all are, by a table. */
function signTest(kind: RegExp): (text: string, at: number) => boolean {
  const ascii = Array.from({ length: 128 }, (_, code) => kind.test(String.fromCharCode(code)));
  return (text, at) => ascii[text.charCodeAt(at)] ?? kind.test(text.charAt(at));
}

/**
 * Every mail address in `text`, in order. Grows outwards from each `@`, so the cost is linear whatever the
 * text; stops after `limit` of them. Takes masked addresses too (`******@contoso.com`, `[redacted]@contoso.com`): sites mask, people paste.
 */
export function findAddresses(text: string, limit = Infinity): Found[] {
  const found: Found[] = [];
  for (
    let sign = text.indexOf('@');
    sign !== -1 && found.length < limit;
    sign = text.indexOf('@', sign + 1)
  ) {
    let at = quotedStart(text, sign);
    const isQuoted = at < sign;
    while (!isQuoted && at > 0 && sign - at < maxLocal && localSign(text, at - 1)) at -= 1;
    let end = sign + 1;
    while (end < text.length && end - sign < maxDomain && domainSign(text, end)) end += 1;
    if (at === sign || end === sign + 1) continue;
    const local = isQuoted ? text.slice(at, sign) : trimLocal(text.slice(at, sign));
    const domain = withEnding(trimDomain(text.slice(sign + 1, end)), text, sign + 1);
    if (local !== '' && isDomain(domain)) {
      found.push({ value: `${local}@${domain}`, at: sign - local.length, end: sign + 1 + domain.length });
    }
  }
  return found;
}

/** Where `"first last"@` begins (RFC 5321 §4.1.2, Quoted-string); `sign` where the local part is not quoted. */
function quotedStart(text: string, sign: number): number {
  if (text.charAt(sign - 1) !== '"') return sign;
  const quoted = /(?:^|[\s<;:,(])("[^"\n<>@]{1,64}")$/.exec(text.slice(Math.max(0, sign - 68), sign))?.[1];
  return quoted === undefined || !/\w/.test(quoted) ? sign : sign - quoted.length;
}

/** Help forums put spaces into addresses, so that nobody is found by them: `kim@keyman  .com`. */
const withEnding = (domain: string, text: string, at: number): string => {
  if (domain.length < 2 || domain.includes('.')) return domain;
  const behind = text.slice(at + domain.length, at + domain.length + 12);
  return `${domain}${/^ {2,3}\.[a-z]{2,6}(?![\w.])/.exec(behind)?.[0] ?? ''}`;
};

/** Quotes and an unmatched bracket in front belong to the sentence, not to the address; a field's name belongs to the log. */
const trimLocal = (local: string): string => {
  const opened = local.lastIndexOf('[');
  const cut = opened !== -1 && !local.includes(']', opened) ? local.slice(opened + 1) : local;
  return trimSigns(cut, `.'"\`/|={}`, '').replace(fieldOfLog, '');
};

/** `rcpt=user@contoso.com`. An address may hold the sign itself, as SRS and VERP write them: `user=contoso.com@lists.fabrikam.com`. */
const fieldOfLog =
  /^(?:orig[-_]?)?(?:to|from|rcpt(?:[-_]?to)?|recipients?|sender|user(?:name)?|login|e?-?mail(?:[-_]?(?:from|to))?|addr(?:ess)?|cc|bcc)=(?=[^=]+$)/i;

const trimDomain = (domain: string): string => {
  const closed = domain.includes('[') ? domain : (domain.split(']')[0] ?? '');
  return trimSigns(closed, '', '.-');
};

const isDomain = (domain: string): boolean =>
  domain.length >= 3 &&
  domain.includes('.') &&
  !domain.includes('..') &&
  !/^[.-]/.test(domain) &&
  /\p{L}/u.test(domain.slice(domain.lastIndexOf('.')));

/** Whether the value is one plain mail address, fit to stand in a command: no spaces, no masks, no control signs. */
export function isMailAddress(value: string): boolean {
  return (
    value.length <= 254 &&
    /^[\w.!#$%&'*+/=?^`{|}~-]{1,128}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i.test(value) &&
    !/^\*+@/.test(value)
  );
}

/** Whether the value is a host or domain name with at least one dot (RFC 1123), in ASCII. */
export function isHostName(value: string): boolean {
  return (
    value.length <= 253 && /^(?:\w(?:[\w-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/i.test(value)
  );
}

/** Whether the value is an IPv4 or IPv6 address. */
export function isIpAddress(value: string): boolean {
  return isIP(value) !== 0;
}

const ipShape =
  /(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}(?![\w.])|[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?![\w:.]))/gi;

/** `RFC 2821 4.1.1.1` names a section. */
const sectionInFront = /(?:\brfc ?\d{3,5},?|\bsection|§) ?$/i;

/** The first IP address in `text`: one in brackets before a bare one. Times such as `09:30:25` are not addresses. */
export function findIp(text: string): string | null {
  let first: string | null = null;
  for (const match of text.matchAll(ipShape)) {
    if (!isIpAddress(match[0]) || sectionInFront.test(text.slice(Math.max(0, match.index - 16), match.index)))
      continue;
    if (text.charAt(match.index - 1) === '[') return match[0];
    first ??= match[0];
  }
  return first;
}

/** The domain of an address, or null. */
export function domainOf(address: string | null): string | null {
  const sign = address?.lastIndexOf('@') ?? -1;
  return address === null || sign === -1 ? null : address.slice(sign + 1);
}

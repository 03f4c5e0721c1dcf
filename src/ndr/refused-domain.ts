import { isHostName } from './addresses';

/**
 * How servers name the domain whose proof failed: Exchange Online and Outlook.com (5.7.509, 5.7.515), Gmail (5.7.26, 5.7.27), and
 * whoever quotes SPF's explanation (RFC 7208 §6.2).
 */
const named: readonly RegExp[] = [
  /\bsending domain \[?([\w.-]{3,253})/i,
  /\bunauthenticated e-?mail from ([\w.-]{3,253})/i,
  /\bSPF \[([\w.-]{3,253})\] with ip\b/i,
  /\bdomain of (?:[\w.+=-]{1,64}@)?([\w.-]{3,253}) does not designate\b/i,
];

/** The sender's domain that a refusal is about, in small letters; null where it names none. */
export function refusedDomain(said: string): string | null {
  for (const pattern of named) {
    const domain = pattern.exec(said)?.[1]?.replace(/\.$/, '').toLowerCase();
    if (domain !== undefined && isHostName(domain)) return domain;
  }
  return null;
}

/** Whose mail systems a product is: a filter that others put in front of or behind their servers, or a mailbox service. */
export interface Product {
  name: string;
  kind: 'gateway' | 'provider';
  /** Ends of host names, or first letters with a `^`. */
  hosts: readonly string[];
  /** What only its refusals say, in lower case. */
  signatures: readonly string[];
}

/** Gateways and large mailbox services by host name and signature (ndr-formats.md §9). */
export const products: readonly Product[] = [
  {
    name: 'Proofpoint',
    kind: 'gateway',
    hosts: ['pphosted.com', '^mx0a-', '^mx0b-'],
    signatures: ['ipcheck.proofpoint.com', 'support.proofpoint.com'],
  },
  {
    name: 'Proofpoint Essentials',
    kind: 'gateway',
    hosts: ['ppe-hosted.com', 'ppe-hosted.eu'],
    signatures: [],
  },
  {
    name: 'Mimecast',
    kind: 'gateway',
    hosts: ['mimecast.com', 'mimecast.co.za'],
    signatures: ['community.mimecast.com', 'mimecast.com/docs', 'mimecastsupport.zendesk.com'],
  },
  {
    name: 'Barracuda',
    kind: 'gateway',
    hosts: ['barracudanetworks.com', 'cudaops.com', '^barracuda.'],
    signatures: ['permanent failure for one or more recipients (', 'ube, id=', 'barracudanetworks.com'],
  },
  { name: 'Cisco', kind: 'gateway', hosts: ['iphmx.com'], signatures: ['ironport'] },
  {
    name: 'Symantec',
    kind: 'gateway',
    hosts: ['messagelabs.com'],
    signatures: ['messagelabs.com', 'symanteccloud.com'],
  },
  {
    name: 'Trend Micro',
    kind: 'gateway',
    hosts: [
      'tmes.trendmicro.com',
      'tmes.trendmicro.eu',
      'emailsecurity.trendmicro.eu',
      'emailsecurity.trendmicro.com',
      '^imsva',
    ],
    signatures: ['trend micro rbl+', 'mail-abuse.com'],
  },
  { name: 'Sophos', kind: 'gateway', hosts: ['hydra.sophos.com', 'reflexion.net'], signatures: [] },
  { name: 'Forcepoint', kind: 'gateway', hosts: ['mailcontrol.com'], signatures: [] },
  {
    name: 'Hornetsecurity',
    kind: 'gateway',
    hosts: ['hornetsecurity.com', 'antispameurope.com'],
    signatures: [],
  },
  {
    name: 'Google',
    kind: 'provider',
    hosts: ['google.com', 'googlemail.com', 'gmail.com'],
    signatures: [' - gsmtp'],
  },
  {
    name: 'Yahoo',
    kind: 'provider',
    hosts: ['yahoodns.net', 'yahoo.com'],
    signatures: ['[tss04]', '[bl21]'],
  },
  { name: 'Apple', kind: 'provider', hosts: ['mail.icloud.com'], signatures: [] },
  { name: 'GoDaddy', kind: 'provider', hosts: ['secureserver.net'], signatures: [' ib508 ', ' ib607 '] },
  {
    name: 'United Internet',
    kind: 'provider',
    hosts: ['ionos.de', 'kundenserver.de', 'gmx.net', 'web.de'],
    signatures: [],
  },
];

/** The product that a host belongs to, by the end or the beginning of its name; null for all others. */
export function productOfHost(host: string): Product | null {
  const name = host.toLowerCase();
  return (
    products.find(({ hosts }) =>
      hosts.some((part) =>
        part.startsWith('^') ? name.startsWith(part.slice(1)) : name === part || name.endsWith(`.${part}`),
      ),
    ) ?? null
  );
}

/** Domains of mailboxes for everybody, under which no organization has rules of its own. */
const consumerDomain =
  /^(?:gmail|googlemail|icloud|me|mac|aol|yahoo|ymail|rocketmail|gmx|outlook|hotmail|live|msn)\.(?:com?|co\.[a-z]{2}|com\.[a-z]{2}|[a-z]{2}|net)$/i;

/** Whether somebody's mailbox is one of a service for everybody, and whether that service is Microsoft's. */
export const isConsumerDomain = (domain: string): boolean =>
  consumerDomain.test(domain) || productOfHost(domain)?.kind === 'provider';
export const isMicrosoftConsumer = (domain: string): boolean =>
  /^(?:outlook|hotmail|live|msn)\./i.test(domain) && consumerDomain.test(domain);

/** The product whose refusals have words like these. */
export function productInWords(words: string): Product | null {
  const low = words.toLowerCase();
  return products.find(({ signatures }) => signatures.some((signature) => low.includes(signature))) ?? null;
}

/**
 * Codes and signs with which Microsoft protects its service as a whole, for all tenants: lists of banned senders and
 * addresses, limits, stopped senders, unknown relays (codes.md S05, S10, S24, S31 to S46, B10, B24, B25). Not among them: what
 * the recipient's own organization set up (5.7.504, 505, 507, 510, 513) or the sender's (5.7.520, 5.7.703).
 */
export const microsoftCodes: readonly RegExp[] = [
  /^4\.7\.[5-8]\d\d$/,
  /^5\.7\.(?:64|50[1-368]|51[124-9]|6\d\d|70[0-24-9]|7[1-4]\d|750|800)$/,
  /^5\.1\.(?:8|90)$/,
];
export const microsoftWords = /\(S\d{3,4}\)|\bAS ?\(?16012609|postmaster\.live\.com/;

/** Codes that only the organization of the recipient gives: nobody there by that name, mailbox, group, block list (codes.md S11 to S13, S26 to S28, S34, S37, S43, B07). */
export const recipientCodes: readonly RegExp[] = [
  /^5\.1\.(?:0|1|10|351)$/,
  /^[45]\.2\.[1-4]$/,
  /^5\.4\.1$/,
  /^5\.7\.(?:1(?:2\d|3[0-8]|9\d)|50[4579]|51[03])$/,
];
/** Codes under which Exchange Online passes the words of another server on (ndr-formats.md §4). */
export const foreignCodes: readonly RegExp[] = [/^[45]\.\d\.35\d$/, /^5\.7\.36\d$/];
/** Codes that the sender's own organization gives (codes.md S45, B24). */
export const senderCodes: readonly RegExp[] = [/^5\.7\.(?:60|520|703)$/];
/** Codes of a message that nobody took over in time, or that found no server (codes.md S15 to S17). */
export const undeliveredCodes: readonly RegExp[] = [/^[45]\.4\.(?:3\d\d|4|7)$/];

import { domainOf } from './addresses';

/** Second-level names under which organizations register in countries: `co.uk`, `com.au`. */
const registries = new Set(['co', 'com', 'org', 'net', 'ac', 'gov', 'edu', 'gv', 'or', 'ne', 'gob', 'nsw']);
/** Names that only exist inside a network. */
const inner = /(?:^[^.]+|\.(?:local|lan|internal|intern|corp|intra|home|localdomain))$/i;

/** The registered domain of a host or domain name, by habit and without a list: `mx1.mail.contoso.co.uk` is contoso.co.uk's. */
export function organizationOf(name: string): string {
  const labels = name.toLowerCase().split('.');
  const isCountry = (labels.at(-1)?.length ?? 0) === 2;
  return labels.slice(isCountry && registries.has(labels.at(-2) ?? '') ? -3 : -2).join('.');
}

/** Whether a host is of the organization of an address: by its domain, or by the name that Microsoft gives a tenant's MX. */
export function belongsTo(host: string, address: string | null): boolean {
  const domain = domainOf(address)?.toLowerCase();
  if (domain === undefined) return false;
  const tenant = /^([\w-]+)\.mail\.protection\.outlook\.com$/i.exec(host)?.[1]?.toLowerCase();
  if (tenant !== undefined) return tenant === domain.replaceAll('.', '-');
  return organizationOf(host) === organizationOf(domain);
}

/** Whether two addresses are of one organization. */
export function sameOrganization(one: string | null, other: string | null): boolean {
  const domain = domainOf(one);
  return domain !== null && belongsTo(domain, other);
}

/** Whether the name exists only inside a network. */
export const isInnerHost = (host: string): boolean => inner.test(host) && !/^[\d.:a-f]+$/i.test(host);

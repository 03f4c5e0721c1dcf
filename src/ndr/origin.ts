import { domainOf } from './addresses';
import { productOfHost } from './gateways';
import { isMicrosoftHost } from './hosts';
import { matchesOf } from './matches';
import { sameOrganization } from './organization';
import type { Origin, Sighting } from './report';

type OriginField = 'tenant' | 'authAs' | 'entity' | 'spf';

/**
 * Headers of Exchange Online (ndr-formats.md §7) and RFC 8601 §2.2. Group 1 is the value. That they begin their line is looked at
 * where their name stands: with a `^` in front, every sign of the headers would be tried.
 */
const shapes: readonly (readonly [OriginField, RegExp])[] = [
  ['tenant', /x-ms-exchange-crosstenant-id:\s{0,4}([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b/gi],
  ['authAs', /x-ms-exchange-(?:organization|crosstenant)-authas:\s{0,4}(internal|anonymous)\b/gi],
  ['entity', /x-ms-exchange-crosstenant-fromentityheader:\s{0,4}(internet|hosted|hybridonprem)\b/gi],
  [
    'spf',
    /(?:(?:arc-)?authentication-results:[^\n]{0,300}(?:\n[ \t][^\n]{0,300}){0,4}\bspf=|received-spf:\s{0,4})(pass|fail|softfail|neutral|none|temperror|permerror)\b/gi,
  ],
];

/** No more of the headers is looked at than this, in characters. */
const maxHeaders = 100_000;

/** Where in the headers of the message that bounced it says who sent it; `offset` is where they begin in the report's body. */
export function findOrigin(original: string, offset: number): ({ field: OriginField } & Sighting)[] {
  const head = original.slice(0, maxHeaders);
  return shapes.flatMap(([field, shape]) => {
    const [match] = matchesOf(head, shape, 1, ({ index }) => beginsLine(head, index));
    const value = match?.[1] ?? '';
    if (match === undefined || value === '') return [];
    const to = offset + match.index + match[0].length;
    return [{ field, value: value.toLowerCase(), rule: 'header', from: to - value.length, to }];
  });
}

const beginsLine = (text: string, at: number): boolean =>
  /(?:^|\n)[ \t]{0,4}$/.test(text.slice(Math.max(0, at - 5), at));

const isService = (host: string): boolean =>
  isMicrosoftHost(host) || productOfHost(host)?.kind === 'provider';

/**
 * Who sent the message that bounced. `isForged`: SPF failed for it and its Message-ID is none of the sender's organization, so
 * that the bounce is backscatter of somebody else's mail (ndr-formats.md §8).
 */
export function originOf(
  seen: readonly ({ field: OriginField } & Sighting)[],
  sender: string | null,
  messageId: string | null,
): Origin {
  const valueOf = (field: OriginField): string | null =>
    seen.find((sighting) => sighting.field === field)?.value ?? null;
  const spf = valueOf('spf');
  const home = domainOf(messageId);
  // Mail programs of large services name their own hosts there.
  const isStrange =
    home !== null && sender !== null && !isService(home) && !sameOrganization(`@${home}`, sender);
  return {
    tenant: valueOf('tenant'),
    authAs: valueOf('authAs'),
    entity: valueOf('entity'),
    spf,
    isForged: (spf === 'fail' || spf === 'softfail') && isStrange && valueOf('authAs') !== 'internal',
  };
}

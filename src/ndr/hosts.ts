import { isHostName, isIpAddress } from './addresses';
import { hostIn, type Labelled } from './labels';

const host = '([\\w*.-]{3,253})';
/** In brackets an address is as likely the sender's; a name is the server's. */
const named = '([\\w-]{1,63}(?:\\.[\\w-]{1,63}){0,8}\\.[a-z]{2,24})';

/** How reports name the server that refused, best first (ndr-formats.md §8). Group 1 is the host. */
const refused: readonly RegExp[] = [
  new RegExp(`\\[LastAttemptedServerName=${host}\\]`, 'iu'),
  new RegExp(`\\bhost\\s+${host}\\s?\\[[^\\]\\n]{1,60}\\]\\s+said:`, 'iu'),
  new RegExp(`${host}\\s?\\[[^\\]\\n]{1,60}\\]\\s+said:`, 'iu'),
  new RegExp(`<${host} #[\\d.]{5,9} smtp`, 'iu'),
  new RegExp(`\\b(?:remote )?server at ${host} \\([\\d.:a-f]{3,45}\\) returned`, 'iu'),
  new RegExp(`^${host} rejected your message to`, 'imu'),
  new RegExp(`^${host} gave this error:`, 'imu'),
  new RegExp(`while talking to ${host}:`, 'iu'),
  new RegExp(`\\bhost ${host} \\[[^\\]\\n]{1,60}\\]`, 'iu'),
  new RegExp(`^[ \\t]{0,8}${host}\\s?\\n?[ \\t]{0,8}(?:#\\d{3}|Remote server returned)`, 'imu'),
  new RegExp(`${host} #[45]\\d\\d `, 'iu'),
  new RegExp(`\\bsmtp; ?[45]\\d\\d-${host}>`, 'iu'),
  new RegExp(`\\blost connection with ${host}\\[`, 'iu'),
  new RegExp(`\\{FQDN=${host}\\}`, 'iu'),
  new RegExp(`\\[${named}(?: \\d{4}-\\d\\d-\\d\\dT[\\d:.]{8,15}Z [0-9A-F]{8,20})?\\]`, 'iu'),
];

/** The server that refused, in `text` and its labels; null where the report names none. */
export function findRefuser(text: string, labels: readonly Labelled[]): string | null {
  const attempted = refused[0]?.exec(text)?.[1];
  if (attempted !== undefined && isHostName(attempted)) return attempted;
  const labelled = labels.filter(({ field }) => field === 'remoteServer').map(({ value }) => hostIn(value) ?? connectorName(value));
  const first = labelled.find((value) => value !== null);
  if (first !== undefined) return first;
  for (const pattern of refused) {
    const name = pattern.exec(text)?.[1]?.replace(/\.$/, '');
    if (name !== undefined && (isHostName(name) || isIpAddress(name))) return name;
  }
  return null;
}

/** A send connector may stand where a server is expected; its name is worth showing, a sentence is not. */
const connectorName = (value: string): string | null => (/^[\w -]{3,60}$/.test(value) && value.includes(' ') ? value : null);

/** How reports without such a label name the server that wrote them. */
const wrote: readonly RegExp[] = [
  /^This is the mail system at host ([\w.-]{3,253})(?<!\.)\.?$/im,
  /\bserver at ([\w.-]{3,253}) returned ['‘]5\d\d \d\.4\.\d{1,3} Message expired/i,
  /<([\w.-]{3,253}) #[\d.]{5,9}>/,
];

/** The server that wrote the report. */
export function findWriter(text: string, labels: readonly Labelled[]): string | null {
  for (const { field, value } of labels) {
    const name = field === 'generatingServer' ? hostIn(value) : null;
    if (name !== null) return name;
  }
  for (const shape of wrote) {
    const name = shape.exec(text)?.[1];
    if (name !== undefined && isHostName(name)) return name;
  }
  return null;
}

/** Whether the host is one of Exchange Online's or Outlook.com's own (ndr-formats.md §7). */
export function isMicrosoftHost(name: string): boolean {
  return /(?:^|\.)(?:outlook\.com|outlook\.office365\.com|exchangelabs\.com|mx\.microsoft|protection\.gbl|hotmail\.com|office365\.com)$/i.test(name);
}

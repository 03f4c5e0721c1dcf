/** The values of one bounce that an article may name. */
export const factNames = [
  'recipient',
  'sender',
  'group',
  'domain',
  'senderDomain',
  'ip',
  'server',
  'generatingServer',
  'code',
  'reply',
  'diagnostic',
  'error',
  'subject',
  'messageId',
  'time',
] as const;
export type FactName = (typeof factNames)[number];

/**
 * What one bounce told us; null where it did not. `domain` is the recipient's, `server` the one that refused, `error` the
 * whole line that it refused with: reply, code and words, `time` a date as written, with the zone it was written in.
 */
export type Facts = Record<FactName, string | null>;

const known = new Set<string>(factNames);

/** Whether `name` may stand in braces in an article. */
export function isFactName(name: string): name is FactName {
  return known.has(name);
}

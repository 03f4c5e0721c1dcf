import { squeeze } from './squeeze';

/** One station of the message's way, as its server noted it. Null where the note does not say. */
export interface Hop {
  from: string | null;
  by: string | null;
  /** The protocol as written: `mapi`, `ESMTPS`, `Microsoft SMTP Server`, `HTTPS`. */
  protocol: string | null;
  /** Date and time as written; the format follows the server. */
  at: string | null;
  /** Seconds since the hop before, 0 or more; null when one of the two times cannot be read or the clocks disagree. */
  delay: number | null;
  /** The clock of this server is behind the one before: the delay would be negative. */
  clockDiffers: boolean;
}

/** More hops than this is a mail loop; the report breaks one off at about 20 to 30. */
const maxHops = 60;

interface Stamp {
  from: string | null;
  by: string | null;
  protocol: string | null;
  at: string | null;
  /** Milliseconds since 1970, for differences only. */
  time: number | null;
}

/** The way of a message, oldest hop first, from its `Received` fields (RFC 5321 §4.4, newest on top). */
export const findReceived = (text: string): Hop[] => toHops(receivedStamps(text).reverse());

/** The same from the "Message Hops" table of a modern report (ndr-formats.md §2), a digest of the fields. */
export const findTable = (text: string): Hop[] => toHops(tableStamps(text));

/** The way of a message: from its fields, else from the table. */
export function findHops(text: string): Hop[] {
  const way = findReceived(text);
  return way.length > 0 ? way : findTable(text);
}

function toHops(stamps: readonly Stamp[]): Hop[] {
  return stamps.slice(0, maxHops).map(({ time, ...stamp }, index) => {
    const before = stamps[index - 1]?.time ?? null;
    const seconds = time === null || before === null ? null : Math.round((time - before) / 1000);
    return {
      ...stamp,
      delay: seconds === null || seconds < 0 ? null : seconds,
      clockDiffers: seconds !== null && seconds < 0,
    };
  });
}

/** Where a `Received` field begins: in a line of its own, or anywhere in a text whose line breaks were lost. */
const receivedField = /(?<![\w-])Received: ?(?=\S)/gi;
/** Where one ends at the latest: an empty line, the next field. A line that lost its indent still belongs to it. */
const fieldEnd = /\n[ \t>|]{0,8}(?:\n|[A-Z][\w-]{1,60}:(?!\d))/i;
const maxField = 2000;
/** The date behind the semicolon (RFC 5322 §3.3). */
const stampDate =
  /;\s{0,4}((?:[A-Z][a-z]{2},?\s{1,4})?\d{1,2}\s{1,2}[A-Z][a-z]{2}\s{1,2}\d{4}\s{1,2}\d{1,2}:\d\d(?::\d\d)?(?:\s{1,2}(?:[+-]\d{4}|[A-Z]{2,5}))?(?:\s\([^()\n]{1,40}\))?)/;

function receivedStamps(text: string): Stamp[] {
  const starts = [...text.matchAll(receivedField)]
    .slice(0, maxHops)
    .map(({ index, 0: name }) => ({ at: index, from: index + name.length }));
  return starts.flatMap(({ from }, index) => {
    const rest = text.slice(from, Math.min(starts[index + 1]?.at ?? Infinity, from + maxField));
    const field = squeeze(rest.slice(0, fieldEnd.exec(rest)?.index ?? rest.length));
    return /\bby \S/i.test(field) || stampDate.test(field) ? [stampOf(field)] : [];
  });
}

function stampOf(field: string): Stamp {
  const at = stampDate.exec(field)?.[1]?.trim() ?? null;
  return {
    from: /\bfrom ([^\s;()]{1,253})/i.exec(field)?.[1] ?? null,
    by: /(?<!invoked )\bby ([^\s;()]{1,253})/i.exec(field)?.[1] ?? null,
    protocol: protocolOf(field),
    at,
    time: timeOf(at),
  };
}

const protocolOf = (field: string): string | null =>
  /\bwith (Microsoft SMTP Server|[\w-]{2,20})/i.exec(field)?.[1] ?? null;

function timeOf(at: string | null): number | null {
  if (at === null) return null;
  // A zone's name in parentheses behind the offset is a comment (RFC 5322 §3.3).
  const time = Date.parse(at.replace(/ ?\([^()]{0,40}\) ?$/, ''));
  return Number.isNaN(time) ? null : time;
}

/** `1  9/1/2017 6:40:30 AM  FROM  TO  WITH  *`: cells set apart by tabs or runs of spaces, empty ones vanish. */
const tableRow =
  /^[ \t]{0,8}\d{1,2}[ \t]{1,40}(\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4} \d{1,2}:\d{2}:\d{2}(?: [AP]M)?)[ \t]{1,40}(\S[^\n]{1,600})$/gim;

function tableStamps(text: string): Stamp[] {
  const heading = /^[ \t]{0,8}(?:Message Hops|HOP[ \t]{1,20}TIME)/im.exec(text);
  if (heading === null) return [];
  const stamps: Stamp[] = [];
  for (const match of text.slice(heading.index, heading.index + 20_000).matchAll(tableRow)) {
    const cells = (match[2] ?? '')
      .split(/\t| {2,}/)
      .map((cell) => cell.trim())
      .filter((cell) => cell !== '');
    const hosts = cells.filter(
      (cell) => /^[\w.-]{1,253}$/.test(cell) && (cell.includes('.') || cell === 'localhost'),
    );
    const [first = null, second = null] = hosts;
    const protocol =
      cells.find((cell) => /^(?:mapi|https?|e?smtps?a?|microsoft smtp server|lmtp)\b/i.test(cell)) ?? null;
    const at = match[1] ?? null;
    stamps.push({
      from: second === null ? null : first,
      by: second ?? first,
      protocol: protocol === null ? null : (/^[\w ]+/.exec(protocol)?.[0].trim() ?? null),
      at,
      time: timeOf(at),
    });
  }
  return stamps;
}

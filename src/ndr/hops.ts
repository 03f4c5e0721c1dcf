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

/**
 * The way of a message, oldest hop first: from `Received` fields (RFC 5321 §4.4, newest on top), or from the
 * "Message Hops" table of a modern report, which is a digest of the same.
 */
export function findHops(text: string): Hop[] {
  const stamps = receivedStamps(text);
  return toHops(stamps.length > 0 ? stamps.reverse() : tableStamps(text));
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

/** A `Received` field with its folded lines; the fold may have lost its indent where a client re-wrapped the text. */
const receivedField = /^[ \t>|]{0,8}Received: ?([^\n]{1,998}(?:\n[ \t]{1,16}[^\n]{1,998}){0,12})/gim;

function receivedStamps(text: string): Stamp[] {
  const stamps: Stamp[] = [];
  for (const match of text.matchAll(receivedField)) {
    const field = (match[1] ?? '').replace(/\s+/g, ' ');
    const semicolon = field.lastIndexOf(';');
    const at =
      semicolon === -1
        ? null
        : field
            .slice(semicolon + 1)
            .trim()
            .slice(0, 60);
    stamps.push({
      from: /\bfrom ([^\s;()]{1,253})/i.exec(field)?.[1] ?? null,
      by: /\bby ([^\s;()]{1,253})/i.exec(field)?.[1] ?? null,
      protocol: protocolOf(field),
      at,
      time: timeOf(at),
    });
    if (stamps.length === maxHops) break;
  }
  return stamps;
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

import type { Phrases } from '../phrases';
import type { KeptHop } from './case';
import { shorten } from './fill';
import type { PathRow } from './view';

/** The path segment of the card that shows the mail's way; stands where an audience would. */
export const pathSegment = 'mailPath';

const maxHost = 60;
/** Below this a delay is nothing to look at, in seconds. */
const slow = 60;

/**
 * The stations of a message, oldest first, the one that refused marked. `server` is the refuser as the report names it:
 * the last station, or one behind it that wrote no trace of its own.
 */
export function pathRows(
  hops: readonly KeptHop[],
  server: string | null,
  phrases: Phrases,
): { rows: PathRow[]; note: string } {
  const first = hops[0]?.from ?? null;
  const start: PathRow[] =
    first === null || first === hops[0]?.by
      ? []
      : [{ host: shorten(first, maxHost), detail: '', refused: false }];
  const stations = hops.flatMap((hop): PathRow[] =>
    hop.by === null
      ? []
      : [{ host: shorten(hop.by, maxHost), detail: detailOf(hop, phrases), refused: false }],
  );
  const rows = [...start, ...stations];
  const last = rows.at(-1);
  if (server !== null && rows.length > 0) {
    if (last !== undefined && sameHost(last.host, server)) last.refused = true;
    else rows.push({ host: shorten(server, maxHost), detail: '', refused: true });
  }
  return { rows, note: noteOf(hops, phrases) };
}

/** Data centers name one machine twice: `X.mail.protection.outlook.com`, `X.eop-apc01.prod.protection.outlook.com`. */
const sameHost = (a: string, b: string): boolean =>
  a.split('.')[0]?.toLowerCase() === b.split('.')[0]?.toLowerCase();

function detailOf({ protocol, delay, clockDiffers }: KeptHop, phrases: Phrases): string {
  const wait = clockDiffers
    ? phrases.t('path.clock')
    : delay === null
      ? null
      : phrases.t('path.after', { time: duration(delay) });
  return [protocol, wait].filter((part) => part !== null).join(' · ');
}

function noteOf(hops: readonly KeptHop[], phrases: Phrases): string {
  const longest = hops.reduce<KeptHop | null>(
    (best, hop) => ((hop.delay ?? 0) > (best?.delay ?? slow) ? hop : best),
    null,
  );
  const total = hops.reduce((sum, { delay }) => sum + (delay ?? 0), 0);
  if (longest?.by != null && longest.delay !== null)
    return phrases.t('path.slow', { host: shorten(longest.by, maxHost), time: duration(longest.delay) });
  return phrases.t('path.quick', { n: hops.length, time: duration(total) });
}

/** "4 s", "3 min", "2 h": as exact as somebody looking for a delay needs it. */
function duration(seconds: number): string {
  if (seconds < 120) return `${String(seconds)} s`;
  if (seconds < 7200) return `${String(Math.round(seconds / 60))} min`;
  return `${String(Math.round(seconds / 3600))} h`;
}

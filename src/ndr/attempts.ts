import { isIpAddress } from './addresses';
import type { Attempt, Reply, Said } from './report';
import { squeeze } from './squeeze';

/** A dated line as found; the cause among several is told per failure. */
export interface FoundAttempt extends Omit<Attempt, 'isCause'> {
  at: number;
  /** Where the server's name stands. */
  serverAt: number;
}

const day = String.raw`\d{1,4}[/.-] ?\d{1,2}[/.-] ?\d{1,4}\.?,?(?: \p{L}{1,6}\.?)? \d{1,2}[:.]\d\d(?:[:.]\d\d)?(?: ?[AP]\.?M\.?)?`;
/** `3/09/2016 8:05:56 PM - Remote Server at contoso.com (10.1.1.3) returned '550 …` (ndr-formats.md §3). */
const line = new RegExp(
  `(?<!\\d)(${day})\\s{0,4}[-–]\\s{1,4}(?:remote )?server at ([^\\n'()]{1,120}?)(?:\\s{1,4}\\(([^()\\n]{1,64})\\))?\\s{1,4}returned ['‘"]`,
  'giu',
);
/** `{LED=550 4.4.7 …};{MSG=};{FQDN=host};{IP=1.2.3.4};{LRT=date}` of a message trace. */
const trace = /\{LED=[^{}\n]{1,1000}\}((?:;? ?\{[A-Z]{2,6}=[^{}\n]{0,300}\}){0,8})/g;

const maxAttempts = 200;

/** Every dated attempt in `text`, in order; `replies` are those of the same text, in order. */
export function findAttempts(text: string, replies: readonly Reply[]): FoundAttempt[] {
  const found: FoundAttempt[] = [];
  let next = 0;
  for (const match of text.matchAll(line)) {
    const [whole, written = '', server = '', ip] = match;
    const behind = match.index + whole.length;
    while ((replies[next]?.at ?? Infinity) < behind) next += 1;
    const reply = replies[next];
    const said = reply !== undefined && reply.at - behind < 4 ? sayingOf(reply) : silent;
    const known = ip !== undefined && isIpAddress(ip) ? ip : null;
    found.push({
      date: written,
      server: squeeze(server),
      ip: known,
      ...said,
      at: match.index,
      serverAt: match.index + whole.indexOf(server, written.length),
    });
    if (found.length >= maxAttempts) return found;
  }
  return found.length > 0 ? found : findTraced(text, replies);
}

function findTraced(text: string, replies: readonly Reply[]): FoundAttempt[] {
  const found: FoundAttempt[] = [];
  let next = 0;
  for (const match of text.matchAll(trace)) {
    const fields = new Map(
      [...(match[1] ?? '').matchAll(/\{([A-Z]{2,6})=([^{}\n]{1,300})\}/g)].map(
        ([, name = '', value = '']) => [name, value],
      ),
    );
    const written = fields.get('LRT');
    while ((replies[next]?.at ?? Infinity) < match.index) next += 1;
    const reply = replies[next];
    if (written === undefined || reply === undefined || reply.at > match.index + match[0].length) continue;
    const server = fields.get('FQDN') ?? null;
    found.push({
      date: written,
      server,
      ip: fields.get('IP') ?? null,
      ...sayingOf(reply),
      at: match.index,
      serverAt: match.index + Math.max(0, match[0].indexOf('{FQDN=') + '{FQDN='.length),
    });
    if (found.length >= maxAttempts) break;
  }
  return found;
}

const silent: Said = { code: null, reply: null, text: '' };
const sayingOf = ({ code, reply, text }: Reply): Said => ({ code, reply, text });

/** That time ran out says nothing about why. */
const expired = /^(?:QUEUE\.Expired|message expired)[^>]*$/i;

/** The attempts with the one marked that carries the cause: the oldest that says another thing than "expired". */
export function toHistory(attempts: readonly FoundAttempt[]): Attempt[] {
  const cause = attempts.findLast(({ text }) => text !== '' && !expired.test(text));
  return attempts.map((attempt) => {
    const { date, server, ip, code, reply, text } = attempt;
    return { date, server, ip, code, reply, text, isCause: attempt === cause };
  });
}

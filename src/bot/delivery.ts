import { setTimeout as sleep } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';

/** One call to the Bot Connector: a message made, changed or taken back. */
export interface Call {
  method: 'POST' | 'PUT' | 'DELETE';
  url: string;
  /** What the limits of Teams are counted by. */
  conversation: string;
  /** JSON text; '' for a call without a body. */
  body: string;
}

export interface Answer {
  status: number;
  /** Header `Retry-After` (RFC 9110 §10.2.3), as it came. */
  retryAfter: string | null;
  body: string;
}

/** Does one call. Throws when there was no answer: dropped, or none within `timeoutMs`; `NotSent` if it surely had no effect. */
export type Request = (call: Call, timeoutMs: number) => Promise<Answer>;

/**
 * What became of a call that did not succeed. `gone`: the conversation or message is not there; `blocked`: the bot may not speak there;
 * `tooLarge`; `late`: Teams asked to wait, or answered nothing, until the turn's time was over; `refused`: anything else.
 */
export type Failing = 'gone' | 'blocked' | 'tooLarge' | 'late' | 'refused';

/** There was no connection, or no token: whoever tries again does nothing twice. */
export class NotSent extends Error {
  readonly code = 'NOT_SENT';
  constructor(options?: ErrorOptions) {
    super('The call was not sent.', options);
    this.name = 'NotSent';
  }
}

/** A call that will not succeed any more in this turn. Has no words of the conversation in it. */
export class DeliveryError extends Error {
  readonly code = 'DELIVERY_FAILED';
  constructor(
    readonly failing: Failing,
    readonly status: number | null,
    readonly tries: number,
    options?: ErrorOptions,
  ) {
    const answer = status === null ? 'no answer' : String(status);
    super(`Teams did not take a message: ${failing} (${answer}, tries: ${String(tries)}).`, options);
    this.name = 'DeliveryError';
  }
}

export interface Delivery {
  /** The answer's body. @throws DeliveryError */
  deliver(call: Call, deadline: number): Promise<string>;
}

export interface DeliveryOptions {
  request: Request;
  now?: () => number;
  wait?: (ms: number) => Promise<unknown>;
  random?: () => number;
}

/** Answers that mean "try again" (Teams' table of status codes, conversation-messages). */
const passing = new Set([412, 429, 502, 503, 504]);
const failings = new Map<number, Failing>([
  [403, 'blocked'],
  [404, 'gone'],
  [413, 'tooLarge'],
  [429, 'late'],
]);

const firstPause = 250;
const longestPause = 4000;
const maxTries = 6;
/** A message of which nobody knows whether it has arrived is sent once more: twice is better than never, and more often is not. */
const maxUnclear = 2;
/** With less than this left nothing is begun any more, in milliseconds. */
const leastTime = 50;

/** What a bot may send to one thread: at most so many messages within so many milliseconds (Teams' rate-limit page). */
const limits = [
  [7, 1000],
  [8, 2000],
  [60, 30_000],
] as const;
/** Of what was sent, so much is remembered, and for so long, in ms. */
const mostSent = 60;
const longestWindow = 30_000;
const conversationsWatched = 5000;

/**
 * One way out for everything that is sent: it tries again where Teams says so, waits as long as Teams says, keeps to the limits
 * of a thread, and gives up at the turn's deadline. When the connection drops under a message, it may have arrived: it is tried once
 * more, which may send a card twice. A change may be made any number of times.
 */
export function createDelivery({
  request,
  now = Date.now,
  wait = sleep,
  random = Math.random,
}: DeliveryOptions): Delivery {
  const sent = new LRUCache<string, number[]>({ max: conversationsWatched });

  /** When the next message may go to a conversation; it is counted as going then, unless that is too late for it. */
  const reserve = (conversation: string, deadline: number): number => {
    const times = sent.get(conversation) ?? [];
    const at = limits.reduce((earliest, [count, within]) => {
      const blocking = times.at(-count);
      return blocking === undefined ? earliest : Math.max(earliest, blocking + within);
    }, now());
    if (at > deadline - leastTime) throw new DeliveryError('late', null, 0);
    const recent = times.filter((time) => at - time <= longestWindow);
    sent.set(conversation, [...recent.slice(1 - mostSent), at]);
    return at;
  };

  const pause = (ms: number, deadline: number, error: () => DeliveryError): Promise<unknown> => {
    if (now() + ms > deadline - leastTime) throw error();
    return wait(ms);
  };

  return {
    async deliver(call, deadline) {
      if (call.method === 'POST') {
        const turn = reserve(call.conversation, deadline) - now();
        if (turn > 0) await wait(turn);
      }
      let unclear = 0;
      for (let tries = 1; ; tries += 1) {
        const answer = await attempt(request, call, deadline - now());
        if (!(answer instanceof Error) && answer.status >= 200 && answer.status < 300) return answer.body;
        const status = answer instanceof Error ? null : answer.status;
        const fail = (failing: Failing): DeliveryError =>
          new DeliveryError(failing, status, tries, answer instanceof Error ? { cause: answer } : undefined);
        if (status !== null && !passing.has(status)) throw fail(failings.get(status) ?? 'refused');
        if (answer instanceof Error && !(answer instanceof NotSent) && call.method === 'POST') unclear += 1;
        if (tries >= maxTries || unclear >= maxUnclear) throw fail('late');
        const backoff = Math.min(longestPause, firstPause * 2 ** (tries - 1)) * (0.5 + random());
        const asked = answer instanceof Error ? null : waitAsked(answer.retryAfter, now());
        // A little more than asked, and not all at the same moment.
        await pause(asked === null ? backoff : asked + firstPause * random(), deadline, () => fail('late'));
      }
    },
  };
}

async function attempt(request: Request, call: Call, left: number): Promise<Answer | Error> {
  if (left < leastTime) return new NotSent();
  try {
    return await request(call, left);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** `Retry-After` in milliseconds: seconds, or a date. Null when it is neither. */
function waitAsked(value: string | null, now: number): number | null {
  if (value === null || value.trim() === '') return null;
  if (/^\d{1,6}$/.test(value.trim())) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}

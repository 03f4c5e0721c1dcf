import { EventEmitter } from 'node:events';
import { isError } from '../log';
import { NotSent, type Request } from './delivery';

/** More of an answer than an id and an error's words is not read, in bytes. */
const maxAnswer = 64 * 1024;
const userAgent = 'BounceDesk';
/** What goes wrong before there is a connection (Node's `dns` and `net`, undici). */
const unconnected = new Set<unknown>([
  ...['EAI_AGAIN', 'ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND'],
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * The Bot Connector's HTTP, with connections that stay open. `token` gives the access token for calls, null where nobody is
 * authenticated.
 */
export function createConnector(token: () => Promise<string | null>): {
  request: Request;
  close(): Promise<void>;
} {
  // Loaded with the first call, as no start has to wait for it.
  const open = async () => {
    const { Agent, request } = await import('undici');
    return { request, dispatcher: new Agent({ keepAliveTimeout: 30_000, connect: { timeout: 5000 } }) };
  };
  let http: ReturnType<typeof open> | undefined;
  return {
    async request({ method, url, body }, timeoutMs) {
      // Of the whole call: whoever succeeds a slow turn relies on its having sent nothing after its time.
      const limit = new TimeLimit(timeoutMs);
      try {
        const bearer = await limit.within(token());
        const { request, dispatcher } = await limit.within((http ??= open()));
        const response = await request(url, {
          method,
          dispatcher,
          signal: limit.signal,
          headers: {
            accept: 'application/json',
            'user-agent': userAgent,
            ...(body === '' ? {} : { 'content-type': 'application/json; charset=utf-8' }),
            ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
          },
          body: body === '' ? null : body,
        }).catch((cause: unknown) => {
          throw isError(cause) && 'code' in cause && unconnected.has(cause.code)
            ? new NotSent({ cause })
            : cause;
        });
        const retryAfter = response.headers['retry-after'];
        return {
          status: response.statusCode,
          retryAfter: typeof retryAfter === 'string' ? retryAfter : null,
          body: await bounded(response.body),
        };
      } finally {
        limit.lift();
      }
    },
    close: async () => {
      if (http !== undefined) await (await http).dispatcher.close();
    },
  };
}

/** A time that a call may take. AbortSignal.timeout would go off after it as well, with an error, and that is a fiftieth of a turn. */
class TimeLimit {
  /** Emits `abort` when the time is over, which undici takes as well as a signal. */
  readonly signal = new EventEmitter();
  #timer: NodeJS.Timeout | undefined;
  readonly #over: Promise<never>;

  constructor(ms: number) {
    this.#over = new Promise((_, reject) => {
      this.#timer = setTimeout(() => {
        reject(new Error('The time for a call is over.'));
        this.signal.emit('abort');
      }, ms);
    });
    this.#over.catch(() => undefined); // Whoever waits for something hears of it.
  }

  /** What comes before the call itself, unless it comes too late. @throws NotSent */
  async within<T>(work: Promise<T>): Promise<T> {
    try {
      return await Promise.race([work, this.#over]);
    } catch (cause) {
      throw new NotSent({ cause });
    }
  }

  lift(): void {
    clearTimeout(this.#timer);
  }
}

/** The beginning of a body as text; the rest is read off so that the connection can be used again. */
async function bounded(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length <= maxAnswer) chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

import type { Dispatcher } from 'undici';
import { NotSent, type Answer, type Request } from './delivery';

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
  const open = async (): Promise<Dispatcher> => {
    const { Agent } = await import('undici');
    return new Agent({ keepAliveTimeout: 30_000, connect: { timeout: 5000 } });
  };
  let http: Promise<Dispatcher> | undefined;
  return {
    async request({ method, url, body }, timeoutMs) {
      // Of the whole call: whoever succeeds a slow turn relies on its having sent nothing after its time.
      const limit = new TimeLimit(timeoutMs);
      try {
        const bearer = await limit.within(token());
        const dispatcher = await limit.within((http ??= open()));
        const { origin, pathname, search } = new URL(url);
        const headers = {
          accept: 'application/json',
          'user-agent': userAgent,
          ...(body === '' ? {} : { 'content-type': 'application/json; charset=utf-8' }),
          ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
        };
        const sending = body === '' ? null : body;
        return await new Promise<Answer>((resolve, reject) => {
          const collector = new Collector(resolve, reject);
          limit.whenOver((error) => {
            collector.cut(error);
          });
          dispatcher.dispatch(
            { origin, path: `${pathname}${search}`, method, headers, body: sending },
            collector,
          );
        });
      } finally {
        limit.lift();
      }
    },
    close: async () => {
      if (http !== undefined) await (await http).close();
    },
  };
}

/** A time that a call may take. AbortSignal.timeout would go off after it as well, with an error, and that is a fiftieth of a turn. */
class TimeLimit {
  #timer: NodeJS.Timeout | undefined;
  readonly #over: Promise<never>;
  #then: (error: Error) => void = () => undefined;

  constructor(ms: number) {
    this.#over = new Promise((_, reject) => {
      this.#timer = setTimeout(() => {
        const error = new Error('The time for a call is over.');
        reject(error);
        this.#then(error);
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

  /** The last who asks is told. */
  whenOver(then: (error: Error) => void): void {
    this.#then = then;
  }

  lift(): void {
    clearTimeout(this.#timer);
  }
}

/**
 * Takes in the answer to one call: the beginning of its body, and the rest is read off so that the connection can be used again. undici's
 * own `request` makes a stream of a body first, which costs a thirtieth of a turn.
 */
class Collector implements Dispatcher.DispatchHandler {
  readonly #resolve: (answer: Answer) => void;
  readonly #reject: (error: Error) => void;
  readonly #chunks: Buffer[] = [];
  #length = 0;
  #status = 0;
  #retryAfter: string | null = null;
  #call: Dispatcher.DispatchController | undefined;
  #cut: Error | undefined;

  constructor(resolve: (answer: Answer) => void, reject: (error: Error) => void) {
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** Give the call up, whether it has begun or still waits for a connection. */
  cut(error: Error): void {
    this.#cut = error;
    this.#call?.abort(error);
    this.#reject(this.#call === undefined ? new NotSent({ cause: error }) : error);
  }

  onRequestStart(call: Dispatcher.DispatchController): void {
    this.#call = call;
    if (this.#cut !== undefined) call.abort(this.#cut);
  }

  onResponseStart(
    _: Dispatcher.DispatchController,
    status: number,
    headers: Partial<Record<string, unknown>>,
  ): void {
    const retryAfter = headers['retry-after'];
    this.#status = status;
    this.#retryAfter = typeof retryAfter === 'string' ? retryAfter : null;
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#length += chunk.length;
    if (this.#length <= maxAnswer) this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    const body = Buffer.concat(this.#chunks).toString('utf8');
    this.#resolve({ status: this.#status, retryAfter: this.#retryAfter, body });
  }

  onResponseError(_: Dispatcher.DispatchController, cause: Error): void {
    this.#reject('code' in cause && unconnected.has(cause.code) ? new NotSent({ cause }) : cause);
  }
}

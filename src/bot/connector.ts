import { once } from 'node:events';
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
      const signal = AbortSignal.timeout(timeoutMs);
      const tooLate = once(signal, 'abort').then((): never => {
        throw new Error('There was no access token in time.');
      });
      const bearer = await Promise.race([token(), tooLate]).catch((cause: unknown) => {
        throw new NotSent({ cause });
      });
      if (signal.aborted) throw new NotSent({ cause: signal.reason });
      const { request, dispatcher } = await (http ??= open());
      const response = await request(url, {
        method,
        dispatcher,
        signal,
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
    },
    close: async () => {
      if (http !== undefined) await (await http).dispatcher.close();
    },
  };
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

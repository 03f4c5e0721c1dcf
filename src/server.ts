import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Config } from './config';
import { isError } from './log';
import { answerForRestify, fail, refuse, reply, type Reporting } from './server/answers';
import { Disconnected, parseActivity, readBody, Refusal } from './server/body';
import { isObject } from './is-object';
import { listen } from './server/listen';
import { createApp, type Handler } from './server/restify-app';
import { close, type Live } from './server/shutdown';

export { ListenError } from './server/listen';

/** A POST to /api/messages whose body is an object with a `type`; the rest of it is unchecked. */
export interface MessageRequest {
  /** Header `Authorization` (RFC 9110 §11.6.2). */
  readonly authorization: string | undefined;
  readonly body: Record<string, unknown>;
}

/**
 * What goes back. An `Error` as body is logged and never shown; on an error status anything but an object is replaced by our own
 * sentence.
 */
export interface MessageAnswer {
  readonly status: number;
  readonly body?: unknown;
}

export interface ServerOptions extends Reporting {
  readonly config: Pick<Config, 'host' | 'port' | 'maxBodyBytes' | 'shutdownGraceMs'>;
  /** Answers one activity. */
  process(request: MessageRequest): Promise<MessageAnswer>;
  /** Whether activities can be answered now. */
  ready(): boolean | Promise<boolean>;
  /** Time for a body to arrive once its headers have; a slower sender is refused. Default 10 s. */
  readonly bodyTimeoutMs?: number;
}

export interface Server {
  /** @throws ListenError naming the variable to change. */
  listen(): Promise<{ url: string; port: number }>;
  /** Take no new connections, let running turns finish within the grace, then cut what is left. Repeated calls are one. */
  close(): Promise<void>;
}

/** The HTTP side and nothing else: bodies in, answers out, no knowledge of what a bot is. */
export function createServer(options: ServerOptions): Server {
  const { config, log } = options;
  const app = createApp();
  const live: Live = { sockets: new Set(), turns: new Map() };
  let closing: Promise<void> | undefined;

  const health = { status: 'ok', version: packageVersion() };
  // eslint-disable-next-line @typescript-eslint/require-await -- restify 12 takes no other kind, see Handler
  const healthz: Handler = async (_, res) => {
    reply(res, 200, health);
  };
  const readyz: Handler = async (_, res) => {
    const ready = closing === undefined && (await options.ready());
    reply(res, ready ? 200 : 503, { status: ready ? 'ready' : 'not ready' });
  };
  // HEAD as well: some load balancers probe with it.
  for (const method of ['get', 'head'] as const) {
    app[method]('/healthz', healthz);
    app[method]('/readyz', readyz);
  }
  app.post('/api/messages', async (req, res) => {
    if (closing !== undefined) res.setHeader('Connection', 'close');
    const turn = answer(req, res, options);
    live.turns.set(res, turn);
    await turn;
    live.turns.delete(res);
  });
  app.on('restifyError', (_, res, error, done) => {
    answerForRestify(res, error, options);
    done();
  });

  app.server.on('connection', (socket) => {
    live.sockets.add(socket);
    socket.once('close', () => live.sockets.delete(socket));
  });

  return {
    listen: () => listen(app, { host: config.host, port: config.port, log }),
    close: () => (closing ??= close(app.server, live, { graceMs: config.shutdownGraceMs, log })),
  };
}

/** Never rejects: whatever goes wrong in a turn becomes an answer and a line in the log. */
async function answer(req: IncomingMessage, res: ServerResponse, options: ServerOptions): Promise<void> {
  const { config, bodyTimeoutMs = 10_000 } = options;
  try {
    const body = parseActivity(
      await readBody(req, { maxBodyBytes: config.maxBodyBytes, timeoutMs: bodyTimeoutMs }),
    );
    tell(res, await options.process({ authorization: req.headers.authorization, body }), options);
  } catch (error) {
    if (error instanceof Disconnected) return;
    if (error instanceof Refusal) {
      refuse(res, error);
      return;
    }
    const known = isError(error) ? error : new Error('The handler threw what is no Error.', { cause: error });
    fail(res, 500, known, options);
  }
}

function tell(res: ServerResponse, { status, body }: MessageAnswer, options: ServerOptions): void {
  const isOurs = status >= 400 && (isError(body) || typeof body !== 'object' || body === null);
  if (isOurs) fail(res, status, body, options);
  else reply(res, status, body);
}

function packageVersion(): unknown {
  const manifest: unknown = JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8'));
  return isObject(manifest) ? manifest['version'] : undefined;
}

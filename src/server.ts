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
  readonly method: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Record<string, unknown>;
}

/**
 * What the handler answers with, in the shape the Bot Framework SDK expects. The first `send` or `end` is the answer. An `Error` as
 * body is logged and never shown; on an error status anything but an object is replaced by our own sentence.
 */
export interface MessageResponse {
  readonly socket: unknown;
  status(code: number): unknown;
  header(name: string, value: unknown): unknown;
  send(body?: unknown): unknown;
  end(body?: unknown): unknown;
}

export interface ServerOptions extends Reporting {
  readonly config: Pick<Config, 'host' | 'port' | 'maxBodyBytes' | 'shutdownGraceMs'>;
  /** Answers one activity; it has answered when the promise is fulfilled. */
  process(request: MessageRequest, response: MessageResponse): Promise<void>;
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
  const response = new Answer(res, options);
  try {
    const body = parseActivity(
      await readBody(req, { maxBodyBytes: config.maxBodyBytes, timeoutMs: bodyTimeoutMs }),
    );
    await options.process({ method: 'POST', headers: req.headers, body }, response);
    if (!response.sent) throw new Error('The handler ended without an answer.');
  } catch (error) {
    if (error instanceof Disconnected) return;
    if (error instanceof Refusal) {
      refuse(res, error);
      return;
    }
    const known = isError(error) ? error : new Error('The handler threw what is no Error.', { cause: error });
    response.status(500).send(known);
  }
}

class Answer implements MessageResponse {
  readonly socket: unknown;
  sent = false;
  #status = 200;

  constructor(
    private readonly res: ServerResponse,
    private readonly options: ServerOptions,
  ) {
    this.socket = res.socket;
  }

  status(code: number): this {
    this.#status = code;
    return this;
  }

  header(name: string, value: unknown): this {
    this.res.setHeader(name, String(value));
    return this;
  }

  send(body?: unknown): this {
    if (this.sent) {
      if (isError(body)) this.options.log.error('A turn failed after it had answered.', { error: body });
      return this;
    }
    const isOurs = this.#status >= 400 && (isError(body) || typeof body !== 'object' || body === null);
    if (isOurs) fail(this.res, this.#status, body, this.options);
    else reply(this.res, this.#status, body);
    // Only now: a body that cannot be serialised has thrown, and the handler may still answer with something else.
    this.sent = true;
    return this;
  }

  end(body?: unknown): this {
    return this.send(body);
  }
}

function packageVersion(): unknown {
  const manifest: unknown = JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8'));
  return isObject(manifest) ? manifest['version'] : undefined;
}

import { readFileSync } from 'node:fs';
import {
  STATUS_CODES,
  type IncomingMessage,
  type Server as HttpServer,
  type ServerResponse,
} from 'node:http';
import { isIPv6, type Socket } from 'node:net';
import { join } from 'node:path';
import * as restify from 'restify';
import type { Config } from './config';
import { isError, type Log } from './log';
import { referenceId } from './reference-id';

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

export interface ServerOptions {
  readonly config: Pick<Config, 'host' | 'port' | 'maxBodyBytes' | 'shutdownGraceMs'>;
  /** Answers one activity; it has answered when the promise is fulfilled. */
  process(request: MessageRequest, response: MessageResponse): Promise<void>;
  /** Whether activities can be answered now. */
  ready(): boolean | Promise<boolean>;
  readonly log: Log;
  /** Time for a body to arrive once its headers have; a slower sender is refused. Default 10 s. */
  readonly bodyTimeoutMs?: number;
  readonly newReference?: () => string;
}

export interface Server {
  /** @throws ListenError naming the variable to change. */
  listen(): Promise<{ url: string; port: number }>;
  /** Take no new connections, let running turns finish within the grace, then cut what is left. Repeated calls are one. */
  close(): Promise<void>;
}

/** The server could not start listening; the message is for the operator. */
export class ListenError extends Error {
  readonly code = 'LISTEN_FAILED';
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ListenError';
  }
}

/** The HTTP side and nothing else: bodies in, answers out, no knowledge of what a bot is. */
export function createServer(options: ServerOptions): Server {
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
    listen: () => listen(app, options),
    close: () => (closing ??= close(app.server, live, options)),
  };
}

/** Never rejects: whatever goes wrong in a turn becomes an answer and a line in the log. */
async function answer(req: IncomingMessage, res: ServerResponse, options: ServerOptions): Promise<void> {
  const response = new Answer(res, options);
  try {
    const body = parseActivity(await readBody(req, options));
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

// ── Reading ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** A request that is the sender's fault; `message` is shown to them. */
class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'Refusal';
  }
}

/** The sender went away: there is nobody to answer, and nothing to complain about. */
class Disconnected extends Error {}

function readBody(req: IncomingMessage, { config, bodyTimeoutMs = 10_000 }: ServerOptions): Promise<string> {
  if (!/^application\/json\s*(?:;|$)/i.test(req.headers['content-type'] ?? '')) {
    throw new Refusal(415, 'unsupported_media_type', 'The body must be sent as application/json.');
  }
  if (req.headers['content-encoding'] !== undefined) {
    throw new Refusal(415, 'unsupported_media_type', 'The body must not be compressed.');
  }
  const tooLarge = () =>
    new Refusal(413, 'payload_too_large', `The body is larger than ${config.maxBodyBytes} bytes.`);
  // The rest of a refused body is read and dropped by Node: cutting the connection would lose the answer on its way.
  if (Number(req.headers['content-length'] ?? 0) > config.maxBodyBytes) throw tooLarge();

  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const timer = setTimeout(() => {
      reject(new Refusal(408, 'request_timeout', `The body did not arrive within ${bodyTimeoutMs} ms.`));
    }, bodyTimeoutMs);
    req.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= config.maxBodyBytes) {
        chunks.push(chunk);
        return;
      }
      // Here as well: after an early answer Node forgets the request, and it may never close.
      clearTimeout(timer);
      reject(tooLarge());
    });
    req.on('end', () => {
      resolve(Buffer.concat(chunks).toString('utf8'));
    });
    // Comes after `end` too.
    req.on('close', () => {
      clearTimeout(timer);
      if (!req.readableEnded) reject(new Disconnected());
    });
  });
}

function parseActivity(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message quotes the body.
    throw new Refusal(400, 'invalid_json', 'The body is not valid JSON.');
  }
  if (!isObject(value)) throw new Refusal(400, 'not_an_object', 'The body must be a JSON object.');
  // Checked here because the SDK throws a plain error for it, which would look like a fault of ours.
  if (typeof value['type'] === 'string') return value;
  throw new Refusal(400, 'not_an_activity', 'The body must be an activity with a "type".');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// ── Answering ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────

interface Failure {
  readonly code: string;
  readonly message: string;
  readonly reference?: string;
}

const SENTENCES: Readonly<Partial<Record<number, string>>> = {
  400: 'The request cannot be understood.',
  401: 'The request carries no valid token of the Bot Framework.',
  403: 'The request is not for this bot to answer.',
  404: 'There is nothing at this address.',
  405: 'This address does not answer that method.',
};

const HEADERS = {
  'Content-Type': 'application/json; charset=utf-8',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
};

/** Written to Node's response directly: restify's formatters choose by `Accept`, and show the message of an Error. */
function reply(res: ServerResponse, status: number, body: unknown): void {
  const text = body === undefined ? '' : JSON.stringify(body);
  res.writeHead(status, { ...HEADERS, 'Content-Length': Buffer.byteLength(text) });
  res.end(text);
}

function refuse(res: ServerResponse, { status, code, message }: Refusal): void {
  // What is left of a late body may never come.
  if (status === 408) res.setHeader('Connection', 'close');
  reply(res, status, { error: { code, message } });
}

function fail(res: ServerResponse, status: number, reason: unknown, options: ServerOptions): void {
  if (status >= 500) {
    reply(res, status, { error: failure(status, reason, options) });
    return;
  }
  const error = refusal(status);
  options.log.warn('A request was refused.', {
    status,
    reason: isError(reason) ? reason.message : error.code,
  });
  if (status === 401) res.setHeader('WWW-Authenticate', 'Bearer');
  reply(res, status, { error });
}

function refusal(status: number): Failure {
  const text = STATUS_CODES[status] ?? 'Refused';
  return { code: text.toLowerCase().replace(/\W/g, '_'), message: SENTENCES[status] ?? `${text}.` };
}

/** What the sender may know is a reference; what happened is in the log under it. */
function failure(
  status: number,
  reason: unknown,
  { log, newReference = referenceId }: ServerOptions,
): Failure {
  const reference = newReference();
  log.error('A request failed.', { status, reference, ...(reason === undefined ? {} : { error: reason }) });
  return {
    code: refusal(status).code,
    message: `Something went wrong here; the log has it under ${reference}.`,
    reference,
  };
}

/** restify has found no route, or something of its own has thrown. `sendRaw`, or it would send its own words after ours. */
function answerForRestify(res: RestifyResponse, error: unknown, options: ServerOptions): void {
  const given = isError(error) && 'statusCode' in error ? error.statusCode : undefined;
  const status = given === 404 || given === 405 ? given : 500;
  const text = JSON.stringify({ error: status === 500 ? failure(status, error, options) : refusal(status) });
  res.sendRaw(status, text, { ...HEADERS, 'Content-Length': String(Buffer.byteLength(text)) });
}

// ── Starting and stopping ───────────────────────────────────────────────────────────────────────────────────────────────────────

function listen(
  app: RestifyApp,
  { config: { host, port }, log }: ServerOptions,
): Promise<{ url: string; port: number }> {
  const { server } = app;
  return new Promise((resolve, reject) => {
    app.on('error', (error) => {
      if (!server.listening) reject(listenError(error, host, port));
      else log.error('The server reports an error.', { error });
    });
    server.listen(port, host, () => {
      const address = server.address();
      const bound = typeof address === 'object' && address !== null ? address.port : port;
      resolve({ url: `http://${isIPv6(host) ? `[${host}]` : host}:${bound}`, port: bound });
    });
  });
}

function listenError(cause: unknown, host: string, port: number): ListenError {
  const code = isError(cause) && 'code' in cause ? cause.code : undefined;
  const sentences: Readonly<Partial<Record<string, string>>> = {
    EADDRINUSE: `Port ${port} of ${host} is taken by another program: set PORT to another one, or to 0 for any free port.`,
    EACCES: `The system does not let this program listen on port ${port}: set PORT to 1024 or higher.`,
    EADDRNOTAVAIL: `This machine has no address ${host}: set HOST to one it has, or to 0.0.0.0 for all of them.`,
    ENOTFOUND: `The name ${host} leads to no address: set HOST to an address of this machine.`,
  };
  return new ListenError(
    sentences[String(code)] ?? `Cannot listen on port ${port} of ${host}: check HOST and PORT.`,
    { cause },
  );
}

/** What a shutdown has to think of. */
interface Live {
  readonly sockets: Set<Socket>;
  readonly turns: Map<ServerResponse, Promise<void>>;
}

async function close(
  server: HttpServer,
  { sockets, turns }: Live,
  { config, log }: ServerOptions,
): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    // It reports a server that never listened as an error; that one is closed as well.
    server.close(() => {
      resolve();
    });
  });
  // Kept alive, the connection of a running turn would outlast its answer.
  for (const res of turns.keys()) if (!res.headersSent) res.setHeader('Connection', 'close');
  server.closeIdleConnections();
  // Node counts only those as idle that have had a request: one opened in advance, as proxies do, would cost the whole grace.
  for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();

  // A turn may outlive its connection: Teams hangs up after 15 s.
  const finished = Promise.all([closed, ...turns.values()]).then(() => true);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, config.shutdownGraceMs, false);
  });
  const inTime = await Promise.race([finished, late]);
  clearTimeout(timer);
  if (inTime) return;
  log.warn('Connections were cut: the time for a graceful end is over.', { turns: turns.size });
  server.closeAllConnections();
  await closed;
}

function packageVersion(): unknown {
  const manifest: unknown = JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8'));
  return isObject(manifest) ? manifest['version'] : undefined;
}

// ── restify 12, for which @types/restify (8) is no guide: this is all of it that we use ─────────────────────────────────────────

interface RestifyResponse extends ServerResponse {
  sendRaw(status: number, body: string, headers: Readonly<Record<string, string>>): void;
}

/**
 * Must be an `async` function of two parameters, which is checked when it is registered. The other form, `(req, res, next)`, is of no
 * use: what it throws is caught by nobody and ends the process.
 */
type Handler = (req: IncomingMessage, res: ServerResponse) => Promise<void>;

interface RestifyApp {
  readonly server: HttpServer;
  /** Runs before everything else; `false` means that the request has been dealt with. */
  first(check: (req: IncomingMessage, res: ServerResponse) => boolean): void;
  get(path: string, handler: Handler): void;
  head(path: string, handler: Handler): void;
  post(path: string, handler: Handler): void;
  on(event: 'error', listener: (error: unknown) => void): void;
  on(
    event: 'restifyError',
    listener: (req: unknown, res: RestifyResponse, error: unknown, done: () => void) => void,
  ): void;
}

function isRestifyApp(value: unknown): value is RestifyApp {
  return typeof value === 'object' && value !== null && 'first' in value && 'server' in value;
}

function createApp(): RestifyApp {
  // Without a name there is no `Server` header.
  const app: unknown = restify.createServer({ name: '' });
  if (!isRestifyApp(app)) throw new TypeError('The installed restify is not version 12.');
  app.first((req, res) => {
    // restify builds a URL from the Host header and does not catch: one request with `Host: [` would end the process. We need no
    // host; and a target that is no path (`GET http://[ HTTP/1.1`) does the same.
    req.headers.host = 'localhost';
    if (req.url?.startsWith('/') === true) return true;
    reply(res, 400, { error: refusal(400) });
    return false;
  });
  // restify listens for upgrades and forwards them to nobody: the socket would hang for ever, out of reach of timeouts and of
  // closeAllConnections. Without a listener Node ignores the wish and answers plainly.
  app.server.removeAllListeners('upgrade');
  // A sender that trickles is cut off; a load balancer that keeps idle connections for 60 s must not find ours just closed (502).
  app.server.headersTimeout = 15_000;
  app.server.requestTimeout = 30_000;
  app.server.keepAliveTimeout = 65_000;
  return app;
}

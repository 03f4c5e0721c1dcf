import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http';
import * as restify from 'restify';
import { refusal, reply, type RestifyResponse } from './answers';

// For restify 12 @types/restify (8) is no guide: this is all of it that we use.

/**
 * Must be an `async` function of two parameters, which is checked when it is registered. The other form, `(req, res, next)`, is of no
 * use: what it throws is caught by nobody and ends the process.
 */
export type Handler = (req: IncomingMessage, res: ServerResponse) => Promise<void>;

export interface RestifyApp {
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

/** restify as it is safe to use here. */
export function createApp(): RestifyApp {
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

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import { activitySchema, type Activity, type Sent, type Turn } from './activity';
import { listen, LOOPBACK } from './listen';
import { writeAnswer } from './write-answer';

/** What is waited for one turn, in milliseconds. */
export const TURN_MS = 20_000;

type Rewrite = (activity: Activity) => Activity;

/** Stands between the Playground and the bot: `/api/messages` goes to the bot, everything else is the connector and goes back. */
export class Relay {
  readonly turns: Turn[] = [];
  readonly sent: Sent[] = [];
  readonly refusals: { readonly status: number; readonly headers: Readonly<Record<string, string>> }[] = [];
  private readonly failures: string[] = [];
  private readonly rewrites: Rewrite[] = [];
  private readonly listeners = new Set<() => void>();

  private constructor(
    private readonly bot: string,
    private readonly playground: string,
    private readonly server: Server,
    private readonly locale: string | undefined,
    readonly url: string,
  ) {}

  static async open(bot: string, playground: string, locale?: string): Promise<Relay> {
    const server = createServer();
    const port = await listen(server);
    server.unref();
    const relay = new Relay(bot, playground, server, locale, `http://${LOOPBACK}:${port}`);
    server.on('request', (request, response) => {
      relay.pass(request, response).catch((error: unknown) => {
        // The other end is gone: a bot being restarted, a Playground being stopped.
        relay.failures.push(`${request.method ?? ''} ${request.url ?? ''}: ${inspect(error)}`);
        writeAnswer(response, 502);
      });
    });
    return relay;
  }

  /** Returns how to take it back, should no message come. */
  rewriteNextMessage(rewrite: Rewrite): () => void {
    this.rewrites.push(rewrite);
    return () => {
      const index = this.rewrites.indexOf(rewrite);
      if (index >= 0) this.rewrites.splice(index, 1);
    };
  }

  async turn(from: number, wanted: (activity: Activity) => boolean, ms: number): Promise<Turn> {
    const deadline = Date.now() + ms;
    for (;;) {
      const found = this.turns.slice(from).find(({ activity }) => wanted(activity));
      if (found !== undefined) return found;
      const left = deadline - Date.now();
      if (left <= 0) {
        const since = this.turns.slice(from).map(({ activity, status }) => `${activity.type} ${status}`);
        throw new Error(
          `No such turn within ${ms} ms; ended since: ${since.join(', ') || 'none'}. ${this.failures.join('\n')}`,
        );
      }
      await this.change(left);
    }
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private change(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.listeners.delete(done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.listeners.add(done);
    });
  }

  private async pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '/';
    const text = await textOf(request);
    if (path !== '/api/messages') return this.passToPlayground(request, response, path, text);
    // The Playground asks with GET whether somebody listens.
    if (request.method !== 'POST') {
      writeAnswer(response, 405);
      return;
    }
    const activity = this.inLanguage(this.asReceived(activitySchema.parse(JSON.parse(text))));
    const started = performance.now();
    const answer = await forward(this.bot, 'POST', request, JSON.stringify(activity));
    this.turns.push({ activity, status: answer.status, body: answer.body, ms: performance.now() - started });
    respond(response, answer);
    for (const listener of [...this.listeners]) listener();
  }

  private async passToPlayground(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    text: string,
  ): Promise<void> {
    const method = request.method ?? 'GET';
    const sends = (method === 'POST' || method === 'PUT') && /\/activities(?:\/|$)/.test(path);
    const refusal = sends ? this.refusals.shift() : undefined;
    if (refusal !== undefined) {
      const error = { error: { code: 'Refused', message: 'Refused by the test.' } };
      writeAnswer(
        response,
        refusal.status,
        { 'content-type': 'application/json', ...refusal.headers },
        JSON.stringify(error),
      );
      return;
    }
    if (sends)
      this.sent.push({
        method,
        path,
        activity: activitySchema.parse(JSON.parse(text)),
        bytes: Buffer.byteLength(text, 'utf16le'),
      });
    respond(response, await forward(`${this.playground}${path}`, method, request, text));
  }

  private inLanguage(activity: Activity): Activity {
    const { locale } = this;
    if (locale === undefined) return activity;
    const entities = activity.entities?.map((entity) =>
      entity.type === 'clientInfo' ? { ...entity, locale } : entity,
    );
    return { ...activity, locale, entities };
  }

  /** A press of a button is a message too, but has a value; those the Playground gets right. */
  private asReceived(activity: Activity): Activity {
    if (activity.type !== 'message' || activity.value !== undefined || this.rewrites.length === 0)
      return activity;
    return this.rewrites.shift()?.(activity) ?? activity;
  }
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

async function forward(url: string, method: string, request: IncomingMessage, body: string): Promise<Answer> {
  const headers = {
    'content-type': request.headers['content-type'] ?? 'application/json',
    ...(request.headers.authorization ? { authorization: request.headers.authorization } : {}),
  };
  const response = await fetch(url, { method, headers, ...(body === '' ? {} : { body }) });
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? 'application/json',
    body: await response.text(),
  };
}

function respond(response: ServerResponse, answer: Answer): void {
  writeAnswer(response, answer.status, { 'content-type': answer.type }, answer.body);
}

async function textOf(request: IncomingMessage): Promise<string> {
  request.setEncoding('utf8');
  let text = '';
  for await (const part of request) text += String(part);
  return text;
}

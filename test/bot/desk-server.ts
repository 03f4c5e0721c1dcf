import { randomUUID } from 'node:crypto';
import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { createAdapter } from '../../src/bot/adapter';
import { BounceBot } from '../../src/bot/bounce-bot';
import { createClaims } from '../../src/bot/claims';
import type { DeliveryOptions } from '../../src/bot/delivery';
import { createFileFetcher, type FileFetcher } from '../../src/bot/file-fetcher';
import { PlaceState } from '../../src/bot/place-state';
import { createTenantGate } from '../../src/bot/tenant-gate';
import { createTurns } from '../../src/bot/turns';
import { createWelcomes } from '../../src/bot/welcomes';
import type { AllowedTenants, Cloud, Identity } from '../../src/config';
import { clouds } from '../../src/config/cloud';
import type { OpenDesk } from '../../src/dialogs/desk';
import { createLog } from '../../src/log';
import { createServer } from '../../src/server';
import { createCases } from '../../src/storage/cases';
import { createMemoryStorage } from '../../src/storage/memory';
import type { KeyValueStorage } from '../../src/storage/storage';
import { cards, guide, knowledge, locales, matcher, phrases } from '../guide/core';

export const bot = { id: '28:bounce-desk', name: 'Bounce Desk' };
export type Json = Record<string, unknown>;

/** What the bot did over the Bot Connector, the way Teams would see it. */
export interface Delivery {
  method: 'POST' | 'PUT';
  conversation: string;
  /** The id of the message that was made or changed. */
  id: string;
  /** The `Authorization` header that came along. */
  authorization: string | undefined;
  activity: Json;
}

export interface DeskServer {
  desk: OpenDesk;
  storage: KeyValueStorage;
  url: string;
  serviceUrl: string;
  deliveries: Delivery[];
  /** When the bot showed that it is at work. */
  typings: number[];
  /** Every line of the log, as written. */
  log(): string;
  /** Every call over the connector that was not "typing", taken or not. */
  calls: { method: string; id: string; at: number }[];
  /** What becomes of what the bot does next over the connector; null: it is taken. */
  refuse(refusal: (method: string, path: string) => number | Refusal | null): void;
  /** Answer everything over the connector with a redirect to there. */
  redirect(location: string): void;
  post(activity: Json): Promise<{ status: number; text: string; body: unknown }>;
  raw(body: string | Uint8Array, headers?: Record<string, string>): Promise<{ status: number; text: string }>;
  close(): Promise<void>;
}

/** A status with headers, or a connection that drops: before the message was taken, or after it, before the answer. */
export type Refusal =
  { status: number; headers: Readonly<Record<string, string>> } | 'dropped' | 'takenAndDropped';

/** Time and chance, for what is sent and for who answers. */
export type Clock = Required<Omit<DeliveryOptions, 'request'>>;

const sent = z.record(z.string(), z.unknown());

/**
 * The bot as src/index.ts puts it together, anonymous unless told otherwise, on a free port of loopback, and beside it the smallest Bot
 * Connector that can take what it sends. Nothing in between is a mock.
 */
export async function startDesk({
  maxBodyBytes = 2_000_000,
  change = {},
  files = createFileFetcher(),
  identity = { kind: 'anonymous' },
  cloud = clouds.public,
  allowedTenants = 'any',
  clock,
  storage = createMemoryStorage(),
}: {
  maxBodyBytes?: number;
  change?: Partial<OpenDesk>;
  files?: FileFetcher;
  identity?: Identity;
  cloud?: Cloud;
  allowedTenants?: AllowedTenants;
  clock?: Clock;
  storage?: KeyValueStorage;
} = {}): Promise<DeskServer> {
  let cases = 0;
  const desk: OpenDesk = {
    knowledge,
    matcher,
    guide,
    cards,
    phrases,
    cases: createCases(storage),
    version: '0.0.0',
    newId: () => `case-${(cases += 1)}`,
    ...change,
  };
  let written = '';
  const log = createLog({
    stream: { write: (line: string) => (written += line) },
    level: 'debug',
    now: () => new Date(0),
  });
  let references = 0;
  const claims = createClaims(storage, { ...clock, newId: randomUUID });
  const bounceBot = new BounceBot({
    openDesk: (locale) => ({ ...desk, phrases: locales.of(locale) }),
    state: new PlaceState(storage),
    welcomes: createWelcomes(claims),
    turns: createTurns(claims),
    files,
    log,
    newReference: () => `BD-TEST-000${(references += 1)}`,
  });
  const adapter = createAdapter(identity, log, (_context, error) => Promise.reject(error), cloud, clock).use(
    createTenantGate({ allowed: allowedTenants, phrasesOf: (locale) => locales.of(locale), log }),
  );
  const server = createServer({
    config: { host: '127.0.0.1', port: 0, maxBodyBytes, shutdownGraceMs: 200 },
    log,
    ready: () => true,
    process: ({ authorization, body }) =>
      adapter.serve(authorization, body, (context) => bounceBot.run(context)),
  });
  const deliveries: Delivery[] = [];
  const typings: number[] = [];
  const calls: DeskServer['calls'] = [];
  let refusalOf: Parameters<DeskServer['refuse']>[0] = () => null;
  const connector = createHttpServer((req, res) => {
    void read(req).then((text) => {
      const { method = '', url: path = '' } = req;
      // A slow machine shows "typing" now and then; that is nobody's answer.
      if (sent.parse(text === '' ? {} : JSON.parse(text))['type'] === 'typing') {
        typings.push(performance.now());
        res.end('{"id":"typing"}');
        return;
      }
      const [, conversation = '', shown = ''] =
        /^\/v3\/conversations\/([^/]+)\/activities\/?([^/?]*)/.exec(path) ?? [];
      const id = method === 'PUT' ? decodeURIComponent(shown) : `sent-${deliveries.length + 1}`;
      const verb = method === 'PUT' ? 'PUT' : 'POST';
      calls.push({ method, id: method === 'PUT' ? id : '', at: (clock ?? Date).now() });
      const refused = refusalOf(method, path);
      if (refused === 'dropped') {
        res.destroy();
        return;
      }
      if (refused !== null && refused !== 'takenAndDropped') {
        const { status, headers } = typeof refused === 'number' ? { status: refused, headers: {} } : refused;
        res.writeHead(status, { 'content-type': 'application/json', ...headers });
        res.end(JSON.stringify({ error: { code: 'Refused', message: 'inner words of the connector' } }));
        return;
      }
      deliveries.push({
        method: verb,
        conversation: decodeURIComponent(conversation),
        id,
        authorization: req.headers.authorization,
        activity: sent.parse(JSON.parse(text)),
      });
      if (refused === 'takenAndDropped') {
        res.destroy();
        return;
      }
      res.writeHead(200, { 'content-type': 'application/json' });
      res.end(JSON.stringify({ id }));
    });
  });
  const serviceUrl = await new Promise<string>((resolve) => {
    connector.listen(0, '127.0.0.1', () => {
      resolve(`http://127.0.0.1:${portOf(connector.address())}/`);
    });
  });
  const { url } = await server.listen();

  const raw: DeskServer['raw'] = async (body, headers = { 'content-type': 'application/json' }) => {
    const response = await fetch(`${url}/api/messages`, {
      method: 'POST',
      headers,
      body: typeof body === 'string' ? body : Buffer.from(body),
    });
    return { status: response.status, text: await response.text() };
  };
  return {
    desk,
    storage,
    url,
    serviceUrl,
    deliveries,
    calls,
    typings,
    log: () => written,
    refuse: (next) => {
      refusalOf = next;
    },
    redirect: (next) => {
      refusalOf = () => ({ status: 307, headers: { location: next } });
    },
    raw,
    async post(activity) {
      const answer = await raw(JSON.stringify({ serviceUrl, ...activity }));
      return { ...answer, body: answer.text === '' ? null : JSON.parse(answer.text) };
    },
    async close() {
      await server.close();
      connector.closeAllConnections();
      await new Promise((resolve) => connector.close(resolve));
    },
  };
}

const portOf = (address: string | AddressInfo | null): number =>
  typeof address === 'object' && address !== null ? address.port : 0;

async function read(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks).toString('utf8');
}

export type Scope = 'personal' | 'groupChat' | 'channel';

let activities = 0;

/** The fields that every activity of Teams has. `thread`: which one of a channel. */
export function activityIn(scope: Scope, who: string, thread = 0): Json {
  activities += 1;
  const ids = {
    personal: `a:personal-${who}`,
    groupChat: '19:group@thread.v2',
    channel: `19:channel@thread.tacv2;messageid=${String(1600000000000 + thread)}`,
  };
  return {
    id: `activity-${activities}`,
    channelId: 'msteams',
    from: { id: `29:${who}`, name: who, aadObjectId: `00000000-0000-4000-8000-${who.padStart(12, '0')}` },
    recipient: bot,
    conversation: {
      id: ids[scope],
      conversationType: scope,
      ...(scope === 'personal' ? {} : { isGroup: true }),
      tenantId: 'tenant',
    },
    locale: 'en-GB',
    channelData: { tenant: { id: 'tenant' } },
    entities: [
      { type: 'clientInfo', locale: 'en-GB', country: 'GB', platform: 'Windows', timezone: 'Europe/Berlin' },
    ],
  };
}

const mention = `<at>${bot.name}</at>`;

/** A message as Teams sends it: with a mention wherever the bot is not alone with a person. */
export function messageIn(scope: Scope, who: string, text: string, thread = 0): Json {
  const base = activityIn(scope, who, thread);
  if (scope === 'personal') return { ...base, type: 'message', text, textFormat: 'plain' };
  return {
    ...base,
    type: 'message',
    text: `${mention} ${text}\n`,
    textFormat: 'plain',
    entities: [{ type: 'mention', text: mention, mentioned: bot }, { type: 'clientInfo' }],
    attachments: [
      {
        contentType: 'text/html',
        content: `<div><div><span itemscope itemtype="http://schema.skype.com/Mention" itemid="0">${bot.name}</span>&nbsp;${escape(text)}</div></div>`,
      },
    ],
  };
}

const escape = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/\n/g, '<br>');

/** A press of Action.Execute on the message `shown`. */
export function pressIn(scope: Scope, who: string, shown: string, data: unknown, thread = 0): Json {
  return {
    ...activityIn(scope, who, thread),
    type: 'invoke',
    name: 'adaptiveCard/action',
    replyToId: shown,
    value: { action: { type: 'Action.Execute', title: 'pressed', verb: 'go', data }, trigger: 'manual' },
  };
}

const withCard = z.object({
  attachments: z.tuple([
    z.object({ contentType: z.literal('application/vnd.microsoft.card.adaptive'), content: sent }),
  ]),
});
const invokeAnswer = z.object({
  statusCode: z.literal(200),
  type: z.literal('application/vnd.microsoft.card.adaptive'),
  value: sent,
});

/** The one card of a message of the bot; null when there is none. */
export const cardOf = (activity: unknown): Json | null =>
  withCard.safeParse(activity).data?.attachments[0].content ?? null;
/** The card in the answer to an invoke; null when there is none. */
export const answeredCard = (body: unknown): Json | null => invokeAnswer.safeParse(body).data?.value ?? null;

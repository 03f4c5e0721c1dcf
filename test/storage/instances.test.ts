import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { answeredCard, cardOf, messageIn, pressIn, type Json, type Scope } from '../bot/desk-server';
import { startAzurite } from './azurite';
import { program, startInstance, type Instance } from './instance';

jest.setTimeout(600_000);

/** As Teams: what has no 2xx after this long is delivered again, in ms. */
const teamsPatience = 15_000;
/** Conversations at a time. */
const width = 20;

/** The same kills at the same deliveries in every run; what else happens then is the machine's. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const button = z.object({ data: z.looseObject({ verb: z.string(), case: z.string().nullable() }) });
/** The data of the buttons that lead somewhere in a case, in reading order. */
function ways(card: unknown): Json[] {
  if (typeof card !== 'object' || card === null) return [];
  if ('type' in card && card.type === 'Action.Execute') {
    const { data } = button.safeParse(card);
    return data?.data.verb === 'go' ? [data.data] : [];
  }
  return Object.values(card).flatMap(ways);
}

/** A card that Teams has taken. */
interface Taken {
  /** The process that sent it. */
  from: string;
  message: string;
}

/** The Bot Connector: takes every card, and knows whose it is because every process is told an address of its own. */
class Connector {
  /** By the activity that is answered: the new messages. */
  readonly taken = new Map<string, Taken[]>();
  /** By message: what it shows now. */
  readonly screens = new Map<string, Json>();
  private messages = 0;
  private readonly server = createServer((req, res) => {
    void this.take(req).then((id) => {
      if (id === null) return;
      res.setHeader('content-type', 'application/json');
      res.end(JSON.stringify({ id }));
    });
  });

  /** Told of every new card before it is acknowledged; whoever returns true has killed its sender. */
  constructor(private readonly onCard: (from: string) => boolean) {}

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  urlFor(instance: string): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/${instance}/`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async take(req: IncomingMessage): Promise<string | null> {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(Buffer.from(chunk as Uint8Array));
    const activity = z.record(z.string(), z.unknown()).parse(JSON.parse(Buffer.concat(chunks).toString()));
    const [, from = '', shown] = /^\/([^/]+)\/v3\/.*\/activities\/([^/]*)$/.exec(req.url ?? '') ?? [];
    if (activity['type'] === 'typing') return 'typing';
    if (req.method === 'PUT' && shown !== undefined) {
      this.screens.set(decodeURIComponent(shown), activity);
      return shown;
    }
    const message = `sent-${(this.messages += 1)}`;
    const answered = String(activity['replyToId']);
    this.taken.set(answered, [...(this.taken.get(answered) ?? []), { from, message }]);
    this.screens.set(message, activity);
    return this.onCard(from) ? null : message;
  }
}

type Settings = NodeJS.ProcessEnv;

/** Two places for a process; whoever is killed is started again some time later, under another name. */
class Desk {
  /** By place. Null while nobody runs there. */
  readonly places: (Instance | null)[] = [null, null];
  /** `<process> <activity>`: the process was killed while it worked on it. */
  readonly cut = new Set<string>();
  /** Answers without a 2xx. */
  readonly refusals: string[] = [];
  kills = 0;
  private readonly inFlight = new Set<string>();
  private readonly restarts = new Set<Promise<void>>();
  private started = 0;

  constructor(
    private readonly cwd: string,
    private readonly env: Settings,
    private readonly random: () => number,
  ) {}

  async start(place: number): Promise<void> {
    this.started += 1;
    const instance = await startInstance(`bot-${this.started}`, this.cwd, this.env);
    if (instance.url === null) throw new Error(instance.said());
    this.places[place] = instance;
  }

  kill(instance: Instance): void {
    const place = this.places.indexOf(instance);
    if (place < 0) return;
    this.places[place] = null;
    this.kills += 1;
    for (const work of this.inFlight) if (work.startsWith(`${instance.name} `)) this.cut.add(work);
    instance.kill();

    const restart = pause(this.random() * 1500).then(() => this.start(place));
    this.restarts.add(restart);
    void restart.then(() => this.restarts.delete(restart));
  }

  named(name: string): Instance | undefined {
    return this.places.find((one) => one?.name === name) ?? undefined;
  }

  /** Null when there was no 2xx. Who hung up does not know whether there is still somebody at work. */
  async post(instance: Instance, activity: Json, serviceUrl: string): Promise<{ body: unknown } | null> {
    const work = `${instance.name} ${String(activity['id'])}`;
    this.inFlight.add(work);
    try {
      const response = await fetch(`${instance.url ?? ''}/api/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ serviceUrl, ...activity }),
        signal: AbortSignal.timeout(teamsPatience),
      });
      const text = await response.text();
      this.inFlight.delete(work);
      if (!response.ok) this.refusals.push(`${response.status} ${text}`);
      return response.ok ? { body: text === '' ? null : JSON.parse(text) } : null;
    } catch {
      return null;
    }
  }

  async settled(): Promise<void> {
    while (this.restarts.size > 0) await Promise.all(this.restarts);
  }

  async stop(): Promise<void> {
    await this.settled();
    for (const instance of this.places) {
      instance?.kill();
      await instance?.ended;
    }
  }
}

/** Bounces whose verdict names the address they were sent to. */
const bounces: readonly ((address: string) => string)[] = [
  (address) =>
    `Your message to ${address} couldn't be delivered.\nRecipient Address: ${address}\nError: 550 5.7.124 Sender not in allowed-senders list`,
  (address) =>
    `Delivery has failed to these recipients or groups:\n\n${address}\n\nRemote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient ${address} not found by SMTP address lookup'`,
];

interface Setting {
  env: Settings;
  close(): Promise<void>;
}

// `npm test` builds first; a bare jest on a fresh clone has nothing to start.
const built = existsSync(program) ? describe : describe.skip;
built('two processes on one storage, killed at random', () => {
  test.each<[string, { conversations: number; kills: number; seed: number }, () => Promise<Setting>]>([
    [
      'Azure Blob, by Azurite',
      { conversations: 200, kills: 12, seed: 5 },
      async () => {
        const azurite = await startAzurite();
        const env = { STORAGE: 'azure-blob', AZURE_STORAGE_CONNECTION_STRING: azurite.connectionString() };
        return { env, close: () => azurite.stop() };
      },
    ],
    [
      'embedded, a folder that both use',
      { conversations: 60, kills: 6, seed: 7 },
      () => Promise.resolve({ env: { STORAGE: 'embedded' }, close: () => Promise.resolve() }),
    ],
  ])(
    '%s: nothing acknowledged is lost, nothing answered twice',
    async (_, { conversations, kills, seed }, open) => {
      const random = seeded(seed);
      const cwd = mkdtempSync(join(tmpdir(), 'bounce-desk-instances-'));
      const setting = await open();
      const desk = new Desk(cwd, setting.env, random);
      const counts = { delivered: 0, again: 0, doubled: 0, checked: 0 };

      // Every other kill falls between a card's arrival and its acknowledgement, where nobody can know; the others fall anywhere.
      const due = Array.from({ length: kills }, (__, index) => ({
        at: Math.floor(((index + 0.5 + random() / 2) * conversations * 4.5) / kills),
        onCard: index % 2 === 0,
      }));
      let isDueOnCard = false;
      const connector = new Connector((from) => {
        const sender = isDueOnCard ? desk.named(from) : undefined;
        if (sender === undefined) return false;
        isDueOnCard = false;
        desk.kill(sender);
        return true;
      });
      const killWhenDue = (): void => {
        const [next] = due;
        if (next === undefined || counts.delivered < next.at) return;
        due.shift();
        if (next.onCard) isDueOnCard = true;
        else
          void pause(random() * 200).then(() => {
            const running = desk.places.filter((one) => one !== null);
            const chosen = running[Math.floor(random() * running.length)];
            if (chosen !== undefined) desk.kill(chosen);
          });
      };
      const once = async (place: number, activity: Json): Promise<{ body: unknown } | null> => {
        counts.delivered += 1;
        killWhenDue();
        for (;;) {
          const instance = desk.places[place] ?? desk.places[1 - place] ?? null;
          if (instance !== null) return await desk.post(instance, activity, connector.urlFor(instance.name));
          await pause(100);
        }
      };

      /** As Teams does, and a little worse: to the other one at once, to both, or again though it was acknowledged. */
      const deliver = async (activity: Json): Promise<unknown> => {
        let place = Math.floor(random() * 2);
        const mood = random();
        const begun = performance.now();
        const beside = mood < 0.1 ? once(1 - place, activity) : null;
        for (let tries = 1; tries <= 12; tries += 1) {
          const answer = await once(place, activity);
          if (answer !== null) {
            if (mood > 0.9) await once(1 - place, activity);
            await beside;
            return answer.body;
          }
          counts.again += 1;
          place = 1 - place;
          // The connection that was cut is noticed at once by some, and after 15 s by others.
          if (mood < 0.5 && tries === 1)
            await pause(Math.max(0, teamsPatience - (performance.now() - begun)));
          else await pause(100);
        }
        throw new Error(`not answered: ${String(activity['id'])}\n${desk.refusals.join('\n')}`);
      };

      /** By activity: whoever is answered. */
      const messages: string[] = [];
      /** What is on the screen, and the button that leads there as well. */
      const promises: { number: number; way: Json; card: Json }[] = [];
      const stories = new Map<number, string[]>();
      /** Who has answered what in a conversation, and was cut. */
      const storyOf = (number: number): string[] =>
        (stories.get(number) ?? []).map((id) =>
          (connector.taken.get(id) ?? [])
            .map(({ from, message }) => `${from} ${message}${desk.cut.has(`${from} ${id}`) ? ' cut' : ''}`)
            .join(', '),
        );
      /** By case: the address that its facts name. */
      const addresses = new Map<string, string>();

      const newest = (id: string): { message: string; card: Json } => {
        const message = connector.taken.get(id)?.at(-1)?.message;
        const card = cardOf(connector.screens.get(message ?? ''));
        // Acknowledged means answered.
        if (message === undefined || card === null) throw new Error(`acknowledged and not answered: ${id}`);
        return { message, card };
      };
      const first = (card: Json): Json => {
        const [way] = ways(card);
        if (way === undefined) throw new Error(`a card that leads nowhere: ${JSON.stringify(card)}`);
        return way;
      };

      const converse = async (number: number): Promise<void> => {
        const scope: Scope = number % 2 === 0 ? 'personal' : 'groupChat';
        const who = String(number);
        const ofThis = (activity: Json): Json => ({
          ...activity,
          id: randomUUID(),
          conversation: {
            id: `conversation-${number}`,
            conversationType: scope,
            isGroup: scope !== 'personal',
          },
        });
        const say = async (text: string): Promise<{ id: string; message: string; card: Json }> => {
          const activity = ofThis(messageIn(scope, who, text));
          const id = String(activity['id']);
          messages.push(id);
          stories.set(number, [...(stories.get(number) ?? []), id]);
          await deliver(activity);
          return { id, ...newest(id) };
        };
        const press = async (message: string, way: Json): Promise<Json> => {
          const card = answeredCard(await deliver(ofThis(pressIn(scope, who, message, way))));
          if (card === null) throw new Error('a press without a card');
          return card;
        };
        const bring = (index: number, address: string): string =>
          bounces[index % bounces.length]?.(address) ?? '';

        const address = `first-${number}@contoso.com`;
        const paste = await say(bring(number, address));
        addresses.set(String(first(paste.card)['case']), address);
        let { card } = paste;
        if (number % 3 === 0) {
          const later = `second-${number}@contoso.com`;
          await deliver({
            ...ofThis(messageIn(scope, who, bring(number + 1, later))),
            id: paste.id,
            type: 'messageUpdate',
            channelData: { eventType: 'editMessage' },
          });
          const edited = newest(paste.id);
          expect(edited.message).toBe(paste.message);
          addresses.delete(String(first(card)['case']));
          addresses.set(String(first(edited.card)['case']), later);
          ({ card } = edited);
          expect(JSON.stringify(card)).toContain(later);
        }
        const typed = await say('1');
        promises.push({ number, way: first(card), card: typed.card });
        const pressed = await press(typed.message, first(typed.card));
        promises.push({ number, way: first(typed.card), card: pressed });
        const back = await say('back');
        promises.push({ number, way: first(card), card: back.card });
      };

      try {
        await connector.listen();
        await Promise.all([desk.start(0), desk.start(1)]);
        let next = 0;
        await Promise.all(
          Array.from({ length: width }, async () => {
            while (next < conversations) await converse((next += 1));
          }),
        );
        isDueOnCard = false;
        await desk.settled();

        // Every place that was shown, and every case, from either process.
        const look = async (place: number, way: Json): Promise<Json | null> => {
          counts.checked += 1;
          const answer = await once(place, {
            ...pressIn('groupChat', 'kim', 'sent-0', way),
            id: randomUUID(),
          });
          return answeredCard(answer?.body);
        };
        const checks = [
          ...promises.map(({ number, way, card }, index) => async () => {
            const shown = await look(index % 2, way);
            expect({ story: storyOf(number), card: shown }).toEqual({ story: storyOf(number), card });
          }),
          ...[...connector.screens.values()].map((activity, index) => async () => {
            const [way] = ways(cardOf(activity));
            const article = z.object({ at: z.object({ article: z.string() }) }).parse(way).at.article;
            const card = await look(index % 2, way ?? {});
            expect(JSON.stringify(ways(card))).toContain(`"article":"${article}"`);
          }),
          ...[...addresses].map(([id, address], index) => async () => {
            const at = { problem: null, article: null, path: [] };
            const whole = await look(index % 2, { v: 1, verb: 'go', case: id, at });
            expect(JSON.stringify(whole)).toContain(address);
          }),
        ];
        while (checks.length > 0) await Promise.all(checks.splice(0, width).map((check) => check()));

        // Never lost; twice only where a process died over it, and by each process at most once.
        for (const id of messages) {
          const senders = (connector.taken.get(id) ?? []).map(({ from }) => from);
          expect(senders).not.toEqual([]);
          expect(new Set(senders).size).toBe(senders.length);
          expect(senders.filter((from) => !desk.cut.has(`${from} ${id}`)).length).toBeLessThanOrEqual(1);
          counts.doubled += senders.length - 1;
        }
        expect(desk.kills).toBeGreaterThanOrEqual(kills - 1);
        process.stderr.write(
          `${conversations} conversations, ${messages.length} messages, ${counts.delivered} deliveries (${counts.again} without a 2xx), ` +
            `${desk.kills} kills over ${desk.cut.size} turns: ${counts.doubled} answered twice, all of them cut; ${counts.checked} cards looked at again\n`,
        );
      } finally {
        await desk.stop();
        connector.close();
        await setting.close();
        rmSync(cwd, { recursive: true, force: true });
      }
    },
  );
});

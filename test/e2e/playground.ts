/**
 * Drives the real Microsoft 365 Agents Playground (0.2.28) in a real browser, as one or several people would.
 *
 *     page (one person) → Playground → relay → bot
 *                       ← Playground ← relay ←
 *
 * The relay writes down every activity in both directions, which is how a test knows that a turn has ended, and bends the ones where
 * the Playground differs from Teams. What was observed is said where it is worked around.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSocketServer, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import {
  chromium,
  type Browser,
  type BrowserContext,
  type Locator,
  type Page,
  type Route,
} from 'playwright-core';
import { z } from 'zod';

const ROOT = resolve(__dirname, '../..');
const CLI = join(ROOT, 'node_modules/@microsoft/m365agentsplayground/cli.js');
const LOOPBACK = '127.0.0.1';
const START_MS = 60_000;
const TURN_MS = 20_000;
/** Wide enough for the chat list; below about 640 px it hides behind a menu. */
const WIDE = 1280;
const HEIGHT = 900;

export type Scope = 'personal' | 'groupChat' | 'channel';
export type ColorScheme = 'light' | 'dark';
/** The Playground refuses a configuration with fewer than six. */
export type Person =
  'Alex Wilber' | 'Megan Bowen' | 'Adele Vance' | 'Isaiah Langer' | 'Patti Fernandez' | 'Lynne Robbins';

export const BOT = { id: '28:00000000-0000-0000-0000-00000000b07d', name: 'Bounce Desk' } as const;
export const TENANT_ID = '11111111-2222-4333-8444-555555555555';
export const TEAM_ID = '19:general@thread.tacv2';

/** The conversation ids. In a channel a thread has `;messageid=…` behind it. */
export const CONVERSATION: Readonly<Record<Scope, string>> = {
  personal: 'a:personal-chat',
  groupChat: '19:group-chat@thread.v2',
  channel: '19:announcements@thread.tacv2',
};

const TREE_ITEM: Readonly<Record<Scope, string>> = {
  personal: 'Personal Chat',
  groupChat: 'Group Chat',
  channel: 'My Team - Announcements',
};

interface User {
  readonly id: string;
  readonly name: Person;
  readonly aadObjectId: string;
  readonly email: string;
}

export const PEOPLE: Readonly<Record<Person, User>> = {
  'Alex Wilber': user('Alex Wilber', 1),
  'Megan Bowen': user('Megan Bowen', 2),
  'Adele Vance': user('Adele Vance', 3),
  'Isaiah Langer': user('Isaiah Langer', 4),
  'Patti Fernandez': user('Patti Fernandez', 5),
  'Lynne Robbins': user('Lynne Robbins', 6),
};

function user(name: Person, number: number): User {
  const first = name.slice(0, name.indexOf(' ')).toLowerCase();
  return {
    id: `29:${first}`,
    name,
    aadObjectId: `aaaaaaaa-0000-4000-8000-00000000000${number}`,
    email: `${first}@contoso.com`,
  };
}

const account = z.looseObject({
  id: z.string(),
  name: z.string().optional(),
  aadObjectId: z.string().optional(),
});
const activitySchema = z.looseObject({
  type: z.string(),
  id: z.string().optional(),
  name: z.string().optional(),
  text: z.string().optional(),
  value: z.unknown().optional(),
  action: z.string().optional(),
  replyToId: z.string().optional(),
  from: account.optional(),
  recipient: account.optional(),
  conversation: z.looseObject({ id: z.string(), conversationType: z.string().optional() }).optional(),
  membersAdded: z.array(account).optional(),
  attachments: z
    .array(z.looseObject({ contentType: z.string(), content: z.unknown().optional() }))
    .optional(),
  entities: z.array(z.looseObject({ type: z.string() })).optional(),
  channelData: z.unknown().optional(),
});
export type Activity = z.infer<typeof activitySchema>;

/** An activity the bot got, and what it answered to the HTTP request: for an invoke the card, otherwise nothing. */
export interface Turn {
  readonly activity: Activity;
  readonly status: number;
  readonly body: string;
  readonly ms: number;
}

/** What the bot sent (POST) or replaced (PUT), as the connector would have got it. */
export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly activity: Activity;
  /** Of the JSON, in UTF-16 as Teams counts. */
  readonly bytes: number;
}

// ——— the bot ———

export interface BotOptions {
  /** Arguments for Node; the built bot by default. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Any free one by default. Give the port of a stopped bot to start it again in its place. */
  readonly port?: number;
}

export class Bot {
  constructor(
    readonly port: number,
    private readonly child: Child,
  ) {}

  get endpoint(): string {
    return `http://${LOOPBACK}:${this.port}/api/messages`;
  }

  /** All it has written so far, both streams. */
  output(): string {
    return this.child.output();
  }

  async stop(): Promise<void> {
    await this.child.stop();
  }

  /** End it as a power cut would, without a word. */
  async kill(): Promise<void> {
    await this.child.die();
  }
}

/** Start a bot without an app id and wait until /healthz answers 200. */
export async function startBot(options: BotOptions = {}): Promise<Bot> {
  const port = options.port ?? (await freePort());
  // Empty, not absent: an app id from a developer's .env must not come back.
  const anonymous = {
    MicrosoftAppType: '',
    MicrosoftAppId: '',
    MicrosoftAppPassword: '',
    MicrosoftAppTenantId: '',
  };
  const child = new Child('the bot', options.args ?? [join(ROOT, 'dist/index.js')], ROOT, {
    ...anonymous,
    STORAGE: 'memory',
    ...options.env,
    HOST: LOOPBACK,
    PORT: String(port),
  });
  await child.answers(`http://${LOOPBACK}:${port}/healthz`);
  return new Bot(port, child);
}

// ——— the Playground ———

export interface PlaygroundOptions {
  readonly bot: { readonly endpoint: string };
  /** Whose Playground this is: the author of whatever is typed in its first page. */
  readonly me?: Person;
  /** Everybody's language, BCP 47. The Playground hard-codes `en-US` in all it sends, so this is put in on the way to the bot. */
  readonly locale?: string;
}

export interface OpenOptions {
  readonly colorScheme?: ColorScheme;
  /** Of the window, in CSS pixels. Below 640 the card is drawn as wide as a phone of that width would have it. */
  readonly width?: number;
  /** Somebody other than the Playground's owner, in the same conversations. */
  readonly as?: Person;
  /** Of the browser, BCP 47. What the bot gets is said when the Playground starts. */
  readonly locale?: string;
}

/** What "Mock an Activity" in the toolbar offers. The channel events need the channel. */
export type MockedEvent =
  | 'install'
  | 'uninstall'
  | 'botAdded'
  | 'userAdded'
  | 'botRemoved'
  | 'userRemoved'
  | 'channelCreated'
  | 'channelRenamed'
  | 'channelDeleted'
  | 'teamRenamed'
  | 'teamDeleted';

export class Playground {
  private opened = false;

  constructor(
    readonly url: string,
    private readonly me: Person,
    private readonly relay: Relay,
    private readonly child: Child,
    private readonly folder: string,
  ) {}

  /** Finished turns, oldest first. */
  get turns(): readonly Turn[] {
    return this.relay.turns;
  }

  /** What the bot has sent or replaced, oldest first. */
  get sent(): readonly Sent[] {
    return this.relay.sent;
  }

  /** Let the connector refuse the next sends and updates, as Teams does under load. */
  refuse(times: number, status: number, headers: Readonly<Record<string, string>> = {}): void {
    this.relay.refusals.push(...Array.from({ length: times }, () => ({ status, headers })));
  }

  /** The next turn to end, from a known place on: `const from = turns.length` before causing it. */
  async turn(
    from: number,
    wanted: (activity: Activity) => boolean = () => true,
    ms = TURN_MS,
  ): Promise<Turn> {
    return this.relay.turn(from, wanted, ms);
  }

  /**
   * Open the page as one person. Opening installs the bot for its owner (installationUpdate and conversationUpdate, at the same time),
   * as does the first look at each other conversation; for a second person or window that is suppressed, the bot is there already.
   * History lives in the page: one opened later is empty, so open everybody's first.
   */
  async open(browser: Browser, options: OpenOptions = {}): Promise<Chat> {
    const person = options.as ?? this.me;
    const installs = !this.opened;
    this.opened = true;
    const context = await browser.newContext({
      colorScheme: options.colorScheme ?? 'light',
      locale: options.locale ?? 'en-US',
      viewport: { width: Math.max(WIDE, options.width ?? WIDE), height: HEIGHT },
      reducedMotion: 'reduce',
    });
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: this.url });
    await this.prepare(context, person, installs, options.colorScheme ?? 'light');
    const page = await context.newPage();
    const from = this.turns.length;
    await page.goto(this.url);
    await page.getByRole('textbox').first().waitFor({ timeout: START_MS });
    await page.getByRole('button', { name: 'Hide log panel' }).click();
    await page.addStyleTag({ content: amendments(options) });
    const chat = new Chat(page, this, this.relay, person, installs, options.width ?? WIDE);
    if (installs) await chat.installed('personal', from);
    await chat.settle();
    await page.setViewportSize({ width: options.width ?? WIDE, height: HEIGHT });
    return chat;
  }

  /** Trigger one of the Playground's own events and wait until the bot has dealt with it. */
  async mock(event: MockedEvent, scope: Scope): Promise<Turn> {
    return this.post(await this.template(scope, event));
  }

  /** Deliver any activity: what is given is laid over the Playground's template (ids, conversation, sender). Files come this way. */
  async deliver(
    scope: Scope,
    activity: Readonly<Record<string, unknown>> & { readonly type: string },
  ): Promise<Turn> {
    return this.post(activitySchema.parse({ ...(await this.template(scope)), ...activity }));
  }

  /** Deliver an activity a second time, unchanged, as Teams does when the first took longer than 15 s. */
  async redeliver(turn: Turn): Promise<Turn> {
    return this.post(turn.activity);
  }

  async stop(): Promise<void> {
    await this.child.stop();
    await this.relay.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** The Playground's own log, which it writes nowhere else when it has no terminal. */
  async log(): Promise<string> {
    // Missing when it failed before it set its log up.
    return readFile(join(this.folder, 'playground.log'), 'utf8').catch(() => '');
  }

  /** What the Playground proposes for an activity of its owner: ids, conversation, sender. */
  async template(scope: Scope, type?: MockedEvent): Promise<Activity> {
    const query = new URLSearchParams({
      conversationId: CONVERSATION[scope],
      ...(type === undefined ? {} : { type }),
    });
    const response = await fetch(`${this.url}/_internal/v1/customActivities/template?${query.toString()}`);
    if (!response.ok)
      throw new Error(
        `The Playground has no activity for ${type ?? 'a message'} in ${scope}: ${await response.text()}`,
      );
    return activitySchema.parse(await response.json());
  }

  private async post(activity: Activity): Promise<Turn> {
    const from = this.turns.length;
    const response = await fetch(`${this.url}/_internal/v1/customActivities`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(activity),
    });
    if (!response.ok)
      throw new Error(`The Playground refused the activity: ${response.status} ${await response.text()}`);
    return this.turn(from, ({ id, type }) => type === activity.type && id === activity.id);
  }

  private async prepare(
    context: BrowserContext,
    person: Person,
    installs: boolean,
    scheme: ColorScheme,
  ): Promise<void> {
    // Fonts and an animation from a CDN. Without a network they fail one by one, each after a while.
    await context.route(
      (url) => url.origin !== this.url,
      (route) => route.abort(),
    );
    if (!installs)
      await context.route('**/_debug/conversation/*/installation', (route) =>
        route.fulfill({ status: 200, body: '' }),
      );
    if (person !== this.me) await context.route('**/_internal/v1/config', (route) => seenBy(route, person));
    if (scheme === 'dark') await context.route('**/static/js/main.*.js', inTheDark);
  }
}

export async function startPlayground(options: PlaygroundOptions): Promise<Playground> {
  const me = options.me ?? 'Alex Wilber';
  const port = await freePort();
  const url = `http://${LOOPBACK}:${port}`;
  const folder = await mkdtemp(join(tmpdir(), 'bounce-desk-playground-'));
  const relay = await Relay.open(options.bot.endpoint, url, options.locale);
  await writeFile(join(folder, 'playground.yml'), configuration(me));
  const child = new Child(
    'the Playground',
    [
      CLI,
      ...['start', '--app-endpoint', `${relay.url}/api/messages`, '--channel-id', 'msteams'],
      ...['--port', String(port), '--service-url', `${relay.url}/_connector`, '--disable-telemetry'],
    ],
    folder,
    {
      TEAMSAPPTESTER_BROWSER: 'none',
      // --disable-telemetry leaves Application Insights' own "statsbeat" running: seen calling westus-0.in.applicationinsights.azure.com.
      APPLICATION_INSIGHTS_NO_STATSBEAT: '1',
      M365_AGENTS_PLAYGROUND_CONFIG_PATH: join(folder, 'playground.yml'),
      M365_AGENTS_PLAYGROUND_LOGFILE: join(folder, 'playground.log'),
    },
  );
  const playground = new Playground(url, me, relay, child, folder);
  try {
    await child.answers(url);
  } catch (error) {
    const log = await playground.log();
    await playground.stop();
    throw new Error(`The Playground did not start:\n${log}`, { cause: error });
  }
  return playground;
}

/** Chromium as CI runs it. Every page gets a context of its own, so one browser serves a whole test file. */
export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    // Set by global-setup.js.
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    headless: true,
    args: [
      ...[
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
      ],
      ...[
        '--disable-component-update',
        '--disable-sync',
        '--disable-dev-shm-usage',
        '--font-render-hinting=none',
      ],
    ],
  });
}

// ——— what a person sees and does ———

export interface SayOptions {
  /** Whether to @mention the bot; by default where Teams demands it. Without it the Playground, like Teams, delivers nothing. */
  readonly mention?: boolean;
  /** In a channel: answer in the thread that is turned to, the newest by default, instead of starting one. */
  readonly reply?: boolean;
  /** Add a text/html attachment, as Teams does to nearly every message and the Playground to none. */
  readonly html?: string;
  /** The last word on what the bot gets. */
  readonly rewrite?: (activity: Activity) => Activity;
}

export class Chat {
  private scope: Scope = 'personal';
  private thread: string | undefined;
  private readonly visited = new Set<Scope>(['personal']);

  constructor(
    readonly page: Page,
    private readonly playground: Playground,
    private readonly relay: Relay,
    private readonly person: Person,
    private readonly installs: boolean,
    private readonly width: number,
  ) {}

  async goTo(scope: Scope): Promise<void> {
    const from = this.playground.turns.length;
    const first = this.installs && !this.visited.has(scope);
    // The chat list is not there in a narrow window.
    await this.page.setViewportSize({ width: Math.max(WIDE, this.width), height: HEIGHT });
    await this.page.getByRole('treeitem', { name: TREE_ITEM[scope] }).click();
    this.scope = scope;
    this.visited.add(scope);
    if (first) await this.installed(scope, from);
    await this.settle();
    await this.page.setViewportSize({ width: this.width, height: HEIGHT });
  }

  /** In a channel: turn to the thread whose post holds this text; undefined turns to the newest again. */
  turnTo(thread: string | undefined): void {
    this.thread = thread;
  }

  /** Type a text, line breaks kept, send it, and wait until the bot has dealt with it. */
  async say(text: string, options: SayOptions = {}): Promise<Turn | undefined> {
    const box = await this.compose(options);
    await this.page.keyboard.insertText(text);
    return this.send(box, options);
  }

  /**
   * Paste from the clipboard and send. Seen: the message box is plain text, takes only the clipboard's text (an HTML-only clipboard
   * pastes nothing), and on sending drops every line break and tab without a space in their place.
   */
  async paste(
    clipboard: { readonly text: string; readonly html?: string },
    options: SayOptions = {},
  ): Promise<Turn | undefined> {
    const items = {
      'text/plain': clipboard.text,
      ...(clipboard.html === undefined ? {} : { 'text/html': clipboard.html }),
    };
    await this.copy(items);
    const box = await this.compose(options);
    await this.page.keyboard.press('Control+V');
    return this.send(box, options);
  }

  /** Put into the clipboard, by MIME type. */
  async copy(items: Readonly<Record<string, string>>): Promise<void> {
    await this.page.evaluate(
      `navigator.clipboard.write([new ClipboardItem(Object.fromEntries(
        Object.entries(${JSON.stringify(items)}).map(([type, text]) => [type, new Blob([text], { type })])))])`,
    );
  }

  /** Send an activity as the Playground's own dialog "Custom activity" does; its editor shows a template, which this replaces. */
  async mockActivity(activity: Readonly<Record<string, unknown>>): Promise<Turn | undefined> {
    await this.page.getByRole('button', { name: 'Mock an Activity' }).click();
    await this.page.getByRole('menuitem', { name: 'Custom activity' }).click();
    const dialog = this.page.getByRole('dialog', { name: 'Custom activity' });
    const template = activitySchema.parse(await this.playground.template(this.scope));
    await this.copy({ 'text/plain': JSON.stringify({ ...template, ...activity }, null, 2) });
    await dialog.locator('.monaco-editor').first().click();
    await this.page.keyboard.press('Control+A');
    await this.page.keyboard.press('Control+V');
    return this.causing(
      () => dialog.getByRole('button', { name: 'Send activity' }).click(),
      /\/customActivities$/,
    );
  }

  /** The "…" of the newest message with this text, for actions of message extensions. */
  menuOf(text: string): Locator {
    // Nothing marks a message but where this button stands: in its header, which stands in the message.
    return this.conversation()
      .locator(
        `xpath=.//button[@aria-label="Show more information"][contains(ancestor::*[3], ${JSON.stringify(text)})]`,
      )
      .last();
  }

  /** The newest card of this conversation; in a channel, of the thread that is turned to. Points at whatever is newest when it is used. */
  card(): Card {
    return new Card(this.cards().last(), this);
  }

  async cardCount(): Promise<number> {
    return this.cards().count();
  }

  /** The newest message of the bot as read on screen, a card's text included; '' when there is none. */
  async lastText(): Promise<string> {
    const conversation = this.conversation();
    const bubbles = conversation.locator('.fai-OutputCard');
    if ((await bubbles.count()) > 0) return bubbles.last().innerText();
    const avatars = conversation.getByRole('img', { name: BOT.name, exact: true });
    if ((await avatars.count()) === 0) return '';
    // In a channel nothing marks a message but its avatar: it is the widest box around that with no other avatar in it. Of a post, as
    // against a reply, that is the header only, and the text comes after it.
    const avatar = avatars.last();
    const header = avatar.locator('xpath=ancestor::*[contains(@class, "fui-CardHeader")][last()]');
    const message =
      (await header.count()) > 0
        ? header.locator('xpath=following-sibling::*[1]')
        : avatar.locator(
            'xpath=ancestor::*[count(.//*[@role="img" and starts-with(@id, "avatar-")]) = 1][last()]',
          );
    return message.innerText();
  }

  /** Wait for something to be readable in this conversation: what the bot sends outside a turn. */
  async sees(text: string | RegExp, ms = TURN_MS): Promise<void> {
    await this.conversation().getByText(text).last().waitFor({ timeout: ms });
  }

  /** The whole window. */
  async screenshot(path: string): Promise<Buffer> {
    return this.page.screenshot({ path });
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }

  /** Run something that may cause a turn, and wait for the turn's end and for the page to have drawn it. Undefined: it caused none. */
  async causing(act: () => Promise<void>, requested: RegExp): Promise<Turn | undefined> {
    const from = this.playground.turns.length;
    const request = this.page.waitForRequest(requested, { timeout: 1_500 }).catch(() => undefined);
    await act();
    const caused = (await request) !== undefined;
    const { id } = PEOPLE[this.person];
    const turn = caused
      ? await this.playground.turn(from, (activity) => activity.from?.id === id)
      : undefined;
    await this.settle();
    return turn;
  }

  /** Until the page has not changed for 200 ms. */
  async settle(): Promise<void> {
    await this.page.evaluate(`new Promise((resolve) => {
      const done = () => { observer.disconnect(); clearTimeout(latest); resolve(); };
      let quiet = setTimeout(done, 200);
      const latest = setTimeout(done, 5000);
      const observer = new MutationObserver(() => { clearTimeout(quiet); quiet = setTimeout(done, 200); });
      observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
    })`);
  }

  /** @internal The two activities by which the Playground installs the bot in a conversation. */
  async installed(scope: Scope, from: number): Promise<void> {
    const here = (activity: Activity): boolean => activity.conversation?.id === CONVERSATION[scope];
    await Promise.all(
      ['installationUpdate', 'conversationUpdate'].map((type) =>
        this.playground.turn(from, (activity) => activity.type === type && here(activity)),
      ),
    );
  }

  /** The messages of the chat, or of one thread of the channel: posts are stacked newest first, below the box for a new one. */
  conversation(): Locator {
    if (this.scope !== 'channel') return this.page.locator('#root');
    return this.page
      .locator('.fui-Card[role=group]')
      .filter({ has: this.page.getByRole('button', { name: 'Show more information' }) })
      .filter(this.thread === undefined ? {} : { hasText: this.thread })
      .first();
  }

  private cards(): Locator {
    // The outermost element: a card shown inside a card has none of its own.
    return this.conversation().locator('.ac-preview-panel');
  }

  private async compose(options: SayOptions): Promise<Locator> {
    const inThread = this.scope === 'channel' && options.reply === true;
    const box = inThread ? this.conversation().getByRole('textbox').last() : this.messageBox();
    await box.click();
    if (options.mention ?? this.scope !== 'personal') {
      await this.page.keyboard.type('@');
      // Seen: Enter does not choose from this list, it sends the "@".
      await this.page
        .getByRole('listbox', { name: 'Typeahead menu' })
        .getByRole('menuitem', { name: BOT.name })
        .click();
      await this.page.keyboard.insertText(' ');
    }
    return box;
  }

  /** Cards may hold text boxes too, but only the message box is editable content. */
  private messageBox(): Locator {
    const boxes = this.page.locator('[role=textbox][contenteditable=true]');
    return this.scope === 'channel' ? boxes.first() : boxes.last();
  }

  private async send(box: Locator, options: SayOptions): Promise<Turn | undefined> {
    const forget = this.relay.rewriteNextMessage((activity) => this.asReceived(activity, options));
    try {
      const delivered = options.mention ?? true;
      const act = (): Promise<void> => box.press('Enter');
      if (delivered) return await this.causing(act, /\/messages$/);
      await act();
      await this.settle();
      return undefined;
    } finally {
      forget();
    }
  }

  private asReceived(activity: Activity, options: SayOptions): Activity {
    // Seen: the Playground puts its owner's name to every typed message, whoever typed it; presses of buttons it gets right.
    const { id, name, aadObjectId } = PEOPLE[this.person];
    const html =
      options.html === undefined
        ? {}
        : { attachments: [{ contentType: 'text/html', content: options.html }] };
    const received = { ...activity, from: { ...activity.from, id, name, aadObjectId }, ...html };
    return options.rewrite?.(received) ?? received;
  }
}

/** A card on screen. It looks anew each time it is used, so it stays good when the card is replaced in place. */
export class Card {
  constructor(
    readonly locator: Locator,
    private readonly chat: Chat,
  ) {}

  /** What can be read, line by line. What is hidden is not in the page at all. */
  async text(): Promise<string> {
    return this.locator.innerText();
  }

  /** The labels of all buttons, those behind "…" included: the Playground puts there whatever comes after the sixth, and secondary ones. */
  async buttons(): Promise<string[]> {
    const labels = await Promise.all(
      (await this.actions().all()).map(async (button) => (await button.getAttribute('title')) ?? ''),
    );
    if (!labels.includes(MORE)) return labels;
    const menu = await this.openMore();
    const hidden = await menu.getByRole('menuitem').allInnerTexts();
    await this.chat.page.keyboard.press('Escape');
    return [...labels.filter((label) => label !== MORE), ...hidden];
  }

  /**
   * Press a button by its exact label and wait until the bot has answered and the page shows it. The turn's `body` is the answer to an
   * invoke. Undefined: the press stayed in the page (toggle, link, invalid input).
   */
  async press(label: string): Promise<Turn | undefined> {
    const direct = this.locator.getByRole('button', { name: label, exact: true });
    const button =
      (await direct.count()) > 0
        ? direct.first()
        : (await this.openMore()).getByRole('menuitem', { name: label, exact: true });
    return this.chat.causing(
      () => button.click({ timeout: 5_000 }),
      /\/_conversation\/v1\/(?:invoke|submit)$/,
    );
  }

  /** Type into the input with this label. */
  async fill(label: string, text: string): Promise<void> {
    await this.locator.getByLabel(label).fill(text);
  }

  /** Choose from a compact choice set: the first, unless told which. */
  async choose(option: string, nth = 0): Promise<void> {
    await this.locator.getByRole('combobox').nth(nth).click();
    await this.chat.page.getByRole('option', { name: option, exact: true }).click();
  }

  async screenshot(path: string): Promise<Buffer> {
    const { page } = this.chat;
    const before = page.viewportSize() ?? { width: WIDE, height: HEIGHT };
    const box = await this.locator.boundingBox();
    // The chat scrolls inside the page: what is taller than the window would be cut off.
    await page.setViewportSize({
      width: before.width,
      height: Math.max(before.height, Math.ceil(box?.height ?? 0) + 500),
    });
    await this.locator.scrollIntoViewIfNeeded();
    const picture = await this.locator.screenshot({ path });
    await page.setViewportSize(before);
    return picture;
  }

  private actions(): Locator {
    return this.locator.locator('button[title], a[title][role=button], [role=button][title]');
  }

  private async openMore(): Promise<Locator> {
    await this.locator.getByRole('button', { name: MORE }).click({ timeout: 5_000 });
    const menu = this.chat.page.getByRole('menu', { name: MORE });
    await menu.waitFor();
    return menu;
  }
}

const MORE = 'More options';

// ——— the relay ———

type Rewrite = (activity: Activity) => Activity;

/** Stands between the Playground and the bot: `/api/messages` goes to the bot, everything else is the connector and goes back. */
class Relay {
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

// ——— what the page is told ———

/** Style rules; never empty, which Playwright would take for missing. */
function amendments({ colorScheme, width = WIDE }: OpenOptions): string {
  // Seen: the chat never gets narrower than 600 px, and a card is 446 px wide in a window of any width.
  const phone = width < 640 ? `.ac-preview-panel { width: ${width - 48}px; }` : '';
  // One of the Playground's two component libraries does not know the dark theme we give to the other.
  const dark =
    colorScheme === 'dark'
      ? '.ui-provider { background: #1f1f1f !important; color: #ffffff !important; }'
      : '';
  return `${phone}${dark}\n`;
}

/** Its configuration file; JSON is YAML. Always the same ids, so that two Playgrounds can stand for two people before one bot. */
function configuration(me: Person): string {
  const described = ({ id, name, aadObjectId, email }: User): object => {
    const [givenName = name, surname = name] = name.split(' ');
    // "Principle" is how the Playground spells it.
    return { id, name, aadObjectId, userPrincipleName: email, email, givenName, surname };
  };
  return JSON.stringify({
    version: '0.1.1',
    tenantId: TENANT_ID,
    bot: BOT,
    currentUser: described(PEOPLE[me]),
    users: Object.values(PEOPLE)
      .filter(({ name }) => name !== me)
      .map(described),
    personalChat: { id: CONVERSATION.personal },
    groupChat: { id: CONVERSATION.groupChat, name: 'Group Chat' },
    team: {
      id: TEAM_ID,
      name: 'My Team',
      aadGroupId: '22222222-3333-4444-8555-666666666666',
      channels: [{ id: CONVERSATION.channel, name: 'Announcements' }],
    },
  });
}

const named = z.looseObject({ id: z.string(), name: z.string() });
const members = z.looseObject({ members: z.array(z.string()) });
const pageConfig = z.looseObject({
  config: z.looseObject({
    currentUser: named,
    users: z.array(named),
    groupChats: z.array(members),
    teams: z.array(members),
  }),
});

/** The page believes what it is told about who sits before it, and presses buttons in that name. */
async function seenBy(route: Route, person: Person): Promise<void> {
  const response = await route.fetch();
  const { config, ...rest } = pageConfig.parse(await response.json());
  const user = config.users.find(({ name }) => name === person);
  if (user === undefined) throw new Error(`The Playground does not know ${person}.`);
  const swap = (id: string): string => (id === user.id ? config.currentUser.id : id);
  const swapped = {
    ...config,
    currentUser: user,
    users: [config.currentUser, ...config.users.filter((other) => other !== user)],
    groupChats: config.groupChats.map((chat) => ({ ...chat, members: chat.members.map(swap) })),
    teams: config.teams.map((team) => ({ ...team, members: team.members.map(swap) })),
  };
  await route.fulfill({ response, json: { ...rest, config: swapped } });
}

const style = z.looseObject({ backgroundColor: z.string(), foregroundColors: z.unknown().optional() });
const hostConfig = z.looseObject({ containerStyles: z.looseObject({ default: style, emphasis: style }) });

/** Teams' dark card colours. The coloured styles (good, attention …) stay light there, with dark text. */
const DARK_TEXT = {
  default: { default: '#ffffff', subtle: '#bfffffff' },
  dark: { default: '#201f1f', subtle: '#2d2c2c' },
  light: { default: '#ffffff', subtle: '#bfffffff' },
  accent: { default: '#a6a7dc', subtle: '#8b8cc7' },
  good: { default: '#92c353', subtle: '#e592c353' },
  warning: { default: '#f8d22a', subtle: '#e5f8d22a' },
  attention: { default: '#d74654', subtle: '#e5d74654' },
};

/**
 * The Playground has a light theme only, whatever the browser prefers. Its program brings Fluent's dark theme along for its charts and
 * draws cards by one host configuration, so the dark it would have is two replacements away.
 */
async function inTheDark(route: Route): Promise<void> {
  const response = await route.fetch();
  const light = await response.text();
  const theme = /fluentV9DarkTheme=([\w$]+)/.exec(light)?.[1];
  const literal = /JSON\.parse\('(\{"choiceSetInputValueSeparator":(?:[^'\\]|\\.)*)'\)/.exec(light)?.[1];
  const root =
    /theme:[\w$]+,(?=children:\(0,[\w$]+\.jsx\)\([\w$]+,\{children:\(0,[\w$]+\.jsx\)\([\w$]+,\{theme:)/;
  if (theme === undefined || literal === undefined || !root.test(light))
    throw new Error('This Playground is built differently: its dark theme was not found.');
  const config = hostConfig.parse(JSON.parse(literal.replaceAll("\\'", "'")));
  const styles = config.containerStyles;
  const dark = {
    ...config,
    containerStyles: {
      ...styles,
      default: { ...styles.default, backgroundColor: '#2d2c2c', foregroundColors: DARK_TEXT },
      emphasis: { ...styles.emphasis, backgroundColor: '#292828', foregroundColors: DARK_TEXT },
    },
  };
  const body = light
    .replace(literal, () => JSON.stringify(dark).replaceAll("'", "\\'"))
    .replace(root, () => `theme:${theme},`);
  await route.fulfill({ response, body });
}

// ——— processes and ports ———

/** Ends a process whose parent is gone, however that died: Jest killed by a time limit runs no handler of ours. */
const LIFELINE = `data:text/javascript,${encodeURIComponent(
  `process.stdin.once('close', () => process.exit(1)).resume().unref?.();`,
)}`;

/** A Node process in a group of its own, so that nothing it starts is left behind. */
class Child {
  private readonly process: ChildProcess;
  private readonly closed: Promise<unknown>;
  private written = '';
  private ended = false;

  constructor(
    private readonly name: string,
    args: readonly string[],
    cwd: string,
    env: Readonly<Record<string, string>>,
  ) {
    // A proxy in the environment must not be asked for 127.0.0.1.
    const direct = { NO_PROXY: '127.0.0.1,localhost', no_proxy: '127.0.0.1,localhost' };
    this.process = spawn(process.execPath, ['--import', LIFELINE, ...args], {
      cwd,
      env: { ...process.env, ...direct, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    });
    // A test that failed before it could stop us must not keep Jest from ending; then the lifeline does the rest.
    this.process.unref();
    for (const stream of this.process.stdio) if (stream instanceof Socket) stream.unref();
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream?.setEncoding('utf8');
      stream?.on('data', (text) => (this.written += String(text)));
    }
    this.closed = once(this.process, 'close').finally(() => (this.ended = true));
  }

  output(): string {
    return this.written;
  }

  async answers(url: string): Promise<void> {
    const deadline = Date.now() + START_MS;
    for (;;) {
      const status = await fetch(url).then(
        ({ status: got }) => got,
        () => 0,
      );
      if (status === 200) return;
      if (this.ended || Date.now() > deadline) {
        await this.stop();
        throw new Error(`${this.name} does not answer at ${url}:\n${this.written}`);
      }
      await sleep(100);
    }
  }

  async stop(): Promise<void> {
    this.kill('SIGTERM');
    const impatient = setTimeout(() => {
      this.kill('SIGKILL');
    }, 12_000);
    await this.closed;
    clearTimeout(impatient);
    this.kill('SIGKILL');
  }

  async die(): Promise<void> {
    this.kill('SIGKILL');
    await this.closed;
  }

  kill(signal: 'SIGTERM' | 'SIGKILL'): void {
    if (this.process.pid === undefined) return;
    try {
      process.kill(-this.process.pid, signal);
    } catch {
      // ESRCH: the group is gone already, which is what we wanted.
    }
  }
}

async function listen(
  server: { listen(port: number, host: string): unknown; address(): unknown } & NodeJS.EventEmitter,
): Promise<number> {
  server.listen(0, LOOPBACK);
  await once(server, 'listening');
  return z.object({ port: z.number() }).parse(server.address()).port;
}

async function freePort(): Promise<number> {
  const server = createSocketServer();
  const port = await listen(server);
  server.close();
  await once(server, 'close');
  return port;
}

/**
 * Without `writeHead`: restify replaces it for the whole process by one that returns nothing, and jest may have run a test
 * of the server in this process before.
 */
function writeAnswer(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>> = {},
  body = '',
): void {
  if (response.headersSent) return;
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.end(body);
}

/**
 * Drives the real Microsoft 365 Agents Playground (0.2.28) in a real browser, as one or several people would.
 *
 *     page (one person) → Playground → relay → bot
 *                       ← Playground ← relay ←
 *
 * The relay writes down every activity in both directions, which is how a test knows that a turn has ended, and bends the ones where
 * the Playground differs from Teams. What was observed is said where it is worked around.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser, BrowserContext } from 'playwright-core';
import { activitySchema, type Activity, type Sent, type Turn } from './activity';
import { Chat } from './chat';
import { Child } from './child';
import { inTheDark } from './dark';
import { freePort } from './free-port';
import { LOOPBACK } from './listen';
import { configuration, CONVERSATION, type Person, type Scope } from './people';
import { Relay, TURN_MS } from './relay';
import { seenBy } from './seen-by';
import { HEIGHT, WIDE } from './window';

const CLI = resolve(__dirname, '../../node_modules/@microsoft/m365agentsplayground/cli.js');
const START_MS = 60_000;

export type ColorScheme = 'light' | 'dark';

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
  /** Pixels of a picture for each CSS pixel. */
  readonly scale?: number;
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
      deviceScaleFactor: options.scale ?? 1,
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

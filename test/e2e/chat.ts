import type { Locator, Page } from 'playwright-core';
import { activitySchema, type Activity, type Turn } from './activity';
import { Card } from './card';
import { BOT, CONVERSATION, userOf, type Person, type Scope } from './people';
import type { Playground } from './playground';
import { TURN_MS, type Relay } from './relay';
import { HEIGHT, WIDE } from './window';

const TREE_ITEM: Readonly<Record<Scope, string>> = {
  personal: 'Personal Chat',
  groupChat: 'Group Chat',
  channel: 'My Team - Announcements',
};

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
    const { id } = userOf(this.person);
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
    const { id, name, aadObjectId } = userOf(this.person);
    const html =
      options.html === undefined
        ? {}
        : { attachments: [{ contentType: 'text/html', content: options.html }] };
    const received = { ...activity, from: { ...activity.from, id, name, aadObjectId }, ...html };
    return options.rewrite?.(received) ?? received;
  }
}

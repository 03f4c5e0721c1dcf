import { z } from 'zod';
import {
  activityIn,
  answeredCard,
  cardOf,
  messageIn,
  pressIn,
  type DeskServer,
  type Json,
  type Scope,
} from '../bot/desk-server';
import type { View } from '../../src/guide/view';
import { locales } from '../guide/core';
import { buttonsOf, type Button } from './buttons-of';
import { contentOf, identify, isResultOf } from './identify';

const entities = z.array(z.looseObject({ type: z.string() }));
const langSchema = z.looseObject({ lang: z.string() });

/** What somebody looks at: a message of the bot, and where in which case it stands. */
export interface Screen {
  id: string;
  card: Json;
  /** The language that the card says it is in. */
  lang: string;
  place: string;
  view: View | null;
}

/** A message of the bot in a conversation: what all see of it, and what those see who pressed on it. */
interface Posted {
  id: string;
  conversation: string;
  forAll: Screen;
  own: Map<string, Screen>;
}

/** Where in a channel, and on which card of the conversation, the first being 1; the last one looked at if none is named. */
export interface Where {
  thread?: number | undefined;
  card?: number | undefined;
}

type Change = 'posted' | 'changed';

/**
 * A Teams client with several people in one chat. It shows what the bot sends, changes it where the bot changes it, and presses what is
 * on the screen: the answer to a press is for the presser alone, a change of the message for everybody.
 */
export class Client {
  private readonly posted: Posted[] = [];
  private readonly looksAt = new Map<string, Posted>();
  /** The dialog of the message extension, which lies over the chat. */
  private readonly dialogs = new Map<string, Screen>();
  private readonly said = new Map<string, Json>();
  private seen = 0;
  /** What the last act did to the messages in the chat; null when only somebody's own view has changed. */
  private last: { id: string; change: Change } | null = null;

  /** `speaks`: the language of each person's client, where it is not English. */
  constructor(
    private readonly server: DeskServer,
    private readonly scope: Scope,
    private readonly speaks: Readonly<Record<string, string>> = {},
  ) {}

  /** What `who` looks at; null before anything was said. */
  screenOf(who: string, { thread = 0, card }: Where = {}): Screen | null {
    const dialog = this.dialogs.get(who);
    if (dialog !== undefined) return dialog;
    const message = this.messageOf(who, thread, card);
    return message === null ? null : (message.own.get(who) ?? message.forAll);
  }

  /** Whether the last act has posted this message of the conversation, or changed it for everybody. */
  did(change: Change, card: number, who: string, { thread = 0 }: Where = {}): boolean {
    const message = this.here(this.conversationOf(who, thread))[card - 1];
    return this.last !== null && this.last.change === change && this.last.id === message?.id;
  }

  /** Whether the last act has left all messages as they were. */
  changedNothing(): boolean {
    return this.last === null;
  }

  async say(who: string, text: string, more: Json = {}, { thread = 0 }: Where = {}): Promise<Screen[]> {
    const activity = this.from(who, { ...messageIn(this.scope, who, text, thread), ...more });
    this.said.set(`${who} ${text}`, activity);
    this.dialogs.delete(who);
    return await this.post(who, activity);
  }

  async send(who: string, activity: Json): Promise<Screen[]> {
    return await this.post(who, this.from(who, { ...activityIn(this.scope, who), ...activity }));
  }

  /** Teams delivers again what `who` said in these words. */
  async again(who: string, text: string): Promise<Screen[]> {
    return await this.post(who, this.saidBy(who, text));
  }

  /** A reply that quotes: the quote stands in the HTML only, the text is what the person wrote. */
  async quote(who: string, quoted: string, text: string): Promise<Screen[]> {
    const message = messageIn(this.scope, who, text);
    const own = htmlOf(message) ?? `<p>${text}</p>`;
    const content = `<blockquote itemscope="" itemtype="http://schema.skype.com/Reply" itemid="1"><strong itemprop="mri" itemid="8:orgid:1">Somebody</strong><span itemprop="time" itemid="1"></span><p itemprop="preview">${quoted}</p></blockquote>${own}`;
    return await this.say(who, text, { attachments: [{ contentType: 'text/html', content }] });
  }

  async edit(who: string, text: string, into: string): Promise<Screen[]> {
    const before = this.saidBy(who, text);
    const after = this.from(who, messageIn(this.scope, who, into));
    return await this.post(who, {
      ...after,
      id: before['id'],
      conversation: before['conversation'],
      ...event('messageUpdate', 'editMessage', after),
    });
  }

  async remove(who: string, text: string): Promise<Screen[]> {
    const before = this.saidBy(who, text);
    return await this.post(who, {
      ...before,
      text: undefined,
      attachments: undefined,
      ...event('messageDelete', 'softDeleteMessage', before),
    });
  }

  async restore(who: string, text: string): Promise<Screen[]> {
    const before = this.saidBy(who, text);
    return await this.post(who, { ...before, ...event('messageUpdate', 'undeleteMessage', before) });
  }

  /** Press the button with this title; a client of before Adaptive Cards 1.4 submits it as a message. */
  async press(who: string, title: string, { submit = false, ...where }: Where & { submit?: boolean } = {}) {
    const screen = this.screenOf(who, where);
    if (screen === null) throw new Error(`${who} sees no card`);
    const { data } = buttonIn(screen, title);
    if (this.dialogs.has(who)) return await this.submitInDialog(who, screen, data);
    const { thread = 0 } = where;
    const activity = pressIn(this.scope, who, screen.id, data, thread);
    if (submit)
      return await this.post(
        who,
        this.from(who, { ...activity, type: 'message', name: undefined, value: data }),
      );
    const { body } = await this.server.post(this.from(who, activity));
    const card = answeredCard(body);
    if (card === null) throw new Error(`no card in the answer: ${JSON.stringify(body).slice(0, 200)}`);
    const shown = await this.screen(screen.id, card);
    const changed = await this.collect(who);
    // The answer to a press is what the presser sees, whatever has come beside it.
    const message = this.posted.find(({ id }) => id === screen.id);
    if (message !== undefined) {
      message.own.set(who, shown);
      this.looksAt.set(`${who} ${message.conversation}`, message);
    }
    return [shown, ...changed];
  }

  /** "Explain this bounce" on a message in a conversation. */
  async explain(who: string, text: string): Promise<Screen[]> {
    return await this.inExtension(who, 'fetchTask', {
      commandId: 'explain',
      messagePayload: { id: '1', body: { contentType: 'text', content: text } },
    });
  }

  private async submitInDialog(who: string, screen: Screen, data: unknown): Promise<Screen[]> {
    return await this.inExtension(who, 'submitAction', { commandId: 'explain', data }, screen);
  }

  private async inExtension(
    who: string,
    name: string,
    value: Json,
    before: Screen | null = null,
  ): Promise<Screen[]> {
    const invoke = {
      ...activityIn(this.scope, who),
      type: 'invoke',
      name: `composeExtension/${name}`,
      value,
    };
    const { body } = await this.server.post(this.from(who, invoke));
    const content = z.record(z.string(), z.unknown()).parse(contentOf(body));
    const shown = await this.screen('dialog', content);
    if (before?.view == null || !isResultOf(content, before.view, this.server, locales.of(shown.lang))) {
      this.dialogs.set(who, shown);
      return [shown, ...(await this.collect(who))];
    }
    // The person posts it, the bot does not.
    this.dialogs.delete(who);
    const result = { ...shown, id: `posted-${String(this.posted.length)}`, place: `result ${before.place}` };
    this.show(who, this.conversationOf(who, 0), result);
    return [result, ...(await this.collect(who))];
  }

  private messageOf(who: string, thread: number, card: number | undefined): Posted | null {
    const conversation = this.conversationOf(who, thread);
    const here = this.here(conversation);
    if (card !== undefined) return here[card - 1] ?? null;
    return this.looksAt.get(`${who} ${conversation}`) ?? here.at(-1) ?? null;
  }

  private here(conversation: string): Posted[] {
    return this.posted.filter((each) => each.conversation === conversation);
  }

  private conversationOf(who: string, thread: number): string {
    return conversationIn(activityIn(this.scope, who, thread));
  }

  private saidBy(who: string, text: string): Json {
    const activity = this.said.get(`${who} ${text}`);
    if (activity === undefined) throw new Error(`${who} has not said "${text}"`);
    return activity;
  }

  private async post(who: string, activity: Json): Promise<Screen[]> {
    const { status, text } = await this.server.post(activity);
    if (status !== 200) throw new Error(`${status} ${text}`);
    return await this.collect(who);
  }

  /** An activity as the client of `who` sends it. */
  private from(who: string, activity: Json): Json {
    const locale = this.speaks[who];
    if (locale === undefined) return activity;
    const others = entities.parse(activity['entities']).filter(({ type }) => type !== 'clientInfo');
    return { ...activity, entities: [...others, { type: 'clientInfo', locale, platform: 'Web' }] };
  }

  /** What has come over the connector since; in a group everybody sees it. */
  private async collect(who: string): Promise<Screen[]> {
    const news = this.server.deliveries.slice(this.seen);
    this.seen = this.server.deliveries.length;
    const screens: Screen[] = [];
    this.last = null;
    for (const { id, activity, conversation } of news) {
      const card = cardOf(activity);
      if (card === null || !isToast(activity, card))
        throw new Error(
          `no message of one card with a line for the notification: ${JSON.stringify(activity)}`,
        );
      const shown = await this.screen(id, card);
      this.show(who, conversation, shown);
      screens.push(shown);
    }
    return screens;
  }

  /** A new message, or an earlier one that is another now for everybody. */
  private show(who: string, conversation: string, forAll: Screen): void {
    const known = this.posted.find(({ id }) => id === forAll.id);
    const message = known ?? { id: forAll.id, conversation, forAll, own: new Map<string, Screen>() };
    if (known === undefined) this.posted.push(message);
    this.last = { id: forAll.id, change: known === undefined ? 'posted' : 'changed' };
    message.forAll = forAll;
    message.own.clear();
    this.looksAt.set(`${who} ${conversation}`, message);
  }

  private async screen(id: string, card: Json): Promise<Screen> {
    const lang = langSchema.parse(card).lang;
    return { id, card, lang, ...(await identify(card, this.server, locales.of(lang))) };
  }
}

const htmlOf = ({ attachments }: Json): string | undefined =>
  z.tuple([z.object({ content: z.string() })]).safeParse(attachments).data?.[0].content;

function buttonIn({ card }: Screen, title: string): Button {
  const buttons = buttonsOf(card);
  const found = buttons.find((candidate) => candidate.title === title);
  if (found !== undefined) return found;
  throw new Error(`There is no button "${title}": ${buttons.map((each) => each.title).join(' | ')}`);
}

const event = (type: string, eventType: string, { channelData }: Json): Json => ({
  type,
  channelData: { ...Object(channelData), eventType },
});

const conversationIn = (activity: Json): string =>
  z.object({ conversation: z.object({ id: z.string() }) }).parse(activity).conversation.id;

/** What a person reads of a message in the corner of the screen: one plain line, not too long, and no text beside the card. */
function isToast({ summary, text }: Json, { fallbackText }: Json): boolean {
  return (
    text === undefined &&
    summary === fallbackText &&
    typeof summary === 'string' &&
    /^Bounce Desk: [^\s*_`[\]<>{}$][^*_`[\]<>{}$\n]{3,100}$/.test(summary)
  );
}

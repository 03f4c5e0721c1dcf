import { setTimeout as sleep } from 'node:timers/promises';
import {
  ActivityTypes,
  StatusCodes,
  TeamsActivityHandler,
  type Activity,
  type AdaptiveCardInvokeResponse,
  type AdaptiveCardInvokeValue,
  type MessagingExtensionAction,
  type MessagingExtensionActionResponse,
  type MessagingExtensionQuery,
  type MessagingExtensionResponse,
  type PrivateConversationState,
  type StatePropertyAccessor,
  type TurnContext,
} from 'botbuilder';
import type { DialogContext, DialogState, DialogStateManagerConfiguration } from 'botbuilder-dialogs';
import { DialogTurnStatus } from 'botbuilder-dialogs/lib/dialog';
import { DialogContextError } from 'botbuilder-dialogs/lib/dialogContextError';
import { DialogSet } from 'botbuilder-dialogs/lib/dialogSet';
import type { ButtonData, Holder } from '../cards/buttons';
import type { Notice, RenderedCard } from '../cards/render';
import { BounceDialog } from '../dialogs/bounce-dialog';
import { look, understandExample, type Desk, type OpenDesk, type Standing } from '../dialogs/desk';
import { provideInput, type TurnInput } from '../dialogs/input';
import { scopeOf } from '../dialogs/scope';
import { answerInstead, cardActivity, saidIn, sendCard, wasSaid } from '../dialogs/send';
import { stageOf, type StageOptions } from '../dialogs/stages';
import { standingOf } from '../dialogs/standing';
import { deskOf, provideDesk } from '../dialogs/turn-desk';
import { catalogue } from '../guide/catalogue';
import type { View } from '../guide/view';
import type { Log } from '../log';
import { readAll } from '../ndr/file';
import { htmlToText } from '../ndr/html';
import { createAnsweredHere, type AnsweredHere } from './answered-here';
import { attachedTo } from './attachments';
import { readButton } from './button-data';
import { DeliveryError } from './delivery';
import { editVersion } from './edit-version';
import { explainMessage, inModule, posted, searchResults, seenInModule } from './extension';
import type { FileFetcher, FileTrouble } from './file-fetcher';
import { localeOf } from './locale';
import { htmlWithoutMention, textWithoutMention } from './mentions';
import { withoutQuote } from './quote';
import { StillClaimed, type Answered, type Claim } from './claims';
import { beginTurnTime } from './turn-time';
import type { MessageId, Turns } from './turns';
import { unsaved } from './unsaved';
import type { Welcomes } from './welcomes';

/** How long the answer to a press waits for the message itself to change, in milliseconds. */
const updatePatience = 2000;

export interface BounceBotOptions {
  /** The desk as it stands now, for somebody who reads this language (an RFC 5646 tag); a turn takes one and keeps it. */
  openDesk(locale: string): OpenDesk;
  /** State of one person in one conversation: two people in a group chat never answer each other's questions. */
  state: PrivateConversationState;
  welcomes: Welcomes;
  turns: Turns;
  files: FileFetcher;
  log: Log;
  newReference(): string;
}

/** A turn that takes longer shows that somebody is at work, in milliseconds. */
const typingAfter = 1000;

/** What names a message on every instance; null for what no channel would deliver again. */
function messageIdOf({ id, channelId, conversation }: Activity): MessageId | null {
  const message: unknown = id;
  return typeof message === 'string' && message !== ''
    ? { channel: channelId, conversation: conversation.id, message }
    : null;
}

/** The person as the tenant knows them; elsewhere, and for guests, as the channel does. */
function ownerOf({ from }: Activity): string | null {
  const sender: unknown = from;
  if (typeof sender !== 'object' || sender === null) return null;
  const ids: unknown[] = [Reflect.get(sender, 'aadObjectId'), Reflect.get(sender, 'id')];
  return ids.find((id): id is string => typeof id === 'string' && id !== '') ?? null;
}

/** Where a posted card stands among the words, the Playground leaves HTML in the text; Teams in the HTML beside it. */
const wordsBesideCard = (text: string, html: string | undefined): string =>
  html === undefined && !text.includes('schema.skype.com/InputExtension') ? text : htmlToText(html ?? text);

/** What a press shows. Only what `leads` on may take the place of the pressed card for good: behind a sorry the old card still works. */
interface Pressed {
  card: RenderedCard;
  leads: boolean;
}

const troubles: Readonly<Record<FileTrouble, Notice>> = {
  blocked: 'fileBlocked',
  failed: 'fileFailed',
  tooLarge: 'unreadable.tooLarge',
};

/** The Teams side: messages, presses, installs. Every turn ends in an answer, also when our own code throws. */
export class BounceBot extends TeamsActivityHandler {
  private readonly dialogs: DialogSet;
  private readonly accessor: StatePropertyAccessor<DialogState>;
  private memory: DialogStateManagerConfiguration | undefined;
  private readonly answeredHere: AnsweredHere;

  constructor(private readonly options: BounceBotOptions) {
    super();
    this.accessor = options.state.createProperty<DialogState>('dialog');
    this.answeredHere = createAnsweredHere(options.state);
    this.dialogs = new DialogSet(this.accessor).add(new BounceDialog());
    this.onMessage(async (context, next) => {
      await this.answerOnce(context);
      await next();
    });
    this.onTeamsMessageEditEvent(async (context, next) => {
      await this.answerOnce(context);
      await next();
    });
    this.onTeamsMessageUndeleteEvent(async (context, next) => {
      await this.answerOnce(context);
      await next();
    });
    this.onTeamsMessageSoftDeleteEvent(async (context, next) => {
      await this.forgetMessage(context);
      await next();
    });
    this.onInstallationUpdateAdd(async (context, next) => {
      await this.guarded(context, () => this.welcome(context));
      await next();
    });
    this.onInstallationUpdateRemove(async (context, next) => {
      await options.welcomes.forget(context.activity.conversation.id);
      await next();
    });
    this.onMembersAdded(async (context, next) => {
      // Teams says "installed" by installationUpdate; other channels only by adding the bot to the conversation.
      const added =
        context.activity.membersAdded?.some(({ id }) => id === context.activity.recipient.id) === true;
      if (added && context.activity.channelId !== 'msteams')
        await this.guarded(context, () => this.welcome(context));
      await next();
    });
  }

  override async run(context: TurnContext): Promise<void> {
    const { activity } = context;
    provideDesk(context, { ...this.options.openDesk(localeOf(activity)), owner: ownerOf(activity) });
    await super.run(context);
  }

  private async answerOnce(context: TurnContext): Promise<void> {
    await this.once(context, () => this.guarded(context, () => this.answer(context)));
  }

  /**
   * Answer a message once, though Teams delivers it again when we were slow; a slow answer announces itself. An edited message is
   * answered again, where its answer stands.
   */
  private async once(context: TurnContext, turn: () => Promise<void>): Promise<void> {
    const { turns, log, state } = this.options;
    const id = messageIdOf(context.activity);
    if (id === null) {
      await this.announced(context, turn);
      await state.saveChanges(context).catch((error: unknown) => {
        this.report(error);
      });
      return;
    }
    const version = editVersion(context.activity);
    let claim: Claim | null;
    try {
      claim = await (version === null ? turns.begin(id) : turns.beginAgain(id, version));
    } catch (error) {
      if (error instanceof StillClaimed) throw error; // Whoever delivers it comes again.
      await this.apologise(context, error);
      return;
    }
    if (claim === null) {
      log.info('a message was delivered again and is answered already');
      return;
    }
    beginTurnTime(context, claim.begun);
    const { before } = claim;
    let from: Standing | null;
    try {
      from = await this.fromWhere(context, before, () => this.announced(context, turn));
    } catch (error) {
      await turns.abandon(claim).catch((reason: unknown) => {
        this.report(reason);
      });
      throw error;
    }
    const { answer, caseId } = saidIn(context);
    try {
      await turns.finish(claim, { answer, caseId, from }, unsaved(state, context));
      // What the message said before it was edited is nobody's any more.
      if (before !== null && before.caseId !== null && before.caseId !== caseId)
        await deskOf(context).cases.remove(before.caseId);
    } catch (error) {
      // The answer is out. Failing now would bring the message here once more.
      this.report(error);
    }
  }

  /**
   * Where the message was said, once it is answered. One that is edited is answered there again, in place of its answer; what then leads
   * nowhere leaves the person at the place they have reached since.
   */
  private async fromWhere(
    context: TurnContext,
    before: Answered | null,
    turn: () => Promise<void>,
  ): Promise<Standing | null> {
    const since = standingOf(await this.accessor.get(context));
    if (before === null) {
      await turn();
      return since;
    }
    if (before.answer !== null) answerInstead(context, before.answer);
    const from = before.from ?? null;
    await this.standAt(context, from);
    await turn();
    if (!saidIn(context).moved) await this.standAt(context, since);
    return from;
  }

  /** Put somebody back to a place, or before any; nothing is shown. */
  private async standAt(context: TurnContext, standing: Standing | null): Promise<void> {
    const seen = standing === null ? null : await look(deskOf(context), standing);
    if (standing !== null && seen !== null && typeof seen !== 'string') {
      await this.remember(context, standing, seen.view);
      return;
    }
    await (await this.dialogContext(context)).cancelAllDialogs();
    await this.options.state.saveChanges(context);
  }

  /** A turn that takes long shows that somebody is at work. */
  private async announced(context: TurnContext, turn: () => Promise<void>): Promise<void> {
    const typing = setTimeout(() => {
      context.sendActivity({ type: ActivityTypes.Typing }).catch(() => undefined);
    }, typingAfter);
    try {
      await turn();
    } finally {
      clearTimeout(typing);
    }
  }

  /** A deleted message takes along what we kept of it. */
  private async forgetMessage(context: TurnContext): Promise<void> {
    const { turns } = this.options;
    const id = messageIdOf(context.activity);
    const before = id === null ? null : await turns.recall(id);
    if (id === null || before === null) return;
    if (before.caseId !== null) await deskOf(context).cases.remove(before.caseId);
    await turns.forget(id);
  }

  private async answer(context: TurnContext): Promise<void> {
    const value: unknown = context.activity.value;
    if (value !== undefined && value !== null && !context.activity.text) {
      await this.answerSubmit(context, value);
      return;
    }
    // Whoever was at work on it before has died in between: the state goes on from the answer, and must not take it in twice.
    const answered = await this.answeredHere.recall(context);
    if (answered !== null) {
      wasSaid(context, answered);
      return;
    }
    provideInput(context, await this.inputOf(context.activity));
    try {
      const dc = await this.dialogContext(context);
      if (dc.stack.some(({ id }) => this.dialogs.find(id) === undefined)) dc.stack.length = 0; // Of another release.
      const result = await dc.continueDialog();
      if (result.status === DialogTurnStatus.empty) await dc.beginDialog(BounceDialog.id);
      await this.answeredHere.remember(context, saidIn(context));
      // Of who wants to be forgotten, not even a place is kept.
      if (saidIn(context).forgotten) await this.options.state.delete(context);
    } catch (error) {
      // Whatever stopped this turn must not stop the next one as well: the conversation starts afresh.
      await this.accessor.delete(context);
      await this.options.state.saveChanges(context);
      throw error instanceof DialogContextError ? error.error : error;
    }
  }

  /** The SDK finds out anew in every turn which kinds of memory there are, though that depends on nothing in the turn. */
  private async dialogContext(context: TurnContext): Promise<DialogContext> {
    if (this.memory !== undefined) context.turnState.set('DialogStateManagerConfiguration', this.memory);
    const dc = await this.dialogs.createContext(context);
    this.memory ??= dc.state.configuration;
    return dc;
  }

  /** The words of a message without mentions, and what stands in the file that came with them. */
  private async inputOf(activity: Activity): Promise<TurnInput> {
    const { text, html, quoted } = withoutQuote(
      activity,
      textWithoutMention(activity),
      htmlWithoutMention(activity),
    );
    const words = { text: text === '' && html !== undefined ? htmlToText(html) : text, html, quoted };
    const { file, hasPicture, card, outOfReach } = attachedTo(activity);
    if (file !== null) {
      const fetched = await this.options.files.fetch(file);
      if ('trouble' in fetched) return { ...words, trouble: troubles[fetched.trouble] };
      return { ...words, reading: readAll(fetched.bytes)[0] };
    }
    if (card !== '') return { text: `${wordsBesideCard(words.text, html)}\n${card}`.trim() };
    if (outOfReach) return { ...words, trouble: 'fileOutOfReach' };
    return hasPicture ? { ...words, trouble: 'unreadable.picture' } : words;
  }

  /** A client without Action.Execute sends the same data as a message. */
  private async answerSubmit(context: TurnContext, value: unknown): Promise<void> {
    const { card, leads } = await this.press(context, value, 'message');
    const shown = context.activity.replyToId;
    if (
      leads &&
      scopeOf(context.activity) === 'personal' &&
      shown !== undefined &&
      (await this.update(context, shown, card))
    )
      return;
    await sendCard(context, card);
  }

  protected override async onAdaptiveCardInvoke(
    context: TurnContext,
    invokeValue: AdaptiveCardInvokeValue,
  ): Promise<AdaptiveCardInvokeResponse> {
    const { data } = invokeValue.action;
    const { card, leads } = await this.press(context, data, 'message').catch((error: unknown): Pressed => {
      const { cards, phrases } = deskOf(context);
      const pressed = readButton(data, 'message');
      return { card: cards.apology(this.report(error), phrases, pressed), leads: false };
    });
    if (leads) await this.replaceForGood(context, card);
    return { statusCode: StatusCodes.OK, type: 'application/vnd.microsoft.card.adaptive', value: card.card };
  }

  // Of the message extension: the SDK's own handlers throw "not implemented", and whatever throws in here is an empty dialog in Teams.

  protected override handleTeamsMessagingExtensionQuery(
    context: TurnContext,
    query: MessagingExtensionQuery,
  ): Promise<MessagingExtensionResponse> {
    const desk = deskOf(context);
    try {
      return Promise.resolve(searchResults(desk, query));
    } catch (error) {
      const text = desk.phrases.t('apology.text', { reference: this.report(error) });
      return Promise.resolve({ composeExtension: { type: 'message', text } });
    }
  }

  protected override async handleTeamsMessagingExtensionFetchTask(
    context: TurnContext,
    action: MessagingExtensionAction,
  ): Promise<MessagingExtensionActionResponse> {
    return await this.inModule(context, null, (desk) => explainMessage(desk, action));
  }

  protected override async handleTeamsMessagingExtensionSubmitAction(
    context: TurnContext,
    action: MessagingExtensionAction,
  ): Promise<MessagingExtensionActionResponse> {
    const pressed = readButton(action.data, 'dialog');
    return await this.inModule(context, pressed, (desk) => this.pressInModule(context, desk, action.data));
  }

  private async pressInModule(
    context: TurnContext,
    desk: Desk,
    data: unknown,
  ): Promise<MessagingExtensionActionResponse> {
    const button = readButton(data, 'dialog');
    if (button === null || button.at === null)
      return inModule(desk, (await this.press(context, data, 'dialog')).card, []);
    const seen = await look(desk, { caseId: button.case, position: button.at });
    if (typeof seen === 'string') {
      const notice = desk.cards.notice(seen === 'gone' ? 'gone' : 'unknownButton', desk.phrases);
      return inModule(desk, notice, []);
    }
    return (button.verb === 'post' ? posted(desk, seen) : null) ?? seenInModule(desk, seen);
  }

  private async inModule(
    context: TurnContext,
    pressed: ButtonData | null,
    answer: (desk: Desk) => Promise<MessagingExtensionActionResponse>,
  ): Promise<MessagingExtensionActionResponse> {
    const desk = deskOf(context);
    try {
      return await answer(desk);
    } catch (error) {
      return inModule(desk, desk.cards.apology(this.report(error), desk.phrases, pressed), []);
    }
  }

  /**
   * In a personal chat nobody else looks at the card, so the message itself changes too and looks the same on every device.
   * In a group the answer to the press changes the presser's view only, and everybody walks their own branch.
   */
  private async replaceForGood(context: TurnContext, card: RenderedCard): Promise<void> {
    const shown = context.activity.replyToId;
    if (scopeOf(context.activity) !== 'personal' || shown === undefined) return;
    // The presser sees the new card all the same, it is the answer to the press: a slow Teams must not hold that up.
    await Promise.race([this.update(context, shown, card), sleep(updatePatience, undefined, { ref: false })]);
  }

  private async update(context: TurnContext, activityId: string, card: RenderedCard): Promise<boolean> {
    try {
      await context.updateActivity({ ...cardActivity(card), id: activityId });
      return true;
    } catch (error) {
      this.options.log.warn('a card could not be updated', { error });
      return false;
    }
  }

  /** What a button leads to. Of a message, the place is remembered, so that typed words go on from it. */
  private async press(context: TurnContext, data: unknown, on: Holder): Promise<Pressed> {
    const desk = deskOf(context);
    const { cards, phrases } = desk;
    const nowhere = (notice: Notice): Pressed => ({ card: cards.notice(notice, phrases), leads: false });
    const to = (card: RenderedCard): Pressed => ({ card, leads: true });
    const button = readButton(data, on);
    if (button === null) return nowhere('unknownButton');
    if (button.verb === 'help') return to(cards.help(scopeOf(context.activity), phrases));
    if (button.verb === 'codes') {
      const { asked, page } = button.codes ?? { asked: '', page: 0 };
      return to(cards.catalogue(catalogue(desk.knowledge, asked, page), phrases));
    }
    if (button.verb === 'example') {
      const understood = await understandExample(desk);
      if (understood.kind === 'notice') return to(understood.card);
      if (on === 'message') await this.remember(context, understood.standing, understood.view);
      return to(cards.view(understood.view, understood.bounce, phrases));
    }
    if (button.at === null) return nowhere('unknownButton');
    const standing: Standing = { caseId: button.case, position: button.at };
    const seen = await look(desk, standing);
    if (typeof seen === 'string') return nowhere(seen === 'gone' ? 'gone' : 'unknownButton');
    await this.remember(context, standing, seen.view);
    return to(cards.view(seen.view, seen.bounce, phrases));
  }

  private async remember(context: TurnContext, standing: Standing, view: View): Promise<void> {
    const dc = await this.dialogContext(context);
    await dc.cancelAllDialogs();
    await dc.beginDialog(BounceDialog.id, {
      stage: stageOf(view),
      standing,
      send: null,
    } satisfies StageOptions);
    await this.options.state.saveChanges(context);
  }

  private async welcome(context: TurnContext): Promise<void> {
    const { welcomes } = this.options;
    const { cards, phrases } = deskOf(context);
    const claim = await welcomes.begin(context.activity.conversation.id);
    if (claim === null) return;
    beginTurnTime(context, claim.begun);
    try {
      await sendCard(context, cards.welcome(scopeOf(context.activity), phrases));
    } catch (error) {
      await welcomes.abandon(claim); // The next announcement of this install tries again.
      throw error;
    }
    await welcomes.finish(claim, saidIn(context));
  }

  /** Whatever goes wrong in a turn, somebody who has not been answered yet is told so. */
  private async guarded(context: TurnContext, turn: () => Promise<void>): Promise<void> {
    try {
      await turn();
    } catch (error) {
      await this.apologise(context, error);
    }
  }

  /** @throws what nobody can be told now: the message is delivered again. */
  private async apologise(context: TurnContext, error: unknown): Promise<void> {
    const { cards, phrases } = deskOf(context);
    const failing = error instanceof DeliveryError ? error.failing : null;
    // Teams does not listen now: whoever delivers again gets the answer, and an apology would come no sooner.
    if (failing === 'late') throw error;
    if (failing === 'gone' || failing === 'blocked') await this.leave(context, error);
    else if (saidIn(context).answer !== null) this.report(error);
    else if (failing === 'tooLarge') {
      this.report(error);
      await sendCard(context, cards.notice('answerTooLarge', phrases));
    } else await sendCard(context, cards.apology(this.report(error), phrases));
  }

  /** The conversation is not there any more, or closed to the bot: nothing is tried again, and the next install is a new one. */
  private async leave(context: TurnContext, error: unknown): Promise<void> {
    this.options.log.warn('a conversation does not take messages of the bot any more', { error });
    await this.options.welcomes.forget(context.activity.conversation.id);
  }

  /** Log an error under a reference that the person can pass on. */
  private report(error: unknown): string {
    const reference = this.options.newReference();
    this.options.log.error('a turn failed', { reference, error });
    return reference;
  }
}

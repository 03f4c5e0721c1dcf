import {
  ActivityTypes,
  DeliveryModes,
  INVOKE_RESPONSE_KEY,
  StatusCodes,
  TeamsActivityHandler,
  type Activity,
  type AdaptiveCardInvokeResponse,
  type AdaptiveCardInvokeValue,
  type BotHandler,
  type MessagingExtensionAction,
  type MessagingExtensionActionResponse,
  type MessagingExtensionQuery,
  type MessagingExtensionResponse,
  type TurnContext,
} from 'botbuilder';
import type { ButtonData } from '../cards/buttons';
import { look, type Desk, type OpenDesk } from '../dialogs/desk';
import { provideInput } from '../dialogs/input';
import { scopeOf } from '../dialogs/scope';
import { saidIn, sendCard, wasSaid } from '../dialogs/send';
import { deskOf, provideDesk } from '../dialogs/turn-desk';
import type { Log } from '../log';
import { AnswerOnce } from './answer-once';
import { createAnsweredHere, type AnsweredHere } from './answered-here';
import { Apologies } from './apologies';
import { readButton } from './button-data';
import { DeliveryError } from './delivery';
import { explainMessage, inModule, posted, searchResults, seenInModule } from './extension';
import type { FileFetcher } from './file-fetcher';
import { localeOf } from './locale';
import { readInput } from './message-input';
import type { PlaceState } from './place-state';
import { Places } from './places';
import { Presses, type Pressed } from './presses';
import { beginTurnTime } from './turn-time';
import type { Turns } from './turns';
import type { Welcomes } from './welcomes';

export interface BounceBotOptions {
  /** The desk as it stands now, for somebody who reads this language (an RFC 5646 tag); a turn takes one and keeps it. */
  openDesk(locale: string): OpenDesk;
  /** State of one person in one conversation: two people in a group chat never answer each other's questions. */
  state: PlaceState;
  welcomes: Welcomes;
  turns: Turns;
  files: FileFetcher;
  log: Log;
  newReference(): string;
}

const messageType: string = ActivityTypes.Message;
const invokeType: string = ActivityTypes.Invoke;
const expectReplies: string = DeliveryModes.ExpectReplies;

/** The person as the tenant knows them; elsewhere, and for guests, as the channel does. */
function ownerOf({ from }: Activity): string | null {
  const sender: unknown = from;
  if (typeof sender !== 'object' || sender === null) return null;
  const ids: unknown[] = [Reflect.get(sender, 'aadObjectId'), Reflect.get(sender, 'id')];
  return ids.find((id): id is string => typeof id === 'string' && id !== '') ?? null;
}

/** The Teams side: messages, presses, installs. Every turn ends in an answer, also when our own code throws. */
export class BounceBot extends TeamsActivityHandler {
  private readonly answeredHere: AnsweredHere;
  private readonly apologies: Apologies;
  private readonly places: Places;
  private readonly presses: Presses;
  private readonly once: AnswerOnce;

  constructor(private readonly options: BounceBotOptions) {
    super();
    this.answeredHere = createAnsweredHere(options.state);
    this.apologies = new Apologies(options);
    this.places = new Places(options.state);
    this.presses = new Presses(this.places, options.log);
    this.once = new AnswerOnce(options, this.places, this.apologies);
    const answer: BotHandler = async (context, next) => {
      await this.onMessageActivity(context);
      await next();
    };
    this.onTeamsMessageEditEvent(answer);
    this.onTeamsMessageUndeleteEvent(answer);
    this.onTeamsMessageSoftDeleteEvent(async (context, next) => {
      await this.once.forget(context);
      await next();
    });
    this.onInstallationUpdateAdd(async (context, next) => {
      await this.apologies.guarded(context, () => this.welcome(context));
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
        await this.apologies.guarded(context, () => this.welcome(context));
      await next();
    });
  }

  override async run(context: TurnContext): Promise<void> {
    const { activity } = context;
    provideDesk(context, { ...this.options.openDesk(localeOf(activity)), owner: ownerOf(activity) });
    await this.onTurnActivity(context);
  }

  /** Messages and presses go the short way: nobody else listens to them, and each of the SDK's events costs a few promises. */
  protected override async onTurnActivity(context: TurnContext): Promise<void> {
    const { deliveryMode } = context.activity;
    const type: string = context.activity.type;
    if (type === messageType) await this.onMessageActivity(context);
    else if (type === invokeType && deliveryMode !== expectReplies) {
      const value = await this.onInvokeActivity(context);
      context.turnState.set(INVOKE_RESPONSE_KEY, { type: ActivityTypes.InvokeResponse, value });
    } else await super.onTurnActivity(context);
  }

  protected override async onMessageActivity(context: TurnContext): Promise<void> {
    await this.once.answer(context, () => this.answer(context));
  }

  private async answer(context: TurnContext): Promise<void> {
    const value: unknown = context.activity.value;
    if (value !== undefined && value !== null && !context.activity.text) {
      await this.presses.answerSubmit(context, value);
      return;
    }
    // Whoever was at work on it before has died in between: the state goes on from the answer, and must not take it in twice.
    const answered = await this.answeredHere.recall(context);
    if (answered !== null) {
      wasSaid(context, answered);
      return;
    }
    provideInput(context, await readInput(context.activity, this.options.files));
    try {
      await this.places.goOn(context);
      await this.answeredHere.remember(context, saidIn(context));
      // Of who wants to be forgotten, not even a place is kept.
      if (saidIn(context).forgotten) await this.options.state.delete(context);
    } catch (error) {
      // Teams was too busy to be told: the next delivery goes on from where the person stands.
      if (!(error instanceof DeliveryError && error.failing === 'late'))
        await this.places.startAfresh(context);
      throw error;
    }
  }

  protected override async onAdaptiveCardInvoke(
    context: TurnContext,
    invokeValue: AdaptiveCardInvokeValue,
  ): Promise<AdaptiveCardInvokeResponse> {
    const { data } = invokeValue.action;
    const { card, leads } = await this.presses
      .press(context, data, 'message')
      .catch((error: unknown): Pressed => {
        const { cards, phrases } = deskOf(context);
        const pressed = readButton(data, 'message');
        return { card: cards.apology(this.apologies.report(error), phrases, pressed), leads: false };
      });
    if (leads) await this.presses.replaceForGood(context, card);
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
      const text = desk.phrases.t('apology.text', { reference: this.apologies.report(error) });
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
      return inModule(desk, (await this.presses.press(context, data, 'dialog')).card, []);
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
      return inModule(desk, desk.cards.apology(this.apologies.report(error), desk.phrases, pressed), []);
    }
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
}

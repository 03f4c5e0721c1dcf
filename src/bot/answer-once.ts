import { ActivityTypes, type Activity, type TurnContext } from 'botbuilder';
import type { Standing } from '../dialogs/desk';
import { scopeOf } from '../dialogs/scope';
import { answerInstead, saidIn } from '../dialogs/send';
import { deskOf } from '../dialogs/turn-desk';
import type { Log } from '../log';
import type { Apologies } from './apologies';
import { StillClaimed, type Answered, type Claim } from './claims';
import { editVersion } from './edit-version';
import type { PlaceState } from './place-state';
import type { Places } from './places';
import { beginTurnTime } from './turn-time';
import type { MessageId, Turns } from './turns';

/** A turn that takes longer shows that somebody is at work, in milliseconds. */
const typingAfter = 1000;

/** What names a message on every instance; null for what no channel would deliver again. */
function messageIdOf({ id, channelId, conversation }: Activity): MessageId | null {
  const message: unknown = id;
  return typeof message === 'string' && message !== ''
    ? { channel: channelId, conversation: conversation.id, message }
    : null;
}

export interface AnswerOnceOptions {
  state: PlaceState;
  turns: Turns;
  log: Log;
}

/** One message, one answer: delivered again, edited or deleted. */
export class AnswerOnce {
  constructor(
    private readonly options: AnswerOnceOptions,
    private readonly places: Places,
    private readonly apologies: Apologies,
  ) {}

  /**
   * Answer a message once, though Teams delivers it again when we were slow; a slow answer announces itself. An edited message is
   * answered again, where its answer stands.
   */
  async answer(context: TurnContext, turn: () => Promise<void>): Promise<void> {
    const { turns, log, state } = this.options;
    const id = messageIdOf(context.activity);
    if (id === null) {
      await this.apologies.guarded(context, () => this.announced(context, turn));
      await state.saveChanges(context).catch((error: unknown) => {
        this.apologies.report(error);
      });
      return;
    }
    const version = editVersion(context.activity);
    let claim: Claim | null;
    try {
      claim = await (version === null ? turns.begin(id) : turns.beginAgain(id, version));
    } catch (error) {
      if (error instanceof StillClaimed) throw error; // Whoever delivers it comes again.
      await this.apologies.apologise(context, error);
      return;
    }
    if (claim === null) {
      log.info('a message was delivered again and is answered already');
      return;
    }
    beginTurnTime(context, claim.begun);
    const { before } = claim;
    let since: Standing | null;
    try {
      since = await this.whereTheyStood(context, before, () => this.announced(context, turn));
    } catch (error) {
      await turns.abandon(claim).catch((reason: unknown) => {
        this.apologies.report(reason);
      });
      throw error;
    }
    const { answer, caseId, moved, forgotten } = saidIn(context);
    const said = before === null ? since : (before.from ?? null);
    // Of who wants to be forgotten, not even a place is kept.
    const from = forgotten ? null : said;
    try {
      // An edit that leads nowhere leaves the person at the place they have reached since.
      if (before !== null && !moved && !forgotten) await this.places.standAt(context, since);
      await turns.finish(claim, { answer, caseId, from }, state.unsaved(context) ?? {});
      // What the message said before it was edited is nobody's any more.
      if (before !== null && before.caseId !== null && before.caseId !== caseId)
        await deskOf(context).cases.remove(before.caseId);
      // Where others write as well, nobody knows any more which message was whose.
      if (forgotten && scopeOf(context.activity) === 'personal') await turns.forgetPlaces(id);
    } catch (error) {
      // The answer is out. Failing now would bring the message here once more.
      this.apologies.report(error);
    }
  }

  /**
   * The place that the person has reached, once the message is answered; null where that cannot be read, which is apologised for. One that
   * is edited is answered where it was said, in place of its answer.
   */
  private async whereTheyStood(
    context: TurnContext,
    before: Answered | null,
    turn: () => Promise<void>,
  ): Promise<Standing | null> {
    const reached: { since: Standing | null } = { since: null };
    await this.apologies.guarded(context, async () => {
      reached.since = await this.places.now(context);
      if (before !== null) {
        if (before.answer !== null) answerInstead(context, before.answer);
        await this.places.standAt(context, before.from ?? null);
      }
      await turn();
    });
    return reached.since;
  }

  /** A deleted message takes along what we kept of it. */
  async forget(context: TurnContext): Promise<void> {
    const { turns } = this.options;
    const id = messageIdOf(context.activity);
    const before = id === null ? null : await turns.recall(id);
    if (id === null || before === null) return;
    if (before.caseId !== null) await deskOf(context).cases.remove(before.caseId);
    await turns.forget(id);
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
}

import type { TurnContext } from 'botbuilder';
import { saidIn, sendCard } from '../dialogs/send';
import { deskOf } from '../dialogs/turn-desk';
import type { Log } from '../log';
import { DeliveryError } from './delivery';
import type { Welcomes } from './welcomes';

export interface ApologiesOptions {
  log: Log;
  welcomes: Pick<Welcomes, 'forget'>;
  newReference(): string;
}

/** What a person hears, and the log, when something goes wrong. */
export class Apologies {
  constructor(private readonly options: ApologiesOptions) {}

  /** Log an error under a reference that the person can pass on. */
  report(error: unknown): string {
    const reference = this.options.newReference();
    this.options.log.error('a turn failed', { reference, error });
    return reference;
  }

  /** Whatever goes wrong in a turn, somebody who has not been answered yet is told so. */
  async guarded(context: TurnContext, turn: () => Promise<void>): Promise<void> {
    try {
      await turn();
    } catch (error) {
      await this.apologise(context, error);
    }
  }

  /** @throws what nobody can be told now: the message is delivered again. */
  async apologise(context: TurnContext, error: unknown): Promise<void> {
    const { cards, phrases } = deskOf(context);
    const failing = error instanceof DeliveryError ? error.failing : null;
    // Teams does not listen now: whoever delivers again gets the answer, and an apology would come no sooner.
    if (failing === 'late') throw error;
    if (failing === 'gone' || failing === 'blocked') await this.leave(context, error, failing);
    else if (saidIn(context).answer !== null) this.report(error);
    else if (failing === 'tooLarge') {
      this.report(error);
      await sendCard(context, cards.notice('answerTooLarge', phrases));
    } else await sendCard(context, cards.apology(this.report(error), phrases));
  }

  /**
   * Nobody can be told anything here: nothing is tried again. Where the bot may not speak, the next install is a new one. What is not
   * there may be a thread or a message only, and Teams says so of conversations, too, that are there a moment later
   * (microsoft/botbuilder-js#2722): a whole team is not welcomed again for that.
   */
  private async leave(context: TurnContext, error: unknown, failing: 'gone' | 'blocked'): Promise<void> {
    if (failing === 'gone') {
      this.options.log.warn('what was to be answered is not there any more', { error });
      return;
    }
    this.options.log.warn('a conversation does not take messages of the bot any more', { error });
    await this.options.welcomes.forget(context.activity.conversation.id);
  }
}

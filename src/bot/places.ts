import type { PrivateConversationState, StatePropertyAccessor, TurnContext } from 'botbuilder';
import type { DialogContext, DialogState, DialogStateManagerConfiguration } from 'botbuilder-dialogs';
import { DialogTurnStatus } from 'botbuilder-dialogs/lib/dialog';
import { DialogContextError } from 'botbuilder-dialogs/lib/dialogContextError';
import { DialogSet } from 'botbuilder-dialogs/lib/dialogSet';
import { BounceDialog } from '../dialogs/bounce-dialog';
import { look, type Standing } from '../dialogs/desk';
import { stageOf, type StageOptions } from '../dialogs/stages';
import { standingOf } from '../dialogs/standing';
import { deskOf } from '../dialogs/turn-desk';
import type { View } from '../guide/view';

/** Where a person stands in a conversation, as the dialog keeps it. */
export class Places {
  readonly #dialogs: DialogSet;
  readonly #accessor: StatePropertyAccessor<DialogState>;
  #memory: DialogStateManagerConfiguration | undefined;

  constructor(private readonly state: PrivateConversationState) {
    this.#accessor = state.createProperty<DialogState>('dialog');
    this.#dialogs = new DialogSet(this.#accessor).add(new BounceDialog());
  }

  /** The place reached so far; null before any. */
  async now(context: TurnContext): Promise<Standing | null> {
    return standingOf(await this.#accessor.get(context));
  }

  /** Let the dialog take in what the turn was given (`provideInput`); it answers, and moves on. Nothing is saved yet. */
  async goOn(context: TurnContext): Promise<void> {
    try {
      const dc = await this.dialogContext(context);
      if (dc.stack.some(({ id }) => this.#dialogs.find(id) === undefined)) dc.stack.length = 0; // Of another release.
      const result = await dc.continueDialog();
      if (result.status === DialogTurnStatus.empty) await dc.beginDialog(BounceDialog.id);
    } catch (error) {
      throw error instanceof DialogContextError ? error.error : error;
    }
  }

  /** Whatever stopped a turn must not stop the next one as well: the conversation starts afresh. */
  async startAfresh(context: TurnContext): Promise<void> {
    await this.#accessor.delete(context);
    await this.state.saveChanges(context);
  }

  /** Put somebody back to a place, or before any; nothing is shown, and nothing is saved yet. */
  async standAt(context: TurnContext, standing: Standing | null): Promise<void> {
    const seen = standing === null ? null : await look(deskOf(context), standing);
    if (standing !== null && seen !== null && typeof seen !== 'string') {
      await this.wait(context, standing, seen.view);
      return;
    }
    await (await this.dialogContext(context)).cancelAllDialogs();
  }

  /** Somebody has come to a place by a press: typed words go on from it. */
  async remember(context: TurnContext, standing: Standing, view: View): Promise<void> {
    await this.wait(context, standing, view);
    await this.state.saveChanges(context);
  }

  /** Let the dialog wait at a place that is on the screen already. */
  private async wait(context: TurnContext, standing: Standing, view: View): Promise<void> {
    const dc = await this.dialogContext(context);
    await dc.cancelAllDialogs();
    await dc.beginDialog(BounceDialog.id, {
      stage: stageOf(view),
      standing,
      send: null,
    } satisfies StageOptions);
  }

  /** The SDK finds out anew in every turn which kinds of memory there are, though that depends on nothing in the turn. */
  private async dialogContext(context: TurnContext): Promise<DialogContext> {
    if (this.#memory !== undefined) context.turnState.set('DialogStateManagerConfiguration', this.#memory);
    const dc = await this.#dialogs.createContext(context);
    this.#memory ??= dc.state.configuration;
    return dc;
  }
}

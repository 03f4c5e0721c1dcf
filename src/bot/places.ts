import type { StatePropertyAccessor, TurnContext } from 'botbuilder';
import type { DialogState } from 'botbuilder-dialogs';
import { look, type Standing } from '../dialogs/desk';
import { BounceTree } from '../dialogs/tree';
import { deskOf } from '../dialogs/turn-desk';
import type { View } from '../guide/view';
import type { PlaceState } from './place-state';

/** Where a person stands in a conversation, as the dialog tree keeps it. */
export class Places {
  readonly #accessor: StatePropertyAccessor<DialogState>;
  readonly #tree: BounceTree;

  constructor(private readonly state: PlaceState) {
    this.#accessor = state.createProperty<DialogState>('dialog');
    this.#tree = new BounceTree(this.#accessor);
  }

  /** The place reached so far; null before any. */
  async now(context: TurnContext): Promise<Standing | null> {
    return await this.#tree.standing(context);
  }

  /** Let the tree take in what the turn was given (`provideInput`); it answers, and moves on. Nothing is saved yet. */
  async goOn(context: TurnContext): Promise<void> {
    await this.#tree.goOn(context);
  }

  /** Whatever stopped a turn must not stop the next one as well: the conversation starts afresh. */
  async startAfresh(context: TurnContext): Promise<void> {
    await this.#accessor.delete(context);
    await this.state.saveChanges(context);
  }

  /** Put somebody back to a place, or before any; nothing is shown, and nothing is saved yet. */
  async standAt(context: TurnContext, standing: Standing | null): Promise<void> {
    const seen = standing === null ? null : await look(deskOf(context), standing);
    if (standing === null || seen === null || typeof seen === 'string')
      await this.#tree.waitForBounce(context);
    else await this.#tree.waitAt(context, standing, seen.view);
  }

  /** Somebody has come to a place by a press: typed words go on from it. */
  async remember(context: TurnContext, standing: Standing, view: View): Promise<void> {
    await this.#tree.waitAt(context, standing, view);
    await this.state.saveChanges(context);
  }
}

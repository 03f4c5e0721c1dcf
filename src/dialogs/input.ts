import type { TurnContext } from 'botbuilder';
import type { Notice } from '../cards/render';
import type { Reading } from '../ndr/file';
import type { Paste } from '../ndr/paste';

/** What a person gave in one turn: words, and what became of the file or picture that came with them. */
export interface TurnInput extends Paste {
  /** What stood in a dropped file. */
  reading?: Reading | undefined;
  /** The words of somebody else that the message replies to, as far as Teams shows them. */
  quoted?: string | undefined;
  /** Why nothing of what was attached could be used. */
  trouble?: Notice | undefined;
}

/** The words of a turn, kept beside the context because the activity itself still has the mentions in it. */
const inputKey = Symbol('bounce-desk.input');

/** Hand the words of this turn, without mentions, to the dialogs. */
export function provideInput(context: TurnContext, input: TurnInput): void {
  context.turnState.set(inputKey, input);
}

export function inputOf(context: TurnContext): TurnInput {
  const input: unknown = context.turnState.get(inputKey);
  return isInput(input) ? input : { text: context.activity.text };
}

const isInput = (value: unknown): value is TurnInput =>
  typeof value === 'object' && value !== null && ('text' in value || 'html' in value);

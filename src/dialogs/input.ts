import type { TurnContext } from 'botbuilder';
import type { Paste } from '../ndr/read';

/** The words of a turn, kept beside the context because the activity itself still has the mentions in it. */
const inputKey = Symbol('bounce-desk.input');

/** Hand the words of this turn, without mentions, to the dialogs. */
export function provideInput(context: TurnContext, paste: Paste): void {
  context.turnState.set(inputKey, paste);
}

export function inputOf(context: TurnContext): Paste {
  const paste: unknown = context.turnState.get(inputKey);
  return isPaste(paste) ? paste : { text: context.activity.text };
}

const isPaste = (value: unknown): value is Paste =>
  typeof value === 'object' && value !== null && ('text' in value || 'html' in value);

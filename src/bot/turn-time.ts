import type { TurnContext } from 'botbuilder';

/** Teams asks again after 15 s; all that a turn sends has to be out before, in milliseconds. */
const turnBudget = 10_000;
const endKey = Symbol('bounce-desk.end-of-turn');

/** The turn's time runs from here: its begin, or the moment when it was given the right to answer. In ms since 1970. */
export function beginTurnTime(context: TurnContext, at: number): void {
  context.turnState.set(endKey, at + turnBudget);
}

/** When the turn has to be over, in ms since 1970; `now` is taken for its begin if nobody has said when that was. */
export function endOfTurn(context: TurnContext, now: number): number {
  return context.turnState.get<number | undefined>(endKey) ?? now + turnBudget;
}

import type { TurnContext } from 'botbuilder';
import type { Desk } from './desk';

const deskKey = Symbol('bounce-desk.desk');

/** Give a turn its desk. What is replaced later, such as the knowledge, does not reach a turn that has begun. */
export function provideDesk(context: TurnContext, desk: Desk): void {
  context.turnState.set(deskKey, desk);
}

/** @throws when the turn was given none: a fault of ours. */
export function deskOf(context: TurnContext): Desk {
  const desk: unknown = context.turnState.get(deskKey);
  if (!isDesk(desk)) throw new Error('This turn has no desk.');
  return desk;
}

const isDesk = (value: unknown): value is Desk =>
  typeof value === 'object' && value !== null && 'knowledge' in value && 'guide' in value;

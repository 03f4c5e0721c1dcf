import type { BotState, TurnContext } from 'botbuilder';
import { isObject } from '../is-object';
import type { Answered } from './claims';
import { editVersion } from './edit-version';

/** Which messages a conversation's state has taken in: as it is written in one go, neither is there without the other. */
export interface AnsweredHere {
  /** The answer to this message, or to this edit of it. */
  recall(context: TurnContext): Promise<Answered | null>;
  /** Before the state is saved. */
  remember(context: TurnContext, answered: Answered): Promise<void>;
}

interface Remembered extends Answered {
  message: string;
  version: string | null;
}

const isRemembered = (value: unknown): value is Remembered =>
  isObject(value) &&
  typeof value['message'] === 'string' &&
  [value['version'], value['answer'], value['caseId']].every(
    (each) => each === null || typeof each === 'string',
  );

/** Teams delivers again after 15 s; nobody says much more in that time. */
const remembered = 5;

export function createAnsweredHere(state: BotState): AnsweredHere {
  const accessor = state.createProperty<unknown>('answered');
  const idOf = (context: TurnContext): unknown => context.activity.id;
  const known = async (context: TurnContext): Promise<Remembered[]> => {
    const found = await accessor.get(context);
    return Array.isArray(found) ? (found as unknown[]).filter(isRemembered) : [];
  };
  return {
    async recall(context) {
      const version = editVersion(context.activity);
      const found = (await known(context)).find(
        (one) => one.message === idOf(context) && one.version === version,
      );
      return found === undefined ? null : { answer: found.answer, caseId: found.caseId };
    },
    async remember(context, { answer, caseId }) {
      const message = idOf(context);
      if (typeof message !== 'string') return;
      const others = (await known(context)).filter((one) => one.message !== message);
      const version = editVersion(context.activity);
      await accessor.set(context, [...others, { message, version, answer, caseId }].slice(-remembered));
    },
  };
}

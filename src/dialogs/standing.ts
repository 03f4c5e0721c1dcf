import type { DialogInstance, DialogState } from 'botbuilder-dialogs';
import { z } from 'zod';
import { toPosition } from '../guide/position';
import type { View } from '../guide/view';
import { isObject } from '../is-object';
import type { Standing } from './desk';

/** The dialogs of the tree, one for each thing the bot waits for. */
export const stageIds = { meaning: 'meaning', guide: 'guide', outcome: 'outcome' } as const;
export type StageId = (typeof stageIds)[keyof typeof stageIds];

/** The stage that waits at a view: which meaning or problem, the walk through an article, or what became of it. */
export function stageOf(view: View): StageId {
  switch (view.kind) {
    case 'problems':
    case 'meanings':
      return stageIds.meaning;
    case 'verdict':
    case 'question':
    case 'procedure':
    case 'path':
      return stageIds.guide;
    case 'fixed':
    case 'stuck':
      return stageIds.outcome;
  }
}

/** What a stage keeps of its place. */
interface StageState extends Standing {
  v: 1;
}

export const stateOf = ({ caseId, position }: Standing): StageState => ({ v: 1, caseId, position });

/**
 * The place in the state of a stage as it is kept; null when it is none. State of another release is none, and the conversation
 * starts afresh instead of walking the wrong way.
 */
export const toStanding = (state: unknown): Standing | null =>
  isObject(state) && state['v'] === 1 ? toPlace(state) : null;

/** A place as it comes back from the storage; null for what is none. */
export function toPlace(value: unknown): Standing | null {
  if (!isObject(value)) return null;
  const { caseId } = value;
  const position = toPosition(value['position']);
  return position !== null && (caseId === null || typeof caseId === 'string') ? { caseId, position } : null;
}

/** The state of the whole tree of somebody who stands at a place. */
export const treeAt = (standing: Standing, view: View): DialogState => ({
  dialogStack: [{ id: stageOf(view), state: stateOf(standing) }],
});

/** The state of the whole tree before a bounce. */
export const treeBefore = (): DialogState => ({ dialogStack: [] });

const stack = z.array(z.looseObject({ id: z.string(), state: z.unknown() }));
/** Earlier releases kept the stages inside a component of this name, which has its own stack in its state. */
const component = z.looseObject({
  id: z.literal('bounce'),
  state: z.looseObject({ dialogs: z.looseObject({ dialogStack: stack }) }),
});

/** The state of the whole tree as this release has it, out of that of an earlier one; what is neither stays as it is. */
export function migrated(state: DialogState | undefined): DialogState | undefined {
  const top = topOf(state);
  if (top?.id !== 'bounce') return state;
  const parsed = component.safeParse(top);
  return parsed.success ? { dialogStack: parsed.data.state.dialogs.dialogStack } : state;
}

/** Where somebody stands by the state of the whole tree; null before a bounce, or by the state of another release. */
export const standingOf = (state: DialogState | undefined): Standing | null =>
  toStanding(topOf(migrated(state))?.state);

/** It was read from the storage, and may be anything. */
function topOf(state: DialogState | undefined): DialogInstance | undefined {
  const dialogs: unknown = state?.dialogStack;
  return Array.isArray(dialogs) ? (dialogs as DialogInstance[]).at(-1) : undefined;
}

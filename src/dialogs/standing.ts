import type { DialogInstance, DialogState } from 'botbuilder-dialogs';
import { z } from 'zod';
import type { View } from '../guide/view';
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

const position = z.object({
  problem: z.number().int().min(0).nullable(),
  article: z.string().nullable(),
  path: z.array(z.string()).max(12),
  outcome: z.enum(['fixed', 'stuck']).optional(),
});

/** State of another release does not parse, and the conversation starts afresh instead of walking the wrong way. */
const stageState = z.object({ v: z.literal(1), caseId: z.string().nullable(), position });

/** What the stage of a place keeps of it. */
export const stateOf = ({ caseId, position: at }: Standing): z.input<typeof stageState> => ({
  v: 1,
  caseId,
  position: at,
});

/** The place in the state of a stage as it is kept; null when it is none. */
export function toStanding(state: unknown): Standing | null {
  const parsed = stageState.safeParse(state);
  return parsed.success ? { caseId: parsed.data.caseId, position: parsed.data.position } : null;
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

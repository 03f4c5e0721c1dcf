import type { DialogState } from 'botbuilder-dialogs';
import { z } from 'zod';
import type { Standing } from './desk';
import { toStanding } from './stages';

const stack = z.array(z.looseObject({ state: z.unknown() }));
/** A component keeps the stack of what is inside it in its own state, under this name. */
const component = z.looseObject({ dialogs: z.looseObject({ dialogStack: stack }) });

/** Where somebody stands by the state of the whole dialog tree; null before a bounce, or by the state of another release. */
export function standingOf(state: DialogState | undefined): Standing | null {
  const outer = stack.safeParse(state?.dialogStack).data?.at(-1)?.state;
  return toStanding(component.safeParse(outer).data?.dialogs.dialogStack.at(-1)?.state);
}

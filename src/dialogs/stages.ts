import type { DialogContext, DialogTurnResult } from 'botbuilder-dialogs';
import { Dialog, DialogTurnStatus } from 'botbuilder-dialogs/lib/dialog';
import { z } from 'zod';
import type { View } from '../guide/view';
import { interpret } from '../guide/interpret';
import { look, lookInto, type Seen, type Standing } from './desk';
import { inputOf } from './input';
import { scopeOf } from './scope';
import { noteMove, sendCard } from './send';
import { deskOf } from './turn-desk';

/** The dialogs of the tree, one for each thing the bot waits for. */
export const stageIds = { meaning: 'meaning', guide: 'guide', outcome: 'outcome' } as const;
type StageId = (typeof stageIds)[keyof typeof stageIds];

/** What a stage is begun with: where, and the view to send; nothing is sent when a press has put it on the screen already. */
export interface StageOptions {
  stage: StageId;
  standing: Standing;
  send: Seen | null;
}

const position = z.object({
  problem: z.number().int().min(0).nullable(),
  article: z.string().nullable(),
  path: z.array(z.string()).max(12),
  outcome: z.enum(['fixed', 'stuck']).optional(),
});

/** State of another release does not parse, and the conversation starts afresh instead of walking the wrong way. */
const stateSchema = z.object({ v: z.literal(1), caseId: z.string().nullable(), position });

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

/** The result of a turn whose words were no answer to what the stage asked; the stage still waits. */
export const notAnAnswer = 'notAnAnswer';

/**
 * Waits at one place of the tree and moves on by typed words. The place lives in the dialog's state, versioned; what is
 * shown there comes from the pure guide.
 */
export class StageDialog extends Dialog {
  override async beginDialog(dc: DialogContext, options?: object): Promise<DialogTurnResult> {
    if (!isStageOptions(options) || dc.activeDialog === undefined)
      throw new Error(`The stage ${this.id} was begun without a place.`);
    dc.activeDialog.state = { v: 1, ...options.standing };
    const { cards, phrases } = deskOf(dc.context);
    if (options.send !== null) {
      await sendCard(dc.context, cards.view(options.send.view, options.send.bounce, phrases));
      noteMove(dc.context);
    }
    return Dialog.EndOfTurn;
  }

  override async continueDialog(dc: DialogContext): Promise<DialogTurnResult> {
    const desk = deskOf(dc.context);
    const { phrases, cards } = desk;
    const waiting = { status: DialogTurnStatus.waiting, result: notAnAnswer };
    const standing = standingIn(dc);
    if (standing === null) return waiting;
    const input = inputOf(dc.context);
    if (input.reading !== undefined) return waiting; // A file is never the answer to a question.
    const seen = await look(desk, standing);
    if (typeof seen === 'string') return waiting;
    const move = interpret(seen.view, input.text ?? '', phrases);
    if (move === null) return waiting;
    if (move.kind === 'help') {
      await sendCard(dc.context, cards.help(scopeOf(dc.context.activity), phrases));
      return Dialog.EndOfTurn;
    }
    const next: Standing = { caseId: standing.caseId, position: move.to };
    const there = lookInto(desk, seen.bounce, next.position);
    if (typeof there === 'string') return waiting;
    const stage = stageOf(there.view);
    return await dc.replaceDialog(stage, { stage, standing: next, send: there } satisfies StageOptions);
  }
}

/** Whether dialog options are those of a stage. */
export const isStageOptions = (options: object | undefined): options is StageOptions =>
  options !== undefined && 'stage' in options && 'standing' in options && 'send' in options;

/** Where the active stage stands; null when it was written by another release. */
export const standingIn = (dc: DialogContext): Standing | null => toStanding(dc.activeDialog?.state);

/** The place in the state of a stage as it is kept; null when it is none. */
export function toStanding(state: unknown): Standing | null {
  const parsed = stateSchema.safeParse(state);
  return parsed.success ? { caseId: parsed.data.caseId, position: parsed.data.position } : null;
}

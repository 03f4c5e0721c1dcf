import { Dialog, DialogTurnStatus, type DialogContext, type DialogTurnResult } from 'botbuilder-dialogs';
import { z } from 'zod';
import type { View } from '../guide/view';
import { interpret } from '../guide/interpret';
import { look, type Desk, type Standing } from './desk';
import { inputOf } from './input';
import { scopeOf } from './scope';
import { sendCard } from './send';

/** The dialogs of the tree, one for each thing the bot waits for. */
export const stageIds = { meaning: 'meaning', guide: 'guide', outcome: 'outcome' } as const;
type StageId = (typeof stageIds)[keyof typeof stageIds];

/** What a stage is begun with. `shown`: the card is already on the screen, a press has put it there. */
export interface StageOptions {
  standing: Standing;
  shown: boolean;
}

const position = z.object({
  problem: z.number().int().min(0).nullable(),
  article: z.string().nullable(),
  path: z.array(z.string()).max(12),
  outcome: z.enum(['fixed', 'stuck']).optional(),
});

/** State of another release does not parse, and the conversation starts afresh instead of walking the wrong way. */
const stateSchema = z.object({ v: z.literal(1), caseId: z.string().nullable(), position });
const optionsSchema = z.object({
  standing: z.object({ caseId: z.string().nullable(), position }),
  shown: z.boolean(),
});

/** The stage that waits at a view: which meaning or problem, the walk through an article, or what became of it. */
export function stageOf(view: View): StageId {
  switch (view.kind) {
    case 'problems':
    case 'meanings':
      return stageIds.meaning;
    case 'verdict':
    case 'question':
    case 'procedure':
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
  constructor(
    id: StageId,
    private readonly desk: Desk,
  ) {
    super(id);
  }

  override async beginDialog(dc: DialogContext, options?: object): Promise<DialogTurnResult> {
    const { standing, shown } = optionsSchema.parse(options);
    if (dc.activeDialog !== undefined) dc.activeDialog.state = { v: 1, ...standing };
    if (!shown) await this.show(dc, standing);
    return Dialog.EndOfTurn;
  }

  override async continueDialog(dc: DialogContext): Promise<DialogTurnResult> {
    const { phrases, cards } = this.desk;
    const waiting = { status: DialogTurnStatus.waiting, result: notAnAnswer };
    const standing = standingIn(dc);
    if (standing === null) return waiting;
    const seen = await look(this.desk, standing);
    const move =
      typeof seen === 'string' ? null : interpret(seen.view, inputOf(dc.context).text ?? '', phrases);
    if (move === null) return waiting;
    if (move.kind === 'help') {
      await sendCard(dc.context, cards.help(scopeOf(dc.context.activity), phrases));
      return Dialog.EndOfTurn;
    }
    const next: Standing = { caseId: standing.caseId, position: move.to };
    const there = await look(this.desk, next);
    return typeof there === 'string'
      ? waiting
      : await dc.replaceDialog(stageOf(there.view), { standing: next, shown: false } satisfies StageOptions);
  }

  private async show(dc: DialogContext, standing: Standing): Promise<void> {
    const seen = await look(this.desk, standing);
    if (typeof seen === 'string')
      await sendCard(
        dc.context,
        this.desk.cards.notice(seen === 'gone' ? 'gone' : 'unknownButton', this.desk.phrases),
      );
    else await sendCard(dc.context, this.desk.cards.view(seen.view, seen.bounce, this.desk.phrases));
  }
}

/** Where the active stage stands; null when it was written by another release. */
export function standingIn(dc: DialogContext): Standing | null {
  const parsed = stateSchema.safeParse(dc.activeDialog?.state);
  return parsed.success ? { caseId: parsed.data.caseId, position: parsed.data.position } : null;
}

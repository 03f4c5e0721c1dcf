import type { DialogContext, DialogTurnResult } from 'botbuilder-dialogs';
import { Dialog, DialogTurnStatus } from 'botbuilder-dialogs/lib/dialog';
import { interpret } from '../guide/interpret';
import { look, lookInto, type Seen, type Standing } from './desk';
import { inputOf } from './input';
import { scopeOf } from './scope';
import { noteMove, sendCard } from './send';
import { stageOf, stateOf, toStanding } from './standing';
import { deskOf } from './turn-desk';

/** What a stage is begun with: where, and the view to send. */
export interface StageOptions {
  standing: Standing;
  send: Seen;
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
    dc.activeDialog.state = stateOf(options.standing);
    const { cards, phrases } = deskOf(dc.context);
    await sendCard(dc.context, cards.view(options.send.view, options.send.bounce, phrases));
    noteMove(dc.context);
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
    const options: StageOptions = { standing: next, send: there };
    // The same stage goes on waiting, at another place.
    return stage === this.id ? await this.beginDialog(dc, options) : await dc.replaceDialog(stage, options);
  }
}

/** Whether dialog options are those of a stage. */
const isStageOptions = (options: object | undefined): options is StageOptions =>
  options !== undefined && 'standing' in options && 'send' in options;

/** Where the active stage stands; null when it was written by another release. */
export const standingIn = (dc: DialogContext): Standing | null => toStanding(dc.activeDialog?.state);

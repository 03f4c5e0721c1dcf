import type { DialogContext, DialogTurnResult } from 'botbuilder-dialogs';
// By file: the package's front door loads all prompts and, for them, 35 MB of recognizers.
import { ComponentDialog } from 'botbuilder-dialogs/lib/componentDialog';
import { Dialog, DialogTurnStatus } from 'botbuilder-dialogs/lib/dialog';
import type { RenderedCard } from '../cards/render';
import { fold } from '../ndr/fold';
import { trimSigns } from '../ndr/trim';
import { answerCommand, look, understand, understandExample, type Understood } from './desk';
import { inputOf } from './input';
import { scopeOf } from './scope';
import { noteForgotten, noteOpened, sendCard } from './send';
import {
  isStageOptions,
  notAnAnswer,
  StageDialog,
  stageIds,
  stageOf,
  standingIn,
  type StageOptions,
} from './stages';
import { deskOf } from './turn-desk';

/** The longest text that is taken for a try to answer, in characters; anything longer was pasted. */
const maxAnswer = 80;

/** Words as a command is written, without the signs that people put around one: "/help", "Help!", "what can you do?", and "?" alone. */
function commandIn(text: string): string {
  const said = fold(text.slice(0, 2 * maxAnswer));
  const bare = trimSigns(said, ' /', ' .!?');
  return bare === '' ? said.trim() : bare;
}

/**
 * The dialog tree: understand → which problem, which meaning → verdict → role → questions → steps → did that fix it → what
 * next. A new paste at any point starts over; "help" never loses the place.
 */
export class BounceDialog extends ComponentDialog {
  static readonly id = 'bounce';

  constructor() {
    super(BounceDialog.id);
    for (const id of Object.values(stageIds)) this.addDialog(new StageDialog(id));
  }

  /** Begin at a place that a pressed button has already shown, or with a text to understand. */
  protected override async onBeginDialog(inner: DialogContext, options?: object): Promise<DialogTurnResult> {
    return isStageOptions(options)
      ? await inner.beginDialog(options.stage, options)
      : await this.understand(inner);
  }

  protected override async onContinueDialog(inner: DialogContext): Promise<DialogTurnResult> {
    // A stage of another release: nobody here knows what it asked.
    const known = inner.activeDialog === undefined || this.findDialog(inner.activeDialog.id) !== undefined;
    if (!known) return await this.understand(inner);
    const result = await inner.continueDialog();
    return result.result === notAnAnswer ? await this.understand(inner) : result;
  }

  /** A text that answers nothing: a word such as "help" or "example", a new bounce, or something we cannot use. */
  private async understand(inner: DialogContext): Promise<DialogTurnResult> {
    const desk = deskOf(inner.context);
    const { cards, phrases } = desk;
    const scope = scopeOf(inner.context.activity);
    const input = inputOf(inner.context);
    const said = commandIn(input.text ?? '');
    const answer = input.reading === undefined ? answerCommand(desk, said, scope) : null;
    if (answer !== null) return await this.reply(inner, answer);
    if (input.reading === undefined && phrases.words('forget').includes(said))
      return await this.forget(inner);
    const isWordsOnly = input.reading === undefined && input.trouble === undefined;
    const answering = isWordsOnly && standingIn(inner) !== null && said !== '' && said.length <= maxAnswer;
    const understood = phrases.words('example').includes(said)
      ? await understandExample(desk)
      : await this.understandWords(inner, answering);
    if (understood.kind === 'case') return await this.stand(inner, understood);
    if (!answering) return await this.reply(inner, understood.card);
    const standing = standingIn(inner);
    if (standing === null || (await look(desk, standing)) !== 'gone')
      return await this.reply(inner, cards.notice('notUnderstoodHere', phrases));
    // What was asked is no longer known, and there is nothing to stand at.
    await inner.cancelAllDialogs();
    return await this.reply(inner, cards.notice('gone', phrases));
  }

  /** The person's own words, and where they say nothing of a bounce, what they reply to. */
  private async understandWords(inner: DialogContext, answering: boolean): Promise<Understood> {
    const desk = deskOf(inner.context);
    const { quoted, ...own } = inputOf(inner.context);
    const understood = await understand(desk, own, { answering });
    if (understood.kind === 'case' || quoted === undefined || own.reading !== undefined) return understood;
    const theirs = await understand(desk, { text: quoted }, { answering: true });
    return theirs.kind === 'case' ? theirs : understood;
  }

  private async stand(
    inner: DialogContext,
    understood: Understood & { kind: 'case' },
  ): Promise<DialogTurnResult> {
    await inner.cancelAllDialogs();
    noteOpened(inner.context, understood.standing.caseId);
    const stage = stageOf(understood.view);
    return await inner.beginDialog(stage, {
      stage,
      standing: understood.standing,
      send: understood,
    } satisfies StageOptions);
  }

  /** Everything that is kept of this person's bounces goes, and the place where they stand here. */
  private async forget(inner: DialogContext): Promise<DialogTurnResult> {
    const { cards, cases, owner, phrases } = deskOf(inner.context);
    const forgotten = owner === null ? 0 : await cases.forget(owner);
    await inner.cancelAllDialogs();
    await sendCard(inner.context, cards.forgotten(forgotten, phrases));
    noteForgotten(inner.context);
    return { status: DialogTurnStatus.complete };
  }

  /** Say something beside the tree; who stood somewhere in it still stands there. */
  private async reply(inner: DialogContext, card: RenderedCard): Promise<DialogTurnResult> {
    await sendCard(inner.context, card);
    if (standingIn(inner) !== null) return Dialog.EndOfTurn;
    await inner.cancelAllDialogs();
    return { status: DialogTurnStatus.complete };
  }
}

import {
  ComponentDialog,
  Dialog,
  DialogTurnStatus,
  type DialogContext,
  type DialogTurnResult,
} from 'botbuilder-dialogs';
import type { RenderedCard } from '../cards/render';
import { fold } from '../ndr/fold';
import { trimSigns } from '../ndr/trim';
import { exampleBounce, look, understand, type Desk } from './desk';
import { inputOf } from './input';
import { scopeOf } from './scope';
import { sendCard } from './send';
import { notAnAnswer, StageDialog, stageIds, stageOf, standingIn, type StageOptions } from './stages';

/** The longest text that is taken for a try to answer, in characters; anything longer was pasted. */
const maxAnswer = 80;

/**
 * The dialog tree: understand → which problem, which meaning → verdict → role → questions → steps → did that fix it → what
 * next. A new paste at any point starts over; "help" never loses the place.
 */
export class BounceDialog extends ComponentDialog {
  static readonly id = 'bounce';

  constructor(private readonly desk: Desk) {
    super(BounceDialog.id);
    for (const id of Object.values(stageIds)) this.addDialog(new StageDialog(id, desk));
  }

  /** Begin at a place that a pressed button has already shown, or with a text to understand. */
  protected override async onBeginDialog(inner: DialogContext, options?: object): Promise<DialogTurnResult> {
    if (options === undefined || !isStageStart(options)) return await this.understand(inner);
    const there = await look(this.desk, options.standing);
    return typeof there === 'string'
      ? { status: DialogTurnStatus.complete }
      : await inner.beginDialog(stageOf(there.view), options);
  }

  protected override async onContinueDialog(inner: DialogContext): Promise<DialogTurnResult> {
    const result = await inner.continueDialog();
    return result.result === notAnAnswer ? await this.understand(inner) : result;
  }

  /** A text that answers nothing: a word such as "help" or "example", a new bounce, or something we cannot use. */
  private async understand(inner: DialogContext): Promise<DialogTurnResult> {
    const { cards, phrases } = this.desk;
    const scope = scopeOf(inner.context.activity);
    const paste = inputOf(inner.context);
    const said = trimSigns(fold((paste.text ?? '').slice(0, 2 * maxAnswer)), ' ', ' .!');
    if (phrases.words('help').includes(said)) return await this.reply(inner, cards.help(scope, phrases));
    if ([...phrases.words('hello'), ...phrases.words('startOver')].includes(said))
      return await this.reply(inner, cards.welcome(scope, phrases));
    const understood = await understand(
      this.desk,
      phrases.words('example').includes(said) ? { text: exampleBounce } : paste,
    );
    if (understood.kind === 'notice') {
      const answering = standingIn(inner) !== null && said !== '' && said.length <= maxAnswer;
      return await this.reply(
        inner,
        answering ? cards.notice('notUnderstoodHere', phrases) : understood.card,
      );
    }
    await inner.cancelAllDialogs();
    await sendCard(inner.context, cards.view(understood.view, understood.bounce, phrases));
    return await inner.beginDialog(stageOf(understood.view), {
      standing: understood.standing,
      shown: true,
    } satisfies StageOptions);
  }

  /** Say something beside the tree; who stood somewhere in it still stands there. */
  private async reply(inner: DialogContext, card: RenderedCard): Promise<DialogTurnResult> {
    await sendCard(inner.context, card);
    if (standingIn(inner) !== null) return Dialog.EndOfTurn;
    await inner.cancelAllDialogs();
    return { status: DialogTurnStatus.complete };
  }
}

const isStageStart = (options: object): options is StageOptions =>
  'standing' in options && 'shown' in options;

import type { StatePropertyAccessor, TurnContext } from 'botbuilder';
import type { DialogContext, DialogState, DialogStateManagerConfiguration } from 'botbuilder-dialogs';
// By file: the package's front door loads all prompts and, for them, 35 MB of recognizers.
import { DialogTurnStatus } from 'botbuilder-dialogs/lib/dialog';
import { DialogContextError } from 'botbuilder-dialogs/lib/dialogContextError';
import { DialogSet } from 'botbuilder-dialogs/lib/dialogSet';
import type { RenderedCard } from '../cards/render';
import type { View } from '../guide/view';
import { fold } from '../ndr/fold';
import { trimSigns } from '../ndr/trim';
import { answerCommand, look, understand, understandExample, type Standing, type Understood } from './desk';
import { inputOf } from './input';
import { scopeOf } from './scope';
import { noteForgotten, noteOpened, sendCard } from './send';
import { notAnAnswer, StageDialog, standingIn, type StageOptions } from './stages';
import { migrated, stageIds, stageOf, standingOf, treeAt, treeBefore } from './standing';
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
export class BounceTree {
  readonly #dialogs: DialogSet;
  #memory: DialogStateManagerConfiguration | undefined;

  constructor(private readonly state: StatePropertyAccessor<DialogState>) {
    this.#dialogs = new DialogSet(state);
    for (const id of Object.values(stageIds)) this.#dialogs.add(new StageDialog(id));
  }

  /** The place reached so far; null before any. */
  async standing(context: TurnContext): Promise<Standing | null> {
    return standingOf(await this.state.get(context));
  }

  /** Wait at a place that is on the screen already. */
  async waitAt(context: TurnContext, standing: Standing, view: View): Promise<void> {
    await this.state.set(context, treeAt(standing, view));
  }

  /** Wait for a bounce, as at the very beginning. */
  async waitForBounce(context: TurnContext): Promise<void> {
    await this.state.set(context, treeBefore());
  }

  /** Let the stage that waits take in what the turn was given (`provideInput`), or understand it anew; it answers, and moves on. */
  async goOn(context: TurnContext): Promise<void> {
    const dc = await this.dialogContext(context);
    // Of another release: nobody here knows what it asked.
    if (dc.stack.some(({ id }) => this.#dialogs.find(id) === undefined)) dc.stack.length = 0;
    try {
      const went = await dc.continueDialog();
      if (went.status === DialogTurnStatus.empty || went.result === notAnAnswer) await takeIn(dc);
    } catch (error) {
      throw error instanceof DialogContextError ? error.error : error;
    }
  }

  /** The SDK finds out anew in every turn which kinds of memory there are, though that depends on nothing in the turn. */
  private async dialogContext(context: TurnContext): Promise<DialogContext> {
    if (this.#memory !== undefined) context.turnState.set('DialogStateManagerConfiguration', this.#memory);
    const before = await this.state.get(context);
    const now = migrated(before);
    if (now !== undefined && now !== before) await this.state.set(context, now);
    const dc = await this.#dialogs.createContext(context);
    this.#memory ??= dc.state.configuration;
    return dc;
  }
}

/** A text that answers nothing: a word such as "help" or "example", a new bounce, or something we cannot use. */
async function takeIn(dc: DialogContext): Promise<void> {
  const desk = deskOf(dc.context);
  const { phrases } = desk;
  const input = inputOf(dc.context);
  const said = commandIn(input.text ?? '');
  const answer = input.reading === undefined ? answerCommand(desk, said, scopeOf(dc.context.activity)) : null;
  if (answer !== null) {
    await reply(dc, answer);
    return;
  }
  if (input.reading === undefined && phrases.words('forget').includes(said)) {
    await forget(dc);
    return;
  }
  const isWordsOnly = input.reading === undefined && input.trouble === undefined;
  const answering = isWordsOnly && standingIn(dc) !== null && said !== '' && said.length <= maxAnswer;
  const understood = phrases.words('example').includes(said)
    ? await understandExample(desk)
    : await understandWords(dc, answering);
  if (understood.kind === 'case') await stand(dc, understood);
  else await reply(dc, answering ? await noAnswer(dc) : understood.card);
}

/** What to say to words that are no answer to the question on the screen. */
async function noAnswer(dc: DialogContext): Promise<RenderedCard> {
  const desk = deskOf(dc.context);
  const standing = standingIn(dc);
  if (standing === null || (await look(desk, standing)) !== 'gone')
    return desk.cards.notice('notUnderstoodHere', desk.phrases);
  // What was asked is no longer known, and there is nothing to stand at.
  await dc.cancelAllDialogs();
  return desk.cards.notice('gone', desk.phrases);
}

/** The person's own words, and where they say nothing of a bounce, what they reply to. */
async function understandWords(dc: DialogContext, answering: boolean): Promise<Understood> {
  const desk = deskOf(dc.context);
  const { quoted, ...own } = inputOf(dc.context);
  const understood = await understand(desk, own, { answering });
  if (understood.kind === 'case' || quoted === undefined || own.reading !== undefined) return understood;
  const theirs = await understand(desk, { text: quoted }, { answering: true });
  return theirs.kind === 'case' ? theirs : understood;
}

async function stand(dc: DialogContext, understood: Understood & { kind: 'case' }): Promise<void> {
  const { standing, view } = understood;
  await dc.cancelAllDialogs();
  noteOpened(dc.context, standing.caseId);
  await dc.beginDialog(stageOf(view), { standing, send: understood } satisfies StageOptions);
}

/** Everything that is kept of this person's bounces goes, and the place where they stand here. */
async function forget(dc: DialogContext): Promise<void> {
  const { cards, cases, owner, phrases } = deskOf(dc.context);
  const forgotten = owner === null ? 0 : await cases.forget(owner);
  await dc.cancelAllDialogs();
  await sendCard(dc.context, cards.forgotten(forgotten, phrases));
  noteForgotten(dc.context);
}

/** Say something beside the tree; who stood somewhere in it still stands there. */
async function reply(dc: DialogContext, card: RenderedCard): Promise<void> {
  await sendCard(dc.context, card);
  if (standingIn(dc) === null) await dc.cancelAllDialogs();
}

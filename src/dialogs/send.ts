import { ActivityTypes, CardFactory, type Activity, type TurnContext } from 'botbuilder';
import type { RenderedCard } from '../cards/render';

/** The activity that carries one card: never text beside it, Teams would split that into two messages. */
export function cardActivity({ card, summary }: RenderedCard): Partial<Activity> {
  return { type: ActivityTypes.Message, summary, attachments: [CardFactory.adaptiveCard(card)] };
}

/** What a turn says, and where: a new message, or in place of an earlier one. */
interface Outbox {
  /** The message that the answer replaces; null for a new one. */
  instead: string | null;
  /** What has been said in this turn. */
  answer: string | null;
  /** The case that this turn's message has brought. */
  caseId: string | null;
  /** Whether the person stands at another place now, or again at one they asked for. */
  moved: boolean;
  /** Whether the person has asked to be forgotten. */
  forgotten: boolean;
}
const outboxKey = Symbol('bounce-desk.outbox');

function outboxOf(context: TurnContext): Outbox {
  const known = context.turnState.get<Outbox | undefined>(outboxKey);
  if (known !== undefined) return known;
  const fresh: Outbox = { instead: null, answer: null, caseId: null, moved: false, forgotten: false };
  context.turnState.set(outboxKey, fresh);
  return fresh;
}

/** Let what this turn says stand in place of an earlier message of ours. */
export function answerInstead(context: TurnContext, message: string): void {
  outboxOf(context).instead = message;
}

/** Note that this turn's message is what a case was opened for: it goes with the message. */
export function noteOpened(context: TurnContext, caseId: string | null): void {
  outboxOf(context).caseId = caseId;
}

/** An earlier try at this turn has said this already. */
export function wasSaid(context: TurnContext, said: { answer: string | null; caseId: string | null }): void {
  Object.assign(outboxOf(context), said);
}

/** Note that the person has got to a place of the tree in this turn. */
export function noteMove(context: TurnContext): void {
  outboxOf(context).moved = true;
}

/** Note that nothing of the person is to be kept here. */
export function noteForgotten(context: TurnContext): void {
  outboxOf(context).forgotten = true;
}

/** What this turn has said: the message, the case that was opened for it, and whether it led to a place. */
export function saidIn(context: TurnContext): Readonly<Omit<Outbox, 'instead'>> {
  const { answer, caseId, moved, forgotten } = outboxOf(context);
  return { answer, caseId, moved, forgotten };
}

export async function sendCard(context: TurnContext, card: RenderedCard): Promise<void> {
  const outbox = outboxOf(context);
  const { instead } = outbox;
  outbox.instead = null;
  if (instead !== null && (await replaced(context, card, instead))) {
    outbox.answer = instead;
    return;
  }
  const sent = await context.sendActivity(cardActivity(card));
  outbox.answer = sent?.id ?? null;
}

/** Whether the earlier message took the new card; one that was deleted did not. */
async function replaced(context: TurnContext, card: RenderedCard, id: string): Promise<boolean> {
  try {
    await context.updateActivity({ ...cardActivity(card), id });
    return true;
  } catch {
    return false;
  }
}

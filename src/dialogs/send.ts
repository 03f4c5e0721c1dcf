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
  caseId: string | null;
}
const outboxKey = Symbol('bounce-desk.outbox');

function outboxOf(context: TurnContext): Outbox {
  const known = context.turnState.get<Outbox | undefined>(outboxKey);
  if (known !== undefined) return known;
  const fresh: Outbox = { instead: null, answer: null, caseId: null };
  context.turnState.set(outboxKey, fresh);
  return fresh;
}

/** Let what this turn says stand in place of an earlier message of ours. */
export function answerInstead(context: TurnContext, message: string): void {
  outboxOf(context).instead = message;
}

/** What this turn has said: the message and the case it belongs to. */
export function saidIn(context: TurnContext): { answer: string | null; caseId: string | null } {
  const { answer, caseId } = outboxOf(context);
  return { answer, caseId };
}

/** An earlier try at this turn has said this already. */
export function wasSaid(context: TurnContext, said: { answer: string | null; caseId: string | null }): void {
  Object.assign(outboxOf(context), said);
}

export async function sendCard(
  context: TurnContext,
  card: RenderedCard,
  caseId: string | null = null,
): Promise<void> {
  const outbox = outboxOf(context);
  outbox.caseId = caseId ?? outbox.caseId;
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

import { ActivityTypes, CardFactory, type Activity, type TurnContext } from 'botbuilder';
import type { RenderedCard } from '../cards/render';

/** The activity that carries one card: never text beside it, Teams would split that into two messages. */
export function cardActivity({ card, summary }: RenderedCard): Partial<Activity> {
  return { type: ActivityTypes.Message, summary, attachments: [CardFactory.adaptiveCard(card)] };
}

export async function sendCard(context: TurnContext, card: RenderedCard): Promise<void> {
  await context.sendActivity(cardActivity(card));
}

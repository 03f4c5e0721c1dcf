import type { TurnContext } from 'botbuilder';
import type { Holder } from '../cards/buttons';
import type { Notice, RenderedCard } from '../cards/render';
import { look, understandExample, type Standing } from '../dialogs/desk';
import { scopeOf } from '../dialogs/scope';
import { cardActivity, sendCard } from '../dialogs/send';
import { deskOf } from '../dialogs/turn-desk';
import { catalogue } from '../guide/catalogue';
import type { Log } from '../log';
import { readButton } from './button-data';
import type { Places } from './places';

/** How long the answer to a press waits for the message itself to change, in milliseconds. */
const updatePatience = 2000;

/** What a press shows. Only what `leads` on may take the place of the pressed card for good: behind a sorry the old card still works. */
export interface Pressed {
  card: RenderedCard;
  leads: boolean;
}

/** What a button of a card does. */
export class Presses {
  constructor(
    private readonly places: Places,
    private readonly log: Log,
  ) {}

  /** A client without Action.Execute sends the same data as a message. */
  async answerSubmit(context: TurnContext, value: unknown): Promise<void> {
    const { card, leads } = await this.press(context, value, 'message');
    const shown = context.activity.replyToId;
    if (
      leads &&
      scopeOf(context.activity) === 'personal' &&
      shown !== undefined &&
      (await this.update(context, shown, card))
    )
      return;
    await sendCard(context, card);
  }

  /**
   * In a personal chat nobody else looks at the card, so the message itself changes too and looks the same on every device.
   * In a group the answer to the press changes the presser's view only, and everybody walks their own branch.
   */
  async replaceForGood(context: TurnContext, card: RenderedCard): Promise<void> {
    const shown = context.activity.replyToId;
    if (scopeOf(context.activity) !== 'personal' || shown === undefined) return;
    // The presser sees the new card all the same, it is the answer to the press: a slow Teams must not hold that up.
    await noLongerThan(updatePatience, this.update(context, shown, card));
  }

  private async update(context: TurnContext, activityId: string, card: RenderedCard): Promise<boolean> {
    try {
      await context.updateActivity({ ...cardActivity(card), id: activityId });
      return true;
    } catch (error) {
      this.log.warn('a card could not be updated', { error });
      return false;
    }
  }

  /** What a button leads to. Of a message, the place is remembered, so that typed words go on from it. */
  async press(context: TurnContext, data: unknown, on: Holder): Promise<Pressed> {
    const desk = deskOf(context);
    const { cards, phrases } = desk;
    const nowhere = (notice: Notice): Pressed => ({ card: cards.notice(notice, phrases), leads: false });
    const to = (card: RenderedCard): Pressed => ({ card, leads: true });
    const button = readButton(data, on);
    if (button === null) return nowhere('unknownButton');
    if (button.verb === 'help') return to(cards.help(scopeOf(context.activity), phrases));
    if (button.verb === 'codes') {
      const { asked, page } = button.codes ?? { asked: '', page: 0 };
      return to(cards.catalogue(catalogue(desk.knowledge, asked, page), phrases));
    }
    if (button.verb === 'example') {
      const understood = await understandExample(desk);
      if (understood.kind === 'notice') return to(understood.card);
      if (on === 'message') await this.places.remember(context, understood.standing, understood.view);
      return to(cards.view(understood.view, understood.bounce, phrases));
    }
    if (button.at === null) return nowhere('unknownButton');
    const standing: Standing = { caseId: button.case, position: button.at };
    const seen = await look(desk, standing);
    if (typeof seen === 'string') return nowhere(seen === 'gone' ? 'gone' : 'unknownButton');
    await this.places.remember(context, standing, seen.view);
    return to(cards.view(seen.view, seen.bounce, phrases));
  }
}

/** Waits for work that goes on by itself, but only so long. */
async function noLongerThan(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms).unref();
  });
  await Promise.race([work, patience]);
  clearTimeout(timer);
}

import type { Phrases } from '../phrases';
import type { Draw, RenderedCard, ViewOf } from './draw';
import { plainText, textRun } from './inline';
import { verdictHead } from './verdict-card';

/** Pages of an article that a result links to. */
const maxLinks = 3;
/** The longest title that is drawn uncut where cards are narrow, in characters; the whole one stands in the tooltip. */
const maxTitle = 34;

/** A verdict to be posted where the bot may not be a member: nothing on it needs the bot. */
export function drawResult(draw: Draw, view: ViewOf<'verdict'>, phrases: Phrases): RenderedCard {
  return draw('result', plainText(view.title), phrases, {
    ...verdictHead(view, phrases),
    hint: [textRun(phrases.t('result.hint'), { isSubtle: true })],
    actions: view.sources.slice(0, maxLinks).map(({ label, url }) => ({
      type: 'Action.OpenUrl',
      ...(label.length > maxTitle
        ? { title: `${label.slice(0, maxTitle - 1)}…`, tooltip: label }
        : { title: label }),
      url,
    })),
  });
}

import type { Phrases } from '../phrases';
import type { Draw, RenderedCard, ViewOf } from './draw';
import { plainText, textRun } from './inline';
import { linkLines } from './link-lines';
import { verdictHead } from './verdict-card';

/** Pages of an article that a result links to. */
const maxLinks = 2;

/** A verdict to be posted where the bot may not be a member: nothing on it needs the bot. */
export function drawResult(draw: Draw, view: ViewOf<'verdict'>, phrases: Phrases): RenderedCard {
  const links = linkLines(view.sources.slice(0, maxLinks));
  return draw('result', plainText(view.title), phrases, {
    ...verdictHead(view, phrases),
    hint: [textRun(phrases.t('result.hint'), { isSubtle: true })],
    hasLinks: links.length > 0,
    linksLabel: phrases.t('label.links'),
    links,
  });
}

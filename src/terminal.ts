import { meaningsTitle, sureKey } from './guide/certainty';
import type { Case } from './guide/case';
import type { Guide } from './guide/walk';
import type { Position, View } from './guide/view';
import type { Piece } from './guide/fill';
import type { Phrases } from './phrases';

const text = (pieces: readonly Piece[]): string => pieces.map(({ text: words }) => words).join('');

/** What the bot would say first about a case, as lines for a terminal: the verdict of every problem, or the question before it. */
export function describe(bounce: Case, guide: Guide, phrases: Phrases): string {
  const positions: Position[] = bounce.problems.map((problem, index) => ({
    problem: index,
    article: problem.article,
    path: [],
  }));
  return positions
    .map((position) => guide.view(bounce, position, phrases))
    .filter((view) => view !== null)
    .map((view) => lines(view, phrases).join('\n'))
    .join('\n\n');
}

function lines(view: View, phrases: Phrases): string[] {
  switch (view.kind) {
    case 'verdict': {
      const quotes = view.quotes.slice(0, 2).join(', ');
      return [
        [view.code, phrases.t(`lasting.${view.tries === null ? view.lasting : `tries.${view.tries}`}`)]
          .filter((part) => part !== null)
          .join(' · '),
        text(view.title),
        ...(view.isForged ? [phrases.t('forged')] : []),
        ...(view.tries === null ? [] : [phrases.t(`tries.${view.tries}`)]),
        text(view.summary),
        `${phrases.t('label.whoCanFix')}: ${view.whoCanFix.join(phrases.t('or'))}.${view.whoFirst === null ? '' : ` ${view.whoFirst}`}`,
        ...(view.refused === null ? [] : [`${phrases.t('label.refused')}: ${view.refused}`]),
        `${phrases.t('label.howSure')}: ${phrases.t(sureKey(view), { quotes })}`,
        ...view.own.map(
          (note) =>
            `${phrases.t('label.own')}: ${text(note)}${note.flatMap(({ url }) => (url === undefined ? [] : [` <${url}>`])).join('')}`,
        ),
        ...view.facts.map(({ label, value }) => `  ${label}: ${value}`),
      ];
    }
    case 'meanings':
      return [
        meaningsTitle(view, phrases),
        ...view.items.map(
          ({ looksLike, title }, index) => `${String(index + 1)}. ${text(looksLike)} (${text(title)})`,
        ),
      ];
    case 'problems':
    case 'question':
    case 'procedure':
    case 'path':
    case 'fixed':
    case 'stuck':
      return [];
  }
}

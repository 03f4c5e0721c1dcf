import type { Piece } from '../guide/fill';
import type { StepView } from '../guide/view';
import type { Phrases } from '../phrases';
import type { Action } from './buttons';
import { ownRow, type Draw, type RenderedCard, type ViewOf } from './draw';
import { inlines, plainText, textRun, type TextRun } from './inline';
import { linkLines } from './link-lines';

/** Steps first; checks, notes and pages open on demand. */
export function drawProcedure(
  draw: Draw,
  view: ViewOf<'procedure'>,
  phrases: Phrases,
  common: { choices: Action[]; nav: Action[] },
): RenderedCard {
  const title = plainText(view.title);
  const section = (label: string, pieces: readonly Piece[]): { label: string; inlines: TextRun[] }[] =>
    pieces.length === 0
      ? []
      : [
          {
            label: phrases.t(label),
            inlines: [textRun(`${phrases.t(label)}: `, { weight: 'Bolder' }), ...inlines(pieces)],
          },
        ];
  // The steps come first; how to check them, notes and pages open on demand.
  const hasMore = view.check.length + view.notes.length + view.links.length > 0;
  const toggle: Action[] = hasMore
    ? [
        {
          type: 'Action.ToggleVisibility',
          title: phrases.t(view.check.length > 0 ? 'more.check' : 'more.notes'),
          targetElements: ['more'],
        },
      ]
    : [];
  const links = linkLines(view.links);
  return draw('procedure', title, phrases, {
    ...common,
    actions: [...common.choices, ...toggle, ...common.nav],
    hasMore,
    title,
    hasIntro: view.intro.length > 0,
    intro: inlines(view.intro),
    ...ownRow(view.own, phrases),
    sections: section('label.role', view.role),
    steps: numbered(view.steps, view.steps.length),
    scripts:
      view.script === null
        ? []
        : [
            {
              script: view.script,
              scriptRuns: [textRun(view.script, { fontType: 'Monospace', size: 'Small' })],
            },
          ],
    hasShell: view.needsShell,
    shell: phrases.t('connect'),
    drafts:
      view.draft === null
        ? []
        : [
            {
              label: view.draft.label,
              inlines: [textRun(view.draft.text)],
              actions:
                view.draft.chat === null
                  ? []
                  : [{ type: 'Action.OpenUrl', title: view.draft.chat.label, url: view.draft.chat.url }],
              hasActions: view.draft.chat !== null,
            },
          ],
    after: [...section('label.effect', view.effect), ...section('label.takes', view.takes)],
    notes: view.notes.flatMap((note) => section('label.notes', note)),
    hasCheck: view.check.length > 0,
    checkLabel: phrases.t('label.check'),
    check: numbered(view.check, view.check.length),
    hasLinks: links.length > 0,
    linksLabel: phrases.t('label.links'),
    links,
  });
}

function numbered(steps: readonly StepView[], count: number): object[] {
  return steps.map(({ pieces, script }, index) => ({
    number: count > 1 ? `${String(index + 1)}.` : '•',
    inlines: inlines(pieces),
    scripts:
      script === null
        ? []
        : [{ script, scriptRuns: [textRun(script, { fontType: 'Monospace', size: 'Small' })] }],
  }));
}

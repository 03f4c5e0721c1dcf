import { sureKey } from '../guide/certainty';
import { asWritten } from '../guide/direction';
import type { Phrases } from '../phrases';
import { goButton, type Action } from './buttons';
import { ownRow, type Draw, type RenderedCard, type ViewOf } from './draw';
import { inlines, plainText, textRun, type TextRun } from './inline';

/** Verdict first: what happened, who can fix it, how sure, then the roles. */
export function drawVerdict(
  draw: Draw,
  view: ViewOf<'verdict'>,
  caseId: string | null,
  phrases: Phrases,
  common: object,
): RenderedCard {
  const title = plainText(view.title);
  const roles: Action[] = view.choices.map(({ label, to }) => goButton(label, caseId, to));
  const backButton = view.back === null ? [] : [goButton(phrases.t('nav.back'), caseId, view.back)];
  const pathButton = view.mailPath === null ? [] : [goButton(phrases.t('nav.path'), caseId, view.mailPath)];
  const toggle: Action[] = [
    { type: 'Action.ToggleVisibility', title: phrases.t('details.show'), targetElements: ['details'] },
  ];
  return draw('verdict', title, phrases, common, verdictHead(view, phrases), ownRow(view.own, phrases), {
    sureLabel: phrases.t('label.howSure'),
    sure: sureRuns(view, phrases),
    ask: phrases.t('label.roles'),
    roles,
    details: [
      ...view.facts.map(({ label, value }) => detail(label, asWritten(value, phrases))),
      detail(
        phrases.t('label.sources'),
        `${view.sources.map(({ label }) => label).join('; ')}. ${phrases.t('checked', { date: phrases.date(view.checked) })}`,
      ),
    ],
    more: [...toggle, ...pathButton, ...backButton],
  });
}

/** A value under its name. */
const detail = (label: string, value: string): { inlines: TextRun[] } => ({
  inlines: [textRun(`${label}\n`, { size: 'Small', isSubtle: true }), textRun(value)],
});

/** What every card of a verdict begins with: what happened, who can fix it, who said no. */
export function verdictHead(view: ViewOf<'verdict'>, phrases: Phrases): object {
  const [first = '', ...others] = view.whoCanFix;
  const lasting = view.tries === null ? view.lasting : `tries.${view.tries}`;
  return {
    status: [view.code === null ? null : asWritten(view.code, phrases), phrases.t(`lasting.${lasting}`)]
      .filter((part) => part !== null)
      .join(' · '),
    title: plainText(view.title),
    summary: inlines(view.summary),
    isForged: view.isForged,
    forged: phrases.t('forged'),
    hasTries: view.tries !== null,
    tries: phrases.t(`tries.${view.tries ?? 'over'}`),
    hasRefused: view.refused !== null,
    refusedLabel: phrases.t('label.refused'),
    refused: [textRun(view.refused ?? '-')],
    whoLabel: phrases.t('label.whoCanFix'),
    who: [
      textRun(capital(first), { weight: 'Bolder' }),
      ...others.map((actor) => textRun(`${phrases.t('or')}${actor}`)),
      textRun(view.whoFirst === null ? '.' : `. ${view.whoFirst}`),
    ],
  };
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The sentence that says how sure we are, with the words of the report in monospace. */
function sureRuns(view: ViewOf<'verdict'>, phrases: Phrases): TextRun[] {
  const words = view.quotes.slice(0, 2);
  const runs = withQuotes(phrases.t(sureKey(view)), words);
  const registry =
    view.registry === null
      ? []
      : [textRun(' '), ...withQuotes(phrases.t('sure.registry', { name: view.registry }), words)];
  const others =
    view.alsoSaid.length === 0
      ? []
      : [textRun(' '), ...withQuotes(phrases.t('sure.alsoSaid'), view.alsoSaid)];
  return [...runs, ...registry, ...others];
}

function withQuotes(sentence: string, quotes: readonly string[]): TextRun[] {
  const [before = '', after = ''] = sentence.split('{quotes}');
  const marks = quotes.flatMap((quote, index) => [
    ...(index === 0 ? [] : [textRun(', ')]),
    textRun(quote, { fontType: 'Monospace' }),
  ]);
  return [textRun(before), ...marks, textRun(after)].filter(({ text }) => text !== '');
}

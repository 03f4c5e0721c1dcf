import { posted, seenInModule } from '../../src/bot/extension';
import { noticeNames } from '../../src/cards/render';
import { answerCommand } from '../../src/dialogs/desk';
import type { Case } from '../../src/guide/case';
import { catalogue } from '../../src/guide/catalogue';
import type { Position, View } from '../../src/guide/view';
import type { Phrases } from '../../src/phrases';
import type { DeskServer, Json } from '../bot/desk-server';
import { cards, guide, knowledge } from '../guide/core';
import { buttonsOf } from './buttons-of';

/** Where a card stands; the view is null for a card that belongs to no bounce. */
interface Identified {
  place: string;
  view: View | null;
}

/** A place in words: `5.7.124-allowed-senders/groupOwner`, with `!fixed` behind it for an outcome. */
export const nameOf = ({ problem, article, path, outcome }: Position): string =>
  `${problem !== null && problem > 0 ? `#${problem} ` : ''}${[article ?? (problem === null ? 'problems' : 'meanings'), ...path].join('/')}${outcome === undefined ? '' : `!${outcome}`}`;

/** Which of our cards this is, to the last sign: one without a case, or the view of some place of a case. */
export async function identify(card: Json, server: DeskServer, phrases: Phrases): Promise<Identified> {
  const json = JSON.stringify(card);
  const known = cardsWithoutCase(server, phrases).get(json);
  if (known !== undefined) return { place: known, view: null };

  const buttons = buttonsOf(card).flatMap(({ data }) =>
    data.at === null ? [] : [{ caseId: data.case, at: data.at }],
  );
  const caseId = buttons[0]?.caseId ?? null;
  const bounce: Case | null = caseId === null ? null : await server.desk.cases.get(caseId);
  const desk = { ...server.desk, owner: null, phrases };
  const inDialog = !json.includes('"Action.Execute"');
  const targets = new Set(buttons.map(({ at }) => JSON.stringify(at)));
  for (const at of candidates(buttons.map((each) => each.at))) {
    const view = guide.view(bounce, at, phrases);
    // Drawing costs more than looking: only where all the choices are buttons there.
    if (view === null || view.choices.some(({ to }) => !targets.has(JSON.stringify(to)))) continue;
    const shown = inDialog
      ? contentOf(seenInModule(desk, { view, bounce }))
      : cards.view(view, bounce, phrases).card;
    if (JSON.stringify(shown) === json)
      return { place: `${inDialog ? 'dialog ' : ''}${nameOf(view.position)}`, view };
  }
  return { place: `unknown: ${json.slice(0, 300)}`, view: null };
}

/** The result that a verdict is posted as, from a place of the dialog. */
export function isResultOf(card: Json, view: View, server: DeskServer, phrases: Phrases): boolean {
  const result = posted({ ...server.desk, owner: null, phrases }, { view, bounce: null });
  return JSON.stringify(contentOf(result)) === JSON.stringify(card);
}

/** The card in an answer of the message extension, however deep. */
export function contentOf(answer: unknown): unknown {
  let found: unknown = null;
  JSON.parse(JSON.stringify(answer), (key, value: unknown): unknown => {
    if (key === 'content') found ??= value;
    return value;
  });
  return found;
}

const pages: readonly (readonly [asked: string, page: number])[] = [
  ['', 0],
  ['x.7', 0],
  ['x.7', 1],
  ['quota', 0],
  ['5.7.1', 0],
  ['xyzzy', 0],
];
const drawn = new Map<string, Map<string, string>>();

/** By their JSON, drawn once for every language: no test changes them. */
function cardsWithoutCase(server: DeskServer, phrases: Phrases): Map<string, string> {
  const known = drawn.get(phrases.locale);
  if (known !== undefined) return known;
  const about = answerCommand({ ...server.desk, owner: null, phrases }, 'about', 'personal')?.card ?? {};
  const places: [string, Json][] = [
    ...(['personal', 'group'] as const).flatMap((scope): [string, Json][] => [
      [`welcome, ${scope}`, cards.welcome(scope, phrases).card],
      [`help, ${scope}`, cards.help(scope, phrases).card],
    ]),
    ...noticeNames.map((name): [string, Json] => [name, cards.notice(name, phrases).card]),
    ...[0, 1, 2, 3].map((cases): [string, Json] => [
      `forgotten ${String(cases)}`,
      cards.forgotten(cases, phrases).card,
    ]),
    ['about', about],
    ...pages.map(([asked, page]): [string, Json] => [
      `codes ${asked} ${String(page)}`.replace('  ', ' '),
      cards.catalogue(catalogue(knowledge, asked, page), phrases).card,
    ]),
  ];
  const map = new Map(places.map(([place, card]) => [JSON.stringify(card), place]));
  drawn.set(phrases.locale, map);
  return map;
}

/** Every place around those that the buttons lead to. */
function candidates(targets: readonly Position[]): Position[] {
  const articles = new Map(
    targets.map(({ problem, article }) => [`${String(problem)} ${String(article)}`, { problem, article }]),
  );
  const tops: Position[] = [...new Set(targets.map(({ problem }) => problem))].flatMap((problem) => [
    { problem, article: null, path: [] },
    { problem: null, article: null, path: [] },
  ]);
  const below = [...articles.values()].flatMap(({ problem, article }): Position[] =>
    article === null || !knowledge.articles.has(article)
      ? []
      : [...guide.paths(article), { path: ['admin'] }, { path: ['mailPath'] }].flatMap(
          ({ path }): Position[] => [
            { problem, article, path },
            { problem, article, path, outcome: 'fixed' },
            { problem, article, path, outcome: 'stuck' },
          ],
        ),
  );
  return [...tops, ...below, ...targets];
}

import { answerCommand } from '../../src/dialogs/desk';
import { catalogue } from '../../src/guide/catalogue';
import { noticeNames } from '../../src/cards/render';
import type { Case } from '../../src/guide/case';
import type { Position, View } from '../../src/guide/view';
import type { Phrases } from '../../src/phrases';
import { z } from 'zod';
import {
  activityIn,
  answeredCard,
  cardOf,
  messageIn,
  pressIn,
  type DeskServer,
  type Json,
  type Scope,
} from '../bot/desk-server';
import { cards, guide, knowledge, locales } from '../guide/core';

const position = z.object({
  problem: z.number().nullable(),
  article: z.string().nullable(),
  path: z.array(z.string()),
  outcome: z.enum(['fixed', 'stuck']).optional(),
});
const button = z.object({
  type: z.literal('Action.Execute'),
  title: z.string(),
  data: z.looseObject({
    v: z.literal(1),
    verb: z.string(),
    case: z.string().nullable(),
    at: position.nullable(),
  }),
});
type Button = z.infer<typeof button>;
const entities = z.array(z.looseObject({ type: z.string() }));
const langSchema = z.looseObject({ lang: z.string() });

/** What somebody looks at: a message of the bot, and where in which case it stands. */
export interface Screen {
  id: string;
  card: Json;
  /** The language that the card says it is in. */
  lang: string;
  place: string;
  view: View | null;
}

const buttonsOf = (node: unknown): Button[] => {
  const own = button.safeParse(node);
  if (own.success) return [own.data];
  if (Array.isArray(node)) return node.flatMap(buttonsOf);
  return typeof node === 'object' && node !== null ? Object.values(node).flatMap(buttonsOf) : [];
};

/** A place in words: `5.7.124-allowed-senders/groupOwner`, with `!fixed` behind it for an outcome. */
export const nameOf = ({ problem, article, path, outcome }: Position): string =>
  `${problem !== null && problem > 0 ? `#${problem} ` : ''}${[article ?? (problem === null ? 'problems' : 'meanings'), ...path].join('/')}${outcome === undefined ? '' : `!${outcome}`}`;

/** A Teams client with several people in one chat: shows what the bot sends and changes, presses what is on the screen. */
export class Client {
  private readonly screens = new Map<string, Screen>();
  private seen = 0;

  /** `speaks`: the language of each person's client, where it is not English. */
  constructor(
    private readonly server: DeskServer,
    private readonly scope: Scope,
    private readonly speaks: Readonly<Record<string, string>> = {},
  ) {}

  /** What `who` looks at; null before anything was said. */
  screenOf(who: string): Screen | null {
    return this.screens.get(who) ?? this.screens.get('everybody') ?? null;
  }

  async say(who: string, text: string, more: Json = {}): Promise<Screen[]> {
    return await this.post(who, { ...messageIn(this.scope, who, text), ...more });
  }

  async send(who: string, activity: Json): Promise<Screen[]> {
    return await this.post(who, { ...activityIn(this.scope, who), ...activity });
  }

  /** Press the button with this title on what `who` looks at; a client of before Adaptive Cards 1.4 submits it as a message. */
  async press(who: string, title: string, { submit = false } = {}): Promise<Screen[]> {
    const screen = this.screenOf(who);
    if (screen === null) throw new Error(`${who} sees no card`);
    const found = buttonsOf(screen.card).find((candidate) => candidate.title === title);
    if (found === undefined)
      throw new Error(
        `There is no button "${title}": ${buttonsOf(screen.card)
          .map((each) => each.title)
          .join(' | ')}`,
      );
    if (submit)
      return await this.post(who, {
        ...activityIn(this.scope, who),
        type: 'message',
        value: found.data,
        replyToId: screen.id,
      });
    const { body } = await this.server.post(this.from(who, pressIn(this.scope, who, screen.id, found.data)));
    const card = answeredCard(body);
    if (card === null) throw new Error(`no card in the answer: ${JSON.stringify(body).slice(0, 200)}`);
    const shown = await this.screen(screen.id, card);
    const posted = await this.collect(who);
    // The answer to a press is what the presser sees, whatever has come beside it.
    this.screens.set(who, shown);
    return [shown, ...posted];
  }

  private async post(who: string, activity: Json): Promise<Screen[]> {
    const { status, text } = await this.server.post(this.from(who, activity));
    if (status !== 200) throw new Error(`${status} ${text}`);
    return await this.collect(who);
  }

  /** An activity as the client of `who` sends it. */
  private from(who: string, activity: Json): Json {
    const locale = this.speaks[who];
    if (locale === undefined) return activity;
    const others = entities.parse(activity['entities']).filter(({ type }) => type !== 'clientInfo');
    return { ...activity, entities: [...others, { type: 'clientInfo', locale, platform: 'Web' }] };
  }

  /** What has come over the connector since; in a group everybody sees it. */
  private async collect(who: string): Promise<Screen[]> {
    const news = this.server.deliveries.slice(this.seen);
    this.seen = this.server.deliveries.length;
    const screens: Screen[] = [];
    for (const { id, activity } of news) {
      const card = cardOf(activity);
      if (card === null)
        throw new Error(`a message without a card: ${JSON.stringify(activity).slice(0, 200)}`);
      const shown = await this.screen(id, card);
      this.screens.set('everybody', shown);
      this.screens.set(who, shown);
      screens.push(shown);
    }
    return screens;
  }

  private async screen(id: string, card: Json): Promise<Screen> {
    const lang = langSchema.parse(card).lang;
    return { id, card, lang, ...(await identify(card, this.server, locales.of(lang))) };
  }
}

/** Which of our cards this is, to the last sign: one without a case, or the view of some place of a case. */
async function identify(
  card: Json,
  server: DeskServer,
  phrases: Phrases,
): Promise<{ place: string; view: View | null }> {
  const json = JSON.stringify(card);
  const without: [string, Json][] = [
    ['welcome, personal', cards.welcome('personal', phrases).card],
    ['welcome, group', cards.welcome('group', phrases).card],
    ['help, personal', cards.help('personal', phrases).card],
    ['help, group', cards.help('group', phrases).card],
    ...noticeNames.map((name): [string, Json] => [name, cards.notice(name, phrases).card]),
    ['about', answerCommand({ ...server.desk, owner: null, phrases }, 'about', 'personal')?.card ?? {}],
    ...(
      [
        ['', 0],
        ['x.7', 0],
        ['x.7', 1],
        ['quota', 0],
        ['5.7.1', 0],
        ['xyzzy', 0],
      ] as const
    ).map(([asked, page]): [string, Json] => [
      `codes ${asked} ${String(page)}`.replace('  ', ' '),
      cards.catalogue(catalogue(knowledge, asked, page), phrases).card,
    ]),
  ];
  const notice = without.find(([, other]) => JSON.stringify(other) === json);
  if (notice !== undefined) return { place: notice[0], view: null };

  const buttons = buttonsOf(card).flatMap(({ data }) =>
    data.at === null ? [] : [{ caseId: data.case, at: data.at }],
  );
  const caseId = buttons[0]?.caseId ?? null;
  const bounce: Case | null = caseId === null ? null : await server.desk.cases.get(caseId);
  for (const at of candidates(buttons.map((each) => each.at))) {
    const view = guide.view(bounce, at, phrases);
    if (view !== null && JSON.stringify(cards.view(view, bounce, phrases).card) === json)
      return { place: nameOf(view.position), view };
  }
  return { place: `unknown: ${json.slice(0, 300)}`, view: null };
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
      : [...guide.paths(article), { path: ['admin'] }].flatMap(({ path }): Position[] => [
          { problem, article, path },
          { problem, article, path, outcome: 'fixed' },
          { problem, article, path, outcome: 'stuck' },
        ]),
  );
  return [...tops, ...below, ...targets];
}

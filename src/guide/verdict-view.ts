import type { Facts } from '../knowledge/facts';
import type { RegistryEntry } from '../knowledge/schema';
import { whoCanFix } from '../knowledge/who-can-fix';
import type { Phrases } from '../phrases';
import type { Problem } from './case';
import { recipientList } from './choose-view';
import { fill, shorten } from './fill';
import { pathSegment } from './mail-path';
import { notMineSegment } from './not-mine';
import { ownNotes } from './own-notes';
import {
  adminsOf,
  codeCrumb,
  deeper,
  isElsewhere,
  isWithin,
  place,
  rolesOf,
  showsOwnCode,
  type Scene,
} from './scene';
import type { Choice, FactRow, View } from './view';

/** What happened, who can fix it, how sure that is, and the roles that can do something. */
export function verdictView(scene: Scene): View {
  const { article, problem, facts, phrases, position, knowledge } = scene;
  const isForged = problem.circumstances.includes('forged') && !isElsewhere(position, problem);
  const notMine = {
    audience: notMineSegment,
    label: phrases.t('role.notMine'),
    words: phrases.words('notMine'),
  };
  const choices = [...(isForged ? [notMine] : []), ...rolesOf(scene)].map(
    ({ audience, label, words }): Choice => ({ label, words, to: deeper(position, audience) }),
  );
  const chosen = problem.article !== article.id; // The person said which meaning it is.
  return {
    kind: 'verdict',
    ...place(scene, [codeCrumb(scene)], choices),
    title: fill(article.title, facts, phrases),
    summary: fill(article.summary, facts, phrases),
    code: codeShown(scene),
    lasting: problem.tries === 'on' ? 'temporary' : article.lasting,
    tries:
      problem.tries === 'on' || (problem.tries === 'over' && article.lasting === 'temporary')
        ? problem.tries
        : null,
    isForged,
    ...whoOf(scene),
    refused: isElsewhere(position, problem) ? null : refusedSentence(problem, phrases),
    sure: chosen ? 'chosen' : article.general ? 'general' : problem.certainty,
    quotes: chosen ? [] : problem.evidence.map(({ quote }) => quote),
    alsoSaid: chosen ? [] : problem.alsoSaid.flatMap(({ code }) => (code === null ? [] : [code])),
    general: article.general,
    registry: problem.registry === null ? null : standardName(knowledge.registry.get(problem.registry)),
    own: ownNotes(scene, article),
    facts: factRows(facts, problem, phrases),
    mailPath: (scene.bounce?.hops.length ?? 0) > 0 ? deeper(position, pathSegment) : null,
    sources: article.sources,
    checked: article.checked,
  };
}

/** What the registry calls a code, and what that means where the name alone does not say it. */
const standardName = (entry: RegistryEntry | undefined): string | null =>
  entry === undefined ? null : [entry.name, ...(entry.plain === undefined ? [] : [entry.plain])].join(': ');

/** Who can fix it, in words, and why not in the usual order; two admins of one organization are one person. */
function whoOf(scene: Scene): { whoCanFix: string[]; whoFirst: string | null } {
  const within = isWithin(scene);
  const { actors, because } = whoCanFix(scene.article, scene.problem.circumstances);
  const keyOf = (actor: string | undefined): string =>
    within && actor?.endsWith('Admin') === true ? 'actor.ourAdmin' : `actor.${actor ?? ''}`;
  const keys = actors.map((actor) => keyOf(actor));
  const isMoved = keys[0] !== keyOf(scene.article.whoCanFix[0]);
  return {
    whoCanFix: [...new Set(keys)].map((key) => scene.phrases.t(key)),
    whoFirst: because === null || !isMoved ? null : scene.phrases.t(`whoFirst.${because}`),
  };
}

/** The report's code; without a report, and on the card of another article that is looked at beside, that article's. */
function codeShown(scene: Scene): string | null {
  const { facts, article } = scene;
  if (showsOwnCode(scene)) return article.codes[0] ?? null;
  return facts.code === null ? null : [facts.reply, facts.code].filter((part) => part !== null).join(' ');
}

/** Who said no, in a sentence; null where the report does not tell. */
export function refusedSentence({ refused, tries }: Problem, phrases: Phrases): string | null {
  // "Time ran out" is no word for what is still tried.
  if (refused === null || (tries === 'on' && refused.reason === 'ranOut')) return null;
  return phrases.t(`refused.${refused.reason}`, { product: refused.via ?? refused.product ?? '' });
}

function factRows(facts: Facts, problem: Problem, phrases: Phrases): FactRow[] {
  const rows: [string, string | null][] = [
    [
      'recipient',
      problem.recipients.length > 1 ? recipientList(problem.recipients, phrases) : facts.recipient,
    ],
    ['group', facts.group === facts.recipient ? null : facts.group],
    ['sender', facts.sender],
    ['subject', facts.subject],
    ['server', facts.server],
    ['generatingServer', facts.generatingServer],
    ['ip', facts.ip],
    ['diagnostic', facts.diagnostic],
    ...problem.alsoSaid.map((said): [string, string] => [
      'alsoSaid',
      [said.reply, said.code, said.text].filter((part) => part !== null && part !== '').join(' '),
    ]),
  ];
  return rows.flatMap(([name, value]) =>
    value === null
      ? []
      : [{ label: phrases.t(`row.${name}`), value: shorten(value, name === 'diagnostic' ? 280 : 120) }],
  );
}

/** "admin" was typed where both sides have one. */
export function whichAdminView(scene: Scene, crumbs: string[]): View | null {
  const { article, phrases, position } = scene;
  const admins = adminsOf(article);
  if (admins.length < 2) return null;
  const parent = { ...position, path: [] };
  const choices = admins.map((audience): Choice => ({
    label: phrases.t(`role.${audience}`),
    words: phrases.words(`role.${audience}`),
    to: deeper(parent, audience),
  }));
  return {
    kind: 'question',
    ...place(scene, crumbs, choices),
    ask: [{ text: phrases.t('ask.whichAdmin'), style: 'plain' }],
    help: [],
  };
}

import type { Facts } from '../knowledge/facts';
import type { Knowledge } from '../knowledge/load';
import {
  audiences,
  type Article,
  type Audience,
  type Node,
  type Option,
  type Procedure,
  type Question,
  type Step,
  type Way,
} from '../knowledge/schema';
import type { Phrases } from '../phrases';
import { factlessProblem, type Case, type Problem } from './case';
import { fill, fillScript, fillText, shorten, type Piece } from './fill';
import { pathRows, pathSegment } from './mail-path';
import type { Choice, FactRow, Position, StepView, View } from './view';

/** The pure walk: a case and a position in, what to show out. Holds no state. */
export interface Guide {
  /** Where a new case starts: at its verdict, or at the question that has to come first. */
  start(bounce: Case): Position;
  /** What stands at a position; null when the article or the path is not ours (any more). */
  view(bounce: Case | null, position: Position, phrases: Phrases): View | null;
  /** Every position below an article, for the tests and the coverage table. */
  paths(articleId: string): Position[];
}

type Place = Pick<View, 'position' | 'crumbs' | 'choices' | 'back' | 'start'>;

export function createGuide(knowledge: Knowledge): Guide {
  const resolve = (node: Node): Question | Procedure => {
    if (!('use' in node)) return node;
    const target = knowledge.shared.get(node.use);
    if (target === undefined) throw new Error(`unknown procedure ${node.use}`); // The loader has checked every use.
    return resolve(target);
  };

  const view = (bounce: Case | null, position: Position, phrases: Phrases): View | null => {
    if (
      position.problem === null &&
      bounce !== null &&
      bounce.problems.length > 1 &&
      position.article === null
    )
      return problemsView(bounce, position, knowledge, phrases);
    if (bounce !== null && bounce.problems.length === 0) return headersView(bounce, position, phrases);
    const problem =
      bounce?.problems[position.problem ?? 0] ??
      (position.article === null ? null : factlessProblem(position.article, null));
    if (problem === null) return null;
    const articleId = position.article ?? problem.article;
    if (articleId === null) return meaningsView(bounce, problem, position, knowledge, phrases);
    const article = knowledge.articles.get(articleId);
    if (article === undefined) return null;
    const at = { ...position, article: articleId };
    return articleView({
      bounce,
      problem,
      article,
      position: at,
      facts: factsFor(problem, article),
      phrases,
      resolve,
      knowledge,
    });
  };

  return {
    start(bounce) {
      const [problem, ...others] = bounce.problems;
      if (problem === undefined) return { problem: null, article: null, path: [pathSegment] };
      return others.length > 0
        ? { problem: null, article: null, path: [] }
        : { problem: 0, article: problem.article, path: [] };
    },
    view,
    paths(articleId) {
      const article = knowledge.articles.get(articleId);
      if (article === undefined) return [];
      const at = (path: string[]): Position => ({ problem: 0, article: articleId, path });
      const found = [at([])];
      const descend = (node: Node, path: string[]): void => {
        found.push(at(path));
        const here = resolve(node);
        if ('ask' in here) for (const option of here.options) descend(option.then, [...path, option.id]);
        else if (hasChoiceOfWay(here)) for (const way of waysOf(here)) found.push(at([...path, way]));
      };
      for (const audience of audiences) {
        const node = article.audiences[audience];
        if (node !== undefined) descend(node, [audience]);
      }
      return found;
    },
  };
}

/** Trace headers without a bounce: their path is all there is to show. */
function headersView(bounce: Case, position: Position, phrases: Phrases): View | null {
  const path = pathRows(bounce.hops, null, phrases);
  const at: Position = { problem: null, article: null, path: [] };
  return path.rows.length === 0
    ? null
    : { kind: 'path', position, crumbs: [], choices: [], back: null, start: at, ...path };
}

interface Scene {
  bounce: Case | null;
  problem: Problem;
  article: Article;
  position: Position;
  facts: Facts;
  phrases: Phrases;
  resolve(node: Node): Question | Procedure;
  knowledge: Knowledge;
}

/** `group` is the restricted group the report names, else the recipient where the article is about groups. */
const factsFor = (problem: Problem, article: Article): Facts => ({
  ...problem.facts,
  group:
    problem.facts.group ??
    (article.recipientIs === 'group' || article.recipientIs === 'm365Group' ? problem.facts.recipient : null),
});

const waysOf = (procedure: Procedure): Way[] =>
  Object.keys(procedure.ways ?? {}).filter(
    (key): key is Way => procedure.ways !== undefined && key in procedure.ways,
  );
const hasChoiceOfWay = (procedure: Procedure): boolean => waysOf(procedure).length > 1;

/** The audiences that this article can help, admins last. */
const audiencesOf = (article: Article): Audience[] =>
  audiences.filter((audience) => article.audiences[audience] !== undefined);
const adminsOf = (article: Article): Audience[] =>
  audiencesOf(article).filter((audience) => audience.endsWith('Admin'));

function articleView(scene: Scene): View | null {
  const { position, article, phrases, facts } = scene;
  const [audience, ...rest] = position.path;
  if (audience === undefined) return verdictView(scene);
  const crumbs = [codeCrumb(scene), phrases.t(`role.${audience}`)];
  if (audience === 'admin') return whichAdminView(scene, crumbs);
  if (audience === pathSegment) {
    const path = pathRows(scene.bounce?.hops ?? [], facts.server, phrases);
    return path.rows.length === 0
      ? null
      : { kind: 'path', ...place(scene, [codeCrumb(scene), phrases.t('nav.path')], []), ...path };
  }
  const root = audiencesOf(article).find((known) => known === audience);
  const tree = root === undefined ? undefined : article.audiences[root];
  if (tree === undefined) return null;

  let node = scene.resolve(tree);
  for (const segment of rest) {
    if ('ask' in node) {
      const option: Option | undefined = node.options.find(({ id }) => id === segment);
      if (option === undefined) return null;
      crumbs.push(option.label);
      node = scene.resolve(option.then);
    } else {
      const way = waysOf(node).find((known) => known === segment);
      if (way === undefined || !hasChoiceOfWay(node)) return null;
      crumbs.push(phrases.t(`way.${way}`));
      return procedureView(scene, node, crumbs, way);
    }
  }
  if ('ask' in node) return questionView(scene, node, crumbs);
  return hasChoiceOfWay(node)
    ? wayView(scene, node, crumbs)
    : procedureView(scene, node, crumbs, waysOf(node)[0]);
}

const codeCrumb = ({ facts, article, phrases }: Scene): string =>
  facts.code ?? article.codes[0] ?? phrases.t('crumb.noCode');

const deeper = (position: Position, segment: string): Position => ({
  problem: position.problem,
  article: position.article,
  path: [...position.path, segment],
});

/** One step up; from the verdict to the question that led to it, if there was one. */
function upFrom({
  position,
  bounce,
  problem,
}: Pick<Scene, 'position' | 'bounce' | 'problem'>): Position | null {
  if (position.outcome !== undefined)
    return { problem: position.problem, article: position.article, path: position.path };
  if (position.path.length > 0)
    return { problem: position.problem, article: position.article, path: position.path.slice(0, -1) };
  if (problem.article === null && problem.candidates.length > 0)
    return { problem: position.problem, article: null, path: [] };
  return bounce !== null && bounce.problems.length > 1 ? { problem: null, article: null, path: [] } : null;
}

function place(scene: Scene, crumbs: string[], choices: Choice[]): Place {
  const { position } = scene;
  return {
    position,
    crumbs,
    choices,
    back: upFrom(scene),
    start: { problem: position.problem, article: position.article, path: [] },
  };
}

/** More problems than this fill no card; the others can be pasted alone. */
const maxProblems = 12;

function problemsView(bounce: Case, position: Position, knowledge: Knowledge, phrases: Phrases): View {
  const shown = bounce.problems.slice(0, maxProblems);
  const choices = shown.map((problem, index): Choice => ({
    label: phrases.t('choose', { n: index + 1 }),
    words: problem.recipients,
    to: { problem: index, article: problem.article, path: [] },
  }));
  return {
    kind: 'problems',
    total: bounce.problems.length,
    position,
    crumbs: [],
    choices,
    back: null,
    start: position,
    items: shown.map((problem) => {
      const article = problem.article === null ? undefined : knowledge.articles.get(problem.article);
      const facts = article === undefined ? problem.facts : factsFor(problem, article);
      return {
        code: problem.facts.code,
        recipients: recipientList(problem.recipients, phrases),
        title:
          article === undefined
            ? phrases.t('meaning.open')
            : fill(article.title, facts, phrases)
                .map(({ text }) => text)
                .join(''),
      };
    }),
  };
}

const recipientList = (recipients: readonly string[], phrases: Phrases): string => {
  const shown = recipients.slice(0, 3).map((recipient) => shorten(recipient, 60));
  const more = recipients.length - shown.length;
  return shown.length === 0
    ? phrases.t('recipients.none')
    : `${shown.join(', ')}${more > 0 ? ` ${phrases.t('recipients.more', { n: more })}` : ''}`;
};

function meaningsView(
  bounce: Case | null,
  problem: Problem,
  position: Position,
  knowledge: Knowledge,
  phrases: Phrases,
): View | null {
  const known = problem.candidates.flatMap(({ article, evidence }) => {
    const found = knowledge.articles.get(article);
    return found === undefined ? [] : [{ article: found, evidence }];
  });
  if (known.length === 0) return null;
  const at: Position = { problem: position.problem ?? 0, article: null, path: [] };
  return {
    kind: 'meanings',
    position: at,
    crumbs: [],
    code: problem.facts.code,
    choices: known.map(({ article }, index) => ({
      label: phrases.t('choose', { n: index + 1 }),
      words: [article.title, article.looksLike],
      to: { ...at, article: article.id },
    })),
    back: bounce !== null && bounce.problems.length > 1 ? { problem: null, article: null, path: [] } : null,
    start: at,
    items: known.map(({ article, evidence }) => ({
      looksLike: fill(article.looksLike, factsFor(problem, article), phrases),
      title: fill(article.title, factsFor(problem, article), phrases),
      quote: evidence.find(({ kind }) => kind === 'words')?.quote ?? null,
    })),
  };
}

function verdictView(scene: Scene): View {
  const { article, problem, facts, phrases, position, knowledge } = scene;
  const roles = audiencesOf(article);
  const admins = adminsOf(article);
  const choices = roles.map((audience): Choice => ({
    label: phrases.t(`role.${audience}`),
    words: [
      ...phrases.words(`role.${audience}`),
      ...(audience.endsWith('Admin') && admins.length === 1 ? phrases.words('role.admin') : []),
    ],
    to: deeper(position, audience),
  }));
  const chosen = problem.article !== article.id; // The person said which meaning it is.
  return {
    kind: 'verdict',
    ...place(scene, [codeCrumb(scene)], choices),
    title: fill(article.title, facts, phrases),
    summary: fill(article.summary, facts, phrases),
    code: facts.code === null ? null : [facts.reply, facts.code].filter((part) => part !== null).join(' '),
    lasting: article.lasting,
    whoCanFix: article.whoCanFix,
    sure: chosen ? 'chosen' : article.general ? 'general' : problem.certainty,
    quotes: chosen ? [] : problem.evidence.map(({ quote }) => quote),
    general: article.general,
    registry: problem.registry === null ? null : (knowledge.registry.get(problem.registry)?.name ?? null),
    facts: factRows(facts, problem, phrases),
    mailPath: (scene.bounce?.hops.length ?? 0) > 0 ? deeper(position, pathSegment) : null,
    sources: article.sources,
    checked: article.checked,
  };
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
  ];
  return rows.flatMap(([name, value]) =>
    value === null
      ? []
      : [{ label: phrases.t(`row.${name}`), value: shorten(value, name === 'diagnostic' ? 280 : 120) }],
  );
}

function whichAdminView(scene: Scene, crumbs: string[]): View | null {
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

function questionView(scene: Scene, question: Question, crumbs: string[]): View {
  const { facts, phrases, position } = scene;
  const choices = question.options.map((option): Choice => ({
    label: option.label,
    words: (option.words ?? []).map((word) => word.toLowerCase()),
    to: deeper(position, option.id),
  }));
  return {
    kind: 'question',
    ...place(scene, crumbs, choices),
    ask: fill(question.ask, facts, phrases),
    help: question.help === undefined ? [] : fill(question.help, facts, phrases),
  };
}

function wayView(scene: Scene, procedure: Procedure, crumbs: string[]): View {
  const { facts, phrases, position } = scene;
  const choices = waysOf(procedure).map((way): Choice => ({
    label: phrases.t(`way.${way}`),
    words: phrases.words(`way.${way}`),
    to: deeper(position, way),
  }));
  return {
    kind: 'question',
    ...place(scene, crumbs, choices),
    ask: [
      {
        text: `${fill(procedure.title, facts, phrases)
          .map(({ text }) => text)
          .join('')}: `,
        style: 'plain',
      },
      { text: phrases.t('ask.way'), style: 'plain' },
    ],
    help: waysOf(procedure).includes('classicEac')
      ? [{ text: phrases.t('ask.way.classic'), style: 'plain' }]
      : [],
  };
}

function procedureView(scene: Scene, procedure: Procedure, crumbs: string[], way: Way | undefined): View {
  const { facts, phrases, position } = scene;
  const takes = procedure.takes === undefined ? [] : fill(procedure.takes, facts, phrases);
  if (position.outcome === 'fixed') return { kind: 'fixed', ...place(scene, crumbs, []) };
  if (position.outcome === 'stuck') {
    const related = relatedTo(scene);
    return {
      kind: 'stuck',
      ...place(scene, crumbs, [...elsewhere(scene), ...related.map(({ choice }) => choice)]),
      takes,
      related,
    };
  }
  const chosen = way === undefined ? undefined : procedure.ways?.[way];
  const steps = chosen?.steps ?? procedure.steps ?? [];
  const script = chosen?.script ?? procedure.script;
  const toStep = (step: Step): StepView =>
    typeof step === 'string'
      ? { pieces: fill(step, facts, phrases), script: null }
      : { pieces: fill(step.text, facts, phrases), script: fillScript(step.script, facts) };
  const stepViews = steps.map(toStep);
  const check = (procedure.check ?? []).map(toStep);
  const optional = (source: string | undefined): Piece[] =>
    source === undefined ? [] : fill(source, facts, phrases);
  return {
    kind: 'procedure',
    ...place(scene, crumbs, [
      {
        label: phrases.t('outcome.fixed'),
        words: phrases.words('outcome.fixed'),
        to: { ...position, outcome: 'fixed' },
      },
      {
        label: phrases.t('outcome.stuck'),
        words: phrases.words('outcome.stuck'),
        to: { ...position, outcome: 'stuck' },
      },
    ]),
    title: fill(procedure.title, facts, phrases),
    intro: [
      ...optional(procedure.intro),
      ...(procedure.intro !== undefined && chosen?.intro !== undefined
        ? [{ text: ' ', style: 'plain' as const }]
        : []),
      ...optional(chosen?.intro),
    ],
    role: optional(procedure.role),
    steps: stepViews,
    script: script === undefined ? null : fillScript(script, facts),
    needsShell: script !== undefined || stepViews.some((step) => step.script !== null),
    draft:
      procedure.draft === undefined
        ? null
        : { to: procedure.draft.to, text: fillText(procedure.draft.text, facts, phrases) },
    effect: optional(procedure.effect),
    takes,
    check,
    notes: (procedure.notes ?? []).map((note) => fill(note, facts, phrases)),
    links: procedure.links ?? [],
  };
}

/** Articles worth a look when this one did not help, each with the button that leads there. */
function relatedTo({
  article,
  position,
  phrases,
  knowledge,
  facts,
}: Scene): { title: Piece[]; choice: Choice }[] {
  const labels = new Map<string, number>();
  return article.related.flatMap((id) => {
    const related = knowledge.articles.get(id);
    if (related === undefined) return [];
    const [code] = related.codes;
    const label = code === undefined ? phrases.t('stuck.seeThis') : phrases.t('stuck.see', { code });
    const times = (labels.get(label) ?? 0) + 1;
    labels.set(label, times);
    // Two meanings of one code: a typed label has to mean one of them.
    const unique = times === 1 ? label : `${label} (${String(times)})`;
    const to: Position = { problem: position.problem, article: id, path: [] };
    return [
      {
        title: fill(related.title, facts, phrases),
        choice: { label: unique, words: times === 1 ? related.codes : [], to },
      },
    ];
  });
}

/** What is left to try when the steps did not help: the other branches here, the other people, the other meanings. */
function elsewhere(scene: Scene): Choice[] {
  const { article, position, phrases, problem } = scene;
  const choices: Choice[] = [];
  const parent = { problem: position.problem, article: position.article, path: position.path.slice(0, -1) };
  if (position.path.length > 1)
    choices.push({ label: phrases.t('stuck.otherAnswer'), words: [], to: parent });
  for (const audience of audiencesOf(article)) {
    if (audience !== position.path[0])
      choices.push({
        label: phrases.t(`role.${audience}`),
        words: phrases.words(`role.${audience}`),
        to: { ...parent, path: [audience] },
      });
  }
  if (problem.candidates.length > 0)
    choices.push({
      label: phrases.t('stuck.otherMeaning'),
      words: [],
      to: { problem: position.problem, article: null, path: [] },
    });
  return choices;
}

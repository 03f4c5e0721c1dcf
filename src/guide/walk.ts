import type { Knowledge } from '../knowledge/load';
import { audiences, type Node, type Option, type Procedure, type Question } from '../knowledge/schema';
import type { Phrases } from '../phrases';
import { factlessProblem, type Case } from './case';
import { headersView, meaningsView, problemsView } from './choose-view';
import { pathRows, pathSegment } from './mail-path';
import { notMineSegment, notMineTree } from './not-mine';
import { procedureView, questionView, wayView } from './procedure-view';
import { knownOf, openOptions } from './known';
import {
  audiencesOf,
  codeCrumb,
  factsFor,
  hasChoiceOfWay,
  isWithin,
  ownAdminOf,
  place,
  roleCrumb,
  waysOf,
  type Scene,
} from './scene';
import { refusedSentence, verdictView, whichAdminView } from './verdict-view';
import type { Position, View } from './view';

/** The pure walk: a case and a position in, what to show out. Holds no state. */
export interface Guide {
  /** Where a new case starts: at its verdict, or at the question that has to come first. */
  start(bounce: Case): Position;
  /** What stands at a position; null when the article or the path is not ours (any more). */
  view(bounce: Case | null, position: Position, phrases: Phrases): View | null;
  /** Every position below an article, for the tests and the coverage table. */
  paths(articleId: string): Position[];
}

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
      facts: factsFor(problem),
      known: knownOf(problem, article),
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
      const known = knownOf(factlessProblem(articleId, null), article);
      const at = (path: string[]): Position => ({ problem: 0, article: articleId, path });
      const found = [at([])];
      const descend = (node: Node, path: string[]): void => {
        found.push(at(path));
        const here = resolve(node);
        if ('ask' in here)
          for (const option of openOptions(here, known)) descend(option.then, [...path, option.id]);
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

function articleView(scene: Scene): View | null {
  const { position, article, phrases, facts } = scene;
  const [audience, ...rest] = position.path;
  if (audience === undefined) return verdictView(scene);
  if (audience === 'admin' && isWithin(scene)) {
    const own = ownAdminOf(article);
    return own === undefined ? null : articleView(below(scene, [own]));
  }
  const crumbs = [codeCrumb(scene), roleCrumb(scene, audience)];
  if (audience === 'admin') return whichAdminView(scene, crumbs);
  if (audience === pathSegment) {
    const { rows, note } = pathRows(scene.bounce?.hops ?? [], facts.server, phrases);
    const refused = refusedSentence(scene.problem, phrases);
    if (rows.length === 0) return null;
    return {
      kind: 'path',
      ...place(scene, [codeCrumb(scene), phrases.t('nav.path')], []),
      rows,
      note: refused === null ? note : `${phrases.t('label.refused')}: ${refused} ${note}`,
    };
  }
  const root = audiencesOf(article).find((known) => known === audience);
  const tree =
    audience === notMineSegment
      ? notMineTree(scene.knowledge)
      : root === undefined
        ? undefined
        : article.audiences[root];
  if (tree === undefined) return null;

  const walked = [audience];
  /** How long the path was at every question that was really asked; the verdict is one. */
  const asked = [0];
  let node = scene.resolve(tree);
  const answer = (option: Option): void => {
    walked.push(option.id);
    crumbs.push(option.label);
    node = scene.resolve(option.then);
  };
  for (const segment of rest) {
    if ('ask' in node) {
      const open = openOptions(node, scene.known);
      // A button of a hidden option still leads there: it may be older than what is known now.
      const option = node.options.find(({ id }) => id === segment);
      if (option === undefined) return null;
      if (open.length > 1 || open[0] !== option) asked.push(walked.length);
      answer(option);
    } else {
      const way = waysOf(node).find((known) => known === segment);
      if (way === undefined || !hasChoiceOfWay(node) || walked.length < rest.length) return null;
      crumbs.push(phrases.t(`way.${way}`));
      return procedureView(below(scene, [...walked, way], walked), node, crumbs, way);
    }
  }
  while ('ask' in node) {
    const [only, ...others] = openOptions(node, scene.known);
    if (only === undefined || others.length > 0) break;
    answer(only);
  }
  const here = below(scene, walked, walked.slice(0, asked.at(-1)));
  if ('ask' in node) return questionView(here, node, crumbs);
  return hasChoiceOfWay(node)
    ? wayView(here, node, crumbs)
    : procedureView(here, node, crumbs, waysOf(node)[0]);
}

/** The scene at another place of the same article; an outcome stays with it. */
function below(scene: Scene, path: string[], up?: string[]): Scene {
  const position = { ...scene.position, path };
  return { ...scene, position, ...(up === undefined ? {} : { up }) };
}

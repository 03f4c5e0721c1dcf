import type { Facts } from '../knowledge/facts';
import type { Knowledge } from '../knowledge/load';
import {
  audiences,
  type Article,
  type Audience,
  type Node,
  type Procedure,
  type Question,
  type Way,
} from '../knowledge/schema';
import type { Phrases } from '../phrases';
import type { Case, Problem } from './case';
import type { Choice, Position, View } from './view';

/** The parts that every view has. */
export type Place = Pick<View, 'position' | 'crumbs' | 'choices' | 'back' | 'start'>;

/** Everything that the views of one place in an article draw from. */
export interface Scene {
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
export const factsFor = (problem: Problem, article: Article): Facts => ({
  ...problem.facts,
  group:
    problem.facts.group ??
    (article.recipientIs === 'group' || article.recipientIs === 'm365Group' ? problem.facts.recipient : null),
});

export const waysOf = (procedure: Procedure): Way[] =>
  Object.keys(procedure.ways ?? {}).filter(
    (key): key is Way => procedure.ways !== undefined && key in procedure.ways,
  );

export const hasChoiceOfWay = (procedure: Procedure): boolean => waysOf(procedure).length > 1;

/** The audiences that this article can help, admins last. */
export const audiencesOf = (article: Article): Audience[] =>
  audiences.filter((audience) => article.audiences[audience] !== undefined);

export const adminsOf = (article: Article): Audience[] =>
  audiencesOf(article).filter((audience) => audience.endsWith('Admin'));

export const codeCrumb = ({ facts, article, phrases }: Scene): string =>
  facts.code ?? article.codes[0] ?? phrases.t('crumb.noCode');

export const deeper = (position: Position, segment: string): Position => ({
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

export function place(scene: Scene, crumbs: string[], choices: Choice[]): Place {
  const { position } = scene;
  return {
    position,
    crumbs,
    choices,
    back: upFrom(scene),
    start: { problem: position.problem, article: position.article, path: [] },
  };
}

import { codePattern } from '../knowledge/codes';
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
import type { Known } from './known';
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
  known: Known;
  /** The place one up, where it is not simply the path without its last answer: questions that were not asked are passed over. */
  up?: string[];
}

/** `group` is the restricted group the report names, else the recipient: who reads of a group has said that it is one. */
export const factsFor = (problem: Problem): Facts => ({
  ...problem.facts,
  group: problem.facts.group ?? problem.facts.recipient,
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

const isAdmin = (name: string): boolean => name.endsWith('Admin');

/** Whether sender and recipient are known to be of one organization: then it has one admin, not two sides. */
export const isWithin = ({ known }: Pick<Scene, 'known'>): boolean => known.organization?.[0] === 'same';

/** Of one organization's admin, the tree of the side that can do more. */
export function ownAdminOf(article: Article): Audience | undefined {
  const admins = adminsOf(article);
  return (
    article.whoCanFix.flatMap((actor) => admins.filter((audience) => audience === actor))[0] ?? admins.at(-1)
  );
}

/** The roles to choose from, each with its button and the words that mean it. */
export function rolesOf(scene: Scene): { audience: Audience; label: string; words: string[] }[] {
  const { article, phrases } = scene;
  const admins = adminsOf(article);
  const own = isWithin(scene) ? ownAdminOf(article) : undefined;
  return audiencesOf(article).flatMap((audience) => {
    if (!isAdmin(audience) || own === undefined) {
      const words = phrases.words(`role.${audience}`);
      const isOnly = isAdmin(audience) && admins.length === 1;
      return [
        {
          audience,
          label: phrases.t(`role.${audience}`),
          words: [...words, ...(isOnly ? phrases.words('role.admin') : [])],
        },
      ];
    }
    const words = ['role.admin', ...admins.map((admin) => `role.${admin}`)].flatMap((key) => [
      ...phrases.words(key),
    ]);
    return audience === own ? [{ audience, label: phrases.t('role.ourAdmin'), words }] : [];
  });
}

/** Who reads what stands below an audience, as a word for the way there. */
export const roleCrumb = (scene: Scene, audience: string): string =>
  scene.phrases.t(isAdmin(audience) && isWithin(scene) ? 'role.ourAdmin' : `role.${audience}`);

/** Whether the code shown is the article's own: without a report, and on another article that is looked at beside. */
export function showsOwnCode({ bounce, facts, article, position, problem }: Scene): boolean {
  const fits = article.codes.some((source) => facts.code !== null && codePattern(source).hit(facts.code) > 0);
  return bounce === null || (isElsewhere(position, problem) && !fits);
}

export function codeCrumb(scene: Scene): string {
  const { facts, article, phrases } = scene;
  const own = article.codes[0];
  return (showsOwnCode(scene) ? own : (facts.code ?? own)) ?? phrases.t('crumb.noCode');
}

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
  up,
}: Pick<Scene, 'position' | 'bounce' | 'problem' | 'up'>): Position | null {
  if (position.outcome !== undefined)
    return { problem: position.problem, article: position.article, path: position.path };
  if (position.path.length > 0)
    return { problem: position.problem, article: position.article, path: up ?? position.path.slice(0, -1) };
  // A related article, looked at from the stuck card: back to the person's own bounce.
  if (isElsewhere(position, problem))
    return { problem: position.problem, article: problem.article, path: [] };
  if (problem.article === null && problem.candidates.length > 0)
    return { problem: position.problem, article: null, path: [] };
  return bounce !== null && bounce.problems.length > 1 ? { problem: null, article: null, path: [] } : null;
}

export function place(scene: Scene, crumbs: string[], choices: Choice[]): Place {
  const { position, problem } = scene;
  return {
    position,
    crumbs,
    choices,
    back: upFrom(scene),
    start: {
      problem: position.problem,
      article: isElsewhere(position, problem) ? problem.article : position.article,
      path: [],
    },
  };
}

/** Whether this is not the article that the bounce was decided to be. */
export const isElsewhere = (position: Position, problem: Problem): boolean =>
  problem.article !== null && position.article !== null && position.article !== problem.article;

import type { Knowledge } from '../knowledge/load';
import type { Phrases } from '../phrases';
import type { Case, Problem } from './case';
import { fill, shorten } from './fill';
import { pathRows } from './mail-path';
import { factsFor } from './scene';
import type { Choice, Position, View } from './view';

/** Trace headers without a bounce: their path is all there is to show. */
export function headersView(bounce: Case, position: Position, phrases: Phrases): View | null {
  const path = pathRows(bounce.hops, null, phrases);
  const at: Position = { problem: null, article: null, path: [] };
  return path.rows.length === 0
    ? null
    : { kind: 'path', position, crumbs: [], choices: [], back: null, start: at, ...path };
}

/** More problems than this fill no card; the others can be pasted alone. */
const maxProblems = 12;

/** Several reasons in one report: which one first. */
export function problemsView(bounce: Case, position: Position, knowledge: Knowledge, phrases: Phrases): View {
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
      const facts = article === undefined ? problem.facts : factsFor(problem);
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

/** A few recipients by name, the others by number. */
export const recipientList = (recipients: readonly string[], phrases: Phrases): string => {
  const shown = recipients.slice(0, 3).map((recipient) => shorten(recipient, 60));
  const more = recipients.length - shown.length;
  return shown.length === 0
    ? phrases.t('recipients.none')
    : `${shown.join(', ')}${more > 0 ? ` ${phrases.t('recipients.more', { n: more })}` : ''}`;
};

/** One code, several meanings: what the report looks like decides. */
export function meaningsView(
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
      looksLike: fill(article.looksLike, factsFor(problem), phrases),
      title: fill(article.title, factsFor(problem), phrases),
      quote: evidence.find(({ kind }) => kind === 'words')?.quote ?? null,
    })),
  };
}

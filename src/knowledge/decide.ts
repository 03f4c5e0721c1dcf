import type { Failure } from '../ndr/report';
import type { Decision, Diagnosis } from './diagnosis';
import type { Knowledge } from './load';
import type { Article } from './schema';
import { exactnessOf, type Indexed, type Scored } from './score';

/** Two meanings closer than this are both possible. */
const margin = 0.15;
/** More meanings than this are no help to choose from. */
const maxCandidates = 7;

/** The meaning that the evidence speaks for most, or those that it leaves open; undefined when nothing was found. */
export function decide(found: readonly Scored[]): Decision | undefined {
  // What stands behind the arrow decides, by its words or by its own code.
  const inner = found.filter(
    ({ article, hasWords, evidence }) =>
      !article.wraps && (hasWords || evidence.some(({ kind }) => kind === 'innerCode')),
  );
  if (inner.length === 0) return decideAmong(found);
  const inside = decideAmong(found.filter(({ article }) => !article.wraps));
  // An inner code of several meanings, without words: then the envelope knows more than a guess among them.
  const envelopes = found.filter(({ article }) => article.wraps);
  return inside?.article === null && envelopes.length > 0 && !inner.some(({ hasWords }) => hasWords)
    ? decideAmong(envelopes)
    : inside;
}

function decideAmong(found: readonly Scored[]): Decision | undefined {
  const sorted = found.toSorted((a, b) => b.score - a.score || byRank(a, b));
  const [best, second] = sorted;
  if (best === undefined) return undefined;
  // An inner code alone says what another server meant, not what this report is about.
  if (second === undefined || best.score - second.score >= margin) {
    const certainty = best.hasWords || best.evidence.some(({ kind }) => kind === 'code') ? 'sure' : 'likely';
    return { article: best.article, evidence: best.evidence, certainty, candidates: [] };
  }
  const open = sorted
    .filter(({ score }) => best.score - score < margin)
    .sort(byRank)
    .slice(0, maxCandidates);
  return {
    article: null,
    evidence: [],
    certainty: 'open',
    candidates: open.map(({ article, evidence }) => ({ article, evidence })),
  };
}

const byRank = (a: Scored, b: Scored): number =>
  a.article.rank - b.article.rank || a.article.id.localeCompare(b.article.id);

/** A decision taken back to a proposal. */
export const opened = (decided: Decision): Decision =>
  decided.article === null
    ? decided
    : {
        article: null,
        evidence: [],
        certainty: 'open',
        candidates: [{ article: decided.article, evidence: decided.evidence }],
      };

/** What class and subject of the code say, or the reply where there is no code. */
export function fallBack(
  general: readonly Indexed[],
  registry: Knowledge['registry'],
  { code, reply }: Failure,
): Omit<Diagnosis, 'failure' | 'circumstances'> {
  const none = { article: null, evidence: [], certainty: 'open', candidates: [], registry: null } as const;
  if (code === null) {
    const entry = reply === null ? undefined : general.find(({ article }) => article.replies.includes(reply));
    return entry === undefined || reply === null
      ? { ...none, evidence: [], candidates: [] }
      : {
          ...none,
          article: entry.article,
          certainty: 'likely',
          evidence: [{ kind: 'reply', quote: reply }],
          candidates: [],
        };
  }
  let best: Article | null = null;
  let exactness = 0;
  for (const { article, patterns } of general) {
    const hit = exactnessOf(patterns, code);
    if (hit > exactness) [best, exactness] = [article, hit];
  }
  const entry = registry.get(`X${code.slice(1)}`) ?? null;
  return {
    article: best,
    evidence: best === null ? [] : [{ kind: 'class', quote: code }],
    certainty: best === null ? 'open' : 'likely',
    candidates: [],
    registry: entry,
  };
}

import { fold } from '../ndr/fold';
import { isMicrosoftHost } from '../ndr/hosts';
import type { Failure, Report } from '../ndr/report';
import { codePattern, type CodePattern } from './codes';
import type { Knowledge } from './load';
import type { Article, RegistryEntry } from './schema';
import { createSearch } from './search';

/** What in the report speaks for a meaning, in words that can be shown. */
export interface Evidence {
  kind: 'words' | 'code' | 'range' | 'innerCode' | 'reply' | 'class';
  /** The literal piece of the report. */
  quote: string;
}

/** A meaning that fits, with what speaks for it. */
export interface Candidate {
  article: Article;
  evidence: Evidence[];
}

/** What one failure means. */
export interface Diagnosis {
  failure: Failure;
  /** The meaning, when the evidence decides; null when it is open between `candidates` or nothing is known. */
  article: Article | null;
  evidence: Evidence[];
  /** `sure`: the words or an unambiguous code say so. `likely`: a range, an inner code or the class only. */
  certainty: 'sure' | 'likely' | 'open';
  /** The meanings that fit equally well, best known first; empty when decided. */
  candidates: Candidate[];
  /** What the IANA registry calls the code, where we know no more than that. */
  registry: RegistryEntry | null;
}

/** Finds the article for a failure. Build once with {@link createMatcher}; pure and stateless afterwards. */
export interface Matcher {
  diagnose(report: Report): Diagnosis[];
  /**
   * Where {@link diagnose} finds nothing literally: what the words may mean, as candidates to ask about. Null when
   * nothing is near enough; an invented meaning is worse than none.
   */
  propose(report: Report): Diagnosis | null;
}

interface Indexed {
  article: Article;
  patterns: CodePattern[];
  tokens: Words[];
  phrases: Words[];
}

/** A literal piece as it stands in the article and as it is compared. */
interface Words {
  source: string;
  folded: string;
}

/** What a report says, folded: the replies of servers, and the text they stand in. */
interface Heard {
  said: string;
  around: string;
}

interface Scored extends Candidate {
  score: number;
  hasWords: boolean;
}

/**
 * The order of evidence (codes.md): the words, the inner reply, the code with who said it, the code alone,
 * the class. The numbers keep these apart; within the words the longer piece is the more particular one.
 */
const points = {
  phrase: 8.5,
  beside: 0.5,
  token: 4, exact: 4, range: 3, inner: 2,
  innerRange: 1.5, host: 0.5, otherHost: -2, reply: 0.5, otherReply: -1 } as const;
/** Two meanings closer than this are both possible. */
const margin = 0.15;
/** More meanings than this are no help to choose from. */
const maxCandidates = 7;

export function createMatcher({ articles, registry }: Knowledge): Matcher {
  // Longest first: the first hit is the most particular one.
  const words = (sources: readonly string[]): Words[] =>
    sources.map((source) => ({ source, folded: fold(source) })).sort((a, b) => b.folded.length - a.folded.length);
  const unique = uniqueComponents([...articles.values()]);
  const indexed = [...articles.values()].map(
    (article): Indexed => ({
      article,
      patterns: article.codes.map(codePattern),
      tokens: words(article.tokens),
      phrases: words([...article.phrases, ...article.tokens.filter((token) => unique.has(token))]),
    }),
  );
  const specific = indexed.filter(({ article }) => !article.general);
  const general = indexed.filter(({ article }) => article.general);

  const search = createSearch([...articles.values()]);

  const diagnoseOne = (failure: Failure, context: string): Diagnosis => {
    const replies = failure.replies.map(({ reply, code, text: said }) => `${reply ?? ''} ${code ?? ''} ${said}`);
    const text: Heard = { said: fold(replies.join(' | ')), around: fold(context) };
    const claimed = claimedWords(specific, failure, text);
    const found = specific.flatMap((entry) => score(entry, failure, text, claimed) ?? []);
    const decided = decide(found);
    if (decided !== undefined) return { failure, registry: null, ...decided };
    const fallen = fallBack(general, registry, failure);
    if (fallen.article !== null || failure.code !== null || failure.reply !== null) return { failure, ...fallen };
    // A bounce whose reason is told in words that no article has literally: near meanings to ask about.
    const near = search.find(context).map((article): Candidate => ({ article, evidence: [] }));
    return { failure, ...fallen, candidates: near };
  };

  return {
    propose(report) {
      const candidates = search.find(report.body).map((article): Candidate => ({ article, evidence: [] }));
      const failure = report.failures[0] ?? wholeText(report);
      return candidates.length === 0
        ? null
        : { failure, article: null, evidence: [], certainty: 'open', candidates, registry: null };
    },
    diagnose(report) {
      if (report.failures.length === 0) {
        // No code and no heading: a phrase we know may still be there ("submission quota was exceeded").
        const failure = wholeText(report);
        const text: Heard = { said: '', around: fold(report.body.slice(0, maxContext)) };
        const telling = specific.map((entry) => ({ ...entry, phrases: entry.phrases.filter(tellsAlone) }));
        const decided = decide(telling.flatMap((entry) => score(entry, failure, text) ?? []));
        if (decided === undefined) return [];
        return [{ failure, registry: null, ...(quotesSeveral(report.body) ? opened(decided) : decided) }];
      }
      const body = report.body.slice(0, maxContext);
      const alone = report.failures.length === 1;
      return report.failures.map((failure) => diagnoseOne(failure, alone ? body : linesNaming(failure, body)));
    },
  };
}

/** Somebody who quotes two refusals or more talks about bounces and has not one of them at hand. */
const quotesSeveral = (body: string): boolean =>
  (body.slice(0, maxContext).match(/["“][^"“”\n]{12,200}["”]/g) ?? []).filter((quote) => refusalWord.test(quote)).length >= 2;

const refusalWord = /\b(?:reject|denied|refus|not allowed|block|fail|unable|undeliver|not (?:accept|authori[sz]ed|permitted))/i;

/** A decision taken back to a proposal. */
const opened = (decided: Decision): Decision =>
  decided.article === null
    ? decided
    : { article: null, evidence: [], certainty: 'open', candidates: [{ article: decided.article, evidence: decided.evidence }] };

/** Several failures share one text: what is said about one of them stands in the lines that name its recipient. */
function linesNaming({ recipient, replies }: Failure, body: string): string {
  if (recipient === null || replies.length > 0) return '';
  return body
    .split('\n')
    .filter((line) => line.includes(recipient))
    .join(' ');
}

/** In a text that looks like no report, a short phrase ("wasn't found at") may be about parcels. */
const tellsAlone = ({ folded }: Words): boolean => folded.length >= 24;

/**
 * Tokens that name a component of Exchange and a reason (`SMTPSEND.DNS.NonExistentDomain`) and stand in one article
 * only: as particular as a phrase, also where an inner reply carries them under another code.
 */
function uniqueComponents(articles: readonly Article[]): Set<string> {
  const users = new Map<string, number>();
  for (const { tokens } of articles) for (const token of tokens) users.set(token, (users.get(token) ?? 0) + 1);
  const component = /^[A-Z][A-Za-z]{2,20}\.[A-Z][A-Za-z.]{2,80}$/;
  return new Set([...users].filter(([token, count]) => count === 1 && component.test(token)).map(([token]) => token));
}

/** Enough for every human-readable part; the headers of the original behind it say nothing about the cause. */
const maxContext = 8000;

const wholeText = ({ remoteServer }: Report): Failure => ({
  recipient: null,
  code: null,
  reply: null,
  diagnostic: null,
  replies: [],
  group: null,
  remoteServer,
  ip: null,
});

function score({ article, patterns, tokens, phrases }: Indexed, failure: Failure, text: Heard, claimed: ReadonlySet<string> = new Set()): Scored | undefined {
  const evidence: Evidence[] = [];
  let points_ = 0;

  const code = codeEvidence(patterns, failure);
  // What an article says whose code fits is its own evidence, and no reason for another one.
  const phrase = longestHit(code === undefined ? phrases.filter(({ folded }) => !claimed.has(folded)) : phrases, text);
  if (phrase !== undefined) {
    points_ += phrase.share * (points.phrase + weightOf(phrase.words));
    evidence.push({ kind: 'words', quote: phrase.words.source });
  }

  if (code !== undefined) {
    points_ += code.points;
    const token = phrase === undefined ? longestHit(tokens, text) : undefined;
    if (token !== undefined) {
      points_ += token.share * (points.token + weightOf(token.words));
      evidence.push({ kind: 'words', quote: token.words.source });
    }
    evidence.push(code.evidence);
  }
  if (evidence.length === 0) return undefined;

  const hasWords = evidence.some(({ kind }) => kind === 'words');
  if (article.needsWords && !hasWords) return undefined;
  if (article.replies.length > 0 && failure.reply !== null) points_ += article.replies.includes(failure.reply) ? points.reply : points.otherReply;
  if (article.refusedBy !== undefined) {
    const host = failure.remoteServer;
    const other = host !== null && !isMicrosoftHost(host);
    // Another provider's meaning of a code is never assumed from the number alone.
    if (article.refusedBy === 'other' && !other && !hasWords) return undefined;
    points_ += (article.refusedBy === 'other') === other || host === null ? points.host : points.otherHost;
  }
  return { article, evidence, score: points_, hasWords };
}

/** The pieces found in the text that belong to an article whose code fits exactly. */
function claimedWords(specific: readonly Indexed[], failure: Failure, { said, around }: Heard): Set<string> {
  const { code } = failure;
  if (code === null) return new Set();
  const fitting = specific.filter(({ patterns }) => patterns.some((pattern) => pattern.hit(code) >= 3));
  return new Set(fitting.flatMap(({ tokens }) => tokens.filter(({ folded }) => said.includes(folded) || around.includes(folded)).map(({ folded }) => folded)));
}

const weightOf = ({ folded }: Words): number => Math.min(folded.length, 60) / 60;

/** The longest piece that is there, and how much it counts: the servers' own words more than the sentences around them. */
function longestHit(words: readonly Words[], { said, around }: Heard): { words: Words; share: number } | undefined {
  const inReply = words.find(({ folded }) => said.includes(folded));
  if (inReply !== undefined) return { words: inReply, share: 1 };
  const beside = words.find(({ folded }) => around.includes(folded));
  return beside === undefined ? undefined : { words: beside, share: said === '' ? 1 : points.beside };
}

function codeEvidence(patterns: readonly CodePattern[], failure: Failure): { points: number; evidence: Evidence } | undefined {
  if (failure.code !== null) {
    const exactness = Math.max(0, ...patterns.map((pattern) => pattern.hit(failure.code ?? '')));
    if (exactness === 4) return { points: points.exact, evidence: { kind: 'code', quote: failure.code } };
    if (exactness === 3) return { points: points.range, evidence: { kind: 'range', quote: failure.code } };
  }
  let best = 0;
  let quote = '';
  for (const { code } of failure.replies) {
    if (code === null || code === failure.code) continue;
    const exactness = Math.max(0, ...patterns.map((pattern) => pattern.hit(code)));
    if (exactness >= 3 && exactness > best) [best, quote] = [exactness, code];
  }
  return best === 0
    ? undefined
    : { points: best === 4 ? points.inner : points.innerRange, evidence: { kind: 'innerCode', quote } };
}

type Decision = Pick<Diagnosis, 'article' | 'evidence' | 'certainty' | 'candidates'>;

function decide(found: readonly Scored[]): Decision | undefined {
  // What stands behind the arrow decides, by its words or by its own code.
  const inside = found.some(
    ({ article, hasWords, evidence }) => !article.wraps && (hasWords || evidence.some(({ kind }) => kind === 'innerCode')),
  );
  const sorted = found.filter(({ article }) => !(inside && article.wraps)).sort((a, b) => b.score - a.score || byRank(a, b));
  const [best, second] = sorted;
  if (best === undefined) return undefined;
  // An inner code alone says what another server meant, not what this report is about.
  if (second === undefined || best.score - second.score >= margin) {
    const certainty = best.hasWords || best.evidence.some(({ kind }) => kind === 'code') ? 'sure' : 'likely';
    return { article: best.article, evidence: best.evidence, certainty, candidates: [] };
  }
  const open = sorted
    .filter(({ score: points_ }) => best.score - points_ < margin)
    .sort(byRank)
    .slice(0, maxCandidates);
  return { article: null, evidence: [], certainty: 'open', candidates: open.map(({ article, evidence }) => ({ article, evidence })) };
}

const byRank = (a: Scored, b: Scored): number => a.article.rank - b.article.rank || a.article.id.localeCompare(b.article.id);

function fallBack(general: readonly Indexed[], registry: Knowledge['registry'], failure: Failure): Omit<Diagnosis, 'failure'> {
  const none = { article: null, evidence: [], certainty: 'open', candidates: [], registry: null } as const;
  const { code, reply } = failure;
  if (code === null) {
    const entry = reply === null ? undefined : general.find(({ article }) => article.replies.includes(reply));
    return entry === undefined || reply === null ? { ...none, evidence: [], candidates: [] } : { ...none, article: entry.article, certainty: 'likely', evidence: [{ kind: 'reply', quote: reply }], candidates: [] };
  }
  let best: Article | null = null;
  let exactness = 0;
  for (const { article, patterns } of general) {
    const hit = Math.max(0, ...patterns.map((pattern) => pattern.hit(code)));
    if (hit > exactness) [best, exactness] = [article, hit];
  }
  const entry = registry.get(`X${code.slice(1)}`) ?? null;
  return { article: best, evidence: best === null ? [] : [{ kind: 'class', quote: code }], certainty: best === null ? 'open' : 'likely', candidates: [], registry: entry };
}

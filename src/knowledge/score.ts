import { fold } from '../ndr/fold';
import { isMicrosoftHost } from '../ndr/hosts';
import type { Failure } from '../ndr/report';
import { codePattern, type CodePattern, type Exactness } from './codes';
import type { Candidate, Evidence } from './diagnosis';
import { component, Haystack, pieceOf, type Piece } from './haystack';
import type { Article } from './schema';

/** An article made ready to be compared with many reports. */
export interface Indexed {
  article: Article;
  patterns: CodePattern[];
  tokens: Piece[];
  phrases: Piece[];
  clues: Piece[];
}

/** What a report says about one failure, folded. */
export interface Heard {
  /** The reply that decides, and others with its code. */
  said: Haystack;
  /** Replies with other codes: older attempts, what a server said next, a transcript's summary. */
  saidBesides: Haystack;
  /** The text they stand in. */
  around: Haystack;
}

export interface Scored extends Candidate {
  score: number;
  hasWords: boolean;
}

/**
 * The order of evidence: the words, the inner reply, the code with who said it, the code alone,
 * the class. The numbers keep these apart; within the words the longer piece is the more particular one.
 */
const points = {
  phrase: 8.5,
  clue: 5,
  token: 4,
  exact: 4,
  range: 3,
  inner: 2,
  innerRange: 1.5,
  host: 0.5,
  otherHost: -2,
  group: 0.5,
  reply: 0.5,
  otherReply: -1,
} as const;
/** How much of their points words are worth that stand not in the deciding reply itself. */
const share = { saidBesides: 0.9, around: 0.5 } as const;

export function indexOf(articles: readonly Article[]): Indexed[] {
  // Longest first: the first hit is the most particular one.
  const words = (sources: readonly string[]): Piece[] =>
    sources.map((source) => pieceOf(source, fold(source))).sort((a, b) => b.folded.length - a.folded.length);
  const unique = uniqueComponents(articles);
  return articles.map((article) => ({
    article,
    patterns: article.codes.map(codePattern),
    tokens: words(article.tokens),
    phrases: words([...article.phrases, ...article.tokens.filter((token) => unique.has(token))]),
    clues: words(article.clues),
  }));
}

/**
 * Tokens that name a component of Exchange and a reason (`SMTPSEND.DNS.NonExistentDomain`) and stand in one article
 * only: as particular as a phrase, also where an inner reply carries them under another code.
 */
function uniqueComponents(articles: readonly Article[]): Set<string> {
  const users = new Map<string, number>();
  for (const { tokens } of articles)
    for (const token of tokens) users.set(token, (users.get(token) ?? 0) + 1);
  return new Set(
    [...users].filter(([token, count]) => count === 1 && component.test(token)).map(([token]) => token),
  );
}

/** In a text that looks like no report, a short phrase ("wasn't found at") may be about parcels. */
export const tellsAlone = ({ folded }: Piece): boolean => folded.length >= 24;

/** @param context The text around the replies, as far as it speaks of this failure. */
export function hear({ code, replies }: Failure, context: string): Heard {
  const saidIn = (some: Failure['replies']): Haystack =>
    new Haystack(fold(some.map((one) => `${one.reply ?? ''} ${one.code ?? ''} ${one.text}`).join(' | ')));
  const isDeciding = (one: Failure['replies'][number]): boolean =>
    one === replies[0] || one.code === null || one.code === code;
  return {
    said: saidIn(replies.filter(isDeciding)),
    saidBesides: saidIn(replies.filter((one) => !isDeciding(one))),
    around: new Haystack(fold(context)),
  };
}

/** What speaks for the articles that something speaks for. `claimed`: pieces that are another article's own evidence. */
export function scoreEach(
  indexed: readonly Indexed[],
  failure: Failure,
  heard: Heard,
  claimed: ReadonlySet<string> = none,
): Scored[] {
  const found: Scored[] = [];
  for (const entry of indexed) {
    const scored = score(entry, failure, heard, claimed);
    if (scored !== undefined) found.push(scored);
  }
  return found;
}

function score(
  { article, patterns, tokens, phrases, clues }: Indexed,
  failure: Failure,
  heard: Heard,
  claimed: ReadonlySet<string>,
): Scored | undefined {
  const code = codeEvidence(patterns, failure);
  // What an article says whose code fits is its own evidence, and no reason for another one.
  const taken = code === undefined ? claimed : none;
  const words =
    worthOf(longestHit(phrases, heard, taken), points.phrase) ??
    better(
      code === undefined ? undefined : worthOf(longestHit(tokens, heard, none), points.token),
      worthOf(longestHit(clues, heard, taken), points.clue),
    );
  if (code === undefined && words === undefined) return undefined;

  const evidence: Evidence[] = [];
  let sum = 0;
  if (words !== undefined) {
    sum += words.points;
    evidence.push({ kind: 'words', quote: words.quote });
  }
  if (code !== undefined) {
    sum += code.points;
    evidence.push(code.evidence);
  }

  const hasWords = evidence.some(({ kind }) => kind === 'words');
  if (article.needsWords && !hasWords) return undefined;
  if (article.replies.length > 0 && failure.reply !== null)
    sum += article.replies.includes(failure.reply) ? points.reply : points.otherReply;
  if (article.refusedBy !== undefined) {
    const host = failure.remoteServer;
    const other = host !== null && !isMicrosoftHost(host);
    // Another provider's meaning of a code is never assumed from the number alone.
    if (article.refusedBy === 'other' && !other && !hasWords) return undefined;
    const fits =
      host === null ? article.refusedBy === 'microsoft' : (article.refusedBy === 'other') === other;
    sum += fits ? points.host : host === null ? 0 : points.otherHost;
  }
  // "The group Board only accepts …": then it is no mailbox.
  if (failure.group !== null && (article.recipientIs === 'group' || article.recipientIs === 'm365Group'))
    sum += points.group;
  return { article, evidence, score: sum, hasWords };
}

/** The pieces found in the text that belong to an article whose code fits exactly. */
export function claimedWords(
  specific: readonly Indexed[],
  { code }: Failure,
  heard: Heard,
): ReadonlySet<string> {
  if (code === null) return none;
  const fitting = specific.filter(({ patterns }) => exactnessOf(patterns, code) >= 3);
  return new Set(
    fitting.flatMap(({ tokens }) =>
      tokens.filter((piece) => holds(heard, piece)).map(({ folded }) => folded),
    ),
  );
}

const none: ReadonlySet<string> = new Set();

const holds = ({ said, saidBesides, around }: Heard, piece: Piece): boolean =>
  said.has(piece) || saidBesides.has(piece) || around.has(piece);

/** Words that were found, and what they are worth. */
interface Worth {
  quote: string;
  points: number;
}

const worthOf = (hit: { words: Piece; share: number } | undefined, base: number): Worth | undefined =>
  hit === undefined
    ? undefined
    : { quote: hit.words.source, points: hit.share * (base + Math.min(hit.words.folded.length, 60) / 60) };

const better = (one: Worth | undefined, other: Worth | undefined): Worth | undefined =>
  other === undefined || (one !== undefined && one.points >= other.points) ? one : other;

/** The longest piece that is there and not `claimed`, and how much it counts: the deciding server's words more than another's, and those more than the sentences around. */
function longestHit(
  pieces: readonly Piece[],
  { said, saidBesides, around }: Heard,
  claimed: ReadonlySet<string>,
): { words: Piece; share: number } | undefined {
  const inReply = longestIn(said, pieces, claimed);
  if (inReply !== undefined) return { words: inReply, share: 1 };
  const inOthers = longestIn(saidBesides, pieces, claimed);
  if (inOthers !== undefined) return { words: inOthers, share: share.saidBesides };
  const beside = longestIn(around, pieces, claimed);
  return beside === undefined ? undefined : { words: beside, share: said.text === '' ? 1 : share.around };
}

function longestIn(
  text: Haystack,
  pieces: readonly Piece[],
  claimed: ReadonlySet<string>,
): Piece | undefined {
  if (text.text !== '')
    for (const piece of pieces) if (text.has(piece) && !claimed.has(piece.folded)) return piece;
  return undefined;
}

/** How exactly the best of the patterns hits. */
export function exactnessOf(patterns: readonly CodePattern[], code: string): Exactness {
  let best: Exactness = 0;
  for (const pattern of patterns) {
    const exactness = pattern.hit(code);
    if (exactness > best) best = exactness;
  }
  return best;
}

function codeEvidence(
  patterns: readonly CodePattern[],
  failure: Failure,
): { points: number; evidence: Evidence } | undefined {
  if (failure.code !== null) {
    const exactness = exactnessOf(patterns, failure.code);
    if (exactness === 4) return { points: points.exact, evidence: { kind: 'code', quote: failure.code } };
    if (exactness === 3) return { points: points.range, evidence: { kind: 'range', quote: failure.code } };
  }
  let best = 0;
  let quote = '';
  for (const { code } of failure.replies) {
    if (code === null || code === failure.code) continue;
    const exactness = exactnessOf(patterns, code);
    if (exactness >= 3 && exactness > best) [best, quote] = [exactness, code];
  }
  return best === 0
    ? undefined
    : { points: best === 4 ? points.inner : points.innerRange, evidence: { kind: 'innerCode', quote } };
}

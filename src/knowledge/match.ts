import { isOfMail } from '../ndr/codes';
import { fold } from '../ndr/fold';
import type { Failure, Report } from '../ndr/report';
import { circumstancesOf } from './circumstances';
import { decide, fallBack, opened } from './decide';
import type { Diagnosis } from './diagnosis';
import type { Knowledge } from './load';
import { claimedWords, hear, indexOf, scoreEach, tellsAlone } from './score';
import type { Circumstance } from './schema';
import { createSearch } from './search';

export type { Candidate, Diagnosis, Evidence } from './diagnosis';

/** Finds the article for a failure. Build once with {@link createMatcher}; pure and stateless afterwards. */
export interface Matcher {
  diagnose(report: Report): Diagnosis[];
  /**
   * Where {@link diagnose} finds nothing literally: what the words may mean, as candidates to ask about. Null when
   * nothing is near enough; an invented meaning is worse than none.
   */
  propose(report: Report): Diagnosis | null;
}

/** What warnings that a message is late carry as their status where they carry one (RFC 3463 §3.5, X.4.7). */
const codeOfDelays = '4.4.7';

export function createMatcher({ articles, registry }: Knowledge): Matcher {
  const indexed = indexOf([...articles.values()]);
  const specific = indexed.filter(({ article }) => !article.general);
  const general = indexed.filter(({ article }) => article.general);
  const search = createSearch([...articles.values()]);
  const standardNames = new Map([...registry].map(([code, { name }]) => [code, fold(name)]));

  const near = (failure: Failure, text: string): Diagnosis => ({
    failure,
    article: null,
    evidence: [],
    certainty: 'open',
    candidates: search.find(text).map((article) => ({ article, evidence: [] })),
    registry: null,
    circumstances: [],
  });

  const diagnoseOne = (failure: Failure, context: string, circumstances: Circumstance[]): Diagnosis => {
    const heard = hear(failure, context);
    const claimed = claimedWords(specific, failure, heard);
    const found = scoreEach(specific, failure, heard, claimed);
    const standardName = standardNames.get(`X${failure.code?.slice(1) ?? ''}`);
    // A server that says what the standard calls the code means that, whatever others use the number for.
    const isStandard = standardName !== undefined && heard.said.text.includes(standardName);
    const decided = decide(isStandard ? found.filter(({ hasWords }) => hasWords) : found);
    if (decided !== undefined) return { failure, registry: null, circumstances, ...decided };
    if (failure.code !== null || failure.reply !== null)
      return { failure, circumstances, ...fallBack(general, registry, failure) };
    const late =
      failure.action === 'delayed'
        ? decide(scoreEach(specific, { ...failure, code: codeOfDelays }, heard, claimed))
        : undefined;
    // A bounce whose reason is told in words that no article has literally: near meanings to ask about.
    return late === undefined
      ? near(failure, context)
      : { failure, registry: null, circumstances, ...late, evidence: [], certainty: 'likely' };
  };

  /** No code and no heading: a phrase we know may still be there ("submission quota was exceeded"). */
  const diagnoseWords = (report: Report): Diagnosis[] => {
    const failure = wholeText(report);
    const body = report.body.slice(0, maxContext);
    const telling = specific.map((entry) => ({
      ...entry,
      phrases: entry.phrases.filter(tellsAlone),
      clues: [],
    }));
    const heard = hear(failure, body);
    const decided = decide(scoreEach(telling, failure, heard));
    if (decided === undefined) return [];
    return [
      {
        failure,
        registry: null,
        circumstances: circumstancesOf(failure, report, body),
        ...(quotesSeveral(body) ? opened(decided) : decided),
      },
    ];
  };

  return {
    propose(report) {
      if (!report.isNdr && report.body.length > maxUnsaid && !isOfMail(report.body)) return null;
      const proposed = near(report.failures[0] ?? wholeText(report), report.body);
      return proposed.candidates.length === 0 ? null : proposed;
    },
    diagnose(report) {
      if (report.failures.length === 0) return diagnoseWords(report);
      const body = report.body.slice(0, maxContext);
      const alone = report.failures.length === 1;
      return report.failures.map((failure) =>
        diagnoseOne(
          failure,
          alone ? body : linesNaming(failure, body),
          circumstancesOf(failure, report, body),
        ),
      );
    },
  };
}

/** Whoever asks in more characters says that it is about mail. */
const maxUnsaid = 120;

/** Somebody who quotes two refusals or more talks about bounces and has not one of them at hand. */
const quotesSeveral = (body: string): boolean =>
  (body.match(/["“][^"“”\n]{12,200}["”]/g) ?? []).filter((quote) => refusalWord.test(quote)).length >= 2;

const refusalWord =
  /\b(?:reject|denied|refus|not allowed|block|fail|unable|undeliver|not (?:accept|authori[sz]ed|permitted))/i;

/** Several failures share one text: what is said about one of them stands in the lines that name its recipient. */
function linesNaming({ recipient, replies }: Failure, body: string): string {
  if (recipient === null || replies.length > 0) return '';
  return body
    .split('\n')
    .filter((line) => line.includes(recipient))
    .join(' ');
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

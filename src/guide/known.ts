import { recipientValues, type Article, type Option, type Question, type Topic } from '../knowledge/schema';
import { isMicrosoftHost } from '../ndr/hosts';
import { sameOrganization } from '../ndr/organization';
import type { Problem } from './case';

/** What the bounce or the article has told already, by topic; no entry where nothing tells. */
export type Known = Partial<Record<Topic, readonly string[]>>;

/**
 * What need not be asked. Two domains may belong to one organization, so only a shared domain tells something; and a
 * report that is not dated `delayed` or final tells nothing of the tries. */
export function knownOf(problem: Problem, article: Article): Known {
  const { sender, recipient } = problem.facts;
  return {
    ...(article.recipientIs === undefined ? {} : { recipientKind: recipientValues[article.recipientIs] }),
    ...(problem.tries === 'unsaid' ? {} : { tries: [problem.tries] }),
    ...(sameOrganization(sender, recipient) ? { organization: ['same'] } : {}),
    ...(problem.circumstances.includes('forwarded') ? { forwarded: ['yes'] } : {}),
    ...sentBy(problem.facts),
  };
}

/**
 * The server that could not hand a message on writes the report. A refusal that Exchange Online got from a server outside Microsoft
 * may be one that a gateway of the sender's got and passed back, so that tells nothing.
 */
function sentBy({ generatingServer, server }: Problem['facts']): Known {
  if (generatingServer === null) return {};
  if (!isMicrosoftHost(generatingServer)) return { sentBy: ['other'] };
  return server === null || isMicrosoftHost(server) ? { sentBy: ['exchangeOnline'] } : {};
}

/** The options that can apply. All of them when what is known fits none: then the article is wrong, not the person. */
export function openOptions({ about, options }: Question, known: Known): readonly Option[] {
  const values = about === undefined ? undefined : known[about];
  if (values === undefined) return options;
  const fitting = options.filter(({ is = [] }) => is.some((value) => values.includes(value)));
  return fitting.length > 0 ? fitting : options;
}

import { domainOf } from './addresses';
import {
  foreignCodes,
  isConsumerDomain,
  isMicrosoftConsumer,
  microsoftCodes,
  microsoftWords,
  productInWords,
  productOfHost,
  recipientCodes,
  senderCodes,
  undeliveredCodes,
} from './gateways';
import type { Hop } from './hops';
import { isMicrosoftHost } from './hosts';
import { belongsTo, isInnerHost, sameOrganization } from './organization';
import type { Failure, Refusal, RefusalReason, RefusedBy } from './report';

/** What is known of the servers and people of one refusal. */
export interface Parties {
  /** Who wrote the report. */
  writer: string | null;
  sender: string | null;
  failure: Pick<Failure, 'code' | 'recipient' | 'remoteServer' | 'replies' | 'innermost' | 'history'>;
  hops: readonly Hop[];
  /** Whose admin wrote the rule that refused, where the report names a domain; `own` where it tells the sender "your organization". */
  ruleOf?: string | null;
}

interface Verdict extends Refusal {
  by: RefusedBy;
}

/** A look at the parties; undefined where it does not tell. */
type Rule = (parties: Parties, host: string | null, words: string) => Verdict | undefined;

const verdict = (by: RefusedBy, reason: RefusalReason, host: string | null = null): Verdict => ({
  by,
  reason,
  host,
  product:
    host === null ? null : (productOfHost(host)?.name ?? (isMicrosoftHost(host) ? 'Microsoft 365' : null)),
});

const among = (code: string | null, codes: readonly RegExp[]): boolean =>
  code !== null && codes.some((pattern) => pattern.test(code));
const isMicrosoft = (host: string | null): boolean => host !== null && isMicrosoftHost(host);
const isWithin = ({ sender, failure }: Parties): boolean => sameOrganization(sender, failure.recipient);

/** Time ran out: nobody said no (ndr-formats.md §8), unless an attempt met a server that did. */
const nobodyTookIt: Rule = ({ failure }, host) => {
  const cause = failure.innermost ?? failure.history?.find(({ isCause }) => isCause) ?? failure;
  return among(failure.code, undeliveredCodes) && (cause.code === null || /^\d\.4\./.test(cause.code))
    ? verdict('unknown', 'ranOut', host)
    : undefined;
};

const microsoftProtects: Rule = ({ failure, writer }, host, words) =>
  (among(failure.code, microsoftCodes) ||
    (!among(failure.code, recipientCodes) && microsoftWords.test(words))) &&
  (host === null ? writer === null || isMicrosoftHost(writer) : isMicrosoftHost(host))
    ? verdict('microsoft', 'protection', host ?? writer)
    : undefined;

const ownRules: Rule = ({ failure, writer }, host) =>
  among(failure.code, senderCodes) && (host === null || isMicrosoftHost(host))
    ? verdict('sender', failure.code === '5.7.520' ? 'forwarder' : 'ownRules', host ?? writer)
    : undefined;

/**
 * A mail flow rule refused in Microsoft 365. It is the sender's own where the report says so, and where the recipient's mailbox is of a
 * service in which nobody can write such rules.
 */
const ownFlowRule: Rule = (parties, host, words) => {
  const { writer, sender, failure, ruleOf = null } = parties;
  const at = host ?? writer;
  if (isWithin(parties) || (at !== null && !isMicrosoftHost(at))) return undefined;
  if (ruleOf !== null && ruleOf !== ownRule)
    return belongsTo(ruleOf, sender) ? verdict('sender', 'ownRules', at) : undefined;
  const isRule = flowRule.test(words) || /^5\.7\.9\d\d$/.test(failure.code ?? '');
  const domain = domainOf(failure.recipient);
  return (ruleOf === ownRule && isRule) || (isRule && domain !== null && isConsumerDomain(domain))
    ? verdict('sender', 'ownRules', at)
    : undefined;
};

const flowRule = /\bTRANSPORT\.RULES\.|\brejected by organization policy\b/i;

/** Where Exchange calls the organization "your" one. */
const ownRule = 'own';

/** A rule and whose it is, in one sentence of the report. */
const namedRule =
  /\brule\b[^.!?\n]{0,40} by an admin(?:istrator)? (?:at|of|in) ([\w-]{1,63}(?:\.[\w-]{1,63}){1,8})/i;
const yourRule =
  /\byour organi[sz]ation['’]?s? [^.!?\n@]{0,30}\b(?:rules?|polic(?:y|ies))\b|\b(?:rules?|polic(?:y|ies))\b[^.!?\n@]{0,30} (?:of|in|by) your organi[sz]ation\b/i;

/** What a report says about whose rule refused; see {@link Parties.ruleOf}. */
export const findRuleOwner = (report: string): string | null => {
  const text = report.slice(0, maxWords);
  return namedRule.exec(text)?.[1] ?? (yourRule.test(text) ? ownRule : null);
};

const atMicrosoft: Rule = (parties, host) => {
  if (host === null || !isMicrosoft(host)) return undefined;
  const { failure, writer } = parties;
  if (isWithin(parties)) return verdict('sender', 'withinOne', host);
  const gateway = writer === null ? null : productOfHost(writer);
  if (gateway?.kind === 'gateway')
    return { ...verdict('recipient', 'behindGateway', host), via: gateway.name };
  const domain = domainOf(failure.recipient);
  const isTenants = domain !== null && (!isConsumerDomain(domain) || isMicrosoftConsumer(domain));
  if (domain === null ? failure.recipient !== null || among(failure.code, recipientCodes) : isTenants)
    return verdict('recipient', 'recipientTenant', host);
  return verdict('microsoft', 'forWhomUnsaid', host);
};

const atGateway: Rule = (parties, host) => {
  const product = host === null ? null : productOfHost(host);
  if (host === null || product?.kind !== 'gateway') return undefined;
  const isOutbound =
    /outbound|relay|smarthost/i.test(host) ||
    parties.hops.some(({ by }) => by !== null && productOfHost(by) === product);
  return isOutbound
    ? verdict('senderGateway', 'outboundGateway', host)
    : verdict('recipientGateway', 'gatewayInFront', host);
};

const atOtherHost: Rule = (parties, host) => {
  if (host === null) return undefined;
  const isOwn = belongsTo(host, parties.sender) && !belongsTo(host, parties.failure.recipient);
  if (isOwn || isInnerHost(host) || (isWithin(parties) && belongsTo(host, parties.sender)))
    return verdict('sender', 'ownServer', host);
  return verdict('recipient', 'recipientServer', host);
};

/** `Remote server returned … -> …`, or a code for that, without a host's name: the words are a foreign server's. */
const foreignWords: Rule = ({ failure }, _, words) => {
  if (failure.innermost == null && !among(failure.code, foreignCodes)) return undefined;
  const product = productInWords(words);
  const name = product?.name ?? null;
  return product?.kind === 'gateway'
    ? { by: 'recipientGateway', reason: 'productWords', host: null, product: name }
    : {
        ...verdict('recipient', 'foreignWords'),
        product: name,
      };
};

const writerAtMicrosoft: Rule = (parties) => {
  const { writer, failure } = parties;
  if (writer === null || !isMicrosoftHost(writer)) return undefined;
  if (isWithin(parties)) return verdict('sender', 'withinOne', writer);
  return among(failure.code, recipientCodes) ? verdict('recipient', 'recipientTenant', writer) : undefined;
};

const writerAlone: Rule = ({ writer, sender, failure }) => {
  if (writer === null || isMicrosoftHost(writer)) return undefined;
  const product = productOfHost(writer);
  if (product?.kind === 'gateway') return verdict('senderGateway', 'gatewayWrote', writer);
  if (belongsTo(writer, failure.recipient) && !belongsTo(writer, sender))
    return verdict('recipient', 'recipientWrote', writer);
  return verdict('sender', 'ownWriter', writer);
};

const wordsAlone: Rule = (_parties, _host, words) => {
  const product = productInWords(words);
  if (product !== null) {
    const by = product.kind === 'gateway' ? 'recipientGateway' : 'recipient';
    return { by, reason: 'productWords', host: null, product: product.name };
  }
  return undefined;
};

/** What a server said with such a code tells whose server it was; a code that somebody asks about does not. */
const codeAlone: Rule = ({ failure }, _, words) =>
  words.trim() !== '' && among(failure.code, recipientCodes)
    ? verdict('recipient', 'recipientCode')
    : undefined;

/** In the order of ndr-formats.md §8: what is surest first. */
const rules: readonly Rule[] = [
  nobodyTookIt,
  microsoftProtects,
  ownRules,
  ownFlowRule,
  atMicrosoft,
  atGateway,
  atOtherHost,
  foreignWords,
  writerAtMicrosoft,
  writerAlone,
  wordsAlone,
  codeAlone,
];

const maxWords = 4000;

/** Who refused, and why we think so. A refuser that is the writer itself counts as none: it refused on its own. */
export function findRefusal(parties: Parties): { refusedBy: RefusedBy; refusal: Refusal } {
  const { failure, writer } = parties;
  const remote = failure.remoteServer;
  const host =
    remote === null || (remote.toLowerCase() === writer?.toLowerCase() && !isMicrosoft(remote))
      ? null
      : remote;
  const words = failure.replies
    .map(({ text }) => text)
    .join(' ')
    .slice(0, maxWords);
  for (const rule of rules) {
    const found = rule(parties, host, words);
    if (found !== undefined) {
      const { by, ...refusal } = found;
      return { refusedBy: by, refusal };
    }
  }
  return { refusedBy: 'unknown', refusal: { reason: 'nothingTells', host: null, product: null } };
}

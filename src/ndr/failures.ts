import { findIp } from './addresses';
import { innermostOf } from './innermost';
import { aliasRule, quotedRule, type Recipient } from './recipients';
import { refusedDomain } from './refused-domain';
import type { Attempt, ReadFailure, Reply } from './report';

/** A failure before it is told who refused. */
export type Assembled = Omit<ReadFailure, 'refusedBy' | 'refusal'>;

/** What the report says between two places of it. */
interface Said {
  remoteServer: string | null;
  history: Attempt[];
}

/** What is known of the report as a whole. */
interface Known extends Said {
  group: string | null;
  between: (from: number, to: number) => Said;
  /** Whether a server said the words of a reply, where the text may be a person's. */
  isOfServer: (reply: Reply) => boolean;
  /** What fields and words beside the refusal say about one recipient; null: about the message. */
  details: (recipient: string | null, replies: readonly Reply[]) => Details;
}

type Details = Pick<ReadFailure, 'action' | 'originalRecipient' | 'displayName' | 'diagnostic'>;

/** One failure a recipient, each with the replies that stand under it; without recipients, one a report or one a code asked about. */
export function assemble(
  recipients: readonly Recipient[],
  replies: readonly Reply[],
  isNdr: boolean,
  known: Known,
): Assembled[] {
  const refusals = replies.filter(({ code, reply }) => !(code ?? reply ?? '5').startsWith('2'));
  const failing = refusals.length > 0 ? refusals : replies;
  const all = [...new Map(recipients.map(({ value }) => [value.toLowerCase(), value])).values()];
  const names =
    all.length > 1 && failing.length < replies.length ? notReached(all, recipients, replies) : all;
  if (names.length > 1) {
    const each = assembleEach(names, recipients, failing, known);
    return isNdr ? each : each.map((failed) => withoutOwnWords(failed, known));
  }
  const [name = null] = names;
  if (failing.length === 0) return isNdr ? [failure(name, [], known)] : [];
  if (isNdr) return [failure(name, failing, known)];
  const asked = name !== null ? [failing] : distinctCodes(failing);
  return asked.map((own) => withoutOwnWords(failure(name, own, known), known));
}

/** "what does 5.7.124 mean for me": behind a code that somebody only names, his own sentence goes on. */
const withoutOwnWords = (failed: Assembled, { isOfServer }: Known): Assembled =>
  failed.replies.some((reply) => reply.text === failed.diagnostic && isOfServer(reply))
    ? failed
    : { ...failed, diagnostic: null };

/** A log tells also whom the message did reach: they have nothing but replies that begin with 2. */
function notReached(
  names: readonly string[],
  recipients: readonly Recipient[],
  replies: readonly Reply[],
): readonly string[] {
  const own = repliesByName(blocksOf(recipients, replies), replies);
  const left = names.filter((name) => {
    const mine = own.get(name.toLowerCase());
    return mine?.every(({ code, reply }) => (code ?? reply)?.startsWith('2') === true) !== true;
  });
  return left.length > 0 ? left : names;
}

/** Several recipients: each has the replies and the server of its own block; what stands above all blocks is common to those without. */
function assembleEach(
  names: readonly string[],
  recipients: readonly Recipient[],
  replies: readonly Reply[],
  known: Known,
): Assembled[] {
  const blocks = blocksOf(recipients, replies);
  const own = repliesByName(blocks, replies);
  return names.map((name) => {
    const mine = own.get(name.toLowerCase()) ?? own.get(lastBeside(blocks, name.toLowerCase()));
    if (mine === undefined) return failure(name, own.get(undefined) ?? [], known);
    const first = mine[0]?.at ?? 0;
    const block = blocks.findLastIndex(({ at }) => at <= first);
    const said = known.between(blocks[block]?.at ?? 0, blocks[block + 1]?.at ?? Infinity);
    return withAlias(failure(name, mine, { ...known, ...said }), blocks[block]);
  });
}

/** `final@contoso.com (expanded from alias@contoso.com)` says what Original-Recipient says elsewhere. */
const withAlias = (failed: Assembled, block: Block | undefined): Assembled =>
  block?.alias == null || block.names[0] !== failed.recipient?.toLowerCase()
    ? failed
    : { ...failed, originalRecipient: failed.originalRecipient ?? block.alias };

/** A part of a report, and whom it is about. */
interface Block {
  names: string[];
  at: number;
  /** Behind the last mention of one of them. */
  end: number;
  /** What the sender wrote, where a server expanded it to the first of the names. */
  alias: string | null;
  /** Nothing but a delimiter stands in front of it and behind the name before. */
  isBeside: boolean;
}

/** Of a list with one reply for all: the name that the reply stands behind. */
function lastBeside(blocks: readonly Block[], name: string): string | undefined {
  let at = blocks.findIndex(({ names }) => names.includes(name));
  while (blocks[at + 1]?.isBeside === true) at += 1;
  return blocks[at]?.names[0];
}

/** `ana@contoso.com, bob@contoso.com`, or one under the other. */
const maxDelimiter = 6;

/** Where a recipient's name begins a new block: mentions of one recipient in a row are one block. */
function blocksOf(recipients: readonly Recipient[], replies: readonly Reply[]): Block[] {
  const blocks: Block[] = [];
  const begun = recipients.map((recipient) => ({ ...recipient, at: beginOf(recipient, replies) }));
  for (const { value, at, end, rule } of begun.sort((a, b) => a.at - b.at)) {
    const name = value.toLowerCase();
    const last = blocks.at(-1);
    const isBeside = last !== undefined && at - last.end <= maxDelimiter;
    if (last !== undefined && (isBeside || last.names.includes(name))) last.end = Math.max(last.end, end);
    if (last?.names.includes(name) === true) continue;
    // `final@contoso.com (expanded from alias@contoso.com): host …`: what follows is about both.
    if (last !== undefined && rule === aliasRule) {
      last.names.push(name);
      last.alias ??= value;
    } else blocks.push({ names: [name], at, end, alias: null, isBeside });
  }
  return blocks;
}

/** A name that stands in a server's words, `550 5.1.1 <user@contoso.com> unknown`: its block begins with the reply. */
function beginOf({ at, value, rule }: Recipient, replies: readonly Reply[]): number {
  if (rule !== quotedRule) return at;
  const reply = replies.findLast((one) => one.at <= at);
  return reply !== undefined && at - reply.at <= reply.text.length + 40 && reply.text.includes(value)
    ? reply.at
    : at;
}

function failure(
  recipient: string | null,
  own: readonly Reply[],
  { group, remoteServer, history, details }: Known,
): Assembled {
  const replies = byWeight(own);
  const [first] = replies;
  const agreeing = replies.filter(({ code }) => code === null || code === first?.code);
  const { diagnostic, ...beside } = details(recipient, replies);
  return {
    recipient,
    // A server's own words without a code decide over a summary's `Status: 5.0.0`, but that is still the report's code.
    code: replies.find(({ code }) => code !== null)?.code ?? null,
    reply: first?.reply ?? agreeing.find(({ reply }) => reply !== null)?.reply ?? null,
    diagnostic:
      (
        agreeing.find(({ text }) => text !== '' && !explanation.test(text)) ??
        agreeing.find(({ text }) => text !== '')
      )?.text ?? diagnostic,
    replies,
    group,
    remoteServer,
    ip: firstIp(replies.map(({ text }) => text.replace(ofReceiver, ''))),
    triedIp: firstIp(replies.map(({ text }) => ofReceiver.exec(text)?.[0] ?? '')),
    senderDomain: replies.map(({ text }) => refusedDomain(text)).find((domain) => domain !== null) ?? null,
    innermost: innermostOf(replies),
    history,
    ...beside,
  };
}

/** Addresses in what Exchange says of the server that it tried: they receive, nobody refuses them. */
const ofReceiver =
  /LastAttemptedIP ?= ?[^\]\s]{1,60}|\{IP=[^}]{0,60}\}|\b(?:connect(?:ing)? to|endpoint attempted was) \[?[\d.:a-f]{3,45}/i;

const firstIp = (texts: readonly string[]): string | null =>
  texts.map((text) => findIp(text)).find((ip) => ip !== null) ?? null;

/** Microsoft's words to admins behind `Status code:`; the server's own stand behind `Reported error:`. */
const explanation = /^This error (?:occurs|is)\b/;

/** "5.7.1 or 5.1.10?" asks about two things; in a report the later codes belong to the first. */
function distinctCodes(replies: readonly Reply[]): Reply[][] {
  const byCode = new Map<string | null, Reply[]>();
  for (const reply of replies) addTo(byCode, reply.code, reply);
  return [...byCode.values()];
}

/** The replies by the block they stand in; those above all blocks under `undefined`. */
function repliesByName(
  blocks: readonly Block[],
  replies: readonly Reply[],
): Map<string | undefined, Reply[]> {
  const byName = new Map<string | undefined, Reply[]>();
  let next = 0;
  for (const reply of replies) {
    while ((blocks[next]?.at ?? Infinity) <= reply.at) next += 1;
    for (const name of blocks[next - 1]?.names ?? [undefined]) addTo(byName, name, reply);
  }
  return byName;
}

function addTo<Key>(groups: Map<Key, Reply[]>, key: Key, reply: Reply): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [reply]);
  else group.push(reply);
}

/** The reply that decides first: a real code before `x.0.0`, a server's words before a summary, the earlier before the later. */
function byWeight(replies: readonly Reply[]): Reply[] {
  const weighed = replies.map((reply) => ({
    reply,
    weight: weight(reply) - (isQuoted(reply, replies) ? 2 : 0),
  }));
  return weighed.sort((a, b) => b.weight - a.weight || a.reply.at - b.reply.at).map(({ reply }) => reply);
}

/** What says by itself nothing: another code in its words decides. */
const vague = /^\d\.(?:0|5)\.0$/;
const wrapping = /^Proxy session setup failed/i;

/** `5.1.0 - Unknown address error 550-'5.1.1 User unknown'`: a code in the words of another, telling one does not decide over it. */
const isQuoted = ({ code, at }: Reply, replies: readonly Reply[]): boolean =>
  code !== null &&
  replies.some(
    (other) =>
      other.at < at &&
      other.code !== null &&
      other.code !== code &&
      !vague.test(other.code) &&
      !wrapping.test(other.text) &&
      at - (other.end ?? other.at) <= other.text.length + 40 &&
      other.text.includes(code),
  );

function weight({ code, reply, text, rule }: Reply): number {
  if (code?.startsWith('2') === true) return -5;
  const generic = code === null ? 2 : /^\d\.0\.0$/.test(code) ? 1 : 4;
  // A frontend that only passes on what the next server said: its own 5.7.0 explains nothing.
  const wrapper = wrapping.test(text) ? 3 : 0;
  // `Status code: 550 5.7.1` and Microsoft's advice below it, against what the server said.
  const summary = text === '' || explanation.test(text) ? 0.5 : 0;
  return generic + (reply === null ? 0 : 1) + (rule.endsWith('unlabelled') ? 0 : 1) - wrapper - summary;
}

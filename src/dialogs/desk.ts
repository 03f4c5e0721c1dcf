import type { About, Cards, Notice, RenderedCard, Scope } from '../cards/render';
import { openCase, type Case } from '../guide/case';
import { catalogue } from '../guide/catalogue';
import type { Position, View } from '../guide/view';
import type { Library } from '../library';
import type { Reading } from '../ndr/file';
import { readMessage } from '../ndr/message';
import type { Phrases } from '../phrases';
import type { Cases } from '../storage/cases';
import type { TurnInput } from './input';

/** Everything a turn needs. A turn keeps the one it began with: the library may be replaced meanwhile. */
export interface Desk extends Library {
  cards: Cards;
  cases: Cases;
  phrases: Phrases;
  /** The release, as package.json has it. */
  version: string;
  /** A new, unguessable case id. */
  newId(): string;
  /** Who is served in this turn, by an id that stays the same wherever they talk to the bot; null where nobody is named. */
  owner: string | null;
}

/** A desk before somebody stands at it. */
export type OpenDesk = Omit<Desk, 'owner'>;

/** Where somebody stands in a conversation. */
export interface Standing {
  caseId: string | null;
  position: Position;
}

/** What a text turned out to be: a bounce with its first view, or a reason why not. */
export type Understood =
  { kind: 'case'; bounce: Case; standing: Standing; view: View } | { kind: 'notice'; card: RenderedCard };

/** The longest text that may be a question in somebody's own words, in characters. */
const maxQuestion = 400;

/**
 * Read a paste, find its meaning and open a case for it. Where nothing matches literally, near meanings are proposed to
 * choose from, but not while somebody was `answering` a question of ours. The text itself is forgotten when this returns.
 */
export async function understand(
  desk: Desk,
  input: TurnInput,
  { answering = false }: { answering?: boolean } = {},
): Promise<Understood> {
  const notice = (name: Notice): Understood => ({
    kind: 'notice',
    card: desk.cards.notice(name, desk.phrases),
  });
  const hasWords = (input.text ?? '').trim() !== '' || (input.html ?? '').trim() !== '';
  if (input.reading === undefined && !hasWords) return notice(input.trouble ?? 'noText');
  const reading = input.reading ?? readMessage(input);
  const { report } = reading;
  const hindrance = hindranceIn(reading);
  if (hindrance !== null) return notice(hindrance);
  const literal = desk.matcher
    .diagnose(report)
    .filter(({ article, candidates }) => article !== null || candidates.length > 0);
  const mayPropose =
    literal.length === 0 && (report.isNdr || (!answering && report.body.length <= maxQuestion));
  const proposed = mayPropose ? desk.matcher.propose(report) : null;
  const diagnoses = proposed === null ? literal : [proposed];
  const bounce = openCase(desk.newId(), report, diagnoses);
  // Trace headers without a bounce: their path is an answer too.
  if (diagnoses.length === 0 && (report.isNdr || bounce.hops.length === 0))
    return notice(report.isNdr ? 'noReason' : (input.trouble ?? 'notUnderstood'));
  const position = desk.guide.start(bounce);
  const view = desk.guide.view(bounce, position, desk.phrases);
  if (view === null) return notice('notUnderstood');
  await desk.cases.put(bounce, desk.owner);
  return { kind: 'case', bounce, standing: { caseId: bounce.id, position }, view };
}

/** What nobody can read, and mails that are about no delivery, whatever numbers stand in them; null for all others. */
function hindranceIn({ report, kind, unreadable }: Reading): Notice | null {
  if (unreadable !== null) return `unreadable.${unreadable}`;
  return report.isNdr || kind === 'text' || kind === 'headers' || kind === 'report'
    ? null
    : `notBounce.${kind}`;
}

/** A card for words that ask about the bot and not about a bounce: help, about, codes; null for all others. */
export function answerCommand(desk: Desk, said: string, scope: Scope): RenderedCard | null {
  const { cards, phrases, knowledge } = desk;
  if (phrases.words('help').includes(said)) return cards.help(scope, phrases);
  if ([...phrases.words('hello'), ...phrases.words('startOver')].includes(said))
    return cards.welcome(scope, phrases);
  if (phrases.words('about').includes(said)) return cards.about(aboutOf(desk), phrases);
  const [command = '', ...rest] = said.split(' ');
  if (!phrases.words('codes').includes(command) || rest.length > maxQueryWords) return null;
  const asked = rest.join(' ');
  // "code 5.7.1 unable to relay" is a report's line.
  if (rest.length > 1 && /\d\.\d/.test(asked)) return null;
  const page = catalogue(knowledge, asked);
  // "code 5.7.124" has one meaning: its verdict says more than a list of one, and a general answer more than none.
  const isCode = /^[245]\.\d{1,3}\.\d{1,3}$/.test(asked);
  if (isCode && (page.kind !== 'list' || page.total === 1)) return null;
  return cards.catalogue(page, phrases);
}

const maxQueryWords = 5;

function aboutOf({ knowledge, version }: Desk): About {
  const articles = [...knowledge.articles.values()];
  const [oldest = ''] = articles.map(({ checked }) => checked).sort();
  return { version, articles: articles.length, checked: oldest };
}

/** A view with the case it belongs to; the case is null when its facts are gone. */
export interface Seen {
  view: View;
  bounce: Case | null;
}

/** What stands at a place of the tree. A case that is gone still answers for its article, with placeholders. */
export async function look(desk: Desk, { caseId, position }: Standing): Promise<Seen | 'gone' | 'unknown'> {
  const bounce = caseId === null ? null : await desk.cases.get(caseId);
  return lookInto(desk, bounce, position);
}

/** The same where the case has been read already; null for one that is gone. */
export function lookInto(desk: Desk, bounce: Case | null, position: Position): Seen | 'gone' | 'unknown' {
  const view = desk.guide.view(bounce, position, desk.phrases);
  if (view !== null) return { view, bounce };
  return bounce === null && position.article === null ? 'gone' : 'unknown';
}

/** The example that is offered to look at. It is nobody's bounce, so nobody has it forgotten. */
export const understandExample = (desk: Desk): Promise<Understood> =>
  understand({ ...desk, owner: null }, { text: exampleBounce });

/** Made up, in the newest style of report. */
const exampleBounce = [
  "Your message to sales-team@contoso.com couldn't be delivered.",
  'More Info for Email Admins',
  'Status code: 550 5.7.124',
  'Original Message Details',
  'Sender Address: kim@fabrikam.com',
  'Recipient Address: sales-team@contoso.com',
  'Subject: Offer for October',
  'Error Details',
  'Error: 550 5.7.124 Sender not in allowed-senders list',
  'Message rejected by: PR3PR01MB0001.eurprd01.prod.outlook.com',
].join('\n');

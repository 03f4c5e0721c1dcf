import { aboveRule } from '../ndr/block-sender';
import { matchesOf } from '../ndr/matches';
import { belongsTo, sameOrganization } from '../ndr/organization';
import { splitParts } from '../ndr/parts';
import { isProgramError } from '../ndr/program-error';
import type { Failure, RefusalReason, Report } from '../ndr/report';
import { circumstances, type Circumstance } from './schema';

/** What the report tells about who stands where, apart from what went wrong; in the order of {@link circumstances}. */
export function circumstancesOf(failure: Failure, report: Report, body: string): Circumstance[] {
  const text = saidIn(report, body);
  const found: Record<Circumstance, boolean> = {
    forged: report.origin?.isForged === true,
    forwarded: isForwarded(failure),
    ownProgram: report.generatingServer === null && isProgramError(text),
    ownSide: isOwnSide(failure, report),
    group: failure.group !== null || speaksOfGroup(text),
    unlisted: unlisted.test(text),
    noAddresses: !namesSender(report) && report.failures.every(({ recipient }) => recipient === null),
  };
  return circumstances.filter((one) => found[one]);
}

/** Whether the sender's own organization refused; a server that only wrote the report has to bear its name. */
const isOwnSide = ({ refusal }: Failure, { generatingServer, sender }: Report): boolean =>
  refusal !== undefined &&
  (ownReasons.has(refusal.reason) ||
    (refusal.reason === 'ownWriter' && generatingServer !== null && belongsTo(generatingServer, sender)));

const ownReasons = new Set<RefusalReason>(['ownRules', 'withinOne', 'ownServer']);

/** Whether the report does; above a line of an error, `From` and `To` may be those of a person who asks about it. */
const namesSender = ({ sender, evidence = [] }: Report): boolean =>
  sender !== null && !evidence.some(({ field, rule }) => field === 'sender' && rule === aboveRule);

/** Without the message that bounced: whatever its subject and its headers name, `X-Mailer: PHPMailer` too, is no word about the bounce. */
const saidIn = ({ subject }: Report, body: string): string => {
  const said = splitParts(body).report;
  return subject === null ? said : said.replaceAll(subject, '');
};

const group = /\b(?:distribution (?:group|list)|(?:microsoft|office) 365 group|unified group)/gi;

/** Exchange 2007 heads every report with "to these recipients or distribution lists": that tells nothing. */
const speaksOfGroup = (text: string): boolean =>
  matchesOf(text, group, 1, ({ index }) => !text.endsWith(' or ', index)).length > 0;

/** Edge blocking knows no such recipient of a local Exchange (Directory-based edge blocking, "Exceptions"). */
const unlisted = /\bdynamic (?:distribution )?(?:group|list)\b|\bpublic folders?\b/i;

/**
 * Written to one organization, refused at another. A routing address of the same mailbox in the cloud
 * (`contoso.mail.onmicrosoft.com`) is no forwarding, on the way there and on the way back.
 */
function isForwarded({ recipient, originalRecipient = null }: Failure): boolean {
  if (recipient === null || originalRecipient === null || !originalRecipient.includes('@')) return false;
  return (
    !isRouting(recipient) &&
    !(isRouting(originalRecipient) && nameOf(originalRecipient) === nameOf(recipient)) &&
    !sameOrganization(recipient, originalRecipient)
  );
}

const isRouting = (address: string): boolean => /\.onmicrosoft\.com>?$/i.test(address);
const nameOf = (address: string): string => address.slice(0, address.lastIndexOf('@')).toLowerCase();

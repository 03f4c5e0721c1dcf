import type { HeadBlock } from './head-blocks';
import { isForwardSubject, isReportSubject, isSystemName } from './mail-kind';
import type { Recipient } from './recipients';
import type { Sighting } from './report';

/** The sender stands in what a mail program shows above a message. Where the report names nobody, that may be whoever passes it on. */
export const aboveRule = 'above the message';

/**
 * Who sent the message that bounced, by the blocks that mail programs put above messages, where neither the report nor the headers
 * below it tell. A report goes to the sender; a message to a recipient that failed is the one that bounced.
 * @param blocks In the order of the text.
 * @param recipients Those the report names; where it names none, a block counts unless somebody forwards something in it.
 */
export function senderByBlocks(
  blocks: readonly HeadBlock[],
  recipients: readonly Recipient[],
): Sighting | null {
  const failed = new Set(recipients.map(({ value }) => value.toLowerCase()));
  for (const { from, sender, to, subject } of blocks) {
    // A person may write "Undeliverable mail" above a question to the helpdesk.
    const isReport = isSystemName(from) || (sender === null && isReportSubject(subject));
    const [only] = to;
    const isToFailed = to.some(({ value }) => failed.has(value.toLowerCase()));
    if (isReport && to.length === 1 && only !== undefined && !isToFailed)
      return { value: only.value, rule: 'who got the report', from: only.at, to: only.end };
    const isMessage = failed.size > 0 ? isToFailed : blocks.length === 1 && to.length > 0;
    if (!isReport && isMessage && !isForwardSubject(subject) && !isReportSubject(subject) && sender !== null)
      return { value: sender.value, rule: aboveRule, from: sender.at, to: sender.end };
  }
  return loneSender(blocks, failed);
}

/** What is left of a message where a person, a form or a log keeps only who wrote it: one line `From: kim@contoso.com`. */
function loneSender([only, ...others]: readonly HeadBlock[], failed: ReadonlySet<string>): Sighting | null {
  if (only === undefined || others.length > 0 || only.rows > 1) return null;
  const { from, sender } = only;
  if (sender === null || isSystemName(from) || failed.has(sender.value.toLowerCase())) return null;
  return { value: sender.value, rule: 'a lone line', from: sender.at, to: sender.end };
}

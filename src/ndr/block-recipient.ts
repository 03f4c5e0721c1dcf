import { findAddresses } from './addresses';
import { saysFailure } from './failure-words';
import type { HeadBlock } from './head-blocks';
import { isAroundReport } from './head-rows';
import type { Recipient } from './recipients';

const rule = 'addressee of the message';

/** `To: user@contoso.com` in a line of its own, as programs list what they know of a message; in a table that was copied no colon stands there. */
const toLine =
  /^[ \t>*|]{0,8}(?:to|an|à|para|aan|до|кому|宛先|收件人)(?:\*{0,2} ?[:\uff1a]\*{0,2} ?|\t| {2})([^\n]{3,340})$/gim;

/** Such lines stand at the beginning. */
const maxLooked = 8000;

/**
 * To whom the message went that a report is about, where nothing else names the recipient: the only addressee that the report
 * lists below the words that it failed. Above them stands to whom somebody writes about the bounce.
 */
export function recipientByBlocks(report: string, blocks: readonly HeadBlock[]): Recipient[] {
  const text = report.slice(0, maxLooked);
  const others = new Set(blocks.filter(isAroundReport).flatMap(({ to }) => to.map(({ at }) => at)));
  const listed = [...text.matchAll(toLine)].flatMap(({ index, 0: line, 1: value = '' }) => {
    const from = index + line.length - value.length;
    return findAddresses(value).map(({ value: name, at, end }) => ({
      value: name,
      at: from + at,
      end: from + end,
    }));
  });
  const [only] = listed;
  return only === undefined ||
    new Set(listed.map(({ value }) => value.toLowerCase())).size > 1 ||
    others.has(only.at) ||
    !saysFailure(text.slice(0, only.at))
    ? []
    : [{ ...only, rule }];
}

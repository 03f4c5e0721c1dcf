import type { Found } from './addresses';
import { findHeadBlocks, isHeadRow, type HeadBlock } from './head-blocks';
import { isForwardSubject, isReportSubject, isSystemName } from './mail-kind';

/** The block of a report itself, or of somebody who passes it on. */
export const isAroundReport = ({ from, subject }: Pick<HeadBlock, 'from' | 'subject'>): boolean =>
  isSystemName(from) || isReportSubject(subject) || isForwardSubject(subject);

/** What the rows of a text tell about an address in them. */
export interface HeadRows {
  /** Whether it stands in a row such as `To:`, as programs put them above a message. */
  isIn(found: Found): boolean;
  /** Whether that row is one of the report's own: whom the report went to, not whom it is about. */
  isOfReport(found: Found): boolean;
}

/** The blocks are looked for once, when the first such row is asked about. */
export function headRowsOf(text: string): HeadRows {
  let around: HeadBlock[] | null = null;
  const isIn = ({ at }: Found): boolean => isHeadRow(text.slice(text.lastIndexOf('\n', at - 1) + 1, at));
  return {
    isIn,
    isOfReport(found) {
      if (!isIn(found)) return false;
      around ??= findHeadBlocks(text).filter(isAroundReport);
      return around.some(({ at, end }) => found.at >= at && found.at < end);
    },
  };
}

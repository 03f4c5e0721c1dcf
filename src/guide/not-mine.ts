import type { Knowledge } from '../knowledge/load';
import type { Node } from '../knowledge/schema';

/** The path segment of "I never sent this"; stands where an audience would, below every article. */
export const notMineSegment = 'notMine';

const procedure = 'not-sent-by-me';

/** What somebody does whose address stands on mail that is not theirs, whatever became of that mail. */
export const notMineTree = ({ shared }: Knowledge): Node | undefined =>
  shared.has(procedure) ? { use: procedure } : undefined;

import type { Actor, Article, Circumstance } from './schema';

/** Who can end this bounce, the likeliest first, and the circumstance that put them there. */
export interface WhoCanFix {
  actors: Actor[];
  because: Circumstance | null;
}

/** An article's order, with whoever its `whoFirst` names for what the report tells in front. */
export function whoCanFix(
  { whoCanFix: usual, whoFirst }: Article,
  found: readonly Circumstance[],
): WhoCanFix {
  const because = found.find((one) => whoFirst[one] !== undefined) ?? null;
  const first = because === null ? undefined : whoFirst[because];
  if (first === undefined || first === usual[0]) return { actors: [...usual], because: null };
  return { actors: [first, ...usual.filter((actor) => actor !== first)], because };
}

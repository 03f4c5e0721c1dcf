import { z } from 'zod';
import { buttonVersion, verbs, type ButtonData, type Holder, type Verb } from '../cards/buttons';

const position = z.object({
  problem: z.number().int().min(0).max(1000).nullable(),
  article: z.string().max(80).nullable(),
  path: z.array(z.string().max(60)).max(12),
  outcome: z.enum(['fixed', 'stuck']).optional(),
});

const buttonSchema = z.object({
  v: z.literal(buttonVersion),
  verb: z.string().refine((verb): verb is Verb => Object.hasOwn(verbs, verb)),
  case: z.string().max(80).nullable(),
  at: position.nullable(),
  codes: z.object({ asked: z.string().max(100), page: z.number().int().min(0).max(1000) }).optional(),
});

/** What a pressed button carried; null when it is not one of ours, damaged, of another version, or does not belong where it was pressed. */
export function readButton(data: unknown, on: Holder): ButtonData | null {
  const parsed = buttonSchema.safeParse(data);
  if (!parsed.success) return null;
  const holders: readonly Holder[] = verbs[parsed.data.verb].on;
  return holders.includes(on) ? parsed.data : null;
}

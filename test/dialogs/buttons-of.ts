import { z } from 'zod';

const position = z.object({
  problem: z.number().nullable(),
  article: z.string().nullable(),
  path: z.array(z.string()),
  outcome: z.enum(['fixed', 'stuck']).optional(),
});
const button = z.object({
  type: z.enum(['Action.Execute', 'Action.Submit']),
  title: z.string(),
  data: z.looseObject({
    v: z.literal(1),
    verb: z.string(),
    case: z.string().nullable(),
    at: position.nullable(),
  }),
});
export type Button = z.infer<typeof button>;

/** The buttons of a card that come back to the bot, in its order; what stands in for one in an older client is not counted. */
export function buttonsOf(node: unknown): Button[] {
  const own = button.safeParse(node);
  if (own.success) return [own.data];
  if (Array.isArray(node)) return node.flatMap(buttonsOf);
  return typeof node === 'object' && node !== null ? Object.values(node).flatMap(buttonsOf) : [];
}

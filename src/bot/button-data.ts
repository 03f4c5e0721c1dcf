import { z } from 'zod';
import { buttonVersion, type ButtonData } from '../cards/buttons';

const position = z.object({
  problem: z.number().int().min(0).max(1000).nullable(),
  article: z.string().max(80).nullable(),
  path: z.array(z.string().max(60)).max(12),
  outcome: z.enum(['fixed', 'stuck']).optional(),
});

const buttonSchema = z.object({
  v: z.literal(buttonVersion),
  verb: z.enum(['go', 'help', 'example', 'codes', 'post']),
  case: z.string().max(80).nullable(),
  at: position.nullable(),
  codes: z.object({ asked: z.string().max(100), page: z.number().int().min(0).max(1000) }).optional(),
});

/** What a pressed button carried; null when it is not one of ours, damaged, or of another version. */
export function readButton(data: unknown): ButtonData | null {
  const parsed = buttonSchema.safeParse(data);
  return parsed.success ? parsed.data : null;
}

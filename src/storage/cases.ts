import { z } from 'zod';
import { tries, type Case } from '../guide/case';
import { factNames } from '../knowledge/facts';
import { refusalReasons } from '../ndr/report';
import type { KeyValueStorage } from './memory';

/** Where the extracted facts of bounces are kept, so that a button works later and for somebody else. */
export interface Cases {
  put(bounce: Case): Promise<void>;
  /** Null when the case is unknown, expired, or written by a release that kept other things. */
  get(id: string): Promise<Case | null>;
}

const evidence = z.object({
  kind: z.enum(['words', 'code', 'range', 'innerCode', 'reply', 'class']),
  quote: z.string(),
});

const hop = z.object({
  from: z.string().nullable(),
  by: z.string().nullable(),
  protocol: z.string().nullable(),
  at: z.string().nullable(),
  delay: z.number().nullable(),
  clockDiffers: z.boolean(),
});

const refused = z.object({
  reason: z.enum(refusalReasons),
  product: z.string().nullable(),
  via: z.string().exactOptional(),
});

const said = z.object({ code: z.string().nullable(), reply: z.string().nullable(), text: z.string() });

const caseSchema = z.object({
  v: z.literal(1),
  id: z.string(),
  isNdr: z.boolean(),
  hops: z.array(hop).default([]),
  problems: z.array(
    z.object({
      recipients: z.array(z.string()),
      facts: z.record(z.enum(factNames), z.string().nullable()),
      article: z.string().nullable(),
      certainty: z.enum(['sure', 'likely', 'open']),
      evidence: z.array(evidence),
      candidates: z.array(z.object({ article: z.string(), evidence: z.array(evidence) })),
      registry: z.string().nullable(),
      tries: z.enum(tries).default('unsaid'),
      refused: refused.nullable().default(null),
      alsoSaid: z.array(said).default([]),
    }),
  ),
});

export function createCases(storage: KeyValueStorage): Cases {
  const keyOf = (id: string): string => `cases/${id}`;
  return {
    put: (bounce) => storage.write({ [keyOf(bounce.id)]: { v: 1, ...bounce } }),
    async get(id) {
      const items = await storage.read([keyOf(id)]);
      const parsed = caseSchema.safeParse(items[keyOf(id)]);
      return parsed.success ? parsed.data : null;
    },
  };
}

import { z } from 'zod';
import { noFacts, tries, type Case, type KeptHop, type Problem } from '../guide/case';
import { isObject } from '../is-object';
import { factNames, type Facts } from '../knowledge/facts';
import type { Evidence } from '../knowledge/match';
import { circumstances } from '../knowledge/schema';
import { refusalReasons, type Said } from '../ndr/report';

/** Whose a case is, as a hash, and when it was put, in ISO 8601. */
interface Belonging {
  owner: string | null;
  at: string;
}

/** What is stored for a case: no id, which is in the key, and nothing that is null, false or an empty list. */
export const toStored = ({ isNdr, hops, problems }: Case, { owner, at }: Belonging): object =>
  sparse({ v: 3, owner, at, isNdr, hops, problems });

/** Null for what is no case, or was written by a release that kept other things. */
export function fromStored(id: string, stored: unknown): Case | null {
  if (!isObject(stored)) return null;
  if (stored['v'] !== 3) return fromEarlier(id, stored);
  const { at, isNdr = false } = stored;
  const hops = listOf(stored['hops'], hopIn);
  const problems = listOf(stored['problems'], problemIn);
  if (typeof at !== 'string' || typeof isNdr !== 'boolean' || hops === null || problems === null) return null;
  return { id, isNdr, hops, problems };
}

function sparse(value: object): object {
  const kept: Record<string, unknown> = {};
  for (const [name, each] of Object.entries(value) as [string, unknown][]) {
    if (each === null || each === false) continue;
    if (!Array.isArray(each)) kept[name] = sparseIn(each);
    else if (each.length > 0) kept[name] = each.map(sparseIn);
  }
  return kept;
}

const sparseIn = (value: unknown): unknown => (isObject(value) ? sparse(value) : value);

// From here on by hand, as a schema takes ten times as long, and most turns begin with reading a case. Null for what does not fit.

function problemIn(value: unknown): Problem | null {
  if (!isObject(value)) return null;
  const recipients = listOf(value['recipients'], textIn);
  const facts = factsIn(value['facts']);
  const article = optional(value['article'], textIn);
  const certainty = oneOf(certainties, value['certainty']);
  const evidence = listOf(value['evidence'], evidenceIn);
  const candidates = listOf(value['candidates'], candidateIn);
  const registry = optional(value['registry'], textIn);
  const tried = oneOf(tries, value['tries']);
  const refused = optional(value['refused'], refusalIn);
  const alsoSaid = listOf(value['alsoSaid'], saidIn);
  const known = listOf(value['circumstances'], (one) => oneOf(circumstances, one));
  if (recipients === null || facts === null || article === undefined || certainty === null) return null;
  if (evidence === null || candidates === null || registry === undefined || tried === null) return null;
  if (refused === undefined || alsoSaid === null || known === null) return null;
  return {
    ...{ recipients, facts, article, certainty, evidence, candidates, registry },
    ...{ tries: tried, refused, alsoSaid, circumstances: known },
  };
}

const certainties = ['sure', 'likely', 'open'] as const;
const evidenceKinds = ['words', 'code', 'range', 'innerCode', 'reply', 'class'] as const;

function factsIn(value: unknown): Facts | null {
  if (!isObject(value)) return null;
  const facts = { ...noFacts };
  for (const [name, each] of Object.entries(value)) {
    const known = oneOf(factNames, name);
    if (known === null || typeof each !== 'string') return null;
    facts[known] = each;
  }
  return facts;
}

function evidenceIn(value: unknown): Evidence | null {
  if (!isObject(value)) return null;
  const kind = oneOf(evidenceKinds, value['kind']);
  const { quote } = value;
  return kind === null || typeof quote !== 'string' ? null : { kind, quote };
}

function candidateIn(value: unknown): Problem['candidates'][number] | null {
  if (!isObject(value)) return null;
  const { article } = value;
  const evidence = listOf(value['evidence'], evidenceIn);
  return typeof article !== 'string' || evidence === null ? null : { article, evidence };
}

function refusalIn(value: unknown): Problem['refused'] {
  if (!isObject(value)) return null;
  const reason = oneOf(refusalReasons, value['reason']);
  const product = optional(value['product'], textIn);
  const via = optional(value['via'], textIn);
  if (reason === null || product === undefined || via === undefined) return null;
  return { reason, product, ...(via === null ? {} : { via }) };
}

function saidIn(value: unknown): Said | null {
  if (!isObject(value)) return null;
  const { text } = value;
  const code = optional(value['code'], textIn);
  const reply = optional(value['reply'], textIn);
  return typeof text !== 'string' || code === undefined || reply === undefined ? null : { code, reply, text };
}

function hopIn(value: unknown): KeptHop | null {
  if (!isObject(value)) return null;
  const from = optional(value['from'], textIn);
  const by = optional(value['by'], textIn);
  const protocol = optional(value['protocol'], textIn);
  const delay = optional(value['delay'], numberIn);
  const { clockDiffers = false } = value;
  if (from === undefined || by === undefined || protocol === undefined || delay === undefined) return null;
  return typeof clockDiffers === 'boolean' ? { from, by, protocol, delay, clockDiffers } : null;
}

const textIn = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const numberIn = (value: unknown): number | null => (typeof value === 'number' ? value : null);

const oneOf = <T extends string>(known: readonly T[], value: unknown): T | null =>
  known.find((one) => one === value) ?? null;

/** Null where there is nothing, undefined for what does not fit. */
const optional = <T>(value: unknown, read: (value: unknown) => T | null): T | null | undefined =>
  value === undefined ? null : (read(value) ?? undefined);

/** Nothing is an empty list. */
function listOf<T>(value: unknown, read: (value: unknown) => T | null): T[] | null {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return null;
  const list: T[] = [];
  for (const each of value as unknown[]) {
    const one = read(each);
    if (one === null) return null;
    list.push(one);
  }
  return list;
}

const evidence = z.object({ kind: z.enum(evidenceKinds), quote: z.string() });
const text = z.string().nullable();

const asItWas = {
  isNdr: z.boolean(),
  hops: z
    .array(
      z.object({
        from: text,
        by: text,
        protocol: text,
        delay: z.number().nullable(),
        clockDiffers: z.boolean(),
      }),
    )
    .default([]),
  problems: z.array(
    z.object({
      recipients: z.array(z.string()),
      facts: z.record(z.enum(factNames), text),
      article: text,
      certainty: z.enum(certainties),
      evidence: z.array(evidence),
      candidates: z.array(z.object({ article: z.string(), evidence: z.array(evidence) })),
      registry: text,
      tries: z.enum(tries).default('unsaid'),
      refused: z
        .object({ reason: z.enum(refusalReasons), product: text, via: z.string().exactOptional() })
        .nullable()
        .default(null),
      alsoSaid: z.array(z.object({ code: text, reply: text, text: z.string() })).default([]),
      circumstances: z.array(z.enum(circumstances)).default([]),
    }),
  ),
};

/** Cases of v 1 had no owner: nobody can have them forgotten. */
const earlierCase = z.discriminatedUnion('v', [
  z.object({ v: z.literal(1), ...asItWas }),
  z.object({ v: z.literal(2), owner: text, at: z.string(), ...asItWas }),
]);

function fromEarlier(id: string, stored: object): Case | null {
  const parsed = earlierCase.safeParse(stored);
  if (!parsed.success) return null;
  const { isNdr, hops, problems } = parsed.data;
  return { id, isNdr, hops, problems };
}

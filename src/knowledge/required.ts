import { z } from 'zod';
import { fold } from '../ndr/fold';
import { codePattern } from './codes';
import type { Knowledge } from './load';
import { audiences, ways, type Article, type Audience, type Node, type Procedure } from './schema';

const several = <T extends z.ZodType>(one: T) => z.union([one, z.array(one).min(1)]);
const name = { id: z.string().min(1), says: z.string().min(3) };

/** knowledge/checklist/codes.yaml: meanings that must have an answer. */
export const requiredCodesSchema = z.array(
  z.strictObject({
    ...name,
    code: several(z.string().regex(/^[245]\.\d{1,3}\.\d{1,3}(?:-\d{1,3})?$/)).optional(),
    reply: several(z.number().int().min(200).max(599)).optional(),
    /** A server's words that must be among the article's pieces. */
    words: z.string().min(6).optional(),
    article: z.string().min(1),
  }),
);

/** knowledge/checklist/procedures.yaml: ends that people must be able to reach. */
export const requiredProceduresSchema = z.array(
  z.strictObject({
    ...name,
    in: z.string().min(1),
    for: z.array(z.enum(audiences)).min(1),
    way: z.enum(ways).optional(),
    /** The answers that lead there, by their ids: `final/one`. */
    answer: z.string().optional(),
    /** Literal pieces that must stand there, or in what it leads to. */
    tells: z.array(z.string().min(2)).default([]),
  }),
);

export interface Required {
  codes: z.output<typeof requiredCodesSchema>;
  procedures: z.output<typeof requiredProceduresSchema>;
}

/** A row of the required list that is not covered, and why. */
export interface Hole {
  id: string;
  says: string;
  why: string;
}

/** Every row that nothing covers. Pure. */
export function holesIn(knowledge: Knowledge, required: Required): Hole[] {
  const hole = ({ id, says }: { id: string; says: string }, reasons: readonly string[]): Hole[] =>
    reasons.length === 0 ? [] : [{ id, says, why: reasons.join('; ') }];
  return [
    ...doubles([...required.codes, ...required.procedures]),
    ...required.codes.flatMap((row) => hole(row, missingCode(knowledge, row))),
    ...required.procedures.flatMap((row) => hole(row, missingProcedure(knowledge, row))),
  ];
}

const doubles = (rows: readonly { id: string; says: string }[]): Hole[] =>
  rows
    .filter(({ id }, index) => rows.findIndex((row) => row.id === id) !== index)
    .map(({ id, says }) => ({ id, says, why: 'another row has this id' }));

const listed = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T];

function missingCode({ articles }: Knowledge, row: Required['codes'][number]): string[] {
  const article = articles.get(row.article);
  if (article === undefined) return [`there is no article ${row.article}`];
  const codes = listed(row.code).flatMap(endsOf);
  const replies = listed(row.reply).map(String);
  const patterns = article.codes.map(codePattern);
  const leads = (code: string): boolean =>
    patterns.some((pattern) => pattern.hit(code) >= (article.general ? 1 : 3));
  const deaf = codes.filter((code) => !leads(code));
  const says = (pieces: readonly string[]): boolean =>
    pieces.some((piece) => fold(row.words ?? '').includes(fold(piece)));
  // A phrase or clue leads there whatever the code; a token only beside it.
  const byPhrase = row.words !== undefined && says([...article.phrases, ...article.clues]);
  const byToken = row.words !== undefined && codes.length > 0 && deaf.length === 0 && says(article.tokens);
  const needed = row.words === undefined ? codes.length + replies.length : 1;
  return [
    ...(row.words === undefined || byPhrase || byToken
      ? []
      : [`no piece of ${row.article} stands in "${row.words}"`]),
    ...(byPhrase ? [] : deaf.map((code) => `${code} does not lead to ${row.article}`)),
    ...replies
      .filter((reply) => !article.replies.includes(reply))
      .map((reply) => `${reply} does not lead to ${row.article}`),
    ...(needed === 0 ? ['the row has no code, no reply and no words'] : []),
  ];
}

/** Both ends of a range, or the code itself. */
function endsOf(code: string): string[] {
  const [, start = '', low = '', high = low] = /^(\d\.\d+\.)(\d+)(?:-(\d+))?$/.exec(code) ?? [];
  return [...new Set([`${start}${low}`, `${start}${high}`])];
}

function missingProcedure(knowledge: Knowledge, row: Required['procedures'][number]): string[] {
  const isShared = row.in.startsWith(folder);
  const shared = isShared ? knowledge.shared.get(row.in.slice(folder.length)) : undefined;
  const article = isShared ? undefined : knowledge.articles.get(row.in);
  if (shared === undefined && article === undefined) return [`there is no ${row.in}`];
  return row.for.flatMap((audience) => {
    const tree = shared ?? article?.audiences[audience];
    if (tree === undefined) return [`${row.in} has nothing for ${audience}`];
    if (shared !== undefined && !leadsTo(knowledge, row.in.slice(folder.length), audience))
      return [`nothing leads ${audience} to ${row.in}`];
    return missingIn(knowledge, tree, row);
  });
}

const folder = 'procedures/';

function missingIn(
  { shared }: Knowledge,
  tree: Node,
  { in: place, answer, way, tells }: Required['procedures'][number],
): string[] {
  const start = (answer?.split('/') ?? []).reduce<Node | undefined>(
    (node, id) => optionOf(node, id, shared),
    tree,
  );
  if (start === undefined) return [`${place} has no answer "${String(answer)}"`];
  const procedures = proceduresBelow(start, shared);
  const text = textBelow(start, shared);
  return [
    ...(way === undefined || procedures.some((procedure) => procedure.ways?.[way] !== undefined)
      ? []
      : [`${place} has no way ${way}`]),
    ...tells
      .filter((piece) => !text.includes(JSON.stringify(piece).slice(1, -1)))
      .map((piece) => `${place} does not tell ${piece}`),
  ];
}

function optionOf(tree: Node | undefined, id: string, shared: Knowledge['shared']): Node | undefined {
  let node = tree;
  const seen = new Set<Node>();
  while (node !== undefined && 'use' in node && !seen.has(node)) {
    seen.add(node);
    node = shared.get(node.use);
  }
  return node !== undefined && 'ask' in node
    ? node.options.find((option) => option.id === id)?.then
    : undefined;
}

/** Every procedure that a tree can end in. A `use` that leads nowhere or in a circle ends there. */
export function proceduresBelow(
  node: Node,
  shared: Knowledge['shared'],
  seen: ReadonlySet<string> = new Set(),
): Procedure[] {
  if ('use' in node) {
    const target = shared.get(node.use);
    return target === undefined || seen.has(node.use)
      ? []
      : proceduresBelow(target, shared, new Set([...seen, node.use]));
  }
  return 'ask' in node ? node.options.flatMap(({ then }) => proceduresBelow(then, shared, seen)) : [node];
}

/** All that stands in a tree and in those it leads to. */
const textBelow = (node: Node, shared: Knowledge['shared']): string =>
  JSON.stringify([node, ...[...usedBelow(node, shared)].map((name) => shared.get(name))]);

/** Whether some article leads these people to a shared tree. */
const leadsTo = ({ articles, shared }: Knowledge, name: string, audience: Audience): boolean =>
  [...articles.values()].some((article: Article) => {
    const tree = article.audiences[audience];
    return tree !== undefined && usedBelow(tree, shared).has(name);
  });

/** The names of all shared trees that a tree leads to. */
export function usedBelow(node: Node, shared: Knowledge['shared'], used = new Set<string>()): Set<string> {
  if ('use' in node) {
    if (used.has(node.use)) return used;
    used.add(node.use);
    const target = shared.get(node.use);
    if (target !== undefined) usedBelow(target, shared, used);
  } else if ('ask' in node) for (const { then } of node.options) usedBelow(then, shared, used);
  return used;
}

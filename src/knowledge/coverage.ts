import { z } from 'zod';
import { trimSigns } from '../ndr/trim';
import type { Knowledge } from './load';
import { plain, proseOf, sentences, wordsIn, type Prose } from './prose';
import { proceduresBelow, usedBelow } from './required';
import {
  audiences,
  recipientValues,
  topics,
  type Article,
  type Audience,
  type Node,
  type Option,
  type Topic,
} from './schema';

/** One code, or the words where no code leads to an article, and what the bot has for it. */
export interface CoverageRow {
  code: string;
  article: string;
  general: boolean;
  /** The people who get steps, and how many ways of doing it they can end at. */
  audiences: { audience: Audience; paths: number }[];
  sources: number;
  checked: string;
}

/** What is told where no code leads to an article. */
export const wordsOnly = '(words)';

/** code → article → audiences → paths → sources → date, by code. */
export function tableOf({ articles, shared }: Knowledge): CoverageRow[] {
  const rows = [...articles.values()].flatMap((article) => {
    const { id, general, checked } = article;
    const told = audiences.flatMap((audience) => {
      const tree = article.audiences[audience];
      return tree === undefined ? [] : [{ audience, paths: pathsIn(tree, shared) }];
    });
    const leads = article.codes.length > 0 ? article.codes : article.general ? article.replies : [wordsOnly];
    return leads.map((code): CoverageRow => ({
      code,
      article: id,
      general,
      audiences: told,
      sources: article.sources.length,
      checked,
    }));
  });
  return rows.sort((a, b) => compare(keyOf(a.code), keyOf(b.code)) || compare(a.article, b.article));
}

const pathsIn = (tree: Node, shared: Knowledge['shared']): number =>
  proceduresBelow(tree, shared).reduce(
    (sum, { ways = {} }) => sum + Math.max(1, Object.keys(ways).length),
    0,
  );

/** Numbers as numbers, so that 5.7.12 stands before 5.7.124; general codes and words behind. */
const keyOf = (code: string): string => code.replace(/\d+/g, (digits) => digits.padStart(4, '0'));
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** An address that people are led to, with everything that leads there. */
export interface Link {
  url: string;
  host: string;
  files: string[];
}

/** Every address in sources, links and prose, once. */
export function linksIn(knowledge: Knowledge): Link[] {
  const links = new Map<string, Set<string>>();
  const add = (url: string, file: string): void => {
    links.set(url, (links.get(url) ?? new Set()).add(file));
  };
  for (const { file, text } of proseOf(knowledge)) for (const url of addressesIn(text)) add(url, file);
  for (const [id, article] of knowledge.articles) {
    for (const { url } of article.sources) add(url, id);
    for (const node of Object.values(article.audiences)) for (const url of pagesOf(node)) add(url, id);
  }
  for (const [id, node] of knowledge.shared) for (const url of pagesOf(node)) add(url, `procedures/${id}`);
  return [...links]
    .sort(([a], [b]) => compare(a, b))
    .map(([url, files]) => ({ url, host: hostOf(url), files: [...files] }));
}

/** Addresses as they stand in prose. One with a hole in it, `https://mta-sts.<your domain>/`, leads nowhere by itself. */
const addressesIn = (text: string): string[] =>
  [...text.matchAll(/\bhttps?:\/\/[^\s<>()[\]`"'*]+/gi)]
    .filter(({ 0: url, index }) => text[index + url.length] !== '<')
    .map(([url]) => trimSigns(url, '', '.,;:!?'));
const pagesOf = (node: Node): string[] =>
  proceduresBelow(node, new Map()).flatMap(({ links = [] }) => links.map(({ url }) => url));
const hostOf = (url: string): string => /^https?:\/\/([^/?#]*)/i.exec(url)?.[1]?.toLowerCase() ?? '';

/** knowledge/checklist/hosts.yaml: where links may lead. */
export const hostsSchema = z.array(
  z.strictObject({ host: z.string().regex(/^[a-z\d.-]+$/), for: z.string().min(3) }),
);

/** Something to look after. `where` is an article, a file of `procedures/`, or an address. */
export interface Finding {
  check: Check;
  where: string;
  what: string;
}

export const checks = [
  'checked long ago',
  'dead reference',
  'unused procedure',
  'no tree for the sender’s admin',
  'actor without a tree',
  'option that never applies',
  'link without https',
  'unknown host',
  'host without a link',
  'long verdict',
  'long label',
  'step of several sentences',
] as const;
export type Check = (typeof checks)[number];

export interface Standards {
  /** The hosts that links may lead to. */
  hosts: readonly string[];
  /** The day to count from, `2026-11-21`. */
  today: string;
}

export const maxVerdictWords = 40;
export const maxLabel = 34;

/** Everything that needs somebody's hand. Pure: also fit for knowledge that no loader would let through. */
export function findingsIn(knowledge: Knowledge, { hosts, today }: Standards): Finding[] {
  const articles = [...knowledge.articles.values()];
  const links = linksIn(knowledge);
  return [
    ...articles
      .filter(({ checked }) => checked < yearBefore(today))
      .map(({ id, checked }) => found('checked long ago', id, checked)),
    ...deadReferences(knowledge),
    ...unused(knowledge),
    ...articles.flatMap(missingTrees),
    ...deadOptions(knowledge),
    ...links
      .filter(({ url }) => !url.startsWith('https://'))
      .map(({ url, files }) => found('link without https', url, files.join(', '))),
    ...links
      .filter(({ host }) => !hosts.includes(host))
      .map(({ url, files }) => found('unknown host', url, files.join(', '))),
    ...hosts
      .filter((host) => !links.some((link) => link.host === host))
      .map((host) => found('host without a link', host, 'nothing leads there any more')),
    ...proseOf(knowledge).flatMap(faultsOfProse),
  ];
}

const found = (check: Check, where: string, what: string): Finding => ({ check, where, what });

/** The same day a year ago; of a leap day, the day before March. */
const yearBefore = (day: string): string =>
  `${String(Number(day.slice(0, 4)) - 1)}${day.slice(4) === '-02-29' ? '-02-28' : day.slice(4)}`;

function deadReferences({ articles, shared }: Knowledge): Finding[] {
  const uses = (file: string, nodes: readonly Node[]): Finding[] =>
    nodes.flatMap((node) =>
      [...usedBelow(node, new Map())]
        .filter((name) => !shared.has(name))
        .map((name) => found('dead reference', file, `procedures/${name}`)),
    );
  return [
    ...[...articles].flatMap(([id, article]) => [
      ...uses(id, Object.values(article.audiences)),
      ...article.related
        .filter((other) => !articles.has(other))
        .map((other) => found('dead reference', id, other)),
    ]),
    ...[...shared].flatMap(([id, node]) => uses(`procedures/${id}`, [node])),
  ];
}

function unused({ articles, shared }: Knowledge): Finding[] {
  const used = new Set<string>();
  for (const article of articles.values())
    for (const node of Object.values(article.audiences)) usedBelow(node, shared, used);
  return [...shared.keys()]
    .filter((id) => !used.has(id))
    .map((id) => found('unused procedure', `procedures/${id}`, 'no article leads there'));
}

function missingTrees({ id, audiences: trees, whoCanFix }: Article): Finding[] {
  const lacking = whoCanFix.filter(
    (actor) => actor !== 'microsoft' && actor !== 'wait' && trees[actor] === undefined,
  );
  return [
    ...lacking.map((actor) => found('actor without a tree', id, actor)),
    ...(trees.recipientAdmin !== undefined && trees.senderAdmin === undefined
      ? [
          found(
            'no tree for the sender’s admin',
            id,
            'of another organization, they are led to steps that are not theirs',
          ),
        ]
      : []),
  ];
}

/**
 * Options that no way through any article can make apply: the article, or an answer before, has told already that
 * it is something else. An option of a shared tree needs one article in which it does.
 */
function deadOptions({ articles, shared }: Knowledge): Finding[] {
  const seen = new Map<Option, { where: string; applies: boolean }>();
  type Told = Readonly<Partial<Record<Topic, readonly string[]>>>;
  const walk = (node: Node, told: Told, where: string, uses: readonly string[]): void => {
    if ('use' in node) {
      const target = shared.get(node.use);
      if (target !== undefined && !uses.includes(node.use))
        walk(target, told, `procedures/${node.use}`, [...uses, node.use]);
      return;
    }
    if (!('ask' in node)) return;
    const { about } = node;
    const possible = about === undefined ? undefined : (told[about] ?? topics[about]);
    for (const option of node.options) {
      const left = possible?.filter((value) => option.is?.includes(value) === true);
      // "I do not know" has no value, and is hidden where the article tells.
      const applies =
        left === undefined ||
        left.length > 0 ||
        (option.is === undefined && about !== undefined && told[about] === undefined);
      seen.set(option, { where, applies: applies || seen.get(option)?.applies === true });
      if (applies)
        walk(
          option.then,
          about === undefined || left === undefined || left.length === 0 ? told : { ...told, [about]: left },
          where,
          uses,
        );
    }
  };
  for (const [id, article] of articles) {
    const told: Told =
      article.recipientIs === undefined ? {} : { recipientKind: recipientValues[article.recipientIs] };
    for (const node of Object.values(article.audiences)) walk(node, told, id, []);
  }
  return [...seen]
    .filter(([, { applies }]) => !applies)
    .map(([{ id, label }, { where }]) => found('option that never applies', where, `${id}: ${label}`));
}

/** A step is one thing to do; a check is that and what is then to be seen. */
const mostSentences: Partial<Record<Prose['kind'], number>> = { step: 1, check: 2 };

function faultsOfProse(prose: Prose): Finding[] {
  const { file, kind, text } = prose;
  if (kind === 'label')
    return text.length > maxLabel ? [found('long label', file, `${String(text.length)} signs: ${text}`)] : [];
  if (kind === 'verdict') {
    const words = wordsIn(plain(prose)).length;
    return words > maxVerdictWords ? [found('long verdict', file, `${String(words)} words`)] : [];
  }
  const most = mostSentences[kind];
  const parts = most === undefined ? [] : sentences(plain(prose));
  return most !== undefined && parts.length > most
    ? [found('step of several sentences', file, `${String(parts.length)}: ${plain(prose)}`)]
    : [];
}

/** How much there is of what, and how long it is. */
export interface ProseFigures {
  words: number;
  sentences: number;
  letters: number;
  verdicts: { count: number; median: number; longest: number };
  steps: { count: number; severalSentences: number };
  labels: { count: number; longest: number };
}

export function figuresOf(prose: readonly Prose[]): ProseFigures {
  const own = prose.filter(({ kind }) => kind !== 'name');
  const texts = own.map(plain);
  const words = texts.flatMap(wordsIn);
  const of = (kind: Prose['kind']): Prose[] => own.filter((one) => one.kind === kind);
  const verdicts = of('verdict')
    .map((one) => wordsIn(plain(one)).length)
    .sort((a, b) => a - b);
  const steps = of('step').map((one) => sentences(plain(one)).length);
  return {
    words: words.length,
    sentences: texts.reduce((sum, text) => sum + Math.max(1, sentences(text).length), 0),
    letters: words.reduce((sum, word) => sum + (word.match(/[\p{L}\p{N}]/gu)?.length ?? 0), 0),
    verdicts: {
      count: verdicts.length,
      median: verdicts[verdicts.length >> 1] ?? 0,
      longest: verdicts.at(-1) ?? 0,
    },
    steps: { count: steps.length, severalSentences: steps.filter((count) => count > 1).length },
    labels: {
      count: of('label').length,
      longest: Math.max(0, ...of('label').map(({ text }) => text.length)),
    },
  };
}

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Knowledge } from './knowledge';
import { nothingParsed, type ParsedTexts } from './parsed';
import { faultsOfArticle, faultsOfShared, type Targets } from './references';
import {
  articleSchema,
  nodeSchema,
  registrySchema,
  type Article,
  type ArticleFile,
  type Node,
} from './schema';
import { idOf, readSource, type Problem, type Source, type TextFile } from './source';

export type { Knowledge } from './knowledge';

export type { Problem } from './source';

/** The knowledge on disk is not fit to serve. `problems` has every fault found, not only the first. */
export class KnowledgeError extends Error {
  readonly code = 'KNOWLEDGE_INVALID';
  constructor(readonly problems: readonly Problem[]) {
    super(
      `The knowledge could not be loaded:\n${problems.map((problem) => `  ${sentence(problem)}`).join('\n')}`,
    );
    this.name = 'KnowledgeError';
  }
}

/** `file:line: message`, as editors and people read it. */
export const sentence = ({ file, line, message }: Problem): string => `${file}:${String(line)}: ${message}`;

/** The articles and shared trees of a folder, by id, each valid by itself. */
export interface Layer {
  articles: ReadonlyMap<string, Source<ArticleFile>>;
  shared: ReadonlyMap<string, Source<Node>>;
}

/** Our own layer, with what no other layer changes. */
export interface Base extends Layer {
  registry: Knowledge['registry'];
}

/**
 * Read `<directory>/*.yaml` (articles), `procedures/*.yaml` (shared trees) and `registry/*.yaml` below it.
 * `parsed` saves parsing texts that the build has seen.
 * @throws KnowledgeError with file and line of every fault.
 */
export function loadKnowledge(directory: string, parsed: ParsedTexts = nothingParsed): Knowledge {
  return knowledgeOf(loadBase(directory, parsed));
}

/** The same, still in layers, so that {@link import('./overlay')} can lay another one over it. */
export function loadBase(directory: string, parsed: ParsedTexts = nothingParsed): Base {
  const problems: Problem[] = [];
  const texts = [...textsIn(directory, ''), ...textsIn(directory, 'procedures/')];
  const layer = readLayer(texts, problems, parsed);
  const registry = textsIn(directory, 'registry/').flatMap(
    (text) => readSource(text, registrySchema, problems, parsed)?.value ?? [],
  );
  problems.push(...faultsIn(layer, layer, namesOf(texts)));
  if (layer.articles.size === 0 && problems.length === 0)
    problems.push({ file: directory, line: 1, message: 'there are no articles (*.yaml) in this folder' });
  if (problems.length > 0) throw new KnowledgeError(problems);
  return { ...layer, registry: new Map(registry.map((entry) => [entry.code, entry])) };
}

/** Validate every text by itself; those below `procedures/` are shared trees, the others articles. */
export function readLayer(texts: readonly TextFile[], problems: Problem[], parsed: ParsedTexts): Layer {
  const articles = new Map<string, Source<ArticleFile>>();
  const shared = new Map<string, Source<Node>>();
  for (const text of texts) {
    if (isShared(text.file)) {
      const source = readSource(text, nodeSchema, problems, parsed);
      if (source !== undefined) shared.set(source.id, source);
    } else {
      const source = readSource(text, articleSchema, problems, parsed);
      if (source !== undefined) articles.set(source.id, source);
    }
  }
  return { articles, shared };
}

/** References of `layer` that lead nowhere among `all`, or in a circle. */
export function faultsIn(
  layer: Layer,
  all: Layer,
  names: Pick<Targets, 'articleIds' | 'sharedIds'>,
): Problem[] {
  const targets: Targets = { ...names, shared: valuesOf(all.shared) };
  return [
    ...[...layer.articles.values()].flatMap((source) => faultsOfArticle(source, targets)),
    ...[...layer.shared.values()].flatMap((source) => faultsOfShared(source, targets)),
  ];
}

export function knowledgeOf({ articles, shared, registry }: Base): Knowledge {
  const named = [...articles].map(([id, { value }]): [string, Article] => [id, { ...value, id }]);
  return { articles: new Map(named), shared: valuesOf(shared), registry, notes: new Map() };
}

const isShared = (file: string): boolean => file.startsWith('procedures/');

/** A file with a fault of its own is still there: what points to it is not a second fault. */
const namesOf = (texts: readonly TextFile[]): Pick<Targets, 'articleIds' | 'sharedIds'> => ({
  articleIds: new Set(texts.filter(({ file }) => !isShared(file)).map(({ file }) => idOf(file))),
  sharedIds: new Set(texts.filter(({ file }) => isShared(file)).map(({ file }) => idOf(file))),
});

const valuesOf = <T>(sources: ReadonlyMap<string, Source<T>>): Map<string, T> =>
  new Map([...sources].map(([id, { value }]) => [id, value]));

/** The texts of `<directory>/<below>*.yaml`; the folder itself must be there, those below it need not. */
function textsIn(directory: string, below: '' | `${string}/`): TextFile[] {
  const folder = join(directory, below);
  return (below === '' || existsSync(folder) ? readdirSync(folder) : [])
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => ({ file: `${below}${name}`, text: readFileSync(join(folder, name), 'utf8') }));
}

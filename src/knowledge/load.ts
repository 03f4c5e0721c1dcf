import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { isMap, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { hashOf, nothingParsed, type ParsedTexts } from './parsed';
import { articleSchema, nodeSchema, registrySchema, type Article, type Node, type RegistryEntry } from './schema';

/** Everything we know, cross-checked: every `use` and `related` leads somewhere, no tree runs in a circle. */
export interface Knowledge {
  articles: ReadonlyMap<string, Article>;
  /** Trees and procedures that articles share, by file name without ending. */
  shared: ReadonlyMap<string, Node>;
  /** The IANA registry by class-independent code, `X.7.1`. */
  registry: ReadonlyMap<string, RegistryEntry>;
}

/** One thing wrong with one file; `line` counts from 1. */
export interface Problem {
  file: string;
  line: number;
  message: string;
}

/** The knowledge on disk is not fit to serve. `problems` has every fault found, not only the first. */
export class KnowledgeError extends Error {
  readonly code = 'KNOWLEDGE_INVALID';
  constructor(readonly problems: readonly Problem[]) {
    super(`The knowledge could not be loaded:\n${problems.map(({ file, line, message }) => `  ${file}:${line}: ${message}`).join('\n')}`);
    this.name = 'KnowledgeError';
  }
}

interface Source<T> {
  id: string;
  file: string;
  value: T;
  lineOf(path: readonly PropertyKey[]): number;
}

/**
 * Read `<directory>/*.yaml` (articles), `procedures/*.yaml` (shared trees) and `registry/*.yaml` below it.
 * `parsed` saves parsing texts that the build has seen.
 * @throws KnowledgeError with file and line of every fault.
 */
export function loadKnowledge(directory: string, parsed: ParsedTexts = nothingParsed): Knowledge {
  const problems: Problem[] = [];
  const articles = readFolder(directory, directory, articleSchema, problems, parsed);
  const shared = readFolder(directory, join(directory, 'procedures'), nodeSchema, problems, parsed);
  // A file with a fault of its own is still there: what points to it is not a second fault.
  const named = { articles: idsIn(directory), shared: idsIn(join(directory, 'procedures')) };
  const registry = readFolder(directory, join(directory, 'registry'), registrySchema, problems, parsed).flatMap(({ value }) => value);
  const sharedIds = new Map(shared.map(({ id, value }) => [id, value]));

  for (const source of articles) {
    for (const [audience, node] of Object.entries(source.value.audiences)) {
      checkUses(node, ['audiences', audience], source, sharedIds, named.shared, problems);
    }
    source.value.related.forEach((id, index) => {
      if (named.articles.has(id)) return;
      problems.push({ file: source.file, line: source.lineOf(['related', index]), message: `there is no article "${id}"` });
    });
  }
  for (const source of shared) checkUses(source.value, [], source, sharedIds, named.shared, problems, [source.id]);

  if (articles.length === 0 && problems.length === 0)
    problems.push({ file: directory, line: 1, message: 'there are no articles (*.yaml) in this folder' });
  if (problems.length > 0) throw new KnowledgeError(problems);
  return { articles: new Map(articles.map(({ id, value }) => [id, { ...value, id }])), shared: sharedIds, registry: new Map(registry.map((entry) => [entry.code, entry])) };
}

const idsIn = (folder: string): Set<string> => new Set(yamlFiles(folder).map((name) => basename(name, '.yaml')));

const yamlFiles = (folder: string): string[] =>
  (existsSync(folder) ? readdirSync(folder) : [])
    .filter((entry) => entry.endsWith('.yaml'))
    .sort();

function readFolder<S extends z.ZodType>(root: string, folder: string, schema: S, problems: Problem[],
  parsed: ParsedTexts,
): Source<z.output<S>>[] {
  const sources: Source<z.output<S>>[] = [];
  for (const name of yamlFiles(folder)) {
    const file = relative(root, join(folder, name));
    const source = readFile(file, readFileSync(join(folder, name), 'utf8'), schema, problems, parsed);
    if (source !== undefined) sources.push(source);
  }
  return sources;
}

function readFile<S extends z.ZodType>(file: string, text: string, schema: S, problems: Problem[],
  parsed: ParsedTexts,
): Source<z.output<S>> | undefined {
  const quick = schema.safeParse(parsed.get(hashOf(text)));
  // Only a fault needs the lines, and then the text is parsed after all.
  if (quick.success) return { id: basename(file, '.yaml'), file, value: quick.data, lineOf: (path) => lineIn(text, path) };
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  for (const error of document.errors) {
    problems.push({ file, line: lines.linePos(error.pos[0]).line, message: error.message.split('\n')[0] ?? 'not YAML' });
  }
  if (document.errors.length > 0) return undefined;
  const lineOf = (path: readonly PropertyKey[]): number => lines.linePos(offsetOf(document, path)).line;
  const result = schema.safeParse(document.toJS({ maxAliasCount: 50 }));
  if (result.success) return { id: basename(file, '.yaml'), file, value: result.data, lineOf };
  for (const issue of result.error.issues) {
    // An unknown key is reported where it stands, not where its parent does.
    const [unknown] = issue.code === 'unrecognized_keys' ? issue.keys : [];
    const path = unknown === undefined ? issue.path : [...issue.path, unknown];
    problems.push({ file, line: lineOf(path), message: `${issue.path.map(String).join('.') || 'the file'}: ${issue.message}` });
  }
  return undefined;
}

function lineIn(text: string, path: readonly PropertyKey[]): number {
  const lines = new LineCounter();
  return lines.linePos(offsetOf(parseDocument(text, { lineCounter: lines }), path)).line;
}

/** Where the nearest existing part of `path` starts; a missing key is reported at its parent. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents;
  let offset = rangeStart(node) ?? 0;
  for (const segment of path) {
    const key = typeof segment === 'symbol' ? String(segment) : segment;
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && item.key.value === key);
      offset = rangeStart(pair?.key) ?? offset;
    }
    node = isMap(node) || hasGet(node) ? node.get(key, true) : undefined;
    if (node === undefined) break;
    if (!isMap(node)) offset = typeof segment === 'number' ? (rangeStart(node) ?? offset) : offset;
  }
  return offset;
}

const hasGet = (node: unknown): node is { get(key: unknown, keepScalar: true): unknown } =>
  typeof node === 'object' && node !== null && 'get' in node && typeof node.get === 'function';

const rangeStart = (node: unknown): number | undefined => {
  const range: unknown = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
  const start: unknown = Array.isArray(range) ? range[0] : undefined;
  return typeof start === 'number' ? start : undefined;
};

function checkUses(
  node: Node,
  path: readonly PropertyKey[],
  source: Source<unknown>,
  shared: ReadonlyMap<string, Node>,
  named: ReadonlySet<string>,
  problems: Problem[],
  visiting: readonly string[] = [],
): void {
  if ('use' in node) {
    const complain = (message: string): void => {
      problems.push({ file: source.file, line: source.lineOf([...path, 'use']), message });
    };
    const target = shared.get(node.use);
    if (!named.has(node.use)) complain(`there is no procedures/${node.use}.yaml`);
    else if (visiting.includes(node.use)) complain(`"${node.use}" leads back to itself: ${[...visiting, node.use].join(' > ')}`);
    else if (visiting.length > 0 && target !== undefined) checkUses(target, path, source, shared, named, problems, [...visiting, node.use]);
  } else if ('ask' in node) {
    const ids = node.options.map(({ id }) => id);
    node.options.forEach((option, index) => {
      const here = [...path, 'options', index];
      if (ids.indexOf(option.id) !== index) {
        problems.push({ file: source.file, line: source.lineOf([...here, 'id']), message: `two options have the id "${option.id}"` });
      }
      checkUses(option.then, [...here, 'then'], source, shared, named, problems, visiting);
    });
  }
}

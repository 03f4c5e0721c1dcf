import { isMap, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { hashOf, type ParsedTexts } from './parsed';

/** A file as it was read: its path below the folder, with `/`, and its text. */
export interface TextFile {
  file: string;
  text: string;
}

/** One thing wrong with one file; `line` counts from 1. */
export interface Problem {
  file: string;
  line: number;
  message: string;
}

/** What one file says, valid by itself; `id` is its name without ending. */
export interface Source<T> {
  id: string;
  file: string;
  value: T;
  lineOf: (path: readonly PropertyKey[]) => number;
}

/** What buttons and places are read back with; more is none of ours (`guide/position.ts`). */
export const longestId = 80;

/** Parse and validate one YAML text. Every fault goes to `problems`; a text with one is undefined. */
export function readSource<S extends z.ZodType>(
  { file, text }: TextFile,
  schema: S,
  problems: Problem[],
  parsed: ParsedTexts,
): Source<z.output<S>> | undefined {
  const id = idOf(file);
  if (id.length > longestId) {
    const message = `the name of the file may have ${String(longestId)} characters, as every button carries it`;
    problems.push({ file, line: 1, message });
    return undefined;
  }
  const quick = schema.safeParse(parsed.get(hashOf(text)));
  // Only a fault needs the lines, and then the text is parsed after all.
  if (quick.success) return { id, file, value: quick.data, lineOf: (path) => lineIn(text, path) };
  try {
    return readSlowly({ file, text }, schema, problems);
  } catch (error) {
    // Only what somebody built to break the reader: a tree too deep for the stack, an alias of aliases of aliases.
    problems.push({ file, line: 1, message: error instanceof Error ? error.message : 'cannot be read' });
    return undefined;
  }
}

function readSlowly<S extends z.ZodType>(
  { file, text }: TextFile,
  schema: S,
  problems: Problem[],
): Source<z.output<S>> | undefined {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  for (const error of document.errors) {
    const { line } = lines.linePos(error.pos[0]);
    problems.push({ file, line, message: error.message.split('\n')[0] ?? 'not YAML' });
  }
  if (document.errors.length > 0) return undefined;
  const lineOf = (path: readonly PropertyKey[]): number => lines.linePos(offsetOf(document, path)).line;
  const result = schema.safeParse(document.toJS({ maxAliasCount: 50 }));
  if (result.success) return { id: idOf(file), file, value: result.data, lineOf };
  for (const issue of result.error.issues) {
    // An unknown key is reported where it stands, not where its parent does.
    const [unknown] = issue.code === 'unrecognized_keys' ? issue.keys : [];
    const path = unknown === undefined ? issue.path : [...issue.path, unknown];
    const where = issue.path.map(String).join('.') || 'the file';
    problems.push({ file, line: lineOf(path), message: `${where}: ${issue.message}` });
  }
  return undefined;
}

/** The name of a file without folder and ending. */
export const idOf = (file: string): string => file.slice(file.lastIndexOf('/') + 1).replace(/\.yaml$/, '');

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
  const range: unknown =
    typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
  const start: unknown = Array.isArray(range) ? range[0] : undefined;
  return typeof start === 'number' ? start : undefined;
};

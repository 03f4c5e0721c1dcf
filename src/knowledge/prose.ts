import type { Knowledge } from './load';
import { parseMarkup } from './markup';
import type { Article, Node, Procedure, Step } from './schema';

/** What a piece of prose is for. A `name` is the title of a page elsewhere, and nobody's own words. */
export type ProseKind =
  | 'title'
  | 'verdict'
  | 'looksLike'
  | 'question'
  | 'help'
  | 'label'
  | 'step'
  | 'check'
  | 'text'
  | 'draft'
  | 'name';

/** A piece of prose as it is written, with its markup. */
export interface Prose {
  /** `5.7.12-outsiders` or `procedures/ask-my-admin`. */
  file: string;
  kind: ProseKind;
  text: string;
}

type Say = (kind: ProseKind, text: string | undefined) => void;

/** Every piece of prose of every article and shared tree, in their order. Scripts and server words are none. */
export function proseOf({ articles, shared }: Pick<Knowledge, 'articles' | 'shared'>): Prose[] {
  const found: Prose[] = [];
  const sayer =
    (file: string): Say =>
    (kind, text) => {
      if (text !== undefined) found.push({ file, kind, text });
    };
  for (const [id, article] of articles) sayArticle(article, sayer(id));
  for (const [id, node] of shared) sayNode(node, sayer(`procedures/${id}`));
  return found;
}

function sayArticle(article: Article, say: Say): void {
  say('title', article.title);
  say('verdict', article.summary);
  say('looksLike', article.looksLike);
  for (const node of Object.values(article.audiences)) sayNode(node, say);
  for (const { label } of article.sources) say('name', label);
}

function sayNode(node: Node, say: Say): void {
  if ('use' in node) return;
  if (!('ask' in node)) {
    sayProcedure(node, say);
    return;
  }
  say('question', node.ask);
  say('help', node.help);
  for (const { label, then } of node.options) {
    say('label', label);
    sayNode(then, say);
  }
}

function sayProcedure(procedure: Procedure, say: Say): void {
  const saySteps = (steps: readonly Step[] = [], kind: ProseKind = 'step'): void => {
    for (const step of steps) say(kind, typeof step === 'string' ? step : step.text);
  };
  say('title', procedure.title);
  for (const text of [procedure.intro, procedure.role, procedure.effect, procedure.takes]) say('text', text);
  saySteps(procedure.steps);
  for (const way of Object.values(procedure.ways ?? {})) {
    say('text', way.intro);
    saySteps(way.steps);
  }
  saySteps(procedure.check, 'check');
  for (const note of procedure.notes ?? []) say('text', note);
  say('draft', procedure.draft?.text);
  for (const { label } of procedure.links ?? []) say('name', label);
}

/** Prose as it is read, without markup. A fact and a command are one word each; dots inside a label end no sentence. */
export function plain({ kind, text }: Pick<Prose, 'kind' | 'text'>): string {
  const parsed = parseMarkup(text, { factsOnly: kind === 'draft' });
  if (!parsed.ok) return text;
  return parsed.runs
    .map((run) => {
      if (run.kind === 'fact') return run.fact;
      if (run.kind === 'code') return 'code';
      return run.kind === 'label' ? run.text.replace(/[.!?]/g, '') : run.text;
    })
    .join('');
}

/** The sentences of a text. A dot ends one where a blank and a new beginning follow. */
export const sentences = (text: string): string[] =>
  text
    .split(/(?<=[.!?]["”’)]?)\s+(?=["“‘(]?[\p{Lu}\d{‹])/u)
    .map((sentence) => sentence.trim())
    .filter((sentence) => /\p{L}/u.test(sentence));

export const wordsIn = (text: string): string[] =>
  text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));

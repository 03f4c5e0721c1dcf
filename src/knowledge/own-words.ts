import { createHash } from 'node:crypto';
import { fold } from '../ndr/fold';
import { parseMarkup } from './markup';

/** So many words in a row are somebody's sentence, and no longer the only way to say a thing. */
export const runLength = 8;
/** Bytes of a mark: of 100,000 runs on either side, by chance not one in 10,000 looks like another. */
export const markBytes = 6;

/** The words of a text as they are compared: without case, accents, punctuation and marks of layout. */
export const wordsOf = (text: string): string[] =>
  fold(text).match(/[\p{L}\p{N}]+(?:['.@-][\p{L}\p{N}]+)*/gu) ?? [];

/** A number that stands for eight words, without telling them. */
export const markOf = (words: readonly string[]): number =>
  createHash('sha256').update(words.join(' ')).digest().readUIntBE(0, markBytes);

/** The marks of every run of a foreign text, which is Markdown, HTML or plain; addresses are no words. */
export function marksOf(text: string): Set<number> {
  const words = wordsOf(text.replace(/\bhttps?:\/\/[^\s)>\]]+/gi, ' ').replace(/<[^<>]*>/g, ' '));
  const marks = new Set<number>();
  for (let at = 0; at + runLength <= words.length; at += 1)
    marks.add(markOf(words.slice(at, at + runLength)));
  return marks;
}

/**
 * Where a text of ours says what a foreign one says: every stretch of words that runs along with it, if eight of them are
 * ours to choose. Not ours to choose, and not counted, are the words of `**labels**`, `` `commands` ``, titles of
 * links and `{facts}`, and in drafts what stands in double quotes; they carry a run on all the same, because the foreign text has them too.
 */
export function sharedRuns(text: string, foreign: ReadonlySet<number>, { factsOnly = false } = {}): string[] {
  const words = ownWords(text, factsOnly);
  const shared: string[] = [];
  let from = -1;
  const close = (end: number): void => {
    const run = from < 0 ? [] : words.slice(from, end);
    if (run.filter(({ isOurs }) => isOurs).length >= runLength)
      shared.push(run.map(({ word }) => word).join(' '));
    from = -1;
  };
  for (let at = 0; at + runLength <= words.length; at += 1) {
    const isShared = foreign.has(markOf(words.slice(at, at + runLength).map(({ word }) => word)));
    if (isShared && from < 0) from = at;
    // The last shared run began one word before this one.
    if (!isShared && from >= 0) close(at - 1 + runLength);
  }
  close(words.length);
  return shared;
}

interface OwnWord {
  word: string;
  isOurs: boolean;
}

function ownWords(text: string, factsOnly: boolean): OwnWord[] {
  const parsed = parseMarkup(text, { factsOnly });
  const runs = parsed.ok ? parsed.runs : [{ kind: 'text' as const, text }];
  const said = (words: string, isOurs: boolean): OwnWord[] =>
    wordsOf(words).map((word) => ({ word, isOurs }));
  return runs.flatMap((run) => {
    if (run.kind === 'fact') return [{ word: `{${run.fact}}`, isOurs: false }];
    if (run.kind !== 'text') return said(run.text, false);
    // A draft has no markup: there a label stands in quotes.
    return factsOnly
      ? run.text.split('"').flatMap((part, at) => said(part, at % 2 === 0))
      : said(run.text, true);
  });
}

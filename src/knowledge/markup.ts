import { isFactName, type FactName } from './facts';

/** A piece of our own prose. Exactly one of `text` and `fact` says what to show. */
export type Run =
  | { kind: 'text'; text: string }
  /** A label of a user interface, exactly as Microsoft prints it. */
  | { kind: 'label'; text: string }
  /** A token, an address of a page, a command. */
  | { kind: 'code'; text: string }
  | { kind: 'link'; text: string; url: string }
  /** A value of this very bounce. */
  | { kind: 'fact'; fact: FactName; strong: boolean };

export type Parsed = { ok: true; runs: Run[] } | { ok: false; problem: string };

const mark = /\*\*([^*]+)\*\*|`([^`]+)`|\[([^\][]+)\]\((https:\/\/[^\s()]+)\)|\{([a-zA-Z]+)\}/g;
const factOnly = /\{([a-z]+)\}/gi;

/**
 * Parse the small markup of the knowledge files: `**label**`, `` `code` ``, `[text](https://…)`, `{fact}`.
 * With `factsOnly` (PowerShell, drafts) everything but `{fact}` is plain text.
 * Does not interpret values: a fact stays a name until a bounce fills it in.
 */
export function parseMarkup(source: string, { factsOnly = false } = {}): Parsed {
  const runs: Run[] = [];
  let from = 0;
  for (const match of source.matchAll(factsOnly ? factOnly : mark)) {
    if (match.index > from) runs.push({ kind: 'text', text: source.slice(from, match.index) });
    from = match.index + match[0].length;
    const [, bold, code, text, url] = match;
    const fact = factsOnly ? bold : match[5];
    if (fact !== undefined) {
      if (!isFactName(fact)) return { ok: false, problem: `{${fact}} is not a fact of a bounce` };
      runs.push({ kind: 'fact', fact, strong: !factsOnly });
    } else if (bold !== undefined) runs.push({ kind: 'label', text: bold });
    else if (code !== undefined) runs.push({ kind: 'code', text: code });
    else if (text !== undefined && url !== undefined) runs.push({ kind: 'link', text, url });
  }
  if (from < source.length) runs.push({ kind: 'text', text: source.slice(from) });
  const stray = factsOnly
    ? undefined
    : runs.find((run) => run.kind === 'text' && /\*\*|`|\]\(/.test(run.text));
  if (stray?.kind === 'text')
    return { ok: false, problem: `unfinished markup near "${stray.text.trim().slice(0, 40)}"` };
  return { ok: true, runs };
}

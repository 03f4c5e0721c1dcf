import { isFactName, type FactName, type Facts } from '../knowledge/facts';
import { parseMarkup } from '../knowledge/markup';
import type { Phrases } from '../phrases';
import { isHostName, isIpAddress, isMailAddress } from '../ndr/addresses';
import { remembering } from '../remembering';
import { inOwnDirection } from './direction';
import type { Piece } from './piece';

export type { Piece } from './piece';

/** The longest value of a bounce that a sentence shows, in characters. */
const maxShown = 90;

/** Sentences of articles: what a verdict and its steps say comes again with the next bounce of that kind. */
const proseOf = remembering(2000, (source) => parseMarkup(source));

/**
 * Fill the facts of one bounce into the prose of an article. Values stay plain text, whatever they look like; a placeholder
 * is in the language of the article, not in the reader's.
 */
export function fill(source: string, facts: Facts, phrases: Phrases): Piece[] {
  const parsed = proseOf(source);
  if (!parsed.ok) return [{ text: source, style: 'plain' }]; // Cannot happen: the schema has parsed it before.
  const pieces = parsed.runs.map((run): Piece => {
    switch (run.kind) {
      case 'text':
        return { text: run.text, style: 'plain' };
      case 'label':
        return { text: run.text, style: 'label' };
      case 'code':
        return { text: run.text, style: 'code' };
      case 'link':
        return { text: run.text, style: 'plain', url: run.url };
      case 'fact': {
        const value = facts[run.fact];
        return value === null
          ? { text: `‹${phrases.ofArticles.t(`fact.${run.fact}`)}›`, style: 'missing' }
          : { text: shorten(value, maxShown), style: 'value' };
      }
    }
  });
  return inOwnDirection(pieces, phrases);
}

/** The same as one string, for a draft, a toast or a terminal. */
export function fillText(source: string, facts: Facts, phrases: Phrases): string {
  const parsed = parseMarkup(source, { factsOnly: true });
  if (!parsed.ok) return source;
  return parsed.runs
    .map((run) =>
      run.kind === 'fact' ? (facts[run.fact] ?? `‹${phrases.ofArticles.t(`fact.${run.fact}`)}›`) : run.text,
    )
    .join('');
}

/** A line of a draft that only names one fact: `Subject: {subject}`. */
const factLine = /^[^{}\n]{1,40}: ?\{(\w+)\}\.?$/;

/** A draft: lines that only name a fact are left out where the bounce does not tell it. Nobody can fill in a Message-ID. */
export function fillDraft(source: string, facts: Facts, phrases: Phrases): string {
  const lines = source.split('\n').filter((line) => {
    const name = factLine.exec(line.trim())?.[1];
    return name === undefined || !isFactName(name) || facts[name] !== null;
  });
  return fillText(lines.join('\n'), facts, phrases).replace(/\n{3,}/g, '\n\n');
}

/**
 * Fill a PowerShell script. A value goes in only if it is what its name promises (a report is written by
 * strangers), in single quotes, with every quote that PowerShell knows doubled; anything else becomes `'<name>'`.
 */
export function fillScript(source: string, facts: Facts): string {
  const parsed = parseMarkup(source, { factsOnly: true });
  if (!parsed.ok) return source;
  return parsed.runs
    .map((run) => (run.kind === 'fact' ? quoted(run.fact, facts[run.fact]) : run.text))
    .join('');
}

const shapes: Partial<Record<FactName, (value: string) => boolean>> = {
  recipient: isMailAddress,
  sender: isMailAddress,
  group: isMailAddress,
  domain: isHostName,
  senderDomain: isHostName,
  server: isHostName,
  generatingServer: isHostName,
  ip: isIpAddress,
  messageId: (value) => /^[\w.!#$%&*+/=?^{|}~@-]{3,250}$/.test(value),
};

const quoted = (fact: FactName, value: string | null): string =>
  value !== null && shapes[fact]?.(value) === true ? `'${value.replace(/['‘’‚‛]/g, '$&$&')}'` : `'<${fact}>'`;

/** Cut a long value in its middle: the beginning and the end of an address or a host tell most. */
export function shorten(value: string, length: number): string {
  if (value.length <= length) return value;
  const head = Math.ceil((length - 1) * 0.6);
  return `${value.slice(0, head)}…${value.slice(value.length - (length - 1 - head))}`;
}

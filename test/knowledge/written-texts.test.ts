import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { whoCanFix } from '../../src/knowledge/who-can-fix';
import { readMessage } from '../../src/ndr/message';

import { matcher, root } from '../guide/core';

/** What we know of one text of test/corpus/written-texts; see its README. */
interface Truth {
  id: string;
  kind: string;
  /** Null: either way is fair. */
  isNdr: boolean | null;
  primaryCode: string | null;
  codes: string[];
  recipients: string[];
  articles: string[];
  whoCanFix: string[];
}

const folder = join(root, 'test/corpus/written-texts');
const truths = readFileSync(join(folder, 'truth.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Truth);

/** What we do not do, and why. */
const open: Readonly<Record<string, string>> = {
  // An address in the last line, behind "for".
  a220: 'recipients',
  // An address between two sentences, without a word that it is about the bounce.
  i002: 'recipients',
  // A line of a gateway's page that holds From and To.
  k026: 'recipients',
  // Words that no article has.
  f005: 'meaning',
  f027: 'meaning',
  f033: 'meaning',
  f046: 'meaning',
  g017: 'meaning',
  g022: 'meaning',
  i015: 'meaning',
  i023: 'meaning',
  // Between two servers of Microsoft, in the words of a device's refusal.
  h077: 'meaning',
  // Who can fix it is the article's, and there is no better one.
  f015: 'whoCanFix',
  f039: 'whoCanFix',
  g043: 'whoCanFix',
  // A row of a service's own page, without a server's words.
  g023: 'isNdr',
};

const lower = (names: readonly string[]): string[] => names.map((name) => name.toLowerCase()).sort();

function faults({ id, kind, isNdr, primaryCode, recipients, articles, whoCanFix: wanted }: Truth): string[] {
  const { report, kind: readAs } = readMessage({ text: readFileSync(join(folder, `${id}.txt`), 'utf8') });
  const diagnoses = readAs === 'text' || readAs === 'report' ? matcher.diagnose(report) : [];
  const [first] = diagnoses;
  const seen =
    report.isNdr || (report.failures.length === 0 && diagnoses.some(({ article }) => article !== null));
  const codes = diagnoses.flatMap(({ failure }) => failure.code ?? []);
  const found: string[] = [];
  if (isNdr === false) {
    if (seen) found.push('a bounce');
    if (kind !== 'explainer' && codes.length > 0 && open[id] !== 'code') found.push(`code ${codes.join()}`);
    return found;
  }
  if (isNdr === true && !seen && kind !== 'smtpSubmitError' && open[id] !== 'isNdr') found.push('no bounce');
  if ((codes[0] ?? null) !== primaryCode && open[id] !== 'code')
    found.push(`code ${String(codes[0])}, not ${String(primaryCode)}`);
  const meaning = first?.article?.id ?? 'open';
  const isOpen = open[id] === 'meaning';
  if (articles.length > 0 && !articles.includes(meaning) && !isOpen)
    found.push(`meaning ${meaning}, not ${articles.join(' or ')}`);
  if (isNdr === null) return found;
  const article = first?.article ?? first?.candidates[0]?.article;
  const who = article === undefined ? 'nobody' : whoCanFix(article, first?.circumstances ?? []).actors[0];
  if (
    wanted.length > 0 &&
    (who === undefined || !wanted.includes(who)) &&
    !isOpen &&
    open[id] !== 'whoCanFix'
  )
    found.push(`first ${who}, not ${wanted.join(' or ')}`);
  const names = diagnoses.flatMap(({ failure }) => failure.recipient ?? []);
  if (open[id] !== 'recipients' && lower(names).join() !== lower(recipients).join())
    found.push(`recipients ${names.join()}, not ${recipients.join()}`);
  return found;
}

test.each(truths.map((truth) => [truth.id, truth] as const))('%s', (_, truth) => {
  expect(faults(truth)).toEqual([]);
});

test('every text has a truth, and what is left open is still one of them', () => {
  expect(truths.filter(({ id }) => !existsSync(join(folder, `${id}.txt`)))).toEqual([]);
  expect(Object.keys(open).filter((id) => !truths.some((truth) => truth.id === id))).toEqual([]);
});

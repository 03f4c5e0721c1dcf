import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
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
  // The fields "From", "To", "Reason" of a gateway's own notice: "To" is mostly the person who gets the report.
  b081: 'recipients',
  // "Jira could not notify …": a program's own sentence.
  e002: 'recipients',
  // The sender's admin for a program, the recipient's for a person; the words are the same.
  b075: 'whoCanFix',
};

const lower = (names: readonly string[]): string[] => names.map((name) => name.toLowerCase()).sort();

function faults({ id, kind, isNdr, primaryCode, recipients, articles, whoCanFix }: Truth): string[] {
  const { report, kind: readAs } = readMessage({ text: readFileSync(join(folder, `${id}.txt`), 'utf8') });
  const diagnoses = readAs === 'text' || readAs === 'report' ? matcher.diagnose(report) : [];
  const [first] = diagnoses;
  const seen =
    report.isNdr || (report.failures.length === 0 && diagnoses.some(({ article }) => article !== null));
  const codes = diagnoses.flatMap(({ failure }) => failure.code ?? []);
  const found: string[] = [];
  if (isNdr === false) {
    if (seen) found.push('a bounce');
    if (kind !== 'explainer' && codes.length > 0) found.push(`code ${codes.join()}`);
    return found;
  }
  if (isNdr === true && !seen && kind !== 'smtpSubmitError') found.push('no bounce');
  if ((codes[0] ?? null) !== primaryCode) found.push(`code ${String(codes[0])}, not ${String(primaryCode)}`);
  const meaning = first?.article?.id ?? 'open';
  if (articles.length > 0 && !articles.includes(meaning))
    found.push(`meaning ${meaning}, not ${articles.join(' or ')}`);
  if (isNdr === null) return found;
  const who = (first?.article ?? first?.candidates[0]?.article)?.whoCanFix[0] ?? 'nobody';
  if (whoCanFix.length > 0 && !whoCanFix.includes(who) && open[id] !== 'whoCanFix')
    found.push(`first ${who}, not ${whoCanFix.join(' or ')}`);
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

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readAll } from '../../src/ndr/file';
import type { MailKind } from '../../src/ndr/nature';

interface WrittenTruth {
  file: string;
  kind: MailKind;
  expectNdr: boolean;
  results: {
    recipient: string;
    deliverystatus: string;
    dsnStatus: string[];
    otherAddresses: string[];
    action?: string;
  }[];
  alsoRecipients?: string[];
}

const folder = join(__dirname, '..', 'corpus', 'written');
const truths = readFileSync(join(folder, 'truth.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as WrittenTruth);
const readFirst = (file: string) => {
  const [reading] = readAll(readFileSync(join(folder, file)));
  if (reading === undefined) throw new Error(`${file} holds nothing`);
  return reading;
};
const lower = (names: readonly string[]): string[] => names.map((name) => name.toLowerCase());
const rowsOf = (isNdr: boolean): [string, WrittenTruth][] =>
  truths.filter(({ expectNdr }) => expectNdr === isNdr).map((truth) => [truth.file, truth]);

test('there are enough of both', () => {
  expect(rowsOf(true).length).toBeGreaterThanOrEqual(60);
  expect(rowsOf(false).length).toBeGreaterThanOrEqual(40);
});

describe('bounces we wrote', () => {
  test.each(rowsOf(true))('%s', (file, { results, alsoRecipients = [] }) => {
    const { kind, report } = readFirst(file);
    const codes = report.failures.flatMap(({ code }) => (code === null ? [] : [code]));
    const recipients = report.failures.flatMap(({ recipient }) => (recipient === null ? [] : [recipient]));
    const wanted = results.map(({ deliverystatus }) => deliverystatus).filter((code) => code !== '');
    const names = results
      .filter(({ recipient }) => recipient !== '')
      .map(({ recipient, otherAddresses }) => lower([recipient, ...otherAddresses]));

    expect({ kind, isNdr: report.isNdr }).toEqual({ kind: 'report', isNdr: true });
    expect(report.failures[0]?.code ?? '').toBe(results[0]?.deliverystatus);
    expect([...wanted, ...results.flatMap(({ dsnStatus }) => dsnStatus)]).toEqual(
      expect.arrayContaining(codes),
    );
    for (const spellings of names)
      expect(lower(recipients).filter((name) => spellings.includes(name))).not.toEqual([]);
    expect([...names.flat(), ...lower(alsoRecipients)]).toEqual(expect.arrayContaining(lower(recipients)));
    const [action] = results.flatMap((result) => result.action ?? []);
    if (action !== undefined) expect(report.failures[0]?.action).toBe(action);
  });
});

describe('mails we wrote that are no bounce', () => {
  test.each(rowsOf(false))('%s', (file, { kind }) => {
    expect(readFirst(file)).toMatchObject({
      kind,
      unreadable: null,
      report: { isNdr: false, failures: [] },
    });
  });
});

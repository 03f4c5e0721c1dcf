import { readText } from '../../src/ndr/read';
import { firstCode, mails, pasted, recipientsOf, Score } from './corpus';

const lower = (names: readonly string[]): string[] => names.map((name) => name.toLowerCase());

function print(title: string, scores: Record<string, Score>): void {
  console.log(
    [
      title,
      ...Object.entries(scores).map(([name, score]) => `  ${name.padEnd(24)} ${score.toString()}`),
    ].join('\n'),
  );
}

describe('pasted texts', () => {
  const scores = {
    'primary code': new Score(),
    isNdr: new Score(),
    'recipients found': new Score(),
    'recipients right': new Score(),
    'no code invented': new Score(),
    'generating server': new Score(),
    'remote server': new Score(),
  };
  for (const { truth, text } of pasted) {
    const report = readText(text);
    const code = firstCode(report);
    const recipients = recipientsOf(report);
    // Naming the code that an explainer explains is not wrong; inventing one in a text without any is.
    if (truth.isNdr)
      scores['primary code'].add(
        code === truth.primaryCode,
        `${truth.id}: ${String(code)}, not ${String(truth.primaryCode)}`,
      );
    if (truth.kind === 'notNdr')
      scores['no code invented'].add(code === null, `${truth.id}: ${String(code)}`);
    scores.isNdr.add(report.isNdr === truth.isNdr, `${truth.id}: ${String(report.isNdr)}`);
    for (const name of lower(truth.recipients))
      scores['recipients found'].add(recipients.includes(name), `${truth.id}: ${name}`);
    for (const name of recipients)
      scores['recipients right'].add(lower(truth.recipients).includes(name), `${truth.id}: ${name}`);
    if (truth.generatingServer !== null)
      scores['generating server'].add(
        report.generatingServer?.toLowerCase() === truth.generatingServer.toLowerCase(),
        truth.id,
      );
    if (truth.remoteServer !== null)
      scores['remote server'].add(
        report.remoteServer?.toLowerCase() === truth.remoteServer.toLowerCase(),
        truth.id,
      );
  }
  beforeAll(() => {
    print(`${String(pasted.length)} pasted texts`, scores);
  });

  test.each([
    ['primary code', 0.98],
    ['isNdr', 0.95],
    ['recipients found', 0.9],
    ['recipients right', 0.98],
    ['no code invented', 1],
    ['generating server', 0.9],
    ['remote server', 0.9],
  ] as const)('%s: at least %d', (name, floor) => {
    expect(scores[name].of).toBeGreaterThan(0);
    expect(scores[name].share).toBeGreaterThanOrEqual(floor);
  });
});

describe('mails read as raw text, without MIME', () => {
  const scores = {
    isNdr: new Score(),
    'first code': new Score(),
    'codes right': new Score(),
    'none without one': new Score(),
    'recipients found': new Score(),
    'recipients right': new Score(),
  };
  for (const { truth, text } of mails) {
    const report = readText(text);
    if (truth.isNdr !== null) scores.isNdr.add(report.isNdr === truth.isNdr, truth.file);
    if (truth.isNdr !== true) continue;
    const codes = report.failures.flatMap(({ code }) => (code === null ? [] : [code]));
    const recipients = recipientsOf(report);
    if (truth.codes.length > 0) scores['first code'].add(truth.codes.includes(codes[0] ?? ''), truth.file);
    else scores['none without one'].add(codes.length === 0, truth.file);
    for (const code of codes)
      scores['codes right'].add(
        [...truth.codes, ...truth.alsoCodes].includes(code),
        `${truth.file}: ${code}`,
      );
    for (const name of lower(truth.recipients))
      scores['recipients found'].add(recipients.includes(name), `${truth.file}: ${name}`);
    for (const name of recipients)
      scores['recipients right'].add(
        lower([...truth.recipients, ...truth.alsoRecipients]).includes(name),
        `${truth.file}: ${name}`,
      );
  }
  beforeAll(() => {
    print(`${String(mails.length)} mails as raw text`, scores);
  });

  test.each([
    ['isNdr', 0.9],
    ['first code', 0.9],
    ['codes right', 0.95],
    ['none without one', 0.95],
    ['recipients found', 0.9],
    ['recipients right', 0.9],
  ] as const)('%s: at least %d', (name, floor) => {
    expect(scores[name].of).toBeGreaterThan(0);
    expect(scores[name].share).toBeGreaterThanOrEqual(floor);
  });
});

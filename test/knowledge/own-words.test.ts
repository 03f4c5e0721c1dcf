import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { loadKnowledge } from '../../src/knowledge/load';
import { markBytes, marksOf, sharedRuns } from '../../src/knowledge/own-words';
import { proseOf } from '../../src/knowledge/prose';

const root = join(__dirname, '../..');

/** Made by scripts/mark-foreign-words.mjs from the pages that our facts come from, which are not part of the project. */
function readMarks(): Set<number> {
  const bytes = readFileSync(join(__dirname, 'foreign-words.bin'));
  return new Set(
    Array.from({ length: bytes.length / markBytes }, (_, index) =>
      bytes.readUIntBE(index * markBytes, markBytes),
    ),
  );
}
const foreign = readMarks();

test('there is something to compare with', () => {
  expect(foreign.size).toBeGreaterThan(20_000);
  // The name of a button, which is nobody's sentence.
  const label = 'Allow messages from people inside and outside my organization';
  expect(sharedRuns(label, foreign)).toHaveLength(1);
  expect(sharedRuns(`**${label}**`, foreign)).toEqual([]);
});

test('no article has eight words in a row with the pages that its facts come from', () => {
  const found = proseOf(loadKnowledge(join(root, 'knowledge')))
    .filter(({ kind }) => kind !== 'name') // A title of a page is its name, and must be the same.
    .flatMap(({ file, kind, text }) =>
      sharedRuns(text, foreign, { factsOnly: kind === 'draft' }).map((run) => `${file}: ${run}`),
    );
  expect([...new Set(found)]).toEqual([]);
});

test('nor has a phrase of the bot', () => {
  const { phrases } = parse(readFileSync(join(root, 'locales/en.yaml'), 'utf8')) as {
    phrases: Record<string, string>;
  };
  const found = Object.entries(phrases).flatMap(([key, text]) =>
    sharedRuns(text.replace(/\{\w+\}/g, '0'), foreign).map((run) => `${key}: ${run}`),
  );
  expect(found).toEqual([]);
});

describe('what counts as the same words', () => {
  const page =
    '## Fix it\n\nTo fix this, choose [**Recipients**](https://a.example/b) > **Mailboxes** and then wait until the change is known everywhere.';
  const marks = marksOf(page);
  test.each<[string, string, number]>([
    ['eight words in a row', 'Now wait and then wait until the change is known everywhere.', 1],
    ['with other case, quotes and punctuation', 'AND THEN, wait: until the “change” is known.', 1],
    ['seven words', 'Then wait until the change is known.', 0],
    ['eight with another in between', 'and then wait until every change is known everywhere', 0],
    [
      'a label carries a run on, and does not count',
      'Choose **Recipients** > **Mailboxes** and then wait until the change.',
      0,
    ],
    [
      'with eight words besides the labels',
      'Choose **Recipients** > **Mailboxes** and then wait until the change is.',
      1,
    ],
    [
      'labels written without marks count',
      'Choose Recipients > Mailboxes and then wait until the change.',
      1,
    ],
    ['a command between breaks it', 'and then wait until `Get-It` the change is known everywhere', 0],
    ['a fact breaks it', 'and then wait until {recipient} the change is known everywhere', 0],
  ])('%s', (_, text, count) => {
    expect(sharedRuns(text, marks)).toHaveLength(count);
  });

  test('in a draft a label stands in quotes', () => {
    const text = 'Choose "Recipients" > "Mailboxes" and then wait until the change.';
    expect(
      [text, text.replaceAll('"', '')].map((one) => sharedRuns(one, marks, { factsOnly: true }).length),
    ).toEqual([0, 1]);
  });

  test('two stretches are told apart, and told whole', () => {
    const two = marksOf('one two three four five six seven eight nine. a b c d e f g h');
    expect(sharedRuns('One two three four five six seven eight nine ten a b c d e f g h', two)).toEqual([
      'one two three four five six seven eight nine',
      'a b c d e f g h',
    ]);
  });
});

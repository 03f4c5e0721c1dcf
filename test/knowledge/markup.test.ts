import { factNames } from '../../src/knowledge/facts';
import { parseMarkup, type Run } from '../../src/knowledge/markup';

const text = (words: string): Run => ({ kind: 'text', text: words });
const fact = (name: (typeof factNames)[number], strong = true): Run => ({ kind: 'fact', fact: name, strong });

describe('the markup of our own prose', () => {
  test.each<[source: string, runs: Run[]]>([
    ['plain words', [text('plain words')]],
    ['Select **Save**.', [text('Select '), { kind: 'label', text: 'Save' }, text('.')]],
    ['**Save** **Cancel**', [{ kind: 'label', text: 'Save' }, text(' '), { kind: 'label', text: 'Cancel' }]],
    ['run `Get-Recipient`', [text('run '), { kind: 'code', text: 'Get-Recipient' }]],
    ['`**not bold**`', [{ kind: 'code', text: '**not bold**' }]],
    [
      'see [the page](https://example.org/a?b=1#c)',
      [text('see '), { kind: 'link', text: 'the page', url: 'https://example.org/a?b=1#c' }],
    ],
    [
      'to {recipient} from {senderDomain}',
      [text('to '), fact('recipient'), text(' from '), fact('senderDomain')],
    ],
    ['{recipient}', [fact('recipient')]],
    ['2 * 3 * 4', [text('2 * 3 * 4')]],
    ['a_b_c', [text('a_b_c')]],
    ['Recipients > Groups', [text('Recipients > Groups')]],
    ['{ $_.Name }', [text('{ $_.Name }')]],
    ['{}', [text('{}')]],
    ['', []],
  ])('%j', (source, runs) => {
    expect(parseMarkup(source)).toEqual({ ok: true, runs });
  });

  test.each<[source: string, problem: RegExp]>([
    ['Select **Save.', /unfinished markup/],
    ['Select **Save*.', /unfinished markup/],
    ['run `Get-Recipient', /unfinished markup/],
    ['see [the page](http://example.org)', /unfinished markup/],
    ['see [the page](javascript:alert)', /unfinished markup/],
    ['see [the page](https://a b)', /unfinished markup/],
    ['to {recipent}', /\{recipent\} is not a fact/],
    ['to {Recipient}', /\{Recipient\} is not a fact/],
    ['to {title}', /\{title\} is not a fact/],
    ['{toString}', /\{toString\} is not a fact/],
    ['{constructor}', /\{constructor\} is not a fact/],
  ])('%j is refused', (source, problem) => {
    const parsed = parseMarkup(source);
    expect(parsed).toMatchObject({ ok: false, problem: expect.stringMatching(problem) as string });
  });
});

describe('facts only: scripts and drafts', () => {
  test.each<[source: string, runs: Run[]]>([
    ['Set-Mailbox {recipient} -Force', [text('Set-Mailbox '), fact('recipient', false), text(' -Force')]],
    ['"**x** `y` [z](http://a)"', [text('"**x** `y` [z](http://a)"')]],
    ['Where-Object { $_.Name }', [text('Where-Object { $_.Name }')]],
    ['@{Add={sender}}', [text('@{Add='), fact('sender', false), text('}')]],
  ])('%j', (source, runs) => {
    expect(parseMarkup(source, { factsOnly: true })).toEqual({ ok: true, runs });
  });

  test('an unknown fact is refused there too', () => {
    expect(parseMarkup('Set-Mailbox {mailbox}', { factsOnly: true })).toMatchObject({ ok: false });
  });
});

test.each(factNames)('{%s} is a fact', (name) => {
  expect(parseMarkup(`{${name}}`)).toEqual({ ok: true, runs: [fact(name)] });
});

test('a long line costs linear time', () => {
  const before = Date.now();
  for (const sign of ['*', '`', '[', '{', '](', '**a']) parseMarkup(sign.repeat(50_000));
  expect(Date.now() - before).toBeLessThan(2_000);
});

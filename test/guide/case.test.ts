import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { factlessProblem, openCase } from '../../src/guide/case';
import { factNames } from '../../src/knowledge/facts';
import { readText } from '../../src/ndr/read';
import { cards, caseOf, guide, matcher, phrases, root } from './core';

const failed = (recipient: string, reply: string): string =>
  `${recipient}\nRemote Server returned '${reply}'`;
const heading = 'Delivery has failed to these recipients or groups:';
const restricted = '550 5.7.124 Sender not in allowed-senders list';
const unknown = '550 5.1.1 User unknown';

describe('one problem for every different reason', () => {
  test.each<
    [name: string, lines: string[], problems: (readonly [article: string | null, recipients: string[]])[]]
  >([
    [
      'one recipient',
      [failed('a@contoso.com', restricted)],
      [['5.7.124-allowed-senders', ['a@contoso.com']]],
    ],
    [
      'three for one reason',
      ['a', 'b', 'c'].map((name) => failed(`${name}@contoso.com`, unknown)),
      [['5.1.1-recipient-unknown', ['a@contoso.com', 'b@contoso.com', 'c@contoso.com']]],
    ],
    [
      'two reasons, in the order of the report',
      [
        failed('a@contoso.com', unknown),
        failed('b@contoso.com', unknown),
        failed('c@contoso.com', restricted),
      ],
      [
        ['5.1.1-recipient-unknown', ['a@contoso.com', 'b@contoso.com']],
        ['5.7.124-allowed-senders', ['c@contoso.com']],
      ],
    ],
    ['a reason that stays open', [failed('a@contoso.com', '550 5.7.1 refused')], [[null, ['a@contoso.com']]]],
  ])('%s', (_, lines, problems) => {
    const { problems: found } = caseOf([heading, ...lines].join('\n'));
    expect(found.map(({ article, recipients }) => [article, recipients])).toEqual(problems);
  });

  test('a bare code: no recipient, no report', () => {
    expect(caseOf('5.7.124')).toMatchObject({
      isNdr: false,
      problems: [
        { recipients: [], article: '5.7.124-allowed-senders', facts: { code: '5.7.124', recipient: null } },
      ],
    });
  });

  test('an open meaning keeps its candidates by id, the commonest first', () => {
    const { problems } = caseOf('5.7.1');
    expect(problems).toHaveLength(1);
    expect(problems[0]?.candidates.map(({ article }) => article).slice(0, 3)).toEqual([
      '5.7.1-not-authorized',
      '5.7.1-relay-denied',
      '5.7.1-login-required',
    ]);
    expect(problems[0]).toMatchObject({ article: null, certainty: 'open' });
  });

  test('a code without an article keeps the name of the registry', () => {
    expect(caseOf('5.7.17').problems[0]).toMatchObject({ article: 'general-5.7', registry: 'X.7.17' });
  });

  test('reasons are told apart by article, code and candidates', () => {
    const { problems } = caseOf(
      [
        heading,
        failed('a@contoso.com', '550 5.7.501 Access denied, spam abuse detected'),
        failed('b@contoso.com', '550 5.7.502 Access denied, banned sender'),
      ].join('\n'),
    );
    expect(problems.map(({ article, facts }) => [article, facts.code])).toEqual([
      ['5.7.501-503-banned-account', '5.7.501'],
      ['5.7.501-503-banned-account', '5.7.502'],
    ]);
  });
});

describe('where a new case starts', () => {
  test.each([
    ['5.7.124', { problem: 0, article: '5.7.124-allowed-senders', path: [] }],
    ['5.7.1', { problem: 0, article: null, path: [] }],
    [
      [heading, failed('a@contoso.com', unknown), failed('b@contoso.com', restricted)].join('\n'),
      { problem: null, article: null, path: [] },
    ],
  ])('%j', (text, position) => {
    const bounce = caseOf(text);
    expect(guide.start(bounce)).toEqual(position);
    expect(guide.view(bounce, guide.start(bounce), phrases)).not.toBeNull();
  });
});

describe('the facts of a report', () => {
  const report = [
    "Your message to sales-team@contoso.com couldn't be delivered.",
    'Original Message Details',
    'Sender Address: kim@fabrikam.com',
    'Recipient Address: sales-team@contoso.com',
    'Subject: Offer for October',
    'Error Details',
    'Error: 550 5.7.124 Sender not in allowed-senders list',
    'Message rejected by: PR3PR01MB0001.eurprd01.prod.outlook.com',
    'Notification Details',
    'Sent by: AM6PR01MB0002.eurprd01.prod.outlook.com',
  ].join('\n');

  test('are all there', () => {
    expect(caseOf(report).problems[0]?.facts).toMatchObject({
      recipient: 'sales-team@contoso.com',
      sender: 'kim@fabrikam.com',
      domain: 'contoso.com',
      senderDomain: 'fabrikam.com',
      server: 'PR3PR01MB0001.eurprd01.prod.outlook.com',
      generatingServer: 'AM6PR01MB0002.eurprd01.prod.outlook.com',
      code: '5.7.124',
      reply: '550',
      subject: 'Offer for October',
      error: '550 5.7.124 Sender not in allowed-senders list',
    });
    expect(Object.keys(caseOf(report).problems[0]?.facts ?? {}).sort()).toEqual([...factNames].sort());
  });

  test('nothing else of the text is kept', () => {
    const secret = 'the merger with Northwind is off';
    const text = report.replace('Original Message Details', `Original Message Details\n${secret}`);
    const kept = JSON.stringify(
      caseOf(
        `${text}\nOriginal message headers:\nX-Internal-Route: secret-host (10.0.0.1)\nX-Secret: ${secret}`,
      ),
    );
    for (const piece of [secret, 'X-Secret', "couldn't be delivered", 'Original Message Details'])
      expect(kept).not.toContain(piece);
  });

  test('nothing that is kept is long, whatever was pasted', () => {
    const long = 'x'.repeat(5_000);
    const text = [
      'Original Message Details',
      `Sender Address: ${long}@${long}.com`,
      `Recipient Address: ${long}@contoso.com`,
      `Subject: ${long}`,
      'Error Details',
      `Error: 550 5.7.124 ${long}`,
      `Message rejected by: ${'a.'.repeat(2_000)}com`,
    ].join('\n');
    const strings = (node: unknown): string[] =>
      typeof node === 'string'
        ? [node]
        : typeof node === 'object' && node !== null
          ? Object.values(node).flatMap(strings)
          : [];
    for (const value of strings(caseOf(text))) expect(value.length).toBeLessThanOrEqual(300);
  });

  test('a case is plain JSON', () => {
    const bounce = caseOf(report);
    expect(JSON.parse(JSON.stringify(bounce))).toEqual(bounce);
  });
});

describe('real pastes of the corpus', () => {
  const files = readdirSync(join(root, 'test/corpus/pasted'));
  test.each(files)('%s: what is kept is facts', (file) => {
    const text = readFileSync(join(root, 'test/corpus/pasted', file), 'utf8');
    const report = readText(text);
    const bounce = openCase('case', report, matcher.diagnose(report));
    const json = JSON.stringify(bounce);
    // Each recipient once, each problem bounded: a mail of any length leaves little behind.
    expect(json.length).toBeLessThan(4_000 * Math.max(bounce.problems.length, 1));
    for (const { facts } of bounce.problems)
      for (const value of Object.values(facts)) expect((value ?? '').length).toBeLessThanOrEqual(300);
  });
});

test('a card whose case is gone still has its article and its code', () => {
  const problem = factlessProblem('5.7.124-allowed-senders', '5.7.124');
  expect(problem).toMatchObject({
    article: '5.7.124-allowed-senders',
    recipients: [],
    evidence: [{ kind: 'code', quote: '5.7.124' }],
  });
  expect(Object.entries(problem.facts).filter(([, value]) => value !== null)).toEqual([['code', '5.7.124']]);
  expect(factlessProblem('5.7.124-allowed-senders', null).evidence).toEqual([]);
});

test('a thousand recipients of one reason are one problem', () => {
  const text = [
    heading,
    ...Array.from({ length: 1000 }, (_, index) => failed(`user${index}@contoso.com`, unknown)),
  ].join('\n');
  const { problems } = caseOf(text);
  expect(problems).toHaveLength(1);
  expect(problems[0]?.recipients.length).toBeGreaterThan(100);
});

describe('what speaks against the verdict is kept and shown', () => {
  const wrapped = (...lines: string[]): string => [heading, 'a@contoso.com', ...lines].join('\n');
  const shown = (text: string): { alsoSaid: string[]; refused: string | null; tries: string | null } => {
    const bounce = caseOf(text);
    const view = guide.view(bounce, guide.start(bounce), phrases);
    if (view?.kind !== 'verdict') throw new Error(`no verdict: ${String(view?.kind)}`);
    return { alsoSaid: view.alsoSaid, refused: view.refused, tries: view.tries };
  };

  test.each<[string, string, string[]]>([
    ['one code', wrapped("Remote Server returned '550 5.1.1 User unknown'"), []],
    [
      'two codes of different faults',
      wrapped('#< #5.2.1 smtp;550 5.2.1 Mailbox disabled> #SMTP#', 'smtp;550 5.1.1 User unknown'),
      ['5.2.1'],
    ],
    ['a summary of nothing', wrapped('Status: 5.0.0', 'Diagnostic-Code: smtp;550 5.1.1 User unknown'), []],
    [
      'the cause within the deciding words',
      wrapped(
        "Remote Server returned '550 5.4.317 Message expired, cannot connect to remote server(451 5.7.3 STARTTLS is required to send mail)'",
      ),
      [],
    ],
    [
      'the temporary form of the same fault',
      wrapped("Remote Server returned '550 5.4.316 Message expired -> 451 4.4.316 Connection refused'"),
      [],
    ],
  ])('%s', (_, text, codes) => {
    expect(shown(text).alsoSaid).toEqual(codes);
  });

  test('the sentence and the details both name the other code', () => {
    const bounce = caseOf(
      wrapped('#< #5.2.1 smtp;550 5.2.1 Mailbox disabled> #SMTP#', 'smtp;550 5.1.1 User unknown'),
    );
    const view = guide.view(bounce, guide.start(bounce), phrases);
    if (view === null) throw new Error('no view');
    const text = JSON.stringify(cards.view(view, bounce, phrases).card);
    expect(text).toContain('The report also says ');
    expect(text).toContain('550 5.2.1 Mailbox disabled');
  });

  test.each<[string, string, string]>([
    [
      'the recipient’s Microsoft 365',
      wrapped(`Remote Server returned '${restricted}'`, 'Remote server: x.eurprd01.prod.outlook.com'),
      'refused.recipientTenant',
    ],
    [
      'time ran out',
      wrapped("Remote Server returned '550 4.4.7 QUEUE.Expired; message expired'"),
      'refused.ranOut',
    ],
  ])('who said no: %s', (_, text, key) => {
    expect(shown(text).refused).toBe(phrases.t(key));
  });

  test.each<[string, string | null]>([
    ['failed', 'over'],
    ['delayed', 'on'],
  ])('Action: %s', (action, tries) => {
    const text = wrapped(
      '',
      'Final-Recipient: rfc822;a@contoso.com',
      `Action: ${action}`,
      'Status: 4.4.1',
      '',
    );
    expect(shown(text).tries).toBe(tries);
  });
});

test.each<[string, string, string | null]>([
  [
    'the refusal names it, whoever passed the report on',
    '550 5.7.509 Access denied, sending domain [FABRIKAM.COM] does not pass DMARC verification',
    'fabrikam.com',
  ],
  [
    'the refusal knows it better than the envelope',
    'Original message headers:\n\nReturn-Path: <b-17@mail.service.com>\n\n550 5.7.509 Access denied, sending domain fabrikam.com does not pass DMARC',
    'fabrikam.com',
  ],
  ['nothing names it', '550 5.7.705 Access denied, tenant has exceeded threshold', null],
])("the sender's domain: %s", (_, text, domain) => {
  expect(caseOf(text).problems[0]?.facts.senderDomain).toBe(domain);
});

test('words that are cut end with a sign for it', () => {
  const { diagnostic, error } =
    caseOf(`550 5.7.606 Access denied, ${'banned '.repeat(60)}`).problems[0]?.facts ?? {};
  expect([diagnostic?.length, diagnostic?.at(-1), error?.length, error?.at(-1)]).toEqual([
    300,
    '…',
    300,
    '…',
  ]);
});

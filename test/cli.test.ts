import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { actors, circumstances } from '../src/knowledge/schema';
import { knowledge, locales, phrases, root } from './guide/core';

const program = join(root, 'dist/cli.js');
const directory = mkdtempSync(join(tmpdir(), 'bounce-desk-cli-'));
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

/** Run the built program from a folder that is not its own. */
function run(args: readonly string[], input = ''): { status: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd: directory,
    input,
    encoding: 'utf8',
    timeout: 30_000,
    maxBuffer: 64_000_000,
    env: { PATH: process.env['PATH'] },
  });
  return { status, out: stdout, err: stderr };
}

const file = (name: string, text: string | Uint8Array): string => {
  writeFileSync(join(directory, name), text);
  return name;
};

/** The keys of the README and their types. Keys may be added, never renamed. */
const row = z.object({
  input: z.string(),
  isNdr: z.boolean(),
  failures: z.array(
    z.object({
      recipient: z.string().nullable(),
      code: z
        .string()
        .regex(/^[245]\.\d{1,3}\.\d{1,3}$/)
        .nullable(),
      reply: z
        .string()
        .regex(/^[2-5]\d\d$/)
        .nullable(),
      diagnostic: z.string().nullable(),
      article: z.string().nullable(),
      general: z.boolean(),
      whoCanFix: z.array(z.enum(actors)),
      circumstances: z.array(z.enum(circumstances)),
      transient: z.boolean().nullable(),
      action: z.enum(['failed', 'delayed', 'delivered', 'relayed', 'expanded']).nullable(),
      variant: z.string().nullable(),
      group: z.string().nullable(),
      candidates: z.array(z.string()).optional(),
    }),
  ),
  sender: z.string().nullable(),
  subject: z.string().nullable(),
  generatingServer: z.string().nullable(),
  remoteServer: z.string().nullable(),
  language: z.string().nullable(),
  refusedBy: z.enum(['sender', 'senderGateway', 'microsoft', 'recipientGateway', 'recipient', 'unknown']),
  hops: z.array(z.object({ from: z.string().nullable(), by: z.string().nullable() })),
  evidence: z.array(z.object({ field: z.string(), value: z.string(), rule: z.string() })),
});
const rowsOf = (out: string) =>
  out
    .trimEnd()
    .split('\n')
    .map((line) => row.parse(JSON.parse(line)));

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

// `npm test` builds first; a bare jest on a fresh clone has nothing to run.
(existsSync(program) ? describe : describe.skip)('diagnose', () => {
  test('--json: one line for every input, in their order, whatever each one is', () => {
    const inputs = [
      file('report.txt', report),
      file('line.txt', '550 5.7.1 Unable to relay'),
      file('bare.txt', '5.7.124'),
      file('question.txt', 'what does 5.7.705 mean?'),
      file('open.txt', '5.7.1'),
      file('general.txt', '5.7.17'),
      file('phrase.txt', "The message can't be submitted because the sender's submission quota was exceeded"),
      file('letter.txt', 'Dear all, lunch is at twelve.'),
      file('empty.txt', ''),
      file('report again.txt', report),
    ];
    const { status, out, err } = run(['--json', ...inputs]);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    const rows = rowsOf(out);
    expect(rows.map(({ input }) => input)).toEqual(inputs);
    expect(
      rows.map(({ isNdr, failures }) => [
        isNdr,
        failures.map(({ article, candidates }) => article ?? candidates?.[0] ?? null),
      ]),
    ).toEqual([
      [true, ['5.7.124-allowed-senders']],
      [true, ['5.7.1-relay-denied']],
      [false, ['5.7.124-allowed-senders']],
      [false, ['5.7.705-tenant-threshold']],
      [false, ['5.7.1-not-authorized']],
      [false, ['general-5.7']],
      [true, ['submission-quota']],
      [false, []],
      [false, []],
      [true, ['5.7.124-allowed-senders']],
    ]);
  });

  test('--json: every value of a full report', () => {
    const { out } = run(['--json', file('full.txt', report)]);
    expect(rowsOf(out)).toMatchObject([
      {
        input: 'full.txt',
        isNdr: true,
        failures: [
          {
            recipient: 'sales-team@contoso.com',
            code: '5.7.124',
            reply: '550',
            diagnostic: 'Sender not in allowed-senders list',
            article: '5.7.124-allowed-senders',
            general: false,
            whoCanFix: ['groupOwner', 'recipientAdmin', 'sender'],
            transient: false,
          },
        ],
        sender: 'kim@fabrikam.com',
        subject: 'Offer for October',
        generatingServer: 'AM6PR01MB0002.eurprd01.prod.outlook.com',
        remoteServer: 'PR3PR01MB0001.eurprd01.prod.outlook.com',
      },
    ]);
  });

  test('--json: all keys of the README are there, and null where nothing is known', () => {
    const { out } = run(['--json', '-'], '5.7.124');
    const [raw = ''] = out.split('\n');
    expect(JSON.parse(raw)).toEqual({
      input: '-',
      isNdr: false,
      failures: [
        {
          recipient: null,
          code: '5.7.124',
          reply: null,
          diagnostic: null,
          article: '5.7.124-allowed-senders',
          general: false,
          whoCanFix: ['groupOwner', 'recipientAdmin', 'sender'],
          circumstances: ['noAddresses'],
          transient: false,
          action: null,
          variant: 'allowed-senders',
          group: null,
        },
      ],
      sender: null,
      subject: null,
      generatingServer: null,
      remoteServer: null,
      language: null,
      refusedBy: 'unknown',
      hops: [],
      evidence: [{ field: 'code', value: '5.7.124', rule: 'code, unlabelled' }],
    });
  });

  test.each<[text: string, general: boolean, transient: boolean | null, first: string]>([
    ['5.7.17', true, false, '5.7.17'],
    ['4.7.17', true, true, '4.7.17'],
    ['4.7.500', false, true, '4.7.500'],
    ['5.2.121', false, false, '5.2.121'],
    ['5.7.1', false, null, '5.7.1'],
  ])('--json: %s is general: %s, transient: %s', (text, general, transient, code) => {
    const [read] = rowsOf(run(['--json', '-'], text).out);
    expect(read?.failures).toHaveLength(1);
    expect(read?.failures[0]).toMatchObject({ general, transient, code });
    expect(read?.failures[0]?.whoCanFix.length).toBeGreaterThan(0);
  });

  test('--json: where the evidence does not decide, article is null and candidates lists what is possible', () => {
    const [read] = rowsOf(run(['--json', '-'], '5.7.1').out);
    expect(read?.failures[0]).toMatchObject({ article: null });
    const candidates = read?.failures[0]?.candidates ?? [];
    expect(candidates.slice(0, 3)).toEqual([
      '5.7.1-not-authorized',
      '5.7.1-relay-denied',
      '5.7.1-login-required',
    ]);
    for (const id of candidates) expect(knowledge.articles.has(id)).toBe(true);
  });

  test('- is standard input, also between files', () => {
    const { status, out } = run(['--json', file('a.txt', '5.7.124'), '-', file('b.txt', '5.7.705')], '5.1.1');
    expect(status).toBe(0);
    expect(rowsOf(out).map(({ input, failures }) => `${input} ${failures[0]?.code ?? ''}`)).toEqual([
      'a.txt 5.7.124',
      '- 5.1.1',
      'b.txt 5.7.705',
    ]);
  });

  test('--json may stand anywhere', () => {
    expect(rowsOf(run([file('a.txt', '5.7.124'), '--json']).out)).toHaveLength(1);
  });

  test('--own lays a folder over ours: its notes and articles answer, what is faulty in it is told', () => {
    const own = join(directory, 'own');
    mkdirSync(own);
    writeFileSync(join(own, 'notes.yaml'), '- for: 5.7.124-allowed-senders\n  text: Call 1234.\n');
    writeFileSync(join(own, 'faulty.yaml'), 'title: 1\n');
    const { status, out, err } = run(['--own', own, '-'], '550 5.7.124 Sender not in allowed-senders list');
    expect([status, err.split('\n')[0]]).toEqual([0, expect.stringMatching(/^faulty\.yaml:1: /)]);
    expect(out).toContain(`${phrases.t('label.own')}: Call 1234.\n`);
    expect(run(['--own', join(directory, 'nowhere'), '-'], '5.7.124')).toMatchObject({
      status: 2,
      out: '',
      err: expect.stringContaining('nowhere') as string,
    });
  });

  test.each<[asked: string[], spoken: string]>([
    [[], 'en'],
    [['--locale', 'de'], 'de'],
    [['--locale=de-AT'], 'de'],
    [['--locale', 'en-GB'], 'en'],
  ])('%j: speaks %s', (asked, spoken) => {
    const { status, out, err } = run([...asked, '-'], '5.7.124');
    expect([status, err]).toEqual([0, '']);
    expect(out).toContain(`${locales.of(spoken).t('label.whoCanFix')}: `);
  });

  test('--locale of a language that is not there: exit 2, and which ones are', () => {
    expect(run(['--locale', 'tlh', '-'], '5.7.124')).toEqual({
      status: 2,
      out: '',
      err: `diagnose: locales/ has no tlh, only ${locales.tags.join(', ')}\n`,
    });
  });

  test('an input that cannot be read: exit 2, named on stderr, the others are read', () => {
    const { status, out, err } = run([
      '--json',
      file('a.txt', '5.7.124'),
      'no-such-file.txt',
      'no-such-folder/',
      file('b.txt', '5.7.705'),
    ]);
    expect(status).toBe(2);
    expect(rowsOf(out).map(({ input }) => input)).toEqual(['a.txt', 'b.txt']);
    expect(err.split('\n').filter((line) => line !== '')).toEqual([
      expect.stringContaining('no-such-file.txt'),
      expect.stringContaining('no-such-folder/'),
    ]);
    expect(err).not.toMatch(/\bat \w.*:\d+:\d+/);
  });

  test.each<[name: string, args: string[]]>([
    ['no input', []],
    ['--json alone', ['--json']],
    ['an unknown option', ['--yaml', 'a.txt']],
  ])('%s: exit 2 and how it is called', (_, args) => {
    const { status, out, err } = run(args);
    expect(status).toBe(2);
    expect(out).toBe('');
    expect(err).toContain('usage: diagnose');
  });

  test.each<[name: string, content: string | Uint8Array]>([
    ['NUL bytes', '\0\0\0'],
    ['bytes that are no UTF-8', new Uint8Array([0xff, 0xfe, 0x00, 0x80, 0xc3])],
    ['a megabyte of brackets', '<'.repeat(1_000_000)],
    ['one endless word', 'a'.repeat(1_000_000)],
  ])('%s is read, and is no bounce', (_, content) => {
    const { status, out } = run(['--json', file('odd.bin', content)]);
    expect(status).toBe(0);
    expect(rowsOf(out)).toMatchObject([{ isNdr: false, failures: [] }]);
  });

  describe('in words', () => {
    test('the verdict, who can fix it, and the evidence', () => {
      const { status, out } = run([file('report.txt', report)]);
      expect(status).toBe(0);
      const article = knowledge.articles.get('5.7.124-allowed-senders');
      expect(out).toContain('550 5.7.124');
      expect(out).toContain(article?.title ?? 'no such article');
      expect(out).toContain(phrases.t('lasting.permanent'));
      expect(out).toContain(`${phrases.t('label.whoCanFix')}: ${phrases.t('actor.groupOwner')}`);
      expect(out).toContain(`${phrases.t('label.howSure')}: `);
      expect(out).toContain('not in allowed-senders list');
      for (const value of [
        'sales-team@contoso.com',
        'kim@fabrikam.com',
        'Offer for October',
        'PR3PR01MB0001.eurprd01.prod.outlook.com',
      ])
        expect(out).toContain(value);
      expect(out).not.toMatch(/\{[a-zA-Z]+\}|\*\*|undefined|null/);
    });

    test('several inputs have their names above', () => {
      const { out } = run([file('a.txt', '5.7.124'), file('b.txt', '5.7.1')]);
      expect(out).toMatch(/^== a\.txt\n[\s\S]*\n== b\.txt\n/);
      expect(out).toContain(phrases.t('meanings.title', { code: '5.7.1' }));
      expect(out).toMatch(/^1\. .*\n2\. .*\n3\. /m);
    });

    test.each(['5.7.17', '4.4.7', '5.7.620', '550 5.0.350 x-dg-ref header is too long'])(
      '%s: no hole is left open',
      (text) => {
        expect(run(['-'], text).out).not.toMatch(/\{[a-zA-Z]+\}|\*\*|undefined/);
      },
    );

    test('no bounce', () => {
      expect(run(['-'], 'lunch at twelve').out).toBe(`${phrases.t('notUnderstood.text')}\n`);
    });

    // A terminal obeys escape sequences; a report is written by strangers.
    test('control signs of a report do not reach the terminal', () => {
      const { out } = run(
        ['-'],
        report.replace('Offer for October', 'Offer \u001b[2J\u001b]0;owned\u0007 \u202eevil'),
      );
      // eslint-disable-next-line no-control-regex -- these are what is looked for
      expect(out).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f\u202a-\u202e]/);
    });
  });
});

describe('files of every kind', () => {
  const from = 'From MAILER-DAEMON Thu Nov 19 10:00:00 2026';
  const mail = (code: string): string =>
    `From: postmaster@contoso.com\nTo: ann@fabrikam.com\nSubject: Undeliverable: Plans\n\nDelivery has failed to these recipients or groups:\nbob@contoso.com\nRemote Server returned '550 ${code} Access denied'\n`;
  const rows = (out: string): z.infer<typeof row>[] =>
    out
      .trim()
      .split('\n')
      .map((line) => row.loose().parse(JSON.parse(line)));

  test('an mbox has one line per mail', () => {
    const { out, status } = run([
      '--json',
      file('all.mbox', `${from}\n${mail('5.1.1')}\n${from}\n${mail('5.4.1')}`),
    ]);
    expect(status).toBe(0);
    expect(rows(out).map(({ input, failures }) => [input, failures[0]?.code])).toEqual([
      ['all.mbox', '5.1.1'],
      ['all.mbox#2', '5.4.1'],
    ]);
    expect(run(['all.mbox']).out).toMatch(/\n== all\.mbox#2\n/);
  });

  test('a folder is every file below it, in the order of the names', () => {
    mkdirSync(join(directory, 'folder', 'b'), { recursive: true });
    file('folder/c.txt', '5.7.1');
    file('folder/a.eml', mail('5.1.1'));
    file('folder/b/x.eml', mail('5.4.1'));
    expect(rows(run(['--json', 'folder']).out).map(({ input }) => input)).toEqual([
      join('folder', 'a.eml'),
      join('folder', 'b', 'x.eml'),
      join('folder', 'c.txt'),
    ]);
  });

  test.each<[string, string, Uint8Array, number]>([
    ['empty', 'empty.eml', new Uint8Array(), 0],
    ['picture', 'screen.png', Buffer.from('89504e470d0a1a0a', 'hex'), 0],
    ['archive', 'mails.zip', Buffer.from('504b030414000000', 'hex'), 0],
    ['winmail', 'winmail.dat', Buffer.from('789f3e22', 'hex'), 0],
    ['encrypted', 'message.rpmsg', Buffer.from('76e80460c411e386', 'hex'), 0],
    ['binary', 'report.pdf', Buffer.from('%PDF-1.7'), 0],
    ['notMail', 'package.json', Buffer.from('{"version": "5.7.1"}'), 0],
    ['tooLarge', 'large.eml', Buffer.alloc(10 * 1024 * 1024 + 1, 0x41), 2],
  ])('%s has a sentence', (kind, name, bytes, status) => {
    const plain = run([file(name, bytes)]);
    expect(plain).toEqual({ status, out: `${phrases.t(`unreadable.${kind}`)}\n`, err: '' });
    const [answer] = rows(run(['--json', name]).out);
    expect(answer).toMatchObject({ input: name, isNdr: false, failures: [], unreadable: kind });
  });

  test.each([
    ['receipt-02.eml', 'readReceipt'],
    ['recall-02.eml', 'recall'],
    ['calendar-01.eml', 'calendar'],
    ['auto-reply-01.eml', 'autoReply'],
    ['delivered-03.eml', 'delivered'],
    ['complaint-01.eml', 'feedback'],
    ['aggregate-01.eml', 'aggregate'],
    ['ordinary-03.eml', 'mail'],
  ])('%s is called by its name', (name, kind) => {
    const path = join(root, 'test/corpus/written', name);
    const sentences = `${phrases.t('notBounce.title')}. ${phrases.t(`notBounce.${kind}`)}\n`;
    expect(run([path])).toEqual({ status: 0, out: sentences, err: '' });
    const [answer] = rows(run(['--json', path]).out);
    expect(answer).toMatchObject({ isNdr: false, failures: [], notBounce: kind });
  });

  test('what is missing costs the exit code and nothing else', () => {
    const { status, out, err } = run(['--json', 'missing.eml', file('here.eml', mail('5.1.1'))]);
    expect(status).toBe(2);
    expect(err).toContain('missing.eml');
    expect(rows(out)).toHaveLength(1);
  });
});

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import {
  checks,
  figuresOf,
  findingsIn,
  hostsSchema,
  linksIn,
  tableOf,
  wordsOnly,
  type Check,
} from '../../src/knowledge/coverage';
import { loadKnowledge, type Knowledge } from '../../src/knowledge/load';
import { plain, proseOf, sentences } from '../../src/knowledge/prose';
import {
  holesIn,
  requiredCodesSchema,
  requiredProceduresSchema,
  type Required,
} from '../../src/knowledge/required';
import { articleSchema, nodeSchema, type Article } from '../../src/knowledge/schema';

const root = join(__dirname, '../..');
const shipped = loadKnowledge(join(root, 'knowledge'));
const listOf = (name: string): unknown =>
  parse(readFileSync(join(root, 'knowledge/checklist', `${name}.yaml`), 'utf8'));
const required: Required = {
  codes: requiredCodesSchema.parse(listOf('codes')),
  procedures: requiredProceduresSchema.parse(listOf('procedures')),
};
const hosts = hostsSchema.parse(listOf('hosts')).map(({ host }) => host);

const steps = { title: 'Do this', steps: ['Do it.'] };
const right = {
  codes: ['5.7.124'],
  title: 'The title',
  summary: 'What happened.',
  looksLike: 'It says so',
  lasting: 'permanent',
  whoCanFix: ['sender'],
  audiences: { sender: steps },
  sources: [{ label: 'A page', url: 'https://learn.microsoft.com/a' }],
  checked: '2026-11-21',
};
type Fields = Readonly<Record<string, unknown>>;

/** Knowledge as a careless loader might let it through; `patch` goes in behind the schema. */
function knowing(fields: Fields = {}, shared: Fields = {}, patch: Partial<Article> = {}): Knowledge {
  const article: Article = { ...articleSchema.parse({ ...right, ...fields }), id: 'a', ...patch };
  return {
    articles: new Map([['a', article]]),
    shared: new Map(Object.entries(shared).map(([id, node]) => [id, nodeSchema.parse(node)])),
    registry: new Map(),
    notes: new Map(),
  };
}
const standards = { hosts: ['learn.microsoft.com'], today: '2026-11-22' };
const found = (knowledge: Knowledge, given = standards): string[] =>
  findingsIn(knowledge, given).map(({ check, where, what }) => `${check} | ${where} | ${what}`);

describe('what is shipped', () => {
  test('covers every row of the required list', () => {
    expect(holesIn(shipped, required)).toEqual([]);
  });

  test('the required list has all 47 meanings of the first list, and what came later', () => {
    const first = required.codes.map(({ id }) => id).filter((id) => /^S\d\d$/.test(id));
    expect(first).toEqual(Array.from({ length: 47 }, (_, at) => `S${String(at + 1).padStart(2, '0')}`));
    for (const part of ['S', 'X', 'B', 'C', 'D', 'E', 'F'])
      expect([part, required.codes.filter(({ id }) => id.startsWith(part)).length > 5]).toEqual([part, true]);
    expect(required.codes.length).toBeGreaterThanOrEqual(220);
    expect(required.procedures.length).toBeGreaterThanOrEqual(130);
  });

  // Age is a matter of the day somebody looks, not of the code: `npm run knowledge` tells it.
  test('has nothing that needs a hand', () => {
    const today =
      [...shipped.articles.values()]
        .map(({ checked }) => checked)
        .sort()
        .at(-1) ?? '';
    expect(found(shipped, { hosts, today })).toEqual([]);
  });

  test('stands in the table with every code, every audience and all its ways', () => {
    const table = tableOf(shipped);
    for (const { id, codes, replies, general, audiences } of shipped.articles.values()) {
      const rows = table.filter(({ article }) => article === id);
      expect(rows.map(({ code }) => code).sort()).toEqual(
        (codes.length > 0 ? [...codes] : general ? [...replies] : [wordsOnly]).sort(),
      );
      for (const row of rows) {
        expect(row.audiences.map(({ audience }) => audience).sort()).toEqual(Object.keys(audiences).sort());
        expect(row.audiences.filter(({ paths }) => paths === 0)).toEqual([]);
      }
    }
    const codes = table.map(({ code }) => code);
    expect(codes.indexOf('5.7.12')).toBeLessThan(codes.indexOf('5.7.124'));
    expect(codes.indexOf('5.7.124')).toBeLessThan(codes.indexOf('5.7.606-649'));
  });
});

const tree = (options: readonly object[], more: object = {}): object => ({ ask: 'Which?', options, ...more });
const option = (id: string, then: unknown, more: object = {}): object => ({ id, label: id, then, ...more });
const kinds = (ids: Readonly<Record<string, readonly string[]>>): object =>
  tree(
    Object.entries(ids).map(([id, is]) => option(id, steps, { is })),
    { about: 'recipientKind' },
  );
const others = ['mailUser', 'publicFolder', 'distributionGroup', 'm365Group', 'dynamicGroup'];

/** What is wrong, knowledge with it, and what is found. */
const faults: readonly (readonly [name: string, broken: () => Knowledge, finds: readonly string[]])[] = [
  ['nothing', () => knowing(), []],
  ['a year and a day', () => knowing({ checked: '2025-11-21' }), ['checked long ago | a | 2025-11-21']],
  ['a year to the day', () => knowing({ checked: '2025-11-22' }), []],
  [
    'a use of nothing',
    () => knowing({ audiences: { sender: { use: 'p' } } }),
    ['dead reference | a | procedures/p'],
  ],
  [
    'a use of nothing in a shared tree',
    () =>
      knowing(
        { audiences: { sender: { use: 'p' } } },
        { p: tree([option('one', { use: 'q' }), option('two', steps)]) },
      ),
    ['dead reference | procedures/p | procedures/q'],
  ],
  ['related to nothing', () => knowing({ related: ['b'] }), ['dead reference | a | b']],
  [
    'a procedure nobody uses',
    () => knowing({}, { p: steps }),
    ['unused procedure | procedures/p | no article leads there'],
  ],
  [
    'two that only use each other',
    () => knowing({}, { p: { use: 'q' }, q: { use: 'p' } }),
    [
      'unused procedure | procedures/p | no article leads there',
      'unused procedure | procedures/q | no article leads there',
    ],
  ],
  [
    'the recipient’s admin alone',
    () => knowing({ audiences: { sender: steps, recipientAdmin: steps } }),
    [
      'no tree for the sender’s admin | a | of another organization, they are led to steps that are not theirs',
    ],
  ],
  [
    'an actor without a tree',
    () => knowing({}, {}, { whoCanFix: ['groupOwner', 'recipient', 'wait', 'microsoft', 'sender'] }),
    ['actor without a tree | a | groupOwner', 'actor without a tree | a | recipient'],
  ],
  [
    'an http source',
    () => knowing({}, {}, { sources: [{ label: 'A', url: 'http://learn.microsoft.com/a' }] }),
    ['link without https | http://learn.microsoft.com/a | a'],
  ],
  [
    'an http address in prose',
    () => knowing({ summary: 'See `http://learn.microsoft.com/b`.' }),
    ['link without https | http://learn.microsoft.com/b | a'],
  ],
  [
    'a host nobody has vouched for',
    () =>
      knowing({
        audiences: { sender: { ...steps, links: [{ label: 'A', url: 'https://Elsewhere.example/x' }] } },
      }),
    ['unknown host | https://Elsewhere.example/x | a'],
  ],
  ['an address with a hole', () => knowing({ summary: 'Look at `https://mta-sts.<your domain>/x`.' }), []],
  [
    '41 words',
    () => knowing({}, {}, { summary: Array.from({ length: 41 }, () => 'word').join(' ') }),
    ['long verdict | a | 41 words'],
  ],
  [
    '40 words, with markup',
    () => knowing({ summary: `**${Array.from({ length: 39 }, () => 'word').join(' ')}** {recipient}` }),
    [],
  ],
  [
    'a label of 35 signs',
    () => {
      const knowledge = knowing(
        { audiences: { sender: { use: 'p' } } },
        { p: tree([option('one', steps), option('two', steps)]) },
      );
      const node = knowledge.shared.get('p');
      if (node !== undefined && 'ask' in node && node.options[0] !== undefined)
        node.options[0].label = 'x'.repeat(35);
      return knowledge;
    },
    [`long label | procedures/p | 35 signs: ${'x'.repeat(35)}`],
  ],
  [
    'two sentences in a step',
    () => knowing({ audiences: { sender: { title: 'Do this', steps: ['Open **A. B**. Then save.'] } } }),
    ['step of several sentences | a | 2: Open A B. Then save.'],
  ],
  [
    'a dot inside a label, a command, a version',
    () =>
      knowing({
        audiences: { sender: { title: 'Do this', steps: ['Choose **A.b** in `x. Y` of 1.2 at a.b.'] } },
      }),
    [],
  ],
  [
    'a check that says what to see',
    () => knowing({ audiences: { sender: { ...steps, check: ['Send a message. It arrives.'] } } }),
    [],
  ],
  [
    'a check of three sentences',
    () => knowing({ audiences: { sender: { ...steps, check: ['Send a message. It arrives. Good.'] } } }),
    ['step of several sentences | a | 3: Send a message. It arrives. Good.'],
  ],
  [
    'an option for a kind that the article rules out',
    () =>
      knowing({ recipientIs: 'mailbox', audiences: { sender: kinds({ box: ['mailbox'], rest: others }) } }),
    ['option that never applies | a | rest: rest'],
  ],
  [
    'the same option in a shared tree that another article can use',
    () => {
      const one = knowing(
        { recipientIs: 'mailbox', audiences: { sender: { use: 'p' } } },
        { p: kinds({ box: ['mailbox'], rest: others }) },
      );
      const other = knowing({ audiences: { sender: { use: 'p' } } });
      return {
        ...one,
        articles: new Map([
          ...one.articles,
          ['b', { ...[...other.articles.values()][0], id: 'b' } as Article],
        ]),
      };
    },
    [],
  ],
  [
    'a question that was answered before',
    () =>
      knowing({
        audiences: {
          sender: tree(
            [
              option('box', kinds({ again: ['mailbox'], never: others }), { is: ['mailbox'] }),
              option('rest', steps, { is: others }),
            ],
            { about: 'recipientKind' },
          ),
        },
      }),
    ['option that never applies | a | never: never'],
  ],
  [
    'an answer without a value where the article tells',
    () =>
      knowing({
        recipientIs: 'm365Group',
        audiences: {
          sender: tree([option('all', steps, { is: ['mailbox', ...others] }), option('unsure', steps)], {
            about: 'recipientKind',
          }),
        },
      }),
    ['option that never applies | a | unsure: unsure'],
  ],
];

describe('what needs a hand is found', () => {
  test.each(faults)('%s', (_, broken, finds) => {
    expect(found(broken())).toEqual(finds);
  });

  test('a host on the list that nothing leads to any more', () => {
    expect(found(knowing(), { ...standards, hosts: ['learn.microsoft.com', 'gone.example'] })).toEqual([
      'host without a link | gone.example | nothing leads there any more',
    ]);
  });

  test('every check has a row above that makes it speak', () => {
    const spoken = new Set(faults.flatMap(([, , finds]) => finds.map((line) => line.split(' | ')[0])));
    expect(checks.filter((check: Check) => !spoken.has(check))).toEqual(['host without a link']);
  });
});

describe('a hole in the required list is found', () => {
  const knowledge = knowing(
    {
      codes: ['5.7.124', '5.7.500-699'],
      tokens: ['not on the list'],
      phrases: ['so particular'],
      audiences: { sender: tree([option('one', { use: 'p' }), option('two', steps)]) },
    },
    { p: { title: 'Do this', ways: { newEac: { steps: ['Click **Save**.'] } } }, q: steps },
  );
  const row = { id: 'R1', says: 'a meaning', article: 'a' };
  const end = { id: 'R1', says: 'an end', in: 'procedures/p', for: ['sender'], tells: [] };

  test.each<[string, object, string | null]>([
    ['a code that leads there', { ...row, code: '5.7.124' }, null],
    ['a range within', { ...row, code: '5.7.510-600' }, null],
    ['several codes', { ...row, code: ['5.7.124', '5.7.500'] }, null],
    ['a phrase, whatever the code', { ...row, code: '5.9.9', words: 'It is So Particular, that.' }, null],
    ['a token beside its code', { ...row, code: '5.7.124', words: 'you are not on the list' }, null],
    ['no such article', { ...row, article: 'b', code: '5.7.124' }, 'there is no article b'],
    ['a code that leads elsewhere', { ...row, code: '5.7.125' }, '5.7.125 does not lead to a'],
    ['a range that sticks out', { ...row, code: '5.7.600-700' }, '5.7.700 does not lead to a'],
    ['a reply that leads elsewhere', { ...row, reply: 550 }, '550 does not lead to a'],
    ['words of nobody', { ...row, words: 'other words' }, 'no piece of a stands in "other words"'],
    [
      'a token without its code',
      { ...row, words: 'you are not on the list' },
      'no piece of a stands in "you are not on the list"',
    ],
    ['nothing to go by', row, 'the row has no code, no reply and no words'],
  ])('%s', (_, one, why) => {
    const codes = requiredCodesSchema.parse([one]);
    expect(holesIn(knowledge, { codes, procedures: [] })).toEqual(
      why === null ? [] : [{ id: 'R1', says: 'a meaning', why }],
    );
  });

  test.each<[string, object, string | null]>([
    ['an end that is reached', { ...end, way: 'newEac', tells: ['**Save**', 'Do this'] }, null],
    ['an end by its answers', { ...end, in: 'a', answer: 'one', way: 'newEac' }, null],
    ['no such procedure', { ...end, in: 'procedures/x' }, 'there is no procedures/x'],
    ['no such article', { ...end, in: 'x' }, 'there is no x'],
    ['nothing for these people', { ...end, in: 'a', for: ['groupOwner'] }, 'a has nothing for groupOwner'],
    [
      'nothing leads these people there',
      { ...end, for: ['groupOwner'] },
      'nothing leads groupOwner to procedures/p',
    ],
    ['a procedure nobody uses', { ...end, in: 'procedures/q' }, 'nothing leads sender to procedures/q'],
    ['a way that is gone', { ...end, way: 'powershell' }, 'procedures/p has no way powershell'],
    ['an answer that is gone', { ...end, in: 'a', answer: 'one/two' }, 'a has no answer "one/two"'],
    [
      'a label that is gone',
      { ...end, tells: ['**Save**', '**Close**'] },
      'procedures/p does not tell **Close**',
    ],
  ])('%s', (_, one, why) => {
    const procedures = requiredProceduresSchema.parse([one]);
    expect(holesIn(knowledge, { codes: [], procedures })).toEqual(
      why === null ? [] : [{ id: 'R1', says: 'an end', why }],
    );
  });

  test('two rows of one name', () => {
    const codes = requiredCodesSchema.parse([
      { ...row, code: '5.7.124' },
      { ...row, says: 'another', code: '5.7.500' },
    ]);
    expect(holesIn(knowledge, { codes, procedures: [] })).toEqual([
      { id: 'R1', says: 'another', why: 'another row has this id' },
    ]);
  });
});

test('every link stands once, with all that lead there', () => {
  const page = { label: 'A', url: 'https://learn.microsoft.com/a' };
  const knowledge = knowing(
    {
      summary: 'See [it](https://learn.microsoft.com/a) or `https://learn.microsoft.com/b`.',
      audiences: { sender: { use: 'p' } },
    },
    { p: { ...steps, links: [page] } },
  );
  expect(linksIn(knowledge)).toEqual([
    { url: 'https://learn.microsoft.com/a', host: 'learn.microsoft.com', files: ['a', 'procedures/p'] },
    { url: 'https://learn.microsoft.com/b', host: 'learn.microsoft.com', files: ['a'] },
  ]);
});

describe('prose', () => {
  test('every text of an article is found, and no script', () => {
    const knowledge = knowing({
      audiences: {
        sender: {
          ask: 'Ask',
          help: 'Help',
          options: [
            {
              id: 'one',
              label: 'Label',
              then: {
                title: 'Title',
                intro: 'Intro',
                role: 'Role',
                ways: {
                  newEac: {
                    intro: 'Way',
                    steps: ['Step', { text: 'Scripted', script: 'Get-It' }],
                    script: 'Get-All',
                  },
                },
                effect: 'Effect',
                takes: 'Takes',
                check: ['Check'],
                notes: ['Note'],
                draft: { to: 'sender', text: 'Draft' },
                links: [{ label: 'Page', url: 'https://learn.microsoft.com/a' }],
              },
            },
            { id: 'two', label: 'Other', then: { use: 'p' } },
          ],
        },
      },
    });
    expect(proseOf(knowledge).map(({ kind, text }) => `${kind}: ${text}`)).toEqual([
      'title: The title',
      'verdict: What happened.',
      'looksLike: It says so',
      'question: Ask',
      'help: Help',
      'label: Label',
      'title: Title',
      'text: Intro',
      'text: Role',
      'text: Effect',
      'text: Takes',
      'text: Way',
      'step: Step',
      'step: Scripted',
      'check: Check',
      'text: Note',
      'draft: Draft',
      'name: Page',
      'label: Other',
      'name: A page',
    ]);
  });

  test.each<[string, number]>([
    ['Open **Settings**.', 1],
    ['Open it. Save it.', 2],
    ['Is it there? Then save.', 2],
    ['It takes 1.5 hours. 2 tries are enough.', 2],
    ['It says "no." Then save it.', 2],
    ['Look at learn.microsoft.com for 5.7.1 codes.', 1],
    ['', 0],
  ])('%s has %i sentences', (text, count) => {
    expect(sentences(plain({ kind: 'text', text }))).toHaveLength(count);
  });

  test('figures', () => {
    const say = (kind: 'verdict' | 'label' | 'step' | 'name', text: string) => ({ file: 'a', kind, text });
    expect(
      figuresOf([
        say('verdict', 'One two three.'),
        say('verdict', 'One **two**.'),
        say('label', 'Four'),
        say('step', 'Do it. Do that.'),
        say('name', 'A page of somebody'),
      ]),
    ).toEqual({
      words: 10,
      sentences: 5,
      letters: 31,
      verdicts: { count: 2, median: 3, longest: 3 },
      steps: { count: 1, severalSentences: 1 },
      labels: { count: 1, longest: 4 },
    });
  });
});

describe('npm run knowledge', () => {
  const built = existsSync(join(root, 'dist/knowledge/coverage.js')) ? test : test.skip;
  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/knowledge.mjs', ...args], {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 16_000_000,
    });
    return { status, stdout, stderr };
  };

  built('has the table, the links and the figures, and prose that is not hard to read', () => {
    const { status, stdout, stderr } = run('--json');
    expect([status, stderr]).toEqual([0, '']);
    const report = JSON.parse(stdout) as {
      articles: number;
      table: unknown[];
      links: unknown[];
      prose: { readingAge: number; verdicts: { count: number } };
    };
    expect(report.articles).toBe(report.prose.verdicts.count);
    expect(report.table.length).toBeGreaterThan(report.articles);
    expect(report.links.length).toBeGreaterThan(100);
    expect(report.prose.readingAge).toBeGreaterThan(6);
    expect(report.prose.readingAge).toBeLessThan(12);
  });

  built('fails on a file of somebody’s own folder, and names it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'bounce-desk-coverage-'));
    writeFileSync(join(folder, 'ours.yaml'), 'title: 1\n');
    const { status, stdout } = run('--check', folder);
    rmSync(folder, { recursive: true });
    expect(status).toBe(1);
    expect(stdout).toMatch(/Refused \(\d+\)\n {2}ours\.yaml:1: /);
  });

  built('without --check it prints every code and every link', () => {
    const { stdout } = run();
    expect(stdout).toMatch(
      /^5\.7\.124 +5\.7\.124-allowed-senders +sender \d+, groupOwner \d+, senderAdmin \d+, recipientAdmin \d+ +\d+ +\d{4}-\d\d-\d\d$/m,
    );
    expect(stdout).toMatch(/^https:\/\/admin\.exchange\.microsoft\.com\/#\/transportrules +\S/m);
  });
});

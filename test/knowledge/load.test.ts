import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { KnowledgeError, loadKnowledge, type Problem } from '../../src/knowledge/load';
import { root } from '../guide/core';

const made: string[] = [];
afterAll(() => {
  for (const directory of made) rmSync(directory, { recursive: true, force: true });
});

/** A knowledge folder with these files, and the two sub-folders that always exist. */
function folder(files: Readonly<Record<string, string>>): string {
  const directory = mkdtempSync(join(tmpdir(), 'bounce-desk-knowledge-'));
  made.push(directory);
  for (const sub of ['procedures', 'registry']) mkdirSync(join(directory, sub));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
  return directory;
}

/** An article that is right; `lines` replaces single lines by their key. */
const right: Readonly<Record<string, string>> = {
  codes: 'codes: ["5.7.124"]',
  title: 'title: The title',
  summary: 'summary: What happened to {recipient}.',
  looksLike: 'looksLike: It says so',
  lasting: 'lasting: permanent',
  whoCanFix: 'whoCanFix: [sender]',
  audiences: 'audiences:\n  sender:\n    title: Do this\n    steps:\n      - Do it.',
  related: 'related: []',
  sources: 'sources:\n  - label: A page\n    url: https://learn.microsoft.com/a',
  checked: 'checked: 2026-11-21',
};
const article = (lines: Readonly<Record<string, string>> = {}): string =>
  `${Object.values({ ...right, ...lines }).join('\n')}\n`;
const procedure = 'title: Shared\nsteps:\n  - Do it.\n';

function problemsOf(files: Readonly<Record<string, string>>): readonly Problem[] {
  try {
    loadKnowledge(folder(files));
  } catch (error) {
    if (error instanceof KnowledgeError) return error.problems;
    throw error;
  }
  return [];
}

test('the article that the faults below are put into is right', () => {
  const knowledge = loadKnowledge(folder({ 'a.yaml': article(), 'procedures/p.yaml': procedure }));
  expect([...knowledge.articles.keys()]).toEqual(['a']);
  expect([...knowledge.shared.keys()]).toEqual(['p']);
  expect(knowledge.articles.get('a')).toMatchObject({
    id: 'a',
    tokens: [],
    needsWords: false,
    rank: 5,
    wraps: false,
    general: false,
  });
});

/** The fault, the file with it, and where the message must point to: the number of the line, and words of the message. */
type Fault = readonly [name: string, files: Readonly<Record<string, string>>, at: string, says: RegExp];

const faults: readonly Fault[] = [
  ['a misspelt key', { 'a.yaml': article({ title: 'titel: The title' }) }, 'a.yaml', /title|titel/],
  ['an unknown key', { 'a.yaml': article({ related: 'related: []\nseverity: high' }) }, 'a.yaml', /severity/],
  ['a wrong type', { 'a.yaml': article({ codes: 'codes: 5.7.124' }) }, 'a.yaml:1', /codes/],
  [
    'a code that is none',
    { 'a.yaml': article({ codes: 'codes: ["5.7.124", "7.5"]' }) },
    'a.yaml:1',
    /codes\.1: a code is/,
  ],
  ['a code of class 3', { 'a.yaml': article({ codes: 'codes: ["3.1.1"]' }) }, 'a.yaml:1', /codes\.0/],
  [
    'a whole subject in an article that is not general',
    { 'a.yaml': article({ codes: 'codes: ["5.7.*"]' }) },
    'a.yaml:1',
    /only a general article/,
  ],
  [
    'an unknown fact',
    { 'a.yaml': article({ summary: 'summary: What happened to {recipent}.' }) },
    'a.yaml:3',
    /\{recipent\} is not a fact/,
  ],
  [
    'unfinished bold',
    {
      'a.yaml': article({
        audiences:
          'audiences:\n  sender:\n    title: Do this\n    steps:\n      - Do it.\n      - Select **Save.',
      }),
    },
    'a.yaml:12',
    /unfinished markup/,
  ],
  [
    'an http link in prose',
    { 'a.yaml': article({ summary: 'summary: See [the page](http://example.org).' }) },
    'a.yaml:3',
    /unfinished markup/,
  ],
  [
    'an http source',
    { 'a.yaml': article({ sources: 'sources:\n  - label: A page\n    url: http://learn.microsoft.com/a' }) },
    'a.yaml:15',
    /https/,
  ],
  [
    'a source with a space',
    { 'a.yaml': article({ sources: 'sources:\n  - label: A page\n    url: https://a.example/a b' }) },
    'a.yaml:15',
    /https/,
  ],
  ['no source', { 'a.yaml': article({ sources: 'sources: []' }) }, 'a.yaml:13', /sources/],
  [
    'a summary of 41 words',
    { 'a.yaml': article({ summary: `summary: ${Array.from({ length: 41 }, () => 'word').join(' ')}` }) },
    'a.yaml:3',
    /at most 40 words/,
  ],
  ['a title of 81 signs', { 'a.yaml': article({ title: `title: ${'x'.repeat(81)}` }) }, 'a.yaml:2', /title/],
  ['a lasting that is none', { 'a.yaml': article({ lasting: 'lasting: forever' }) }, 'a.yaml:5', /lasting/],
  [
    'an actor that is none',
    { 'a.yaml': article({ whoCanFix: 'whoCanFix: [sender, admin]' }) },
    'a.yaml:6',
    /whoCanFix\.1/,
  ],
  ['nobody who can fix it', { 'a.yaml': article({ whoCanFix: 'whoCanFix: []' }) }, 'a.yaml:6', /whoCanFix/],
  [
    'somebody who can fix it without steps',
    { 'a.yaml': article({ whoCanFix: 'whoCanFix: [senderAdmin, sender]' }) },
    'a.yaml:6',
    /audiences\.senderAdmin is missing/,
  ],
  [
    'a sender left alone',
    {
      'a.yaml': article({
        whoCanFix: 'whoCanFix: [wait]',
        audiences: 'audiences:\n  senderAdmin:\n    title: Do this\n    steps: [Do it.]',
      }),
    },
    'a.yaml:7',
    /sender is never left/,
  ],
  [
    'nothing that leads to it',
    { 'a.yaml': article({ codes: 'codes: []' }) },
    'a.yaml:1',
    /needs a code or a phrase/,
  ],
  ['a day that is none', { 'a.yaml': article({ checked: 'checked: 2026-13-40' }) }, 'a.yaml:16', /checked/],
  ['no checked day', { 'a.yaml': article({ checked: '' }) }, 'a.yaml:1', /checked/],
  [
    'a related article that is missing',
    { 'a.yaml': article({ related: 'related: [b]' }) },
    'a.yaml:12',
    /there is no article "b"/,
  ],
  [
    'a use that is missing',
    { 'a.yaml': article({ audiences: 'audiences:\n  sender:\n    use: nowhere' }) },
    'a.yaml:9',
    /there is no procedures\/nowhere\.yaml/,
  ],
  [
    'a use that is missing, below a question',
    {
      'a.yaml': article({
        audiences:
          'audiences:\n  sender:\n    ask: Which?\n    options:\n      - id: one\n        label: One\n        then: { title: A, steps: [Do it.] }\n      - id: two\n        label: Two\n        then:\n          use: nowhere',
      }),
    },
    'a.yaml:17',
    /there is no procedures\/nowhere\.yaml/,
  ],
  [
    'two options of one id',
    {
      'a.yaml': article({
        audiences:
          'audiences:\n  sender:\n    ask: Which?\n    options:\n      - id: one\n        label: One\n        then: { title: A, steps: [Do it.] }\n      - id: one\n        label: Two\n        then: { title: B, steps: [Do it.] }',
      }),
    },
    'a.yaml:14',
    /two options have the id "one"/,
  ],
  [
    'a question with one option',
    {
      'a.yaml': article({
        audiences:
          'audiences:\n  sender:\n    ask: Which?\n    options:\n      - id: one\n        label: One\n        then: { title: A, steps: [Do it.] }',
      }),
    },
    'a.yaml',
    /options/,
  ],
  [
    'an option id with a space',
    {
      'procedures/p.yaml':
        'ask: Which?\noptions:\n  - id: one two\n    label: One\n    then: { title: A, steps: [Do it.] }\n  - id: two\n    label: Two\n    then: { title: A, steps: [Do it.] }\n',
    },
    'procedures/p.yaml:3',
    /an option id is/,
  ],
  [
    'a procedure with steps and ways',
    { 'procedures/p.yaml': 'title: A\nsteps: [Do it.]\nways:\n  newEac:\n    steps: [Do it.]\n' },
    'procedures/p.yaml',
    /either steps or ways/,
  ],
  [
    'a procedure with neither',
    { 'procedures/p.yaml': 'title: A\n' },
    'procedures/p.yaml',
    /either steps or ways/,
  ],
  [
    'a way that is none',
    { 'procedures/p.yaml': 'title: A\nways:\n  gmail:\n    steps: [Do it.]\n' },
    'procedures/p.yaml',
    /gmail/,
  ],
  [
    'a misspelt key in a procedure',
    { 'procedures/p.yaml': 'title: A\nsteps: [Do it.]\ncheks: [Look.]\n' },
    'procedures/p.yaml',
    /cheks/,
  ],
  [
    'a fact in quotes in a script',
    { 'procedures/p.yaml': "title: A\nsteps: [Do it.]\nscript: Set-Mailbox '{recipient}'\n" },
    'procedures/p.yaml:3',
    /without quotes/,
  ],
  [
    'an unknown fact in a script',
    { 'procedures/p.yaml': 'title: A\nsteps: [Do it.]\nscript: Set-Mailbox {mailbox}\n' },
    'procedures/p.yaml:3',
    /\{mailbox\}/,
  ],
  [
    'a registry line that is none',
    {
      'registry/r.yaml': '- code: X.7.1\n  name: A\n  rfc: "3463"\n- code: 5.7.1\n  name: B\n  rfc: "3463"\n',
    },
    'registry/r.yaml:4',
    /code/,
  ],
  ['YAML that is none', { 'a.yaml': `${article()}title: [unclosed\n` }, 'a.yaml', /\S/],
  [
    'a tab for indentation',
    { 'a.yaml': article({ audiences: 'audiences:\n\tsender:\n\t\ttitle: x' }) },
    'a.yaml:8',
    /tab/i,
  ],
  [
    'a key that stands twice',
    { 'a.yaml': article({ looksLike: 'looksLike: A\nlooksLike: B' }) },
    'a.yaml:5',
    /unique/i,
  ],
  ['an empty file', { 'a.yaml': '' }, 'a.yaml:1', /\S/],
  ['a list', { 'a.yaml': '- a\n- b\n' }, 'a.yaml:1', /\S/],
  [
    'circular use',
    { 'procedures/p.yaml': 'use: q\n', 'procedures/q.yaml': 'use: p\n' },
    'procedures/p.yaml:1',
    /leads back to itself: p > q > p/,
  ],
  [
    'a use of itself',
    { 'procedures/p.yaml': 'use: p\n' },
    'procedures/p.yaml:1',
    /leads back to itself: p > p/,
  ],
  [
    'a circle below a question',
    {
      'procedures/p.yaml':
        'ask: Which?\noptions:\n  - id: one\n    label: One\n    then: { title: A, steps: [Do it.] }\n  - id: two\n    label: Two\n    then:\n      use: p\n',
    },
    'procedures/p.yaml:9',
    /leads back to itself/,
  ],
];

describe('a fault is refused with its file and its line', () => {
  test.each(faults)('%s', (_, files, at, says) => {
    const found = problemsOf({ 'procedures/keep.yaml': procedure, ...files });
    expect(
      found
        .map(({ file, line, message }) => `${file}:${line}: ${message}`)
        .filter((line) => line.startsWith(at) && says.test(line)),
    ).not.toEqual([]);
    for (const { line } of found) expect(line).toBeGreaterThanOrEqual(1);
  });
});

// A line that is only near is worse than none in a file of 200.
describe('unknown keys point to their own line', () => {
  test.each<Fault>([
    ['a misspelt key', { 'a.yaml': article({ title: 'titel: The title' }) }, 'a.yaml:2', /titel/],
    [
      'an unknown key',
      { 'a.yaml': article({ related: 'related: []\nseverity: high' }) },
      'a.yaml:13',
      /severity/,
    ],
    [
      'a misspelt key in a procedure',
      { 'procedures/p.yaml': 'title: A\nsteps: [Do it.]\ncheks: [Look.]\n' },
      'procedures/p.yaml:3',
      /cheks/,
    ],
    [
      'a way that is none',
      { 'procedures/p.yaml': 'title: A\nways:\n  gmail:\n    steps: [Do it.]\n' },
      'procedures/p.yaml:3',
      /gmail/,
    ],
  ])('%s', (_, files, at, says) => {
    expect(
      problemsOf(files).map(({ file, line, message }) => [`${file}:${line}`, says.test(message)]),
    ).toContainEqual([at, true]);
  });
});

test('all faults of all files are listed at once, in one message', () => {
  const files = {
    'a.yaml': article({ looksLike: 'looksLike: ""', lasting: 'lasting: forever', related: 'related: [c]' }),
    'b.yaml': article({ related: 'related: [a, c]', audiences: 'audiences:\n  sender:\n    use: nowhere' }),
    'procedures/p.yaml': 'title: A\n',
  };
  const found = problemsOf(files);
  const at = (file: string): string[] =>
    found.filter((problem) => problem.file === file).map(({ message }) => message);
  expect(at('a.yaml')).toHaveLength(2);
  // What points to a file with a fault of its own is no second fault.
  expect(at('b.yaml')).toEqual(['there is no procedures/nowhere.yaml', 'there is no article "c"']);
  expect(at('procedures/p.yaml')).toHaveLength(1);
  const { message } = new KnowledgeError(found);
  for (const { file, line } of found) expect(message).toContain(`${file}:${line}: `);
});

describe('what is shipped', () => {
  const knowledge = loadKnowledge(join(root, 'knowledge'));

  test('is valid and complete', () => {
    expect(knowledge.articles.size).toBeGreaterThanOrEqual(200);
    expect(knowledge.registry.size).toBeGreaterThanOrEqual(60);
  });

  test('every shared procedure is used', () => {
    const used = JSON.stringify([[...knowledge.articles.values()], [...knowledge.shared.values()]]);
    expect([...knowledge.shared.keys()].filter((id) => !used.includes(`{"use":"${id}"}`))).toEqual([]);
  });

  test('no file is left out', () => {
    const files = readdirSync(join(root, 'knowledge')).filter(
      (name) => name.endsWith('.yaml') || name.endsWith('.yml'),
    );
    expect(files).toHaveLength(knowledge.articles.size);
  });

  test('every code pattern of the registry has a general answer behind it', () => {
    const general = [...knowledge.articles.values()]
      .filter((article_) => article_.general)
      .flatMap(({ codes }) => codes);
    for (const wanted of [
      '2.*.*',
      '4.*.*',
      '5.*.*',
      ...[0, 1, 2, 3, 4, 5, 6, 7].flatMap((subject) => [`4.${subject}.*`, `5.${subject}.*`]),
    ])
      expect(general).toContain(wanted);
  });

  test('no date lies in the future of its commit, no article is older than the research', () => {
    for (const { id, checked } of knowledge.articles.values())
      expect([id, checked >= '2026-01-01' && checked <= '2027-12-31']).toEqual([id, true]);
  });
});

describe('the program itself', () => {
  const program = join(root, 'dist/index.js');
  /** Runs the built bot on a folder of its own until it listens or has ended; what it has said by then. */
  const start = (directory: string): Promise<{ status: number | null; stdout: string; stderr: string }> =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, [program], {
        env: {
          PATH: process.env['PATH'],
          KNOWLEDGE_DIR: directory,
          PORT: '0',
          HOST: '127.0.0.1',
          STORAGE: 'memory',
        },
        cwd: tmpdir(),
        timeout: 20_000,
      });
      let [stdout, stderr] = ['', ''];
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        stdout += text;
        if (stdout.includes('"listening"')) child.kill();
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
      child.once('close', (status) => {
        resolve({ status, stdout, stderr });
      });
    });

  // `npm test` builds first; a bare jest on a fresh clone has nothing to start.
  const built = existsSync(program) ? test : test.skip;
  built('starts without an article of its folder that has a typo, and says where it is', async () => {
    const directory = folder({
      '5.7.124-allowed-senders.yaml': article({ lasting: 'lasting: forver' }),
      'ours.yaml': article(),
    });
    const { stderr, stdout } = await start(directory);
    expect(stderr).toBe('');
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
    const lineOf = (message: string) => lines.find((line) => line['message'] === message);
    expect(lineOf('knowledge of the organization')).toMatchObject({
      level: 'warn',
      own: { articles: 1 },
      refused: [expect.stringMatching(/^5\.7\.124-allowed-senders\.yaml:5: lasting/)],
    });
    expect(lineOf('listening')).toMatchObject({
      articles: loadKnowledge(join(root, 'knowledge')).articles.size + 1,
    });
  });

  built('does not start without its folder, and says which', async () => {
    const missing = join(tmpdir(), 'bounce-desk-no-such-folder');
    const { status, stderr, stdout } = await start(missing);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain(missing);
    expect(stderr).not.toMatch(/\bat \w.*:\d+:\d+/);
  });
});

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadBase } from '../../src/knowledge/load';
import { listOwnFolder, readOwnFiles } from '../../src/knowledge/own-folder';
import { lay } from '../../src/knowledge/overlay';
import { sentence } from '../../src/knowledge/load';
import type { Problem } from '../../src/knowledge/source';
import { root } from '../guide/core';

const base = loadBase(join(root, 'knowledge'));

const article = (tree: string, more = ''): string =>
  [
    'codes: ["5.7.124"]',
    'title: Our own words',
    'summary: What happened to {recipient}.',
    'looksLike: It says so',
    'lasting: permanent',
    'whoCanFix: [sender]',
    'audiences:',
    '  sender:',
    `    ${tree}`,
    'sources:',
    '  - label: A page',
    '    url: https://example.org/a',
    `checked: 2026-11-21${more}`,
    '',
  ].join('\n');
const good = article('{ title: Ask us, steps: [Call the help desk.] }');
const steps = 'title: Our steps\nsteps: [Call the help desk.]\n';

const texts = (files: Readonly<Record<string, string>>) =>
  Object.entries(files).map(([file, text]) => ({ file, text }));
const laid = (files: Readonly<Record<string, string>>) => lay(base, texts(files));

test('nothing of its own: ours, unchanged', () => {
  const { knowledge, own, refused } = laid({});
  expect([own, refused]).toEqual([{ articles: 0, procedures: 0, notes: 0 }, []]);
  expect(knowledge.articles.size).toBe(base.articles.size);
});

test('a file with the name of ours replaces it, others are added, and ours may lead to them', () => {
  const { knowledge, own, refused } = laid({
    '5.7.124-allowed-senders.yaml': good,
    '5.7.999-ours.yaml': article('use: our-desk'),
    'procedures/our-desk.yaml': steps,
    'procedures/ask-recipient-admin.yaml': steps,
  });
  expect(refused).toEqual([]);
  expect(own).toEqual({ articles: 2, procedures: 2, notes: 0 });
  expect(knowledge.articles.size).toBe(base.articles.size + 1);
  expect(knowledge.articles.get('5.7.124-allowed-senders')).toMatchObject({
    id: '5.7.124-allowed-senders',
    title: 'Our own words',
  });
  expect(knowledge.shared.get('ask-recipient-admin')).toMatchObject({ title: 'Our steps' });
  expect(knowledge.registry).toBe(base.registry);
});

/** What is wrong, the files, what is refused where, and the words of the reason. */
type Fault = readonly [
  name: string,
  files: Readonly<Record<string, string>>,
  refused: readonly (readonly [at: string, says: RegExp])[],
];

const faults: readonly Fault[] = [
  [
    'a typo',
    { '5.7.124-allowed-senders.yaml': good.replace('permanent', 'forver') },
    [['5.7.124-allowed-senders.yaml:5', /lasting/]],
  ],
  [
    'a name that no button can carry',
    { [`${'a'.repeat(81)}.yaml`]: good },
    [[`${'a'.repeat(81)}.yaml:1`, /80 characters/]],
  ],
  ['YAML that is none', { 'a.yaml': '{' }, [['a.yaml:1', /\S/]]],
  [
    'a use that leads nowhere',
    { 'a.yaml': article('use: nowhere') },
    [['a.yaml:9', /there is no procedures\/nowhere\.yaml/]],
  ],
  [
    'related that leads nowhere',
    { 'a.yaml': article('use: ask-my-admin', '\nrelated: [nowhere]') },
    [['a.yaml:14', /there is no article "nowhere"/]],
  ],
  ['an http source', { 'a.yaml': good.replace('https:', 'http:') }, [['a.yaml:12', /https/]]],
  [
    'an http link in prose',
    { 'a.yaml': good.replace('What happened', 'See [this](http://example.org)') },
    [['a.yaml:3', /markup/]],
  ],
  [
    'a link of another kind in a procedure',
    { 'procedures/a.yaml': `${steps}links:\n  - { label: A, url: "javascript:alert(1)" }\n` },
    [['procedures/a.yaml:4', /https/]],
  ],
  [
    'what leads to a file that is refused is refused as well',
    {
      'a.yaml': article('use: b'),
      'procedures/b.yaml': 'use: c\n',
      'procedures/c.yaml': 'title: C\n',
      'd.yaml': article('use: ask-my-admin', '\nrelated: [a]'),
    },
    [
      ['procedures/c.yaml:1', /either steps or ways/],
      ['procedures/b.yaml:1', /there is no procedures\/c\.yaml/],
      ['a.yaml:9', /there is no procedures\/b\.yaml/],
      ['d.yaml:14', /there is no article "a"/],
    ],
  ],
  [
    'a circle through one of ours',
    {
      'procedures/ask-my-admin.yaml': 'use: smtp-auth-device\n',
      'procedures/smtp-auth-enable.yaml': 'use: smtp-auth-device\n',
    },
    [['procedures/smtp-auth-enable.yaml:1', /leads back to itself/]],
  ],
  [
    'a bomb of aliases',
    {
      'a.yaml': `a: &a [x, x]\n${'bcdefghij'
        .split('')
        .map((name, at) => `${name}: &${name} [${`*${'abcdefghi'[at] ?? ''}, `.repeat(9)}]`)
        .join('\n')}\n`,
    },
    [['a.yaml:1', /alias/i]],
  ],
  [
    'a tree deeper than the stack',
    { 'procedures/a.yaml': '{ask: A, options: [{id: a, label: A, then: '.repeat(2300) },
    [['procedures/a.yaml:1', /\S/]],
  ],
];

describe('a faulty file is refused with file, line and reason, and the rest is served', () => {
  test.each(faults)('%s', (_, files, expected) => {
    const { knowledge, refused } = laid({ ...files, 'keep.yaml': good });
    const said = refused.map(sentence);
    for (const [at, says] of expected)
      expect(said.filter((line) => line.startsWith(`${at}: `) && says.test(line))).not.toEqual([]);
    const named = new Set(expected.map(([at]) => at.replace(/:\d+$/, '')));
    expect(new Set(refused.map(({ file }) => file))).toEqual(named);
    expect(knowledge.articles.has('keep')).toBe(true);
    // Ours stands in.
    for (const [id, { value }] of base.articles)
      if (!(`${id}.yaml` in files) || named.has(`${id}.yaml`))
        expect(knowledge.articles.get(id)).toEqual({ ...value, id });
  });
});

describe('notes.yaml', () => {
  const notes = (text: string) => {
    const { knowledge, own, refused } = laid({ 'notes.yaml': text });
    return {
      knowledge,
      own,
      refused: refused.map(sentence),
      of: (id: string) => knowledge.notes.get(knowledge.articles.get(id) ?? {}) ?? [],
    };
  };
  const link = { label: 'Unblock portal', url: 'https://portal.example.org/unblock' };

  test('hangs on one article, on several, and on a family', () => {
    const { refused, own, of, knowledge } = notes(
      [
        '- for: 5.1.8-account-stopped',
        '  text: Call 1234.',
        '  link: { label: Unblock portal, url: "https://portal.example.org/unblock" }',
        '- for: [5.2.2-mailbox-full, "gmail-*"]',
        '  text: Only in office hours.',
        '- for: "*"',
        '  link: { label: Unblock portal, url: "https://portal.example.org/unblock" }',
      ].join('\n'),
    );
    expect(refused).toEqual([]);
    expect(own.notes).toBe(3);
    expect(of('5.1.8-account-stopped')).toEqual([{ text: 'Call 1234.', link }, { link }]);
    expect(of('5.2.2-mailbox-full')).toEqual([{ text: 'Only in office hours.' }, { link }]);
    expect(of('gmail-spf')).toHaveLength(2);
    expect(of('5.7.124-allowed-senders')).toEqual([{ link }]);
    for (const one of knowledge.shared.values()) expect(knowledge.notes.has(one)).toBe(false);
  });

  test('hangs on every procedure that a file writes out, not on those it leads to', () => {
    const { refused, knowledge } = notes(
      '- for: procedures/ask-my-admin\n  text: Open a ticket.\n- for: "procedures/open-mailbox-*"\n  text: Only with approval.\n',
    );
    expect(refused).toEqual([]);
    const hung = [...knowledge.shared].filter(([, node]) => knowledge.notes.has(node)).map(([id]) => id);
    expect(hung).toEqual(
      [...base.shared.keys()].filter((id) => id === 'ask-my-admin' || id.startsWith('open-mailbox-')),
    );
  });

  test.each([
    [
      'http',
      '- for: "*"\n  link: { label: A, url: "http://portal.example.org" }',
      'notes.yaml:2: 0.link.url',
      0,
    ],
    ['no text and no link', '- for: "*"', 'notes.yaml:1: 0: a note has a text, a link or both', 0],
    ['unfinished markup', '- for: "*"\n  text: Call **1234', 'notes.yaml:2: 0.text: unfinished markup', 0],
    ['an unknown fact', '- for: "*"\n  text: Call {phone}', 'notes.yaml:2: 0.text: {phone}', 0],
    ['a misspelt key', '- for: "*"\n  text: Call 1234\n  txt: A', 'notes.yaml:3: 0: Unrecognized key', 0],
    [
      'nothing of that name',
      '- for: "*"\n  text: Call 1234.\n- for: 5.1.8-account-stoped\n  text: A',
      'notes.yaml:3: nothing to hang a note on is called "5.1.8-account-stoped"',
      1,
    ],
    [
      'a tree without steps of its own',
      '- for: procedures/open-recipient\n  text: A',
      'notes.yaml:1: nothing to hang a note on is called "procedures/open-recipient"',
      0,
    ],
    [
      'a fourth note on one card',
      '- { for: greylisted, text: A }\n'.repeat(4),
      'notes.yaml:4: "greylisted": a card has room for 3 notes',
      3,
    ],
  ])('%s is refused with its line', (_, text, reason, served) => {
    const { refused, of } = notes(text);
    expect(refused).toHaveLength(1);
    expect(refused[0]).toContain(reason);
    expect(of('greylisted')).toHaveLength(served);
  });
});

describe('the folder', () => {
  const made: string[] = [];
  afterAll(() => {
    for (const directory of made) rmSync(directory, { recursive: true, force: true });
  });
  function folder(files: Readonly<Record<string, string>>): string {
    const directory = mkdtempSync(join(tmpdir(), 'bounce-desk-own-'));
    made.push(directory);
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, name)), { recursive: true });
      writeFileSync(join(directory, name), text);
    }
    return directory;
  }

  test('only plain .yaml files of the folder and of procedures/ are read', async () => {
    const directory = folder({
      'a.yaml': good,
      'notes.yaml': '',
      'readme.md': 'x',
      'b.yml': good,
      'procedures/p.yaml': steps,
      'registry/r.yaml': 'x',
      'deep/c.yaml': good,
      'secret/s.yaml': good,
    });
    mkdirSync(join(directory, 'folder.yaml'));
    symlinkSync(join(directory, 'secret/s.yaml'), join(directory, 'link.yaml'));
    const { files, refused } = await listOwnFolder(directory);
    expect(files).toEqual(['a.yaml', 'notes.yaml', 'procedures/p.yaml']);
    expect(refused.map(sentence)).toEqual([
      'b.yml:1: the name must end in .yaml',
      'link.yaml:1: a link, and links are not followed',
    ]);
  });

  test('a link in place of procedures/ is not followed', async () => {
    const directory = folder({ 'elsewhere/p.yaml': steps });
    symlinkSync(join(directory, 'elsewhere'), join(directory, 'procedures'));
    expect((await listOwnFolder(directory)).files).toEqual([]);
  });

  test('what is too large or too many is refused', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 1001 }, (_, at) => [`n${String(at).padStart(4, '0')}.yaml`, '']),
    );
    const { files, refused } = await listOwnFolder(folder({ ...many, 'a.yaml': `# ${'x'.repeat(102_400)}` }));
    expect(files).toHaveLength(1000);
    expect(refused.map(sentence)).toEqual([
      'a.yaml:1: larger than 102400 bytes',
      'n1000.yaml:1: one of more than 1000 files',
    ]);
  });

  test('a file that is gone when it is read is refused, the others are read', async () => {
    const refused: Problem[] = [];
    const read = await readOwnFiles(folder({ 'a.yaml': good }), ['a.yaml', 'b.yaml'], refused);
    expect(read).toEqual([{ file: 'a.yaml', text: good }]);
    expect(refused.map(sentence)).toEqual(['b.yaml:1: cannot be read (ENOENT)']);
  });
});

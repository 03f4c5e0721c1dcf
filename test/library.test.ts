import { mkdtempSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import files from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadBase } from '../src/knowledge/load';
import { openLibrary, type LiveLibrary } from '../src/library';
import { createLog } from '../src/log';
import { root } from './guide/core';

const base = loadBase(join(root, 'knowledge'));
const article = readFileSync(join(root, 'knowledge/greylisted.yaml'), 'utf8');

const made: string[] = [];
afterAll(() => {
  for (const directory of made) rmSync(directory, { recursive: true, force: true });
});

interface Line {
  level: string;
  message: string;
  articles?: number;
  own?: object;
  refused?: string[];
}

/** A library with a folder of its own; `settle` are the two looks after which a change counts. */
async function opened(pollMs = 0) {
  const directory = mkdtempSync(join(tmpdir(), 'bounce-desk-library-'));
  made.push(directory);
  const lines: Line[] = [];
  const log = createLog({
    stream: { write: (line: string) => lines.push(JSON.parse(line) as Line) },
    level: 'info',
    now: () => new Date(0),
  });
  const library = await openLibrary({ base, own: directory, pollMs, log });
  let edits = 0;
  return {
    library,
    lines,
    directory,
    write: (name: string, text: string): void => {
      writeFileSync(join(directory, name), text);
      // Two edits within one tick of the file system's clock must differ.
      edits += 1;
      utimesSync(join(directory, name), edits, edits);
    },
    settle: async (): Promise<void> => {
      await library.check();
      await library.check();
    },
  };
}

const has = ({ current }: LiveLibrary, id: string): boolean => current.knowledge.articles.has(id);

test('without a folder of its own the library is ours and says nothing', async () => {
  const lines: string[] = [];
  const log = createLog({
    stream: { write: (line: string) => lines.push(line) },
    level: 'debug',
    now: () => new Date(0),
  });
  const library = await openLibrary({ base, own: undefined, pollMs: 5, log });
  const { current } = library;
  await library.check();
  expect([library.current === current, current.knowledge.articles.size, lines]).toEqual([
    true,
    base.articles.size,
    [],
  ]);
});

test('a folder that is not there stops the start, and is named', async () => {
  const log = createLog({ stream: { write: () => true }, level: 'info', now: () => new Date(0) });
  const own = join(tmpdir(), 'bounce-desk-no-such-folder');
  await expect(openLibrary({ base, own, pollMs: 0, log })).rejects.toMatchObject({
    code: 'KNOWLEDGE_INVALID',
    message: expect.stringContaining(
      `${own}:1: this folder (KNOWLEDGE_DIR) cannot be read (ENOENT)`,
    ) as string,
  });
});

test('a change is served once it has settled, and told in one line', async () => {
  const { library, lines, write, settle } = await opened();
  expect(lines).toEqual([
    expect.objectContaining({
      level: 'info',
      message: 'knowledge of the organization',
      articles: base.articles.size,
      own: { articles: 0, procedures: 0, notes: 0 },
      refused: [],
    }),
  ]);
  const before = library.current;
  write('ours.yaml', article);
  await library.check();
  expect(library.current).toBe(before); // Somebody may still be copying.
  await library.check();
  expect(has(library, 'ours')).toBe(true);
  // The three are replaced together.
  const { knowledge, guide } = library.current;
  expect(guide.paths('ours').length).toBeGreaterThan(1);
  expect(knowledge).not.toBe(before.knowledge);
  expect(has({ ...library, current: before }, 'ours')).toBe(false);
  expect(lines.slice(1)).toEqual([
    expect.objectContaining({
      level: 'info',
      message: 'knowledge reloaded',
      articles: base.articles.size + 1,
      own: { articles: 1, procedures: 0, notes: 0 },
      refused: [],
    }),
  ]);
  const served = library.current;
  await settle();
  expect([library.current === served, lines.length]).toEqual([true, 2]);
});

test('a file that is still changing is waited for', async () => {
  const { library, write } = await opened();
  write('ours.yaml', article.slice(0, 40));
  await library.check();
  write('ours.yaml', article);
  await library.check();
  expect(has(library, 'ours')).toBe(false);
  await library.check();
  expect(has(library, 'ours')).toBe(true);
});

test('a fault is told with file and line, the rest is served, ours stands in; mended and removed files are seen', async () => {
  const { library, lines, write, settle, directory } = await opened();
  write('greylisted.yaml', article.replace(/^title: .*$/m, 'title: Ours'));
  write('other.yaml', article);
  await settle();
  const titleOf = (): string | undefined => library.current.knowledge.articles.get('greylisted')?.title;
  expect(titleOf()).toBe('Ours');
  write('greylisted.yaml', article.replace(/^lasting: .*$/m, 'lasting: never'));
  await settle();
  expect(titleOf()).toBe(base.articles.get('greylisted')?.value.title);
  expect(has(library, 'other')).toBe(true);
  expect(lines.at(-1)).toMatchObject({
    level: 'warn',
    message: 'knowledge reloaded',
    own: { articles: 1, procedures: 0, notes: 0 },
    refused: [expect.stringMatching(/^greylisted\.yaml:\d+: lasting: /)],
  });
  rmSync(join(directory, 'greylisted.yaml'));
  rmSync(join(directory, 'other.yaml'));
  await settle();
  expect(lines.at(-1)).toMatchObject({ level: 'info', articles: base.articles.size, refused: [] });
  expect(lines).toHaveLength(4);
});

test('a folder that is away for a while keeps what it had, and is told of once', async () => {
  const { library, lines, write, settle, directory } = await opened();
  write('ours.yaml', article);
  await settle();
  renameSync(directory, `${directory}-away`);
  await settle();
  await settle();
  expect(has(library, 'ours')).toBe(true);
  expect(lines.filter(({ message }) => message === 'knowledge not reloaded')).toHaveLength(1);
  renameSync(`${directory}-away`, directory);
  write('more.yaml', article);
  await settle();
  expect(has(library, 'more')).toBe(true);
});

test('it looks by itself until it is stopped', async () => {
  const { library, write } = await opened(5);
  write('ours.yaml', article);
  for (let waited = 0; waited < 400 && !has(library, 'ours'); waited += 1)
    await new Promise((resolve) => setTimeout(resolve, 5));
  expect(has(library, 'ours')).toBe(true);
  library.stop();
  await new Promise((resolve) => setTimeout(resolve, 20)); // A look may be under way.
  write('more.yaml', article);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(has(library, 'more')).toBe(false);
});

test('a file that could not be read is tried again without a change, and told of once', async () => {
  const { library, lines, write, settle } = await opened();
  write('ours.yaml', article);
  write('more.yaml', article);
  const readFile = files.readFile.bind(files);
  const reading = jest
    .spyOn(files, 'readFile')
    .mockImplementation((...how: Parameters<typeof files.readFile>) =>
      typeof how[0] === 'string' && how[0].endsWith('ours.yaml')
        ? Promise.reject(Object.assign(new Error('inner words'), { code: 'EIO' }))
        : readFile(...how),
    );
  await settle();
  await settle();
  expect([has(library, 'ours'), has(library, 'more')]).toEqual([false, true]);
  expect(lines.slice(1).map(({ refused }) => refused)).toEqual([['ours.yaml:1: cannot be read (EIO)']]);
  reading.mockRestore();
  await library.check();
  expect(has(library, 'ours')).toBe(true);
  expect(lines.slice(2).map(({ refused }) => refused)).toEqual([[]]);
});

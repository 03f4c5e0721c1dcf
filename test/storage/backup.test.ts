import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedStorage } from '../../src/storage/embedded';
import type { KeyValueStorage } from '../../src/storage/storage';
import { root } from '../guide/core';

jest.setTimeout(60_000);

const scratch = mkdtempSync(join(tmpdir(), 'bounce-desk-backup-'));
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});
const folder = join(scratch, 'data');
const open = (path: string): Promise<KeyValueStorage> =>
  openEmbeddedStorage({ folder: path, now: () => new Date(), newId: randomUUID });

const backUp = (env: NodeJS.ProcessEnv, ...args: string[]) =>
  spawnSync(process.execPath, [join(root, 'scripts/backup.mjs'), ...args], {
    cwd: scratch,
    env: { PATH: process.env['PATH'], ...env },
    encoding: 'utf8',
  });

test('a backup while the bot runs can be opened, and has all of it', async () => {
  const storage = await open(folder);
  const keys = Array.from({ length: 500 }, (_, index) => `k/${index}`);
  await storage.write(Object.fromEntries(keys.map((key, n) => [key, { n }])));
  const copy = join(scratch, 'copy');
  expect(backUp({ DATA_DIR: folder }, copy)).toMatchObject({
    status: 0,
    stdout: `${folder} is copied to ${copy}.\n`,
  });
  await storage.write({ 'k/0': { n: 'later' } });
  const copied = await open(copy);
  const items = await copied.read(keys);
  expect(keys.map((key) => items[key]?.['n'])).toEqual(keys.map((_, n) => n));
  expect((await storage.read(['k/0']))['k/0']?.['n']).toBe('later');
  await copied.close();
  await storage.close();
  expect(statSync(copy).mode & 0o777).toBe(0o700);
});

test.each<[name: string, env: NodeJS.ProcessEnv, args: string[], sentence: string]>([
  ['no folder named', {}, [], 'Name a folder to copy to: node scripts/backup.mjs FOLDER\n'],
  [
    'no data',
    { DATA_DIR: 'nowhere' },
    ['x'],
    "There are no data in nowhere: set DATA_DIR to the bot's folder.\n",
  ],
  ['a folder in use', {}, ['full'], 'full is not empty: name a new folder.\n'],
])('%s', async (_, env, args, sentence) => {
  await (await open(folder)).close();
  await (await open(join(scratch, 'full'))).close();
  writeFileSync(join(scratch, '.env'), 'DATA_DIR=data\n');
  expect(backUp(env, ...args)).toMatchObject({ status: 1, stderr: sentence });
});

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openEmbeddedStorage } from '../../src/storage/embedded';
import { networkOf } from '../../src/storage/embedded-folder';
import { StorageError, type KeyValueStorage } from '../../src/storage/storage';
import { root } from '../guide/core';
import { describeContract } from './contract';

const scratch = mkdtempSync(join(tmpdir(), 'bounce-desk-embedded-'));
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});
let folders = 0;
const newFolder = (): string => join(scratch, `folder.${(folders += 1)}`, 'data');

const open = (folder: string): Promise<KeyValueStorage> =>
  openEmbeddedStorage({ folder, now: () => new Date(), newId: randomUUID });

describeContract('embedded', {
  isAtomic: true,
  many: 5_001,
  rounds: 60,
});

/** What a folder of ours that was closed in peace looks like. */
async function makeGood(folder: string): Promise<void> {
  const storage = await open(folder);
  for (let from = 0; from < 2_000; from += 500)
    await storage.write(
      Object.fromEntries(
        Array.from({ length: 500 }, (_, n) => [`key/${from + n}`, { text: 'v'.repeat(1_000) }]),
      ),
    );
  await storage.close();
}

const keysOf = async (storage: KeyValueStorage): Promise<number> => {
  let count = 0;
  for await (const { key } of storage.list('')) count += key === '' ? 0 : 1;
  return count;
};

describe('a folder that cannot be used is one sentence at the start, never the end of the process', () => {
  const good = newFolder();
  beforeAll(() => makeGood(good));
  const data = (folder: string): string => join(folder, 'data.mdb');
  const overwrite = (file: string, bytes: Buffer, position: number): void => {
    writeSync(openSync(file, 'r+'), bytes, 0, bytes.length, position);
  };
  const size = (folder: string): number => statSync(data(folder)).size;

  test.each<[name: string, damage: (folder: string) => void]>([
    [
      'half of it',
      (folder) => {
        truncateSync(data(folder), size(folder) >> 1);
      },
    ],
    [
      'two pages',
      (folder) => {
        truncateSync(data(folder), 8_192);
      },
    ],
    [
      'one page',
      (folder) => {
        truncateSync(data(folder), 4_096);
      },
    ],
    [
      'a hundred bytes',
      (folder) => {
        truncateSync(data(folder), 100);
      },
    ],
    [
      'noise',
      (folder) => {
        writeFileSync(data(folder), randomBytes(100_000));
      },
    ],
    [
      'a text',
      (folder) => {
        writeFileSync(data(folder), 'hello world '.repeat(10_000));
      },
    ],
    [
      'zeros at the beginning',
      (folder) => {
        overwrite(data(folder), Buffer.alloc(8_192), 0);
      },
    ],
    [
      'zeros in the second page',
      (folder) => {
        overwrite(data(folder), Buffer.alloc(4_096), 4_096);
      },
    ],
    [
      'zeros in all others',
      (folder) => {
        overwrite(data(folder), Buffer.alloc(size(folder) - 8_192), 8_192);
      },
    ],
  ])('damaged: %s', (_, damage) => {
    const folder = newFolder();
    cpSync(good, folder, { recursive: true });
    damage(folder);
    // In a process of its own: LMDB would end ours.
    const { status, stderr } = runChild(folder, 'create');
    expect(stderr).toContain(
      `StorageError: The storage cannot be used: the data in the folder ${folder} (DATA_DIR) is damaged, or not ours`,
    );
    expect(status).toBe(1);
  });

  test.each<[name: string, spoil: (folder: string) => void, sentence: string]>([
    [
      'the data is a folder',
      (folder) => {
        mkdirSync(data(folder), { recursive: true });
      },
      'data.mdb (DATA_DIR) cannot be read and written (not a file)',
    ],
    [
      'the lock is a folder',
      (folder) => {
        mkdirSync(join(folder, 'lock.mdb'), { recursive: true });
      },
      'lock.mdb (DATA_DIR) cannot be read and written (not a file)',
    ],
    [
      'the folder is a file',
      (folder) => {
        mkdirSync(join(folder, '..'));
        writeFileSync(folder, '');
      },
      'data (DATA_DIR) cannot be made (EEXIST)',
    ],
    [
      'the folder is in a file',
      (folder) => {
        writeFileSync(join(folder, '..'), '');
      },
      'data (DATA_DIR) cannot be made (ENOTDIR)',
    ],
  ])('%s', async (_, spoil, sentence) => {
    const folder = newFolder();
    spoil(folder);
    const error: unknown = await open(folder).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(StorageError);
    expect(error).toMatchObject({
      code: 'STORAGE_UNUSABLE',
      message: expect.stringContaining(sentence) as string,
    });
  });

  test('somebody else\u2019s folder', async () => {
    const folder = newFolder();
    mkdirSync(folder, { recursive: true, mode: 0o500 });
    const { seteuid } = process;
    const isRoot = process.geteuid?.() === 0;
    if (isRoot) seteuid?.(65_534);
    try {
      await expect(open(folder)).rejects.toThrow(
        /\((?:EACCES|EPERM)\)\. .* set DATA_DIR to another folder\.$/,
      );
    } finally {
      if (isRoot) seteuid?.(0);
    }
  });

  test('a file that only lacks pages nobody uses is whole', async () => {
    const folder = newFolder();
    await makeGood(folder);
    const used = size(folder);
    const storage = await open(folder);
    await storage.write({ big: { text: 'x'.repeat(2_000_000) } });
    await storage.delete(['big']);
    await storage.write({ small: {} });
    await storage.write({ smaller: {} });
    await storage.close();
    const full = size(folder);
    expect(full).toBeGreaterThan(used + 2_000_000);
    truncateSync(data(folder), full - 1_000_000);
    const again = await open(folder);
    expect(await keysOf(again)).toBe(2_002);
    await again.write({ big: { text: 'x'.repeat(2_000_000) } });
    await again.close();
  });

  test.each<[number, string | undefined]>([
    [0x6969, 'NFS'],
    [0xfe534d42, 'SMB'],
    [0xfe534d42 | 0, 'SMB'],
    [0x517b, 'SMB'],
    [0xff534d42, 'CIFS'],
    [0xef53, undefined],
    [0x01021994, undefined],
  ])('file system %p is the network\u2019s: %p', (type, network) => {
    expect(networkOf(type)).toBe(network);
  });
});

test('a record that is not ours is a fault, not a value, and stops no list', async () => {
  const folder = newFolder();
  const storage = await open(folder);
  const { open: openLmdb } = await import('lmdb');
  const db = openLmdb<Buffer, Buffer>({
    path: folder,
    noSubdir: false,
    encoding: 'binary',
    keyEncoding: 'binary',
  });
  for (const text of ['', '{}', '[]\n{}', '["1"]\n{}', '["1",2]', '["1",2]\n{', 'x\n{}']) {
    await db.put(Buffer.from('a'), Buffer.from(text));
    await expect(storage.read(['a'])).rejects.toThrow();
  }
  await storage.write({ b: {} });
  expect(await keysOf(storage)).toBe(1);
  await db.close();
});

test('after close every call is refused, and the process lives', async () => {
  const storage = await open(newFolder());
  await storage.write({ a: {} });
  await storage.close();
  await expect(storage.read(['a'])).rejects.toThrow();
  await expect(storage.write({ a: {} })).rejects.toThrow();
  await expect(storage.create('b', {})).rejects.toThrow();
  await expect(storage.delete(['a'])).rejects.toThrow();
  await expect(storage.deleteOlder(['a'], new Date())).rejects.toThrow();
  await expect(keysOf(storage)).rejects.toThrow();
});

test('what was begun before close is done', async () => {
  const folder = newFolder();
  const storage = await open(folder);
  const writes = Array.from({ length: 200 }, (_, n) => storage.write({ [`k${n}`]: { n } }));
  await storage.close();
  await Promise.all(writes);
  const again = await open(folder);
  expect(await keysOf(again)).toBe(200);
  await again.close();
});

test('the folder is for its owner alone', async () => {
  const folder = newFolder();
  await (await open(folder)).close();
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});

const child = ['-r', join(root, 'test/storage/ts-require.cjs'), join(root, 'test/storage/embedded-child.ts')];

const runChild = (folder: string, task: string): { status: number | null; stderr: string } =>
  spawnSync(process.execPath, [...child, folder, task, 'x'], { encoding: 'utf8', timeout: 60_000 });

/** A process on the folder, and what it has said so far. */
function startChild(
  folder: string,
  task: string,
  word: string,
): { process: ChildProcess; said: () => string[]; opened: Promise<void> } {
  const started = spawn(process.execPath, [...child, folder, task, word], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  const opened = new Promise<void>((resolve) => {
    started.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (text.includes('open\n')) resolve();
    });
  });
  // The last line may have been cut.
  return { process: started, said: () => text.split('\n').slice(1, -1), opened };
}

describe('several processes', () => {
  test('killed in the middle of writing, again and again: all that was acknowledged is there', async () => {
    const folder = newFolder();
    /** By key: what was acknowledged last; null: that it is deleted. */
    const acknowledged = new Map<string, number | null>();
    for (let round = 0; round < 6; round += 1) {
      // In every other round somebody else has the folder open, and has to live with what the dead left behind.
      const witness = round % 2 === 0 ? null : await open(folder);
      const writer = startChild(folder, 'write', String(round));
      await writer.opened;
      await pause(randomInt(20, 500));
      writer.process.kill('SIGKILL');
      await once(writer.process, 'close');
      const said = writer.said();
      expect(said.length).toBeGreaterThan(0);
      for (const line of said) {
        const [key = '', n = ''] = line.split(' ');
        acknowledged.set(key, n === '-' ? null : Number(n));
      }
      const storage = witness ?? (await open(folder));
      for (const [key, n] of acknowledged) {
        const found = Number((await storage.read([key]))[key]?.['n'] ?? 0);
        if (key.startsWith('counter/')) {
          // What came after the last acknowledgement may be there, together with its other half.
          expect(found).toBeGreaterThanOrEqual(n ?? 0);
          expect(found).toBeLessThanOrEqual((n ?? 0) + 1);
          expect((await storage.read([`${key}/beside`]))[`${key}/beside`]?.['n']).toBe(found);
          acknowledged.set(key, found);
        } else if (n === null) expect(found).toBe(0);
        else if (n % 7 === 0) expect([n, 0]).toContain(found);
        else expect(found).toBe(n);
      }
      await storage.write({ alive: { n: round } });
      await storage.close();
    }
    expect(acknowledged.size).toBeGreaterThan(50);
  });

  test('of several that create the same keys at the same time, one wins each', async () => {
    const folder = newFolder();
    const processes = ['one', 'two', 'three'].map((word) => ({
      word,
      ...startChild(folder, 'create', word),
    }));
    await Promise.all(processes.map(({ process: started }) => once(started, 'close')));
    const winners = new Map<string, string>();
    for (const { word, said } of processes)
      for (const slot of said()) {
        expect(winners.get(slot)).toBeUndefined();
        winners.set(slot, word);
      }
    expect(winners.size).toBe(300);
    const storage = await open(folder);
    for (const [slot, word] of winners)
      expect((await storage.read([`slot/${slot}`]))[`slot/${slot}`]?.['by']).toBe(word);
    await storage.close();
  });

  test('of several that count at the same time, no addition is lost', async () => {
    const folder = newFolder();
    const storage = await open(folder);
    await storage.write({ counter: { n: 0 } });
    const processes = ['one', 'two', 'three'].map((word) => startChild(folder, 'count', word));
    await Promise.all(processes.map(({ process: started }) => once(started, 'close')));
    expect((await storage.read(['counter']))['counter']?.['n']).toBe(120);
    await storage.close();
  });
});

test('a full disk refuses writes, takes deletions, and takes writes again when there is room', async () => {
  let free = 1e9;
  let time = 0;
  const storage = await openEmbeddedStorage({
    folder: newFolder(),
    now: () => new Date((time += 2_000)),
    newId: randomUUID,
    freeBytes: () => Promise.resolve(free),
  });
  await storage.write({ a: { n: 1 }, b: { n: 1 } });
  free = 1e6;
  for (const refused of [storage.write({ a: { n: 2 } }), storage.create('c', {})])
    await expect(refused).rejects.toMatchObject({ code: 'STORAGE_FULL' });
  await storage.delete(['b']);
  expect(Object.keys(await storage.read(['a', 'b', 'c']))).toEqual(['a']);
  free = 1e9;
  expect(await storage.create('c', {})).toBe(true);
  await storage.close();
});

test.each<[string, () => Promise<number>]>([
  ['tells nothing', () => Promise.reject(new Error('ENOSYS'))],
  ['is nearly full, but not quite', () => Promise.resolve(32 * 1024 * 1024)],
])('a disk that %s is written to', async (_, freeBytes) => {
  const storage = await openEmbeddedStorage({
    folder: newFolder(),
    now: () => new Date(),
    newId: randomUUID,
    freeBytes,
  });
  expect(await storage.create('a', {})).toBe(true);
  await storage.close();
});

import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, mkdir, open, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isError } from '../log';
import { StorageError } from './storage';

/**
 * Make the folder, and look at what LMDB will find in it: over a file that is no database, or that lacks its end, LMDB ends the
 * process without a word. Here that becomes a sentence.
 * @throws StorageError
 */
export async function prepareFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
    throw new StorageError(
      `the folder ${folder} (DATA_DIR) cannot be made (${codeOf(cause)}). Let this program write there, or set DATA_DIR to another folder.`,
      { cause },
    );
  });
  await requireLocal(folder);
  for (const path of [folder, dataFile(folder), join(folder, 'lock.mdb')])
    await requireWritable(path, path === folder);
  try {
    if (await lacksPages(dataFile(folder))) await readInAnotherProcess(folder);
  } catch (cause) {
    throw damaged(folder, cause);
  }
}

export const damaged = (folder: string, cause: unknown): StorageError =>
  new StorageError(
    `the data in the folder ${folder} (DATA_DIR) is damaged, or not ours (${codeOf(cause)}). Put a backup in its place, or move it away to begin with nothing.`,
    { cause },
  );

export const inUse = (folder: string, cause: unknown): StorageError =>
  new StorageError(
    `the folder ${folder} (DATA_DIR) is in use by another container. Stop that one first, or give each a folder of its own.`,
    { cause },
  );

const dataFile = (folder: string): string => join(folder, 'data.mdb');

/** LMDB maps the file into memory, which over a network loses writes or ends the process. Numbers of statfs(2), Linux. */
const networks = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xfe534d42, 'SMB'],
  [0xff534d42, 'CIFS'],
]);

/** The name of a network's file system, by its number in statfs(2); undefined for all others. */
export const networkOf = (type: number): string | undefined => networks.get(type >>> 0);

async function requireLocal(folder: string): Promise<void> {
  if (process.platform !== 'linux') return;
  const network = networkOf((await statfs(folder)).type);
  if (network === undefined) return;
  throw new StorageError(
    `the folder ${folder} (DATA_DIR) is on a network drive (${network}), where it would be damaged. Set DATA_DIR to a folder on a disk of this machine, or STORAGE to azure-blob.`,
  );
}

async function requireWritable(path: string, isFolder: boolean): Promise<void> {
  try {
    const found = await stat(path);
    if (found.isDirectory() !== isFolder) throw new Error(isFolder ? 'not a folder' : 'not a file');
    await access(path, constants.R_OK | constants.W_OK);
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT' && !isFolder) return;
    throw new StorageError(
      `${path} (DATA_DIR) cannot be read and written (${codeOf(cause)}). Allow this program to do so, or set DATA_DIR to another folder.`,
      { cause },
    );
  }
}

/**
 * Whether a data file is shorter than it says. Often that is nothing, as LMDB leaves free pages at its end unwritten. On a machine of
 * 64 bits the two first pages say it (mdb.c, MDB_meta): magic at 24, format at 28, page size at 48, last page at 144. False for a
 * file that is not there or empty, and on other machines.
 * @throws for what is no such file.
 */
async function lacksPages(path: string): Promise<boolean> {
  if (process.arch === 'arm' || process.arch === 'ia32') return false;
  const file = await open(path, 'r').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  });
  if (file === null) return false;
  try {
    if ((await file.stat()).size === 0) return false;
    const first = await readMeta(file, 0);
    const pageSize = first.readUInt32LE(48);
    if (!pageSizes.includes(pageSize)) throw new Error('no page size of LMDB');
    const second = await readMeta(file, pageSize);
    const [lastOfFirst, lastOfSecond] = [first, second].map((meta) => meta.readBigUInt64LE(144));
    const lastPage = Math.max(Number(lastOfFirst), Number(lastOfSecond));
    // Asked for last: another process may be writing, and it lengthens the file before it says so.
    return (await file.stat()).size < (lastPage + 1) * pageSize;
  } finally {
    await file.close();
  }
}

const pageSizes = [512, 1024, 2048, 4096, 8192, 16_384, 32_768, 65_536];
const metaBytes = 168;

async function readMeta(file: Awaited<ReturnType<typeof open>>, position: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(metaBytes), 0, metaBytes, position);
  if (bytesRead < metaBytes || buffer.readUInt32LE(24) !== 0xbeefc0de || buffer.readUInt32LE(28) !== 2)
    throw new Error('no data file of LMDB');
  return buffer;
}

/** Reads every record and writes one: a process of its own may end as LMDB likes. */
const reader = `
const { open } = require(process.argv[1]);
const db = open({ path: process.argv[2], noSubdir: false, encoding: 'binary', keyEncoding: 'binary' });
for (const { value } of db.getRange()) if (value.indexOf(10) < 0) throw new Error('no record');
const key = Buffer.from([255]);
db.put(key, key).then(() => db.remove(key)).then(() => db.close());
`;

const readerMs = 60_000;

async function readInAnotherProcess(folder: string): Promise<void> {
  const args = ['-e', reader, require.resolve('lmdb'), folder];
  await promisify(execFile)(process.execPath, args, { timeout: readerMs });
}

/** What the system calls the failure, `EACCES`, or our own words for it. */
function codeOf(error: unknown): string {
  if (!isError(error)) return 'unknown reason';
  return 'code' in error ? String(error.code) : error.message;
}

import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Problem, TextFile } from './source';

/** The largest file that is read, in bytes: twenty times the longest article of ours. */
const maxBytes = 102_400;
/** Three times as many as we have. */
const maxFiles = 1_000;

/** A file that may be read, and what tells that it has changed. */
interface Entry {
  file: string;
  stamp: string;
}

/** What lies in an organization's folder. Two listings with the same `stamp` have the same files in the same state. */
export interface Listing {
  files: readonly string[];
  refused: readonly Problem[];
  stamp: string;
}

/**
 * List `<directory>/*.yaml` and `procedures/*.yaml`. Links and everything else but plain files are left out: they can
 * lead out of the folder. Asynchronous, because a share of the network may hang.
 * @throws what `readdir` throws when the folder is not there.
 */
export async function listOwnFolder(directory: string): Promise<Listing> {
  const refused: Problem[] = [];
  const entries = [
    ...(await listFolder(directory, '', refused)),
    ...((await isPlainFolder(join(directory, 'procedures')))
      ? await listFolder(directory, 'procedures/', refused)
      : []),
  ];
  for (const { file } of entries.slice(maxFiles))
    refused.push({ file, line: 1, message: `one of more than ${String(maxFiles)} files` });
  return {
    files: entries.slice(0, maxFiles).map(({ file }) => file),
    refused,
    stamp: JSON.stringify([entries.map(({ file, stamp }) => [file, stamp]), refused]),
  };
}

async function listFolder(directory: string, below: string, refused: Problem[]): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const name of (await readdir(join(directory, below))).sort()) {
    if (!/\.ya?ml$/i.test(name)) continue;
    const file = `${below}${name}`;
    const refuse = (message: string): void => {
      refused.push({ file, line: 1, message });
    };
    const status = await statusOf(join(directory, file));
    if (status === undefined) continue; // Gone since the folder was read.
    if (status.isSymbolicLink()) refuse('a link, and links are not followed');
    else if (!status.isFile()) continue;
    else if (!name.endsWith('.yaml')) refuse('the name must end in .yaml');
    else if (status.size > maxBytes) refuse(`larger than ${String(maxBytes)} bytes`);
    else
      entries.push({ file, stamp: `${String(status.size)} ${String(status.mtimeMs)} ${String(status.ino)}` });
  }
  return entries;
}

const isPlainFolder = async (path: string): Promise<boolean> =>
  (await statusOf(path))?.isDirectory() === true;

async function statusOf(path: string): Promise<Awaited<ReturnType<typeof lstat>> | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** The texts of listed files. One that has gone or grown since is a fault of that file. */
export async function readOwnFiles(
  directory: string,
  files: readonly string[],
  refused: Problem[],
): Promise<TextFile[]> {
  const texts: TextFile[] = [];
  for (const file of files) {
    try {
      const text = await readFile(join(directory, file), 'utf8');
      if (text.length <= maxBytes) texts.push({ file, text });
      else refused.push({ file, line: 1, message: `larger than ${String(maxBytes)} bytes` });
    } catch (error) {
      refused.push({ file, line: 1, message: `cannot be read (${codeOf(error)})` });
    }
  }
  return texts;
}

/** All of a folder at once, for a look at it from the command line. */
export async function readOwnFolder(directory: string): Promise<{ texts: TextFile[]; refused: Problem[] }> {
  const listing = await listOwnFolder(directory);
  const refused = [...listing.refused];
  return { texts: await readOwnFiles(directory, listing.files, refused), refused };
}

/** What the system calls the failure, `EACCES`. */
export const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown reason';

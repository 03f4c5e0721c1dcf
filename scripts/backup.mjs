/**
 * `node scripts/backup.mjs FOLDER`: a copy of what the embedded storage holds, as of one moment, also while the bot runs. The copy is a
 * folder that DATA_DIR may name. DATA_DIR is read from the environment, else from .env, else it is `data`.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { open } from 'lmdb';

const [to] = process.argv.slice(2);
const env = { ...(existsSync('.env') ? parse(readFileSync('.env')) : {}), ...process.env };
const from = env.DATA_DIR?.trim() || 'data';

const problem = problemOf();
if (problem === undefined) {
  mkdirSync(to, { recursive: true, mode: 0o700 });
  const db = open({ path: from, noSubdir: false, overlappingSync: false });
  // Compact: without the pages that nobody uses any more.
  await db.backup(join(to, '/'), true);
  await db.close();
  console.log(`${from} is copied to ${to}.`);
} else {
  console.error(problem);
  process.exitCode = 1;
}

function problemOf() {
  if (to === undefined) return 'Name a folder to copy to: node scripts/backup.mjs FOLDER';
  // Opening would make them, and a backup of nothing would look like one.
  if (!existsSync(join(from, 'data.mdb')))
    return `There are no data in ${from}: set DATA_DIR to the bot's folder.`;
  if (existsSync(to) && readdirSync(to).length > 0) return `${to} is not empty: name a new folder.`;
  return undefined;
}

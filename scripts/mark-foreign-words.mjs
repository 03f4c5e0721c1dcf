/**
 * Makes test/knowledge/foreign-words.bin: marks of every eight words in a row of texts that ours must not repeat.
 *
 *   node scripts/mark-foreign-words.mjs FOLDER...
 *
 * Reads every .md and .txt below the folders, which need not be part of the project: the marks tell nothing of the words
 * (src/knowledge/own-words.ts). Sorted, six bytes each, so that the same texts give the same file. Needs dist/.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const { markBytes, marksOf } = createRequire(join(root, 'dist', 'index.js'))('./knowledge/own-words.js');

const folders = process.argv.slice(2);
if (folders.length === 0) {
  console.error('usage: node scripts/mark-foreign-words.mjs FOLDER...');
  process.exit(2);
}
const files = folders.flatMap((folder) =>
  readdirSync(folder, { recursive: true })
    .filter((name) => /\.(?:md|txt)$/.test(name))
    .map((name) => join(folder, name)),
);
const marks = new Set(files.flatMap((file) => [...marksOf(readFileSync(file, 'utf8'))]));
const bytes = Buffer.alloc(marks.size * markBytes);
[...marks]
  .sort((a, b) => a - b)
  .forEach((mark, index) => bytes.writeUIntBE(mark, index * markBytes, markBytes));
writeFileSync(join(root, 'test', 'knowledge', 'foreign-words.bin'), bytes);
console.log(`${files.length} texts, ${marks.size} marks, ${bytes.length} bytes`);

/**
 * What the knowledge costs a start: read, validate, cross-check and index it, once, in a process that has done nothing else.
 * Prints milliseconds as JSON: `modules` to load the code that a bare bot has not, `knowledge` for the knowledge itself.
 * Called by turns.mjs; alone it says how long it takes on this machine now.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = createRequire(join(root, 'dist', 'index.js'));

const begun = performance.now();
const { loadBase } = dist('./knowledge/load.js');
const { readParsedTexts } = dist('./knowledge/parsed.js');
const { lay } = dist('./knowledge/overlay.js');
const { libraryOf } = dist('./library.js');
const loaded = performance.now();
// As src/index.ts does, with no folder of an organization.
const base = loadBase(join(root, 'knowledge'), readParsedTexts(join(root, 'dist', 'knowledge.json')));
const { knowledge } = libraryOf(lay(base, []).knowledge);
const ready = performance.now();

process.stdout.write(
  `${JSON.stringify({ articles: knowledge.articles.size, modules: loaded - begun, knowledge: ready - loaded })}\n`,
);

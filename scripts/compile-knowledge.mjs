/** Part of `npm run build`: parse every YAML file of the knowledge and the languages once, so that a start only validates (src/knowledge/parsed.ts). */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('..', import.meta.url));
const { hashOf } = createRequire(import.meta.url)('../dist/knowledge/parsed.js');

const parsed = {};
const names = ['knowledge', 'locales'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true }).map((name) => join(folder, name)),
);
for (const name of names) {
  // What must be covered is looked at by `npm run knowledge` only.
  if (!name.endsWith('.yaml') || name.startsWith(join('knowledge', 'checklist'))) continue;
  const text = readFileSync(join(root, name), 'utf8');
  try {
    parsed[hashOf(text)] = parse(text);
  } catch {
    // The loader says which file and line is wrong; the build need not.
  }
}
writeFileSync(join(root, 'dist', 'knowledge.json'), JSON.stringify(parsed));

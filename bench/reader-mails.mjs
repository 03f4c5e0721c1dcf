/**
 * Reads every file again and again in one process, for reader.mjs: ms per file, on standard output as JSON.
 *
 *   node bench/reader-mails.mjs read|diagnose WARM_ROUNDS ROUNDS FILE...
 *
 * `diagnose` finds the article of every failure as well. The files lie in memory before the clock starts.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = createRequire(join(root, 'dist', 'index.js'));
const { readFile } = dist('./ndr/file.js');

const [mode, warm, rounds, ...files] = process.argv.slice(2);
const mails = files.map((file) => readFileSync(file));
const diagnose = mode === 'diagnose' ? createDiagnose() : () => [];
const times = [];
let decoded = 0;

for (let round = -Number(warm); round < Number(rounds); round += 1) {
  decoded = 0;
  for (const mail of mails) {
    const begun = performance.now();
    const report = await readFile(mail);
    diagnose(report);
    const ms = performance.now() - begun;
    if (round >= 0) times.push(ms);
    if (report.isNdr) decoded += 1;
  }
}
process.stdout.write(JSON.stringify({ mails: mails.length, decoded, times }));

function createDiagnose() {
  const { loadKnowledge } = dist('./knowledge/load.js');
  const { createMatcher } = dist('./knowledge/match.js');
  const { readParsedTexts } = dist('./knowledge/parsed.js');
  const parsed = readParsedTexts(join(root, 'dist', 'knowledge.json'));
  const matcher = createMatcher(loadKnowledge(join(root, 'knowledge'), parsed));
  return (report) => matcher.diagnose(report);
}

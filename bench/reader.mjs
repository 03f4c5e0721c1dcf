/**
 * The reader alone: ms per mail, what hostile files cost and how that grows with their size, and Sisimai, a decoder in
 * Perl, beside it on the same mails, in turns.
 *
 *   node bench/reader.mjs [--quick] [--json]
 *
 * --quick: smaller files, rougher, some 30 s where nothing else runs. --json: the figures instead of the tables.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { hostileMails } from './hostile-mails.mjs';
import { readerMarkdown } from './reader-report.mjs';
import { growthExponent, summary } from './statistics.mjs';

const { values: options } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
});
const root = fileURLToPath(new URL('..', import.meta.url));
const dist = createRequire(join(root, 'dist', 'index.js'));
const { readAll } = dist('./ndr/file.js');
const { maxFile } = dist('./ndr/unreadable.js');

const size = options.quick
  ? { turns: 2, warm: 5, rounds: 5, starts: 3, bytes: [2_000, 20_000, 200_000], runs: [3, 1, 1] }
  : { turns: 5, warm: 40, rounds: 40, starts: 9, bytes: [10_240, 1_048_576, maxFile], runs: [9, 3, 3] };

const corpus = (folder, ending) =>
  readdirSync(join(root, 'test', 'corpus', folder))
    .filter((name) => name.endsWith(ending))
    .map((name) => join(root, 'test', 'corpus', folder, name));
const mails = corpus('eml', '.eml');
const texts = corpus('pasted', '.txt');

const ours = (mode, files) => ({
  command: process.execPath,
  args: (warm, rounds, some = files) => [
    join(root, 'bench', 'reader-mails.mjs'),
    mode,
    warm,
    rounds,
    ...some,
  ],
});
const runs = {
  mailsRead: ours('read', mails),
  mailsDiagnosed: ours('diagnose', mails),
  textsRead: ours('read', texts),
  textsDiagnosed: ours('diagnose', texts),
};
const sisimai = spawnSync('perl', ['-MSisimai', '-e', '1']).status === 0;
if (sisimai) {
  runs.sisimai = {
    command: 'perl',
    args: (warm, rounds, some = mails) => [join(root, 'bench', 'sisimai.pl'), warm, rounds, ...some],
  };
}

/** Every turn is a process of its own, which reads its files warm. */
function inTurns() {
  const turns = Object.fromEntries(Object.keys(runs).map((name) => [name, []]));
  for (let count = 0; count < size.turns; count += 1) {
    for (const [name, { command, args }] of Object.entries(runs)) {
      const { times, ...rest } = JSON.parse(run(command, args(size.warm, size.rounds)));
      turns[name].push({ ...rest, ...summary(times) });
    }
  }
  return turns;
}

/** Milliseconds from the start of a process that reads one mail to its end. */
function startUps() {
  const [mail] = mails;
  const names = ['mailsRead', 'mailsDiagnosed', ...(sisimai ? ['sisimai'] : [])];
  const starts = Object.fromEntries(names.map((name) => [name, []]));
  for (let count = 0; count <= size.starts; count += 1) {
    for (const name of names) {
      const { command, args } = runs[name];
      const begun = performance.now();
      run(command, args(0, 1, [mail]));
      // The first of each only fills the file cache.
      if (count > 0) starts[name].push(performance.now() - begun);
    }
  }
  return starts;
}

const run = (command, args) =>
  execFileSync(command, args.map(String), { encoding: 'utf8', maxBuffer: 256_000_000, timeout: 300_000 });

/** What each kind of hostile file costs at each size, and the exponents from one size to the next; 1 is linear. */
function costs() {
  // Compiles the reader, so that the first kind does not pay for it.
  for (const [, make] of hostileMails) readAll(make(size.bytes[0]));
  return hostileMails.map(([kind, make]) => {
    const ms = size.bytes.map((bytes, index) => cost(make(bytes), size.runs[index]));
    const exponents = [1, 2].map((to) =>
      growthExponent(size.bytes.slice(to - 1, to + 1), ms.slice(to - 1, to + 1)),
    );
    return { kind, ms, exponents };
  });
}

function cost(bytes, count) {
  const times = Array.from({ length: count }, () => {
    const begun = performance.now();
    readAll(bytes);
    return performance.now() - begun;
  });
  // The least disturbed one: of these figures the growth is asked, and a pause of the machine is none.
  return Math.min(...times);
}

const turns = inTurns();
const starts = startUps();
const result = {
  node: process.version,
  cores: availableParallelism(),
  turns,
  starts,
  sizes: size.bytes,
  hostile: costs(),
  sisimai: sisimai ? turns.sisimai[0].version : null,
};
console.log(options.json ? JSON.stringify(result, null, 2) : readerMarkdown(result));

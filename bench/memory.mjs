/**
 * Whether memory stays flat: the built bot with its storage on the disk, over many turns in many conversations that people come
 * back to. Exit code 1 when it has grown by more than a fifth since the first tenth of the turns.
 *
 *   node bench/memory.mjs [--turns N] [--conversations N] [--json FILE]
 *
 * 100,000 turns in 5,000 conversations unless told otherwise. What is compared is `RssAnon` of /proc/<pid>/status: heap, stacks, all memory
 * that is the process's own. The rest of the resident memory is `RssFile`, the pages of files: mostly LMDB's data file, of which every page
 * that was looked at counts here as long as the system has no better use for the room. It grows with the data, is shared, written back and
 * given up at any time, and says nothing of a leak; it is printed beside.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { inParallel, walk, withClient } from './load.mjs';
import { visits } from './mix.mjs';
import { cpuMs, killAll, residentMb, startBot, startConnector, stop } from './processes.mjs';

const { values: options } = parseArgs({
  options: {
    turns: { type: 'string', default: '100000' },
    conversations: { type: 'string', default: '5000' },
    json: { type: 'string' },
  },
});
const turns = Number(options.turns);
const conversations = Array.from({ length: Number(options.conversations) }, () => `a:${randomUUID()}-bench`);
const concurrency = 16;
/** The end may have this many times the memory of the first tenth. */
const bar = 1.2;

const root = fileURLToPath(new URL('..', import.meta.url));
/** Nothing of the caller's: our bot reads a `.env` where it is started. */
const cwd = mkdtempSync(join(tmpdir(), 'bounce-desk-memory-'));
const heapFile = join(cwd, 'heap.json');
process.once('exit', () => rmSync(cwd, { recursive: true, force: true }));

try {
  const begun = performance.now();
  const connector = await startConnector();
  const bot = await startBot({
    script: join(root, 'dist', 'index.js'),
    env: { LOG_LEVEL: 'error', STORAGE: 'embedded', DATA_DIR: join(cwd, 'data'), HEAP_FILE: heapFile },
    cwd,
    nodeArgs: ['--require', join(root, 'bench', 'heap-probe.cjs')],
  });
  const samples = [await sample(bot, 0)];
  await load(bot, connector, async (done) => {
    samples.push(await sample(bot, done));
    process.stderr.write(`${done} turns, ${samples.at(-1).anonMb.toFixed(0)} MB\n`);
  });
  if (bot.said() !== '') throw new Error(`The bot has complained:\n${bot.said().slice(0, 2000)}`);
  const cpuSeconds = cpuMs(bot) / 1000;
  await stop(bot);
  await stop(connector);
  const seconds = (performance.now() - begun) / 1000;
  const result = { node: process.version, cores: availableParallelism(), seconds, cpuSeconds, samples };
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(result, null, 2)}\n`);
  console.log(markdown(result));
  if (growthOf(samples) > bar) process.exitCode = 1;
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  killAll();
}

/** Everybody comes for a first visit, then everybody for a second, and so on until there were enough turns. */
async function load(bot, connector, atTenth) {
  await connector.ask('record', { on: true });
  let done = 0;
  let sampled = 0;
  await withClient(bot, concurrency, async (send) => {
    for (let visit = 0; done < turns; visit += 1) {
      await inParallel(conversations, concurrency, async (conversation) => {
        if (done >= turns) return;
        await walk({ connector, send }, conversation, visits[visit % visits.length], () => (done += 1));
        const tenth = Math.min(10, Math.floor((10 * done) / turns));
        if (tenth <= sampled) return;
        sampled = tenth;
        await atTenth(done);
      });
    }
  });
}

async function sample(bot, done) {
  rmSync(heapFile, { force: true });
  bot.child.kill('SIGUSR2');
  while (!existsSync(heapFile)) await pause(5);
  const { heapUsed, heapTotal, external } = JSON.parse(readFileSync(heapFile, 'utf8'));
  const toMb = (bytes) => bytes / 1024 / 1024;
  return {
    turns: done,
    anonMb: residentMb(bot, 'RssAnon'),
    fileMb: residentMb(bot, 'RssFile'),
    heapUsedMb: toMb(heapUsed),
    heapTotalMb: toMb(heapTotal),
    externalMb: toMb(external),
    dataMb: toMb(statSync(join(cwd, 'data', 'data.mdb')).size),
  };
}

/** How many times the memory of the first tenth the end has. */
function growthOf([, first, ...later]) {
  return later.at(-1).anonMb / first.anonMb;
}

function markdown({ node, cores, seconds, samples }) {
  const rows = samples.map(
    ({ turns: done, anonMb, fileMb, heapUsedMb, dataMb }) =>
      `| ${[done.toLocaleString('en'), ...[anonMb, heapUsedMb, fileMb, dataMb].map((mb) => mb.toFixed(0))].join(' | ')} |`,
  );
  const growth = growthOf(samples);
  return [
    '| turns | own memory, MB | of it, live heap | pages of files, MB | data file, MB |',
    '| ---: | ---: | ---: | ---: | ---: |',
    ...rows,
    '',
    `${growth > bar ? 'Grown' : 'Flat'}: the end has **${growth.toFixed(2)}** times the memory of the first tenth; at most ${bar} is allowed. ` +
      `${conversations.length.toLocaleString('en')} conversations, ${concurrency} at a time, ${Math.round(seconds)} s; Node ${node}, ${cores} cores shared by bot, load and connector.`,
  ].join('\n');
}

/**
 * Whether memory stays flat: the built bot with its storage on the disk, over many turns in many conversations that people come
 * back to. Exit code 1 when in the last tenth of the turns it is larger than in the first by more than a fifth: what is alive of the heap,
 * or the most memory that the process had.
 *
 *   node bench/memory.mjs [--turns N] [--conversations N] [--json FILE]
 *
 * 100,000 turns in 5,000 conversations unless told otherwise. The memory is `RssAnon` of /proc/<pid>/status: heap, stacks, all that is the
 * process's own. It comes and goes with V8's garbage by a third, so a hundred looks are taken, and the most of each tenth counts.
 * The rest of the resident memory is `RssFile`, the pages of files: mostly LMDB's data file, of which every page
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
    nodeArgs: ['--expose-gc', '--require', join(root, 'bench', 'heap-probe.cjs')],
  });
  const samples = [await sample(bot, 0, residentMb(bot, 'RssAnon'))];
  let most = 0;
  await load(bot, connector, async (done, isTenth) => {
    most = Math.max(most, residentMb(bot, 'RssAnon'));
    if (!isTenth) return;
    const anonMb = most;
    most = 0;
    samples.push(await sample(bot, done, anonMb));
    process.stderr.write(`${done} turns, ${anonMb.toFixed(0)} MB\n`);
  });
  if (bot.said() !== '') throw new Error(`The bot has complained:\n${bot.said().slice(0, 2000)}`);
  const cpuSeconds = cpuMs(bot) / 1000;
  await stop(bot);
  await stop(connector);
  const seconds = (performance.now() - begun) / 1000;
  const result = { node: process.version, cores: availableParallelism(), seconds, cpuSeconds, samples };
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(result, null, 2)}\n`);
  console.log(markdown(result));
  if (isGrown(samples)) process.exitCode = 1;
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  killAll();
}

/** Everybody comes for a first visit, then everybody for a second, and so on until there were enough turns. */
async function load(bot, connector, look) {
  await connector.ask('record', { on: true });
  let done = 0;
  let looked = 0;
  await withClient(bot, concurrency, async (send) => {
    for (let visit = 0; done < turns; visit += 1) {
      await inParallel(conversations, concurrency, async (conversation) => {
        if (done >= turns) return;
        await walk({ connector, send }, conversation, visits[visit % visits.length], () => (done += 1));
        const looks = Math.min(100, Math.floor((100 * done) / turns));
        if (looks <= looked) return;
        const isTenth = Math.floor(looks / 10) > Math.floor(looked / 10);
        looked = looks;
        await look(done, isTenth);
      });
    }
  });
}

async function sample(bot, done, anonMb) {
  rmSync(heapFile, { force: true });
  bot.child.kill('SIGUSR2');
  while (!existsSync(heapFile)) {
    if (bot.child.exitCode !== null || bot.child.signalCode !== null)
      throw new Error(`The bot has ended:\n${bot.said().slice(0, 2000)}`);
    await pause(5);
  }
  const { heapUsed } = JSON.parse(readFileSync(heapFile, 'utf8'));
  const toMb = (bytes) => bytes / 1024 / 1024;
  return {
    turns: done,
    anonMb,
    fileMb: residentMb(bot, 'RssFile'),
    heapUsedMb: toMb(heapUsed),
    dataMb: toMb(statSync(join(cwd, 'data', 'data.mdb')).size),
  };
}

/** How many times that of the first tenth the last tenth has. */
function growthOf([, first, ...later], what) {
  return later.at(-1)[what] / first[what];
}

function isGrown(samples) {
  return ['anonMb', 'heapUsedMb'].some((what) => growthOf(samples, what) > bar);
}

function markdown({ node, cores, seconds, samples }) {
  const rows = samples.map(
    ({ turns: done, anonMb, fileMb, heapUsedMb, dataMb }) =>
      `| ${[done.toLocaleString('en'), ...[anonMb, heapUsedMb, fileMb, dataMb].map((mb) => mb.toFixed(0))].join(' | ')} |`,
  );
  return [
    '| turns | own memory at most, MB | live heap, MB | pages of files, MB | data file, MB |',
    '| ---: | ---: | ---: | ---: | ---: |',
    ...rows,
    '',
    `${isGrown(samples) ? 'Grown' : 'Flat'}: the last tenth has **${growthOf(samples, 'anonMb').toFixed(2)}** times the memory of the first, and ` +
      `**${growthOf(samples, 'heapUsedMb').toFixed(2)}** times its live heap; at most ${bar} is allowed. ` +
      `${conversations.length.toLocaleString('en')} conversations, ${concurrency} at a time, ${Math.round(seconds)} s; Node ${node}, ${cores} cores shared by bot, load and connector.`,
  ].join('\n');
}

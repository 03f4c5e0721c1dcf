/**
 * Our bot beside a bare bot on the same stack, in one run and in turns, so that only the ratios have to be believed.
 *
 *   node bench/turns.mjs [--quick] [--seconds N] [--storage embedded|memory] [--json FILE] [--profile DIR]
 *
 * --quick: rougher, and aims at 30 s. --seconds: aims at so many. What is aimed at costs rounds where the machine is slow or busy, down to three;
 * these take the time that they take. --storage: ours keeps its data on the disk, in a folder of the run's own, or in memory. --profile: only the load, with a CPU profile of both bots written to DIR.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { record, round } from './load.mjs';
import { conversationsOf, shares } from './mix.mjs';
import { cpuMs, killAll, residentMb, startBot, startConnector, stop } from './processes.mjs';
import { markdown } from './report.mjs';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    seconds: { type: 'string' },
    storage: { type: 'string', default: 'embedded' },
    json: { type: 'string' },
    profile: { type: 'string' },
  },
});
const size = options.quick
  ? { turns: 300, rounds: 5, starts: 5, coreMs: 1_000 }
  : { turns: 1_200, rounds: 9, starts: 9, coreMs: 6_000 };
/** Fewer say nothing about how far they lie apart. */
const least = 3;
const aimMs = Number(options.seconds ?? (options.quick ? 30 : Infinity)) * 1000;
if (!(aimMs > 0)) throw new Error('--seconds must be a number above 0.');
/** Something hangs, or nobody should wait for this machine. */
const limitMs = 900_000;
const concurrency = 8;
/** Every measurement waits this long, so that the one before has quite ended. */
const breathMs = 100;

const root = fileURLToPath(new URL('..', import.meta.url));
/** Nothing of the caller's: our bot reads a `.env` where it is started. */
const cwd = mkdtempSync(join(tmpdir(), 'bounce-desk-bench-'));
const cardFile = join(cwd, 'card.json');
process.once('exit', () => rmSync(cwd, { recursive: true, force: true }));

const timer = setTimeout(() => {
  process.stderr.write(`bench: stopped after ${limitMs / 60_000} minutes; does something hang?\n`);
  process.exit(1);
}, limitMs);

/** Whether to measure once more, by how much there is already and how much of the time that is aimed at is over. */
const goesOn = (done, most, share) => done < least || (done < most && performance.now() < share * aimMs);

const ourEnv = { LOG_LEVEL: 'error', STORAGE: options.storage, DATA_DIR: join(cwd, 'data') };
const bots = {
  bare: { script: join(root, 'bench', 'bare-bot.cjs'), env: { CARD_FILE: cardFile }, cwd },
  // Ours changes the message itself at a press: one call more. This one says what remains when both do.
  inPlace: { script: join(root, 'bench', 'bare-bot.cjs'), env: { CARD_FILE: cardFile, IN_PLACE: '1' }, cwd },
  ours: { script: join(root, 'dist', 'index.js'), env: ourEnv, cwd },
};

try {
  const begun = performance.now();
  const load = await underLoad(options.profile);
  if (options.profile !== undefined) {
    console.log(`profiles are in ${resolve(options.profile)}`);
  } else {
    const starts = await startUps();
    const core = JSON.parse(
      execFileSync(process.execPath, [join(root, 'bench', 'core.mjs'), String(size.coreMs)], {
        encoding: 'utf8',
      }),
    );
    const result = {
      node: process.version,
      cores: availableParallelism(),
      seconds: Math.round((performance.now() - begun) / 1000),
      concurrency,
      mix: shares(),
      ...load,
      starts,
      core,
    };
    if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(result, null, 2)}\n`);
    console.log(markdown(result));
  }
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  clearTimeout(timer);
  killAll();
}

async function underLoad(profile) {
  const nodeArgs = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${resolve(profile)}`];
  const connector = await startConnector();
  const ours = await startBot({ ...bots.ours, nodeArgs });
  const conversations = conversationsOf(size.turns);
  const { bodies, cards } = await record(ours, connector, conversations, concurrency);
  const { card, meanBytes } = middling(cards);
  writeFileSync(cardFile, JSON.stringify(card));
  const running = {
    bare: await startBot({ ...bots.bare, nodeArgs }),
    inPlace: await startBot({ ...bots.inPlace, nodeArgs }),
    ours,
  };
  const names = Object.keys(running);

  // Warm: ours has seen the load once while it was recorded.
  await round(running.bare, connector, bodies, concurrency);
  await round(running.inPlace, connector, bodies, concurrency);
  for (const name of names) await round(running[name], connector, bodies, concurrency);

  const rounds = { bare: [], inPlace: [], ours: [] };
  for (let count = 0; goesOn(count, size.rounds, 0.6); count += 1) {
    for (const name of names) {
      await pause(breathMs);
      rounds[name].push(await round(running[name], connector, bodies, concurrency));
    }
  }
  const messages = bodies.flat().filter(([, rest]) => rest.includes('"type":"message"')).length;
  for (const [name, bot] of Object.entries(running)) {
    // Every message is answered by at least one activity, and a round is like every other.
    const [{ activities: expected }] = rounds[name];
    const lost = rounds[name].find(({ activities }) => activities < messages || activities !== expected);
    if (lost !== undefined)
      throw new Error(`The ${name} bot has sent ${lost.activities} activities for ${messages} messages.`);
    if (bot.said() !== '') throw new Error(`The ${name} bot has complained:\n${bot.said().slice(0, 2000)}`);
  }
  const memoryMb = { bare: residentMb(running.bare), ours: residentMb(ours) };
  for (const one of [...Object.values(running), connector]) await stop(one);
  const turns = bodies.flat().length;
  return {
    turns,
    conversations: conversations.length,
    cardBytes: { bare: JSON.stringify(card).length, oursMean: meanBytes },
    rounds,
    memoryMb,
  };
}

/** The card of ours whose size is nearest to the mean: what the bare bot answers with. */
function middling(cards) {
  const sized = cards.map((card) => ({ card, bytes: Buffer.byteLength(JSON.stringify(card)) }));
  const meanBytes = Math.round(sized.reduce((sum, { bytes }) => sum + bytes, 0) / sized.length);
  const [nearest] = sized.sort((a, b) => Math.abs(a.bytes - meanBytes) - Math.abs(b.bytes - meanBytes));
  return { card: nearest.card, meanBytes };
}

async function startUps() {
  const starts = { bare: [], ours: [], knowledge: [] };
  // The first of each only fills the file cache.
  for (let count = 0; goesOn(count - 1, size.starts, 0.9); count += 1) {
    for (const name of ['bare', 'ours']) {
      const bot = await startBot(bots[name]);
      const start = { ms: bot.startMs, cpuMs: cpuMs(bot), memoryMb: residentMb(bot) };
      await stop(bot);
      if (count > 0) starts[name].push(start);
      await pause(breathMs);
    }
    const knowledge = JSON.parse(
      execFileSync(process.execPath, [join(root, 'bench', 'knowledge.mjs')], { encoding: 'utf8' }),
    );
    if (count > 0) starts.knowledge.push(knowledge);
    await pause(breathMs);
  }
  return starts;
}

/**
 * The engines of storage beside one another, in one run and in turns: memory, embedded in a folder of the run's own.
 *
 *   node bench/storage.mjs [--ms N] [--json]
 *
 * --ms: how long each measurement takes (1,000). Values are a real case of about 3 KB.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { median } from './statistics.mjs';

const { values: options } = parseArgs({
  options: { ms: { type: 'string', default: '1000' }, json: { type: 'boolean', default: false } },
});
const ms = Number(options.ms);
const rounds = 5;
const keys = 2_000;

const root = fileURLToPath(new URL('..', import.meta.url));
const { openStorage } = createRequire(join(root, 'dist', 'index.js'))('./storage/open-storage.js');
const folder = mkdtempSync(join(tmpdir(), 'bounce-desk-bench-storage-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

const value = {
  v: 2,
  id: randomUUID(),
  problems: [{ facts: 'x'.repeat(1_400), evidence: 'y'.repeat(1_400) }],
};
const keyOf = (n) => `cases/${n % keys}`;

/** What is measured: one call, as often as time allows; `lanes` at a time. */
const measures = {
  'writes one after the other': { lanes: 1, call: (storage, n) => storage.write({ [keyOf(n)]: value }) },
  'writes, 8 at a time': { lanes: 8, call: (storage, n) => storage.write({ [keyOf(n)]: value }) },
  'writes with an eTag, 8 at a time': {
    lanes: 8,
    call: async (storage, n) => {
      const key = `lane/${n % 8}`;
      const { [key]: item } = await storage.read([key]);
      await storage.write({ [key]: { ...value, eTag: item?.eTag } }).catch(() => undefined);
    },
  },
  'reads, 8 at a time': { lanes: 8, call: (storage, n) => storage.read([keyOf(n)]) },
  // Last: they drive everything else out of the bounded memory.
  'creations, 8 at a time': { lanes: 8, call: (storage) => storage.create(`made/${randomUUID()}`, value) },
};

async function measure(storage, { lanes, call }) {
  let calls = 0;
  const begun = performance.now();
  const cpu = process.cpuUsage();
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      while (performance.now() - begun < ms) await call(storage, calls++);
    }),
  );
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { perSecond: calls / seconds, cpuMicros: (user + system) / calls };
}

const sources = { now: () => new Date(), newId: randomUUID };
const storages = {
  memory: await openStorage({ engine: 'memory' }, sources),
  embedded: await openStorage({ engine: 'embedded', folder }, sources),
};
for (const storage of Object.values(storages))
  await Promise.all(Array.from({ length: keys }, (_, n) => storage.write({ [keyOf(n)]: value })));

const result = {};
for (const [label, what] of Object.entries(measures)) {
  const measured = { memory: [], embedded: [] };
  for (let round = 0; round < rounds; round += 1)
    for (const [name, storage] of Object.entries(storages)) measured[name].push(await measure(storage, what));
  result[label] = Object.fromEntries(
    Object.entries(measured).map(([name, all]) => [
      name,
      {
        perSecond: median(all.map(({ perSecond }) => perSecond)),
        cpuMicros: median(all.map(({ cpuMicros }) => cpuMicros)),
      },
    ]),
  );
}
for (const storage of Object.values(storages)) await storage.close();

if (options.json) console.log(JSON.stringify(result));
else {
  const cell = ({ perSecond, cpuMicros }) => `${perSecond.toFixed(0)} (${cpuMicros.toFixed(0)} µs CPU)`;
  console.log('| per second | memory | embedded |\n| --- | ---: | ---: |');
  for (const [label, { memory, embedded }] of Object.entries(result))
    console.log(`| ${label} | ${cell(memory)} | ${cell(embedded)} |`);
}

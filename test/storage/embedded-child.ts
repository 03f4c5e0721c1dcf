/** A process of its own on a folder of data, told by its arguments: folder, what to do, and a word for it. */
import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { openEmbeddedStorage } from '../../src/storage/embedded';
import { ETagConflict, type KeyValueStorage } from '../../src/storage/storage';

const [, , folder = '', task = '', word = ''] = process.argv;

/** At once: what was said before a kill must have been said. */
const say = (line: string): void => {
  writeSync(1, `${line}\n`);
};

/** Write for ever, in lanes, and say each key when it is acknowledged. */
async function write(storage: KeyValueStorage): Promise<void> {
  const lane = async (name: number): Promise<void> => {
    const counter = `counter/${name}`;
    for (let n = 1; ; n += 1) {
      const key = `kept/${word}/${name}/${n}`;
      if (n % 5 === 0) await storage.create(key, { n, text: 'ü'.repeat(n % 4_000) });
      else await storage.write({ [key]: { n, text: 'ü'.repeat(n % 4_000) } });
      say(`${key} ${n}`);
      const items = await storage.read([counter]);
      const old = items[counter];
      const next = Number(old?.['n'] ?? 0) + 1;
      await storage.write({ [counter]: { ...old, n: next }, [`${counter}/beside`]: { n: next } });
      say(`${counter} ${next}`);
      if (n % 7 === 0) await storage.delete([key]);
      if (n % 7 === 0) say(`${key} -`);
    }
  };
  await Promise.all([0, 1, 2].map(lane));
}

/** Try to be the first at every one of many slots, and say which were won. */
async function create(storage: KeyValueStorage): Promise<void> {
  const slots = Array.from({ length: 300 }, (_, index) => index);
  const won = await Promise.all(slots.map((slot) => storage.create(`slot/${slot}`, { by: word })));
  for (const slot of slots) if (won[slot] === true) say(String(slot));
  await storage.close();
}

/** Add 1 to a counter 40 times, against all others that do so. */
async function count(storage: KeyValueStorage): Promise<void> {
  for (let added = 0; added < 40;) {
    const { counter } = await storage.read(['counter']);
    try {
      await storage.write({ counter: { ...counter, n: Number(counter?.['n']) + 1 } });
      added += 1;
    } catch (error) {
      if (!(error instanceof ETagConflict)) throw error;
      say('conflict');
    }
  }
  await storage.close();
}

const tasks: Record<string, ((storage: KeyValueStorage) => Promise<void>) | undefined> = {
  write,
  create,
  count,
};

void openEmbeddedStorage({ folder, now: () => new Date(), newId: randomUUID }).then((storage) => {
  say('open');
  return tasks[task]?.(storage);
});

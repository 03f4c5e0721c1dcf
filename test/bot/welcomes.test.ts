import { createWelcomes } from '../../src/bot/welcomes';
import { createMemoryStorage } from '../../src/storage/memory';
import type { KeyValueStorage } from '../../src/storage/storage';

test('the first claim of a conversation wins, until it is forgotten', async () => {
  const welcomes = createWelcomes(createMemoryStorage());
  expect([await welcomes.claim('a'), await welcomes.claim('a'), await welcomes.claim('b')]).toEqual([
    true,
    false,
    true,
  ]);
  await welcomes.forget('a');
  expect([await welcomes.claim('a'), await welcomes.claim('b')]).toEqual([true, false]);
});

test('of many claims at the same time one wins', async () => {
  const welcomes = createWelcomes(createMemoryStorage());
  const claims = await Promise.all(Array.from({ length: 50 }, () => welcomes.claim('a')));
  expect(claims.filter(Boolean)).toHaveLength(1);
});

test('a thread of a channel is its channel', async () => {
  const welcomes = createWelcomes(createMemoryStorage());
  expect(await welcomes.claim('19:x@thread.tacv2;messageid=1')).toBe(true);
  expect(await welcomes.claim('19:x@thread.tacv2;messageid=2')).toBe(false);
  expect(await welcomes.claim('19:x@thread.tacv2')).toBe(false);
  await welcomes.forget('19:x@thread.tacv2');
  expect(await welcomes.claim('19:x@thread.tacv2;messageid=3')).toBe(true);
});

test('it is remembered in the storage, not in the process', async () => {
  const storage = createMemoryStorage();
  await createWelcomes(storage).claim('a');
  expect(await createWelcomes(storage).claim('a')).toBe(false);
});

test('a storage that fails once does not close the door for good', async () => {
  const real = createMemoryStorage();
  let failing = true;
  const storage: KeyValueStorage = {
    ...real,
    create: (key, value) => (failing ? Promise.reject(new Error('full')) : real.create(key, value)),
  };
  const welcomes = createWelcomes(storage);
  await expect(welcomes.claim('a')).rejects.toThrow('full');
  failing = false;
  expect(await welcomes.claim('a')).toBe(true);
});

import { createMemoryStorage } from '../../src/storage/memory';
import { describeContract } from './contract';

describeContract('memory', {
  isAtomic: true,
  many: 5_001,
  rounds: 200,
});

describe('the bound', () => {
  test('the longest unused goes first', async () => {
    const storage = createMemoryStorage(3);
    await storage.write({ a: {}, b: {}, c: {} });
    await storage.read(['a']);
    await storage.write({ d: {} });
    expect(Object.keys(await storage.read(['a', 'b', 'c', 'd']))).toEqual(['a', 'c', 'd']);
  });

  test('a hundred thousand writes leave no more than the limit', async () => {
    const storage = createMemoryStorage(100);
    const keys = Array.from({ length: 100_000 }, (_, index) => `key-${index}`);
    for (const key of keys) await storage.write({ [key]: { n: 1 } });
    expect(Object.keys(await storage.read(keys))).toEqual(keys.slice(-100));
  });
});

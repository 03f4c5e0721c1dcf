import { createMemoryStorage } from '../../src/storage/memory';
import { ETagConflict } from '../../src/storage/storage';

test('what was written is read, with an eTag; what was not, is not there', async () => {
  const storage = createMemoryStorage();
  await storage.write({ a: { n: 1 }, b: { n: 2 } });
  const items = await storage.read(['a', 'b', 'c']);
  expect(items).toEqual({
    a: { n: 1, eTag: expect.any(String) as string },
    b: { n: 2, eTag: expect.any(String) as string },
  });
  expect(Object.keys(items)).toEqual(['a', 'b']);
});

describe('eTags', () => {
  const tag = async (storage: ReturnType<typeof createMemoryStorage>): Promise<string> =>
    (await storage.read(['a']))['a']?.eTag ?? '';

  test('every write makes a new one', async () => {
    const storage = createMemoryStorage();
    const seen = new Set<string>();
    for (let round = 0; round < 5; round += 1) {
      await storage.write({ a: { n: 1 } });
      seen.add(await tag(storage));
    }
    expect(seen.size).toBe(5);
  });

  test.each<[name: string, eTag: (current: string) => string | undefined, allowed: boolean]>([
    ['the current one', (current) => current, true],
    ['none: last one wins', () => undefined, true],
    ['a star: last one wins', () => '*', true],
    ['an old one', () => '0', false],
    ['an empty one', () => '', false],
    ['one of another type', () => 'not-a-tag', false],
  ])('a write with %s', async (_, eTag, allowed) => {
    const storage = createMemoryStorage();
    await storage.write({ a: { n: 1 } });
    await storage.write({ a: { n: 2 } });
    const given = eTag(await tag(storage));
    const write = storage.write({ a: { n: 3, ...(given === undefined ? {} : { eTag: given }) } });
    if (allowed) await write;
    else
      await expect(write).rejects.toMatchObject({
        name: 'ETagConflict',
        code: 'ETAG_CONFLICT',
        message: expect.stringContaining('"a"') as string,
      });
    expect((await storage.read(['a']))['a']?.['n']).toBe(allowed ? 3 : 2);
  });

  test('two who read the same: the second to write is told', async () => {
    const storage = createMemoryStorage();
    await storage.write({ a: { n: 0 } });
    const first = (await storage.read(['a']))['a'];
    const second = (await storage.read(['a']))['a'];
    await storage.write({ a: { ...first, n: 1 } });
    await expect(storage.write({ a: { ...second, n: 2 } })).rejects.toBeInstanceOf(ETagConflict);
    expect((await storage.read(['a']))['a']?.['n']).toBe(1);
  });

  test('an old eTag for what is no longer there: somebody has deleted it', async () => {
    const storage = createMemoryStorage();
    await expect(storage.write({ a: { n: 1, eTag: '7' } })).rejects.toBeInstanceOf(ETagConflict);
    expect(await storage.read(['a'])).toEqual({});
  });

  test('one conflict among several changes: none of them is written', async () => {
    const storage = createMemoryStorage();
    await storage.write({ b: { n: 1 } });
    await expect(storage.write({ a: { n: 2 }, b: { n: 2, eTag: 'old' } })).rejects.toBeInstanceOf(
      ETagConflict,
    );
    expect(await storage.read(['a'])).toEqual({});
  });
});

describe('copies', () => {
  test('what was written does not change when the writer goes on with it', async () => {
    const storage = createMemoryStorage();
    const item = { list: ['one'] };
    await storage.write({ a: item });
    item.list.push('two');
    expect((await storage.read(['a']))['a']?.['list']).toEqual(['one']);
  });

  test('what was read belongs to the reader', async () => {
    const storage = createMemoryStorage();
    await storage.write({ a: { list: ['one'] } });
    const read = (await storage.read(['a']))['a'];
    if (read !== undefined) read['list'] = 'changed';
    expect((await storage.read(['a']))['a']?.['list']).toEqual(['one']);
  });

  test('the writer’s object gets no eTag', async () => {
    const item = { n: 1 };
    await createMemoryStorage().write({ a: item });
    expect(item).toEqual({ n: 1 });
  });
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

test('what is deleted is gone; deleting what is not there is no fault', async () => {
  const storage = createMemoryStorage();
  await storage.write({ a: {}, b: {} });
  await storage.delete(['a', 'never']);
  expect(Object.keys(await storage.read(['a', 'b']))).toEqual(['b']);
});

test.each(['__proto__', 'constructor', 'toString', '', 'a/b', '19:x@thread.tacv2;messageid=1'])(
  'the key %j is a key like any other',
  async (key) => {
    const storage = createMemoryStorage();
    expect(Object.keys(await storage.read([key]))).toEqual([]);
    await storage.write(Object.fromEntries([[key, { n: 1 }]]));
    await storage.delete([key]);
    expect(Object.keys(await storage.read([key]))).toEqual([]);
  },
);

import { PrivateConversationState, TestAdapter, TurnContext } from 'botbuilder';
import fc from 'fast-check';
import { ETagConflict, type Item, type KeyValueStorage } from '../../src/storage/storage';
import { engines, type Place, type Running } from './engines';

export interface Expected {
  /** Whether several keys are written together or not at all. */
  isAtomic: boolean;
  /** How many keys the list of many has. */
  many: number;
  /** How many rounds of random keys are played. */
  rounds: number;
}

const bigText = '–ü😀 and so on. '.repeat(55_000);

const oddKeys = [
  '__proto__',
  'constructor',
  'toString',
  '',
  ' ',
  'a/b',
  '/',
  '//',
  'a//b',
  '/a',
  'a/',
  '.',
  '..',
  '../../etc/passwd',
  'a/../b',
  'a.',
  'con.txt',
  'a\\b',
  'a?b#c&d=e%2Ff',
  '%',
  '%2e%2e',
  '~2F',
  '~~',
  'a.json',
  '*',
  '"quoted"',
  'line\nbreak\ttab\0nul',
  '19:x@thread.tacv2;messageid=1',
  'msteams/conversations/a:1-_/users/29:1Ab-_==/',
  'Grüße/日本語/😀',
  'é',
  'e\u0301',
  '\uffff',
  '\ud800',
  'A',
  'a',
  'x'.repeat(1_978),
  'x'.repeat(2_000),
  `${'x'.repeat(2_000)}y`,
  'ü'.repeat(2_000),
  '😀'.repeat(1_000),
  `${'/'.repeat(300)}end`,
  'a/'.repeat(300),
  'y'.repeat(50_000),
];

/** A disk that flushes, and a server: both take their time on a busy machine. */
jest.setTimeout(60_000);

/** What every engine does alike. */
export function describeContract(name: keyof typeof engines, { isAtomic, many, rounds }: Expected): void {
  describe(`the contract of storage: ${name}`, () => {
    let engine: Running;
    beforeAll(async () => {
      engine = await engines[name]();
    });
    afterAll(() => engine.stop());
    const opened: KeyValueStorage[] = [];
    const at = async (place: Place): Promise<KeyValueStorage> => {
      const storage = await place();
      opened.push(storage);
      return storage;
    };
    const fresh = async (): Promise<KeyValueStorage> => at(engine.newPlace());
    /** Two instances on the same place. */
    const two = async (): Promise<[KeyValueStorage, KeyValueStorage]> => {
      const place = engine.newPlace();
      return [await at(place), await at(place)];
    };
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((storage) => storage.close()));
    });

    const itemAt = async (storage: KeyValueStorage, key = 'a'): Promise<Item | undefined> =>
      Object.entries(await storage.read([key])).find(([found]) => found === key)?.[1];
    const nAt = async (storage: KeyValueStorage, key = 'a'): Promise<unknown> =>
      (await itemAt(storage, key))?.['n'];
    const keysIn = async (storage: KeyValueStorage, prefix: string): Promise<string[]> => {
      const keys: string[] = [];
      for await (const { key } of storage.list(prefix)) keys.push(key);
      return keys.sort();
    };

    test('what was written is read, by every instance, with an eTag; what was not, is not there', async () => {
      const [one, other] = await two();
      await one.write({ a: { n: 1 }, b: { n: 2 } });
      for (const storage of [one, other])
        expect(await storage.read(['a', 'b', 'c'])).toEqual({
          a: { n: 1, eTag: expect.stringMatching(/./) as string },
          b: { n: 2, eTag: expect.stringMatching(/./) as string },
        });
      expect(await one.read([])).toEqual({});
      await one.write({});
    });

    test('values come back as JSON has them', async () => {
      const storage = await fresh();
      const value = {
        text: 'Grüße an 日本語 😀 \u2028 \0 \n "q" \\ </script>',
        nested: { list: [1, null, true, { deep: 'é' }], none: undefined },
        empty: {},
      };
      await storage.write({ a: value });
      const { eTag, ...read } = (await itemAt(storage)) ?? {};
      expect(eTag).toBeDefined();
      expect(read).toEqual(JSON.parse(JSON.stringify(value)));
    });

    test.each<[name: string, value: (circle: object) => unknown]>([
      ['a circle', (circle) => circle],
      ['a BigInt', () => ({ n: 1n })],
    ])('%s is refused, and nothing is written', async (_, valueOf) => {
      const storage = await fresh();
      const circle: { self?: object } = {};
      circle.self = circle;
      await expect(storage.write({ a: valueOf(circle) })).rejects.toBeInstanceOf(TypeError);
      expect(await itemAt(storage)).toBeUndefined();
    });

    test('a megabyte and more, not of ASCII', async () => {
      const storage = await fresh();
      expect(Buffer.byteLength(bigText)).toBeGreaterThan(1_000_000);
      await storage.write({ a: { text: bigText } });
      expect((await itemAt(storage))?.['text']).toBe(bigText);
      await storage.write({ a: { text: 'short' } });
      expect((await itemAt(storage))?.['text']).toBe('short');
    });

    describe('eTags', () => {
      test('every write makes a new one, also after a deletion', async () => {
        const storage = await fresh();
        const seen = new Set<unknown>();
        for (let round = 0; round < 5; round += 1) {
          await storage.write({ a: { n: 1 } });
          seen.add((await itemAt(storage))?.eTag);
          if (round > 2) await storage.delete(['a']);
        }
        expect(seen.size).toBe(5);
      });

      test.each<[name: string, eTag: (current: unknown, old: unknown) => unknown, allowed: boolean]>([
        ['the current one', (current) => current, true],
        ['none: last one wins', () => undefined, true],
        ['a star: last one wins', () => '*', true],
        ['an old one', (_, old) => old, false],
        ['an empty one', () => '', false],
        ['one of another kind', () => 'not-a-tag', false],
        ['one of another kind, quoted', () => '"not-a-tag"', false],
        ['a number', () => 7, false],
      ])('a write with %s', async (_, eTag, allowed) => {
        const storage = await fresh();
        await storage.write({ a: { n: 1 } });
        const old = (await itemAt(storage))?.eTag;
        await storage.write({ a: { n: 2 } });
        const given = eTag((await itemAt(storage))?.eTag, old);
        const write = storage.write({ a: { n: 3, ...(given === undefined ? {} : { eTag: given }) } });
        if (allowed) await write;
        else
          await expect(write).rejects.toMatchObject({
            name: 'ETagConflict',
            code: 'ETAG_CONFLICT',
            message: expect.stringContaining('"a"') as string,
          });
        expect(await nAt(storage)).toBe(allowed ? 3 : 2);
      });

      test('two who read the same: the second to write is told', async () => {
        const [one, other] = await two();
        await one.write({ a: { n: 0 } });
        const first = await itemAt(one);
        const second = await itemAt(other);
        await one.write({ a: { ...first, n: 1 } });
        await expect(other.write({ a: { ...second, n: 2 } })).rejects.toBeInstanceOf(ETagConflict);
        expect(await nAt(other)).toBe(1);
      });

      test('an eTag for what is no longer there: somebody has deleted it', async () => {
        const [one, other] = await two();
        await one.write({ a: { n: 1 } });
        const read = await itemAt(one);
        await other.delete(['a']);
        await expect(one.write({ a: { ...read, n: 2 } })).rejects.toBeInstanceOf(ETagConflict);
        expect(await itemAt(one)).toBeUndefined();
      });

      test('many who count at the same time lose nothing', async () => {
        const [one, other] = await two();
        await one.write({ a: { n: 0 } });
        const add = async (storage: KeyValueStorage): Promise<void> => {
          for (;;) {
            const item = await itemAt(storage);
            try {
              await storage.write({ a: { ...item, n: Number(item?.['n']) + 1 } });
              return;
            } catch (error) {
              if (!(error instanceof ETagConflict)) throw error;
            }
          }
        };
        await Promise.all(Array.from({ length: 20 }, (_, index) => add(index % 2 === 0 ? one : other)));
        expect(await nAt(one)).toBe(20);
      });

      test('a conflict stops the keys after it, and where the engine can, those before it too', async () => {
        const storage = await fresh();
        await storage.write({ b: { n: 1 } });
        await expect(
          storage.write({ a: { n: 2 }, b: { n: 2, eTag: '"old"' }, c: { n: 2 } }),
        ).rejects.toBeInstanceOf(ETagConflict);
        expect([await nAt(storage, 'a'), await nAt(storage, 'b'), await nAt(storage, 'c')]).toEqual([
          isAtomic ? undefined : 2,
          1,
          undefined,
        ]);
      });
    });

    describe('create', () => {
      test('of many at the same time, on several instances, one wins, and its value stays', async () => {
        const [one, other] = await two();
        const winners = await Promise.all(
          Array.from({ length: 30 }, (_, n) => (n % 2 === 0 ? one : other).create('a', { n })),
        );
        expect(winners.filter(Boolean)).toHaveLength(1);
        expect(await nAt(other)).toBe(winners.indexOf(true));
      });

      test('not over what was written; again when it was deleted', async () => {
        const storage = await fresh();
        await storage.write({ a: { n: 1 } });
        expect(await storage.create('a', { n: 2 })).toBe(false);
        expect(await nAt(storage)).toBe(1);
        await storage.delete(['a']);
        expect(await storage.create('a', { n: 3 })).toBe(true);
        expect(await nAt(storage)).toBe(3);
      });
    });

    describe('keys', () => {
      test.each(oddKeys.map((key): [string, string] => [JSON.stringify(key).slice(0, 60), key]))(
        'the key %s is a key like any other',
        async (_, key) => {
          const storage = await fresh();
          expect(Object.keys(await storage.read([key]))).toEqual([]);
          expect(await storage.create(key, { n: 1 })).toBe(true);
          expect(await storage.create(key, { n: 2 })).toBe(false);
          const item = await itemAt(storage, key);
          expect(item?.['n']).toBe(1);
          await storage.write(Object.fromEntries([[key, { ...item, n: 3 }]]));
          expect(await nAt(storage, key)).toBe(3);
          expect(await keysIn(storage, '')).toEqual([key]);
          expect(await keysIn(storage, key)).toEqual([key]);
          await storage.delete([key]);
          expect(Object.keys(await storage.read([key]))).toEqual([]);
        },
      );

      test('all of them at once are as many, each with its own value', async () => {
        const storage = await fresh();
        await storage.write(Object.fromEntries(oddKeys.map((key, n) => [key, { n }])));
        expect(await keysIn(storage, '')).toEqual([...oddKeys].sort());
        for (const [n, key] of oddKeys.entries()) expect(await nAt(storage, key)).toBe(n);
      });

      test('any key: written, read, and listed by any of its beginnings', async () => {
        const storage = await fresh();
        const piece = fc.oneof(
          fc.constantFrom('a', 'b', '/', '.', '~', 'ü', '😀', '\ud83d', 'z'.repeat(1_200)),
          fc.string({ unit: 'binary', maxLength: 3 }),
        );
        const key = fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join(''));
        await fc.assert(
          fc.asyncProperty(
            fc.uniqueArray(key, { minLength: 1, maxLength: 6 }),
            fc.nat(),
            async (keys, cut) => {
              await storage.write(Object.fromEntries(keys.map((one, n) => [one, { n }])));
              for (const [n, one] of keys.entries()) expect(await nAt(storage, one)).toBe(n);
              const [first = ''] = keys;
              const prefix = first.slice(0, cut % (first.length + 1));
              expect(await keysIn(storage, prefix)).toEqual(
                keys.filter((one) => one.startsWith(prefix)).sort(),
              );
              await storage.delete(keys);
              expect(await keysIn(storage, '')).toEqual([]);
            },
          ),
          { numRuns: rounds },
        );
      });
    });

    describe('list', () => {
      test('thousands, by prefix, each once, with the time it was written', async () => {
        const [one, other] = await two();
        const before = Date.now();
        const keys = Array.from({ length: many }, (_, index) => `many/${index}`);
        const outside = ['man', 'many', 'many0', 'manz/1', 'm', 'many/'.toUpperCase()];
        for (let from = 0; from < keys.length; from += 250)
          await Promise.all(keys.slice(from, from + 250).map((key) => one.write({ [key]: { n: 1 } })));
        await one.write(Object.fromEntries(outside.map((key) => [key, {}])));
        const listed: string[] = [];
        for await (const { key, written } of other.list('many/')) {
          listed.push(key);
          expect(written.getTime()).toBeGreaterThan(before - 1_500);
          expect(written.getTime()).toBeLessThan(Date.now() + 1_500);
        }
        expect(listed.sort()).toEqual([...keys].sort());
        expect(await keysIn(one, 'many/1')).toEqual(keys.filter((key) => key.startsWith('many/1')).sort());
        expect(await keysIn(one, 'none')).toEqual([]);
      });

      test('what is listed can be deleted on the way', async () => {
        const storage = await fresh();
        const keys = Array.from({ length: 600 }, (_, n) => `x/${n}`);
        await Promise.all(keys.map((key) => storage.write({ [key]: {} })));
        let seen = 0;
        for await (const { key } of storage.list('x/')) {
          seen += 1;
          await storage.delete([key]);
        }
        expect(seen).toBe(600);
        expect(await keysIn(storage, '')).toEqual([]);
      });
    });

    describe('delete', () => {
      test('what is deleted is gone, for every instance; deleting what is not there is no fault', async () => {
        const [one, other] = await two();
        await one.write({ a: {}, b: {} });
        await other.delete(['a', 'never', 'a']);
        await other.delete([]);
        expect(Object.keys(await one.read(['a', 'b']))).toEqual(['b']);
      });

      test('older: only what was last written before, and counted once by whoever deletes', async () => {
        const [one, other] = await two();
        await one.write({ a: {}, b: {} });
        const past = new Date(Date.now() - 60_000);
        const future = new Date(Date.now() + 60_000);
        expect(await one.deleteOlder(['a', 'b', 'never'], past)).toBe(0);
        expect(await keysIn(one, '')).toEqual(['a', 'b']);
        const counts = await Promise.all(
          [one, other, one, other].map((storage) => storage.deleteOlder(['a', 'b', 'never', 'a'], future)),
        );
        expect(counts.reduce((sum, count) => sum + count)).toBe(2);
        expect(await keysIn(one, '')).toEqual([]);
      });

      test('older than the end of time is everything', async () => {
        const storage = await fresh();
        await storage.write({ a: {} });
        expect(await storage.deleteOlder(['a'], new Date(8.64e15))).toBe(1);
      });
    });

    describe('copies', () => {
      test('what was written does not change when the writer goes on with it, and gets no eTag', async () => {
        const storage = await fresh();
        const item = { list: ['one'] };
        const write = storage.write({ first: {}, a: item });
        item.list.push('two');
        await write;
        item.list.push('three');
        expect(item).toEqual({ list: ['one', 'two', 'three'] });
        expect((await itemAt(storage))?.['list']).toEqual(['one']);
      });

      test('what was read belongs to the reader', async () => {
        const storage = await fresh();
        await storage.write({ a: { list: ['one'] } });
        const read = await itemAt(storage);
        if (read !== undefined) read['list'] = 'changed';
        expect((await itemAt(storage))?.['list']).toEqual(['one']);
      });
    });

    test('the Bot Framework keeps its state in it, and the last one wins', async () => {
      const [one, other] = await two();
      const turn = (): TurnContext =>
        new TurnContext(new TestAdapter(), {
          type: 'message',
          channelId: 'msteams',
          from: { id: '29:1Ab-_==', name: '' },
          conversation: {
            id: '19:x@thread.tacv2;messageid=1',
            name: '',
            isGroup: true,
            conversationType: 'channel',
          },
        });
      const say = async (storage: KeyValueStorage, word: string): Promise<TurnContext> => {
        const context = turn();
        const state = new PrivateConversationState(storage);
        await state.createProperty<string>('said').set(context, word);
        await state.saveChanges(context);
        return context;
      };
      await say(one, 'Grüße');
      await say(other, 'Grüße 😀');
      const state = new PrivateConversationState(one);
      expect(await state.createProperty<string>('said').get(turn())).toBe('Grüße 😀');
      await state.delete(turn());
      expect(await keysIn(other, '')).toEqual([]);
    });
  });
}

import { createClaims, StillClaimed, type Claim, type Claims } from '../../src/bot/claims';
import { createMemoryStorage } from '../../src/storage/memory';
import type { KeyValueStorage } from '../../src/storage/storage';

const key = 'turns/msteams/19:a@thread.tacv2;messageid=1/1';
const answered = { answer: 'sent-1', caseId: 'case-1' };
const later = { answer: 'sent-1', caseId: 'case-2' };

/** Instances on one storage, and a clock that only their waiting moves. */
class World {
  time = 1_700_000_000_000;
  waited = 0;
  private ids = 0;

  constructor(readonly storage: KeyValueStorage = createMemoryStorage()) {}

  /** `then`: what happens elsewhere while this instance waits. */
  instance(then: (waited: number) => Promise<unknown> = () => Promise.resolve()): Claims {
    return createClaims(this.storage, {
      now: () => this.time,
      newId: () => `id-${(this.ids += 1)}`,
      wait: (ms) => {
        this.time += ms;
        this.waited += ms;
        return then(this.waited);
      },
    });
  }
}

const taken = (claim: Claim | null): Claim => {
  if (claim === null) throw new Error('it is answered');
  return claim;
};

test('of many who ask at the same time one gets it, and the others wait until it is answered', async () => {
  const world = new World();
  const claims: Claim[] = [];
  const instance = world.instance(async () => {
    const [first] = claims;
    if (first !== undefined) await world.instance().finish(first, answered);
  });
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      const claim = await instance.take(key);
      if (claim !== null) claims.push(claim);
    }),
  );
  expect(claims).toHaveLength(1);
  expect(await instance.recall(key)).toEqual(answered);
});

test('after the answer: not again, however late', async () => {
  const world = new World();
  const claims = world.instance();
  await claims.finish(taken(await claims.take(key)), answered);
  world.time += 3_600_000;
  expect(await claims.take(key)).toBeNull();
  expect(await claims.recall(key)).toEqual(answered);
  expect(world.waited).toBe(0);
});

describe('while the first is at work on it', () => {
  test('it answers: whoever waited has nothing to do', async () => {
    const world = new World();
    const first = world.instance();
    const claim = taken(await first.take(key));
    const second = world.instance(() => first.finish(claim, answered));
    expect(await second.take(key)).toBeNull();
  });

  test('it gives up: whoever waited answers', async () => {
    const world = new World();
    const first = world.instance();
    const claim = taken(await first.take(key));
    const second = world.instance(() => first.abandon(claim));
    expect(taken(await second.take(key)).before).toBeNull();
    expect(world.waited).toBeLessThan(1000);
  });

  test('it dies: whoever waited answers, and not before it must be dead', async () => {
    const world = new World();
    await world.instance().take(key);
    const claim = taken(await world.instance().take(key));
    expect(claim.before).toBeNull();
    expect(world.waited).toBeGreaterThanOrEqual(12_000);
    expect(world.waited).toBeLessThan(13_100);
    expect(claim.begun).toBe(world.time);
  });

  test('it dies, and several have waited: one answers', async () => {
    const world = new World();
    await world.instance().take(key);
    world.time += 12_000;
    const claims: Claim[] = [];
    const finishing = world.instance(async () => {
      const [first] = claims;
      if (first !== undefined) await world.instance().finish(first, answered);
    });
    await Promise.all(
      Array.from({ length: 5 }, async () => {
        const claim = await finishing.take(key);
        if (claim !== null) claims.push(claim);
      }),
    );
    expect(claims).toHaveLength(1);
  });

  test('one after the other dies over it: nobody waits for ever, and nobody says that it is answered', async () => {
    const world = new World();
    await world.instance().take(key);
    const waiting = world.instance(() =>
      world.storage.write({ [key]: { v: 1, begun: world.time, done: false, by: 'a successor' } }),
    );
    await expect(waiting.take(key)).rejects.toThrow(StillClaimed);
    await expect(waiting.recall(key)).rejects.toThrow(StillClaimed);
  });
});

test.each([
  ['ahead', 3_600_000],
  ['behind', -3_600_000],
])('a dead instance whose clock was an hour %s holds nobody up', async (_, off) => {
  const world = new World();
  world.time += off;
  await world.instance().take(key);
  world.time -= off;
  expect(await world.instance().take(key)).not.toBeNull();
});

describe('whoever was too slow', () => {
  test('and gives up in the end takes nothing from its successor', async () => {
    const world = new World();
    const claims = world.instance();
    const slow = taken(await claims.take(key));
    world.time += 12_000;
    const next = taken(await claims.take(key));
    await claims.abandon(slow);
    await claims.finish(next, answered);
    await claims.abandon(slow);
    expect(await claims.recall(key)).toEqual(answered);
    expect(await claims.take(key)).toBeNull();
  });
});

describe('answered again, after an edit', () => {
  const edit = async (claims: Claims): Promise<Claim> => taken(await claims.take(key, 'second'));

  test('never answered: like any other', async () => {
    expect((await edit(new World().instance())).before).toBeNull();
  });

  test('the answer that is there is told, and kept meanwhile', async () => {
    const claims = new World().instance();
    await claims.finish(taken(await claims.take(key)), answered);
    const claim = await edit(claims);
    expect(claim.before).toEqual({ ...answered, version: null });
    await claims.finish(claim, later);
    expect(await claims.recall(key)).toEqual(later);
  });

  test('the same version is answered once, another one again', async () => {
    const claims = new World().instance();
    await claims.finish(taken(await claims.take(key)), answered);
    await claims.finish(await edit(claims), later);
    expect(await claims.take(key, 'second')).toBeNull();
    expect(taken(await claims.take(key, 'third')).before).toEqual({ ...later, version: 'second' });
  });

  test('while the message itself is at work: afterwards, on its answer', async () => {
    const world = new World();
    const first = world.instance();
    const claim = taken(await first.take(key));
    expect((await edit(world.instance(() => first.finish(claim, answered)))).before).toMatchObject(answered);
  });

  test.each([
    ['gives up', (claims: Claims, claim: Claim) => claims.abandon(claim)],
    ['dies', () => Promise.resolve()],
  ])('and it %s: the message counts as answered, the next edit as one', async (_, end) => {
    const world = new World();
    const claims = world.instance();
    await claims.finish(taken(await claims.take(key)), answered);
    await end(claims, await edit(claims));
    expect(await world.instance().take(key)).toBeNull();
    expect((await edit(world.instance())).before).toMatchObject(answered);
  });
});

test('what is forgotten is as if it never came', async () => {
  const claims = new World().instance();
  await claims.finish(taken(await claims.take(key)), answered);
  await claims.forget(key);
  expect(await claims.recall(key)).toBeNull();
  expect(await claims.take(key)).not.toBeNull();
});

test('what another release wrote stops nobody, and then counts', async () => {
  const world = new World();
  await world.storage.write({ [key]: { v: 7 } });
  const claims = world.instance();
  await claims.finish(taken(await claims.take(key)), answered);
  expect(await claims.take(key)).toBeNull();
});

test('a storage that fails is said, not hidden', async () => {
  const storage = createMemoryStorage();
  const world = new World({ ...storage, create: () => Promise.reject(new Error('full')) });
  await expect(world.instance().take(key)).rejects.toThrow('full');
});

test('forgotten places: below that key only, and nothing else of the records', async () => {
  const world = new World();
  const claims = world.instance();
  const from = { caseId: 'case-0', position: { problem: 0, article: '5.7.124', path: ['admin'] } };
  const keys = ['turns/a/1', 'turns/a/2', 'turns/ab/1'];
  for (const each of keys) await claims.finish(taken(await claims.take(each)), { ...answered, from });
  await claims.forgetPlaces('turns/a/');
  const placeOf = async (each: string): Promise<unknown> =>
    (await claims.take(each, 'edited'))?.before?.from ?? null;
  expect(await claims.recall('turns/a/1')).toEqual(answered);
  expect(await claims.take('turns/a/1')).toBeNull();
  expect(await Promise.all(keys.map(placeOf))).toEqual([null, null, from]);
});

test('a place that is in use as it is to be forgotten stays with whoever is at work', async () => {
  const storage = createMemoryStorage();
  const world = new World({
    ...storage,
    async read(keys) {
      const read = await storage.read(keys);
      await storage.write({ [key]: { ...read[key], answer: 'sent-2', eTag: '*' } });
      return read;
    },
  });
  const from = { caseId: null, position: { problem: 0, article: '5.7.124', path: [] } };
  await world.instance().finish(taken(await world.instance().take(key)), { ...answered, from });
  await world.instance().forgetPlaces('turns/');
  expect((await storage.read([key]))[key]).toMatchObject({ answer: 'sent-2', from });
});

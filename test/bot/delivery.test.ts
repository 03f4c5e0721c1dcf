import {
  createDelivery,
  DeliveryError,
  NotSent,
  type Answer,
  type Call,
  type Delivery,
} from '../../src/bot/delivery';

const call: Call = { method: 'POST', url: 'https://smba.example/x', conversation: 'c1', body: '{}' };
const ok: Answer = { status: 200, retryAfter: null, body: '{"id":"1"}' };
const answer = (status: number, retryAfter: string | null = null): Answer => ({
  status,
  retryAfter,
  body: '',
});

/** A world with its own clock: every wait passes at once, and it is written down what was asked when. */
class World {
  now = Date.UTC(2026, 10, 21, 12);
  readonly start = this.now;
  readonly asked: { at: number; url: string; left: number }[] = [];
  readonly delivery: Delivery;

  constructor(answers: (index: number, call: Call) => Answer | Error, { takes = 0, random = 0.5 } = {}) {
    this.delivery = createDelivery({
      now: () => this.now,
      random: () => random,
      wait: (ms) => {
        this.now += ms;
        return Promise.resolve();
      },
      request: (asked, left) => {
        this.asked.push({ at: this.now - this.start, url: asked.url, left });
        this.now += takes;
        const given = answers(this.asked.length - 1, asked);
        return given instanceof Error ? Promise.reject(given) : Promise.resolve(given);
      },
    });
  }

  deliver(of: Partial<Call> = {}, budget = 10_000): Promise<string> {
    return this.delivery.deliver({ ...call, ...of }, this.now + budget);
  }

  get times(): number[] {
    return this.asked.map(({ at }) => at);
  }
}

const failing = async (promise: Promise<unknown>): Promise<DeliveryError> => {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof DeliveryError) return error;
  throw new Error(`no DeliveryError: ${String(error)}`);
};

test('what is taken at once is asked once', async () => {
  const world = new World(() => ok);
  expect(await world.deliver()).toBe('{"id":"1"}');
  expect(world.times).toEqual([0]);
});

describe('answers that pass are tried again, later and later', () => {
  test.each([412, 429, 502, 503, 504])('%d twice, then taken', async (status) => {
    const world = new World((index) => (index < 2 ? answer(status) : ok));
    expect(await world.deliver()).toBe(ok.body);
    expect(world.times).toEqual([0, 250, 750]);
  });

  test('a dropped connection too', async () => {
    const world = new World((index) => (index === 0 ? new Error('ECONNRESET') : ok));
    expect(await world.deliver()).toBe(ok.body);
    expect(world.times).toEqual([0, 250]);
  });

  test.each<[string, number]>([
    ['the shortest', 0],
    ['the longest', 0.999],
  ])('the pause is spread: %s', async (_, random) => {
    const world = new World((index) => (index < 1 ? answer(503) : ok), { random });
    await world.deliver();
    expect(world.times[1]).toBeCloseTo(250 * (0.5 + random), 5);
  });

  test('without end: given up within the turn', async () => {
    const world = new World(() => answer(503));
    const error = await failing(world.deliver());
    expect(error).toMatchObject({ failing: 'late', status: 503, code: 'DELIVERY_FAILED' });
    expect(world.now - world.start).toBeLessThan(10_000);
    expect(world.asked.length).toBeGreaterThan(3);
    expect(world.asked.length).toBeLessThan(8);
  });
});

describe('Retry-After', () => {
  test.each<[string, string, number]>([
    ['seconds', '3', 3125],
    ['zero', '0', 125],
    ['a date', 'Sat, 21 Nov 2026 12:00:02 GMT', 2125],
    ['a date that has passed', 'Sat, 21 Nov 2026 11:00:00 GMT', 125],
    ['nonsense: as if it were not there', 'soon', 250],
    ['empty', '', 250],
  ])('%s', async (_, header, at) => {
    const world = new World((index) => (index === 0 ? answer(429, header) : ok));
    await world.deliver();
    expect(world.times).toEqual([0, at]);
  });

  test('longer than the turn lasts: given up at once, not at the end', async () => {
    const world = new World(() => answer(429, '60'));
    expect(await failing(world.deliver())).toMatchObject({ failing: 'late', status: 429, tries: 1 });
    expect(world.now).toBe(world.start);
  });
});

test.each<[number, string]>([
  [400, 'refused'],
  [401, 'refused'],
  [403, 'blocked'],
  [404, 'gone'],
  [413, 'tooLarge'],
  [500, 'refused'],
  [302, 'refused'],
])('%d is final: asked once, %s', async (status, kind) => {
  const world = new World(() => answer(status));
  const error = await failing(world.deliver());
  expect(error).toMatchObject({ failing: kind, status, tries: 1 });
  expect(world.times).toEqual([0]);
  expect(error.message).not.toContain('smba');
});

test('no answer at all: the time that is left is handed on, and it ends', async () => {
  const world = new World(() => new Error('timeout'), { takes: 4000 });
  expect(await failing(world.deliver())).toMatchObject({ failing: 'late', status: null });
  expect(world.asked.map(({ left }) => left)).toEqual([10_000, 5750]);
});

describe('without an answer', () => {
  test.each<[string, Partial<Call>, Error, number[]]>([
    ['a message is sent once more, not more often', {}, new Error('ECONNRESET'), [0, 250]],
    ['a change is made again', { method: 'PUT' }, new Error('ECONNRESET'), [0, 250, 750, 1750, 3750, 7750]],
    ['what was not sent is sent again', {}, new NotSent(), [0, 250, 750, 1750, 3750, 7750]],
  ])('%s', async (_, of, error, times) => {
    const world = new World(() => error);
    expect(await failing(world.deliver(of, 20_000))).toMatchObject({ failing: 'late', status: null });
    expect(world.times).toEqual(times);
  });

  test('a status between does not make a second unclear one the first', async () => {
    const world = new World(
      (index) => [new Error('ECONNRESET'), answer(503)][index] ?? new Error('ECONNRESET'),
    );
    await failing(world.deliver());
    expect(world.times).toHaveLength(3);
  });
});

describe('the limits of a thread', () => {
  const sendMany = async (world: World, count: number, of: Partial<Call> = {}): Promise<void> => {
    for (let index = 0; index < count; index += 1) await world.deliver(of, 60_000);
  };
  const most = (times: readonly number[], within: number): number =>
    Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + within).length));

  test('seven in a second, eight in two, sixty in thirty', async () => {
    const world = new World(() => ok);
    await sendMany(world, 150);
    expect(most(world.times, 1000)).toBeLessThanOrEqual(7);
    expect(most(world.times, 2000)).toBeLessThanOrEqual(8);
    expect(most(world.times, 30_000)).toBeLessThanOrEqual(60);
    expect(world.times.slice(0, 7)).toEqual([0, 0, 0, 0, 0, 0, 0]);
  });

  test('many at the same time are lined up as well', async () => {
    const world = new World(() => ok);
    await Promise.all(Array.from({ length: 12 }, () => world.deliver({}, 60_000)));
    expect(world.asked).toHaveLength(12);
  });

  test('another thread does not wait', async () => {
    const world = new World(() => ok);
    await sendMany(world, 7);
    await sendMany(world, 7, { conversation: 'c2' });
    expect(world.now).toBe(world.start);
  });

  test('a changed card is no new message', async () => {
    const world = new World(() => ok);
    await sendMany(world, 30, { method: 'PUT' });
    expect(world.now).toBe(world.start);
  });

  test('a thread that is full beyond the turn: said so, not sent late', async () => {
    const world = new World(() => ok);
    await sendMany(world, 60);
    const before = world.asked.length;
    const error = await failing(world.deliver({}, 1000));
    expect(error).toMatchObject({ failing: 'late', tries: 0 });
    expect(world.asked).toHaveLength(before);
    // What was not sent has not used up the thread's share.
    const next = world.now;
    for (let index = 0; index < 50; index += 1) await failing(world.deliver({}, 10));
    await world.deliver({}, 60_000);
    expect(world.now - next).toBeLessThan(30_000);
  });
});

import { createLog } from '../../src/log';
import { startSweeper } from '../../src/storage/sweeper';

const minute = 60_000;
const hour = 60 * minute;

describe('the sweeper', () => {
  beforeEach(() => {
    jest.useFakeTimers({ now: new Date('2026-11-21T00:00:00Z') });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const start = (sweep: (before: Date) => Promise<number>, random = 0.5) => {
    const lines: Record<string, unknown>[] = [];
    const log = createLog({
      stream: { write: (line: string) => lines.push(JSON.parse(line) as Record<string, unknown>) },
      level: 'debug',
      now: () => new Date(),
    });
    const asked: { at: Date; before: Date }[] = [];
    const sweeper = startSweeper({
      cases: {
        sweep: (before) => {
          asked.push({ at: new Date(), before });
          return sweep(before);
        },
      },
      retentionDays: 30,
      log,
      now: () => new Date(),
      random: () => random,
    });
    return { sweeper, asked, lines };
  };

  test('sweeps some minutes after the start and then about every hour, what is older than the days', async () => {
    const { sweeper, asked, lines } = start(() => Promise.resolve(3));
    await jest.advanceTimersByTimeAsync(10 * minute);
    expect(asked).toHaveLength(1);
    expect((asked[0]?.at.getTime() ?? 0) - (asked[0]?.before.getTime() ?? 0)).toBe(30 * 24 * hour);
    expect(lines).toEqual([
      expect.objectContaining({
        level: 'info',
        message: 'swept',
        removed: 3,
        before: '2026-10-22T00:05:30.000Z',
      }),
    ]);
    await jest.advanceTimersByTimeAsync(10 * hour);
    expect(asked).toHaveLength(11);
    sweeper.stop();
  });

  test.each([
    [0, 1 * minute, 45 * minute],
    [0.999_999, 10 * minute, 75 * minute],
  ])('with luck %p first after %p ms, then after %p ms more', async (random, first, next) => {
    const { sweeper, asked } = start(() => Promise.resolve(0), random);
    await jest.advanceTimersByTimeAsync(first + next + minute / 2);
    const [one, two] = asked.map(({ at }) => at.getTime() - Date.parse('2026-11-21T00:00:00Z'));
    expect(Math.abs((one ?? 0) - first)).toBeLessThan(1_000);
    expect(Math.abs((two ?? 0) - first - next)).toBeLessThan(1_000);
    sweeper.stop();
  });

  test('nothing swept is no news', async () => {
    const { sweeper, lines } = start(() => Promise.resolve(0));
    await jest.advanceTimersByTimeAsync(10 * minute);
    expect(lines).toEqual([expect.objectContaining({ level: 'debug', message: 'swept', removed: 0 })]);
    sweeper.stop();
  });

  test('a failure is logged, and the next hour is another try', async () => {
    let fails = true;
    const { sweeper, asked, lines } = start(() =>
      fails ? Promise.reject(new Error('away')) : Promise.resolve(1),
    );
    await jest.advanceTimersByTimeAsync(10 * minute);
    fails = false;
    await jest.advanceTimersByTimeAsync(2 * hour);
    expect(asked.length).toBeGreaterThan(1);
    expect(lines[0]).toMatchObject({ level: 'warn', message: 'not swept', error: { message: 'away' } });
    expect(lines[1]).toMatchObject({ level: 'info', message: 'swept' });
    sweeper.stop();
  });

  test('stopped, it plans nothing more, not even at the end of a sweep that runs', async () => {
    let finish: (count: number) => void = () => undefined;
    const { sweeper, asked } = start(() => new Promise((resolve) => (finish = resolve)));
    await jest.advanceTimersByTimeAsync(10 * minute);
    sweeper.stop();
    finish(1);
    await jest.advanceTimersByTimeAsync(5 * hour);
    expect(asked).toHaveLength(1);
    expect(jest.getTimerCount()).toBe(0);
  });
});

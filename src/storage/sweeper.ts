import type { Log } from '../log';
import type { Cases } from './cases';

export interface SweeperOptions {
  cases: Pick<Cases, 'sweep'>;
  retentionDays: number;
  log: Log;
  now: () => Date;
  /** From 0 up to, but without, 1. */
  random: () => number;
}

const minute = 60_000;
const day = 24 * 60 * minute;
/** Long enough for a start to be over, short enough for a bot that is restarted every hour to sweep as well. */
const firstAfter = { least: minute, most: 10 * minute };
const nextAfter = { least: 45 * minute, most: 75 * minute };

/**
 * Delete every hour what is older than the retention time, until `stop`. Several instances do so each for itself, not all at the same
 * moment; none waits for another, as deleting twice is no fault.
 */
export function startSweeper({ cases, retentionDays, log, now, random }: SweeperOptions): { stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  function plan({ least, most }: { least: number; most: number }): void {
    if (stopped) return;
    const delay = least + random() * (most - least);
    timer = setTimeout(
      () =>
        void sweep().then(() => {
          plan(nextAfter);
        }),
      delay,
    ).unref();
  }

  async function sweep(): Promise<void> {
    const begun = now();
    const before = new Date(begun.getTime() - retentionDays * day);
    try {
      const removed = await cases.sweep(before);
      const fields = { removed, before: before.toISOString(), ms: now().getTime() - begun.getTime() };
      if (removed > 0) log.info('swept', fields);
      else log.debug('swept', fields);
    } catch (error) {
      // The next hour is another try.
      log.warn('not swept', { error });
    }
  }

  plan(firstAfter);
  return {
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

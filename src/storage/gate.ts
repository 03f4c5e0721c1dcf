/** Lets work through until it is closed, and closes when the work that has passed is done. */
export interface Gate {
  pass<T>(work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export function createGate(): Gate {
  const running = new Set<Promise<unknown>>();
  let isClosed = false;
  return {
    async pass(work) {
      if (isClosed) throw new Error('The storage has been closed.');
      const result = work();
      running.add(result);
      try {
        return await result;
      } finally {
        running.delete(result);
      }
    },
    async close() {
      isClosed = true;
      await Promise.allSettled(running);
    },
  };
}

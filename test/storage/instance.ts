import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../guide/core';

/** One process of the built product. */
export interface Instance {
  name: string;
  /** Null when it ended before it listened. */
  url: string | null;
  /** All that it has written. */
  said(): string;
  /** At once, whatever it is doing. */
  kill(): void;
  /** As an operator stops it, whose platform waits. Its exit code. */
  stop(): Promise<number | null>;
  /** Its exit code; null when a signal ended it. */
  ended: Promise<number | null>;
}

export const program = join(root, 'dist/index.js');

/** Start the built product, or a copy of it, in a folder, on a free port, with these settings and nothing of ours. */
export async function startInstance(
  name: string,
  cwd: string,
  env: NodeJS.ProcessEnv = {},
  main = program,
): Promise<Instance> {
  const child = spawn(process.execPath, [main], {
    cwd,
    env: { PATH: process.env['PATH'], PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const ended = new Promise<number | null>((resolve) =>
    child.once('close', (code) => {
      resolve(code);
    }),
  );
  const url = await new Promise<string | null>((resolve) => {
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        const [, found] = /"url":"([^"]+)"/.exec(said) ?? [];
        if (found !== undefined) resolve(found);
      });
    void ended.then(() => {
      resolve(null);
    });
  });
  return {
    name,
    url,
    said: () => said,
    kill: () => {
      child.kill('SIGKILL');
    },
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
    ended,
  };
}

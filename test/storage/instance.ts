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
  ended: Promise<void>;
}

export const program = join(root, 'dist/index.js');

/** Start the built product in a folder, on a free port, with these settings and nothing of ours. */
export async function startInstance(name: string, cwd: string, env: NodeJS.ProcessEnv): Promise<Instance> {
  const child = spawn(process.execPath, [program], {
    cwd,
    env: { PATH: process.env['PATH'], PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const ended = new Promise<void>((resolve) =>
    child.once('close', () => {
      resolve();
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
    ended,
  };
}

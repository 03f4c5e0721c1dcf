import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../guide/core';

export interface Azurite {
  port: number;
  /** For an account of Azurite's own, by the well-known key. `port`: of somebody between, who passes on. */
  connectionString(port?: number, key?: string): string;
  stop(): Promise<void>;
}

/** Printed in Azurite's manual, the same everywhere. */
const account = 'devstoreaccount1';
const wellKnownKey =
  'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

/** Azurite's blob service, the real server, in memory, on a free port of loopback. */
export async function startAzurite(): Promise<Azurite> {
  const cwd = mkdtempSync(join(tmpdir(), 'bounce-desk-azurite-'));
  const child = spawn(
    process.execPath,
    [
      join(root, 'node_modules/azurite/dist/src/blob/main.js'),
      ...['--inMemoryPersistence', '--blobHost', '127.0.0.1', '--blobPort', '0'],
      ...['--skipApiVersionCheck', '--disableTelemetry', '--silent'],
    ],
    { cwd, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const ended = new Promise<void>((resolve) =>
    child.once('exit', () => {
      resolve();
    }),
  );
  let said = '';
  const port = await new Promise<number>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        const [, digits] = /listens on http:\/\/127\.0\.0\.1:(\d+)/.exec(said) ?? [];
        if (digits !== undefined) resolve(Number(digits));
      });
    void ended.then(() => {
      reject(new Error(`Azurite has ended:\n${said}`));
    });
  });
  return {
    port,
    connectionString: (at = port, key = wellKnownKey) =>
      `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${key};BlobEndpoint=http://127.0.0.1:${at}/${account};`,
    async stop() {
      child.kill('SIGKILL');
      await ended;
      rmSync(cwd, { recursive: true, force: true });
    },
  };
}

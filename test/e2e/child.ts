import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const START_MS = 60_000;

/** Ends a process whose parent is gone, however that died: Jest killed by a time limit runs no handler of ours. */
const LIFELINE = `data:text/javascript,${encodeURIComponent(
  `process.stdin.once('close', () => process.exit(1)).resume().unref?.();`,
)}`;

/** A Node process in a group of its own, so that nothing it starts is left behind. */
export class Child {
  private readonly process: ChildProcess;
  private readonly closed: Promise<unknown>;
  private written = '';
  private ended = false;

  constructor(
    private readonly name: string,
    args: readonly string[],
    cwd: string,
    env: Readonly<Record<string, string>>,
  ) {
    // A proxy in the environment must not be asked for 127.0.0.1.
    const direct = { NO_PROXY: '127.0.0.1,localhost', no_proxy: '127.0.0.1,localhost' };
    this.process = spawn(process.execPath, ['--import', LIFELINE, ...args], {
      cwd,
      env: { ...process.env, ...direct, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    });
    // A test that failed before it could stop us must not keep Jest from ending; then the lifeline does the rest.
    this.process.unref();
    for (const stream of this.process.stdio) if (stream instanceof Socket) stream.unref();
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream?.setEncoding('utf8');
      stream?.on('data', (text) => (this.written += String(text)));
    }
    this.closed = once(this.process, 'close').finally(() => (this.ended = true));
  }

  output(): string {
    return this.written;
  }

  async answers(url: string): Promise<void> {
    const deadline = Date.now() + START_MS;
    for (;;) {
      const status = await fetch(url).then(
        ({ status: got }) => got,
        () => 0,
      );
      if (status === 200) return;
      if (this.ended || Date.now() > deadline) {
        await this.stop();
        throw new Error(`${this.name} does not answer at ${url}:\n${this.written}`);
      }
      await sleep(100);
    }
  }

  async stop(): Promise<void> {
    this.kill('SIGTERM');
    const impatient = setTimeout(() => {
      this.kill('SIGKILL');
    }, 12_000);
    await this.closed;
    clearTimeout(impatient);
    this.kill('SIGKILL');
  }

  async die(): Promise<void> {
    this.kill('SIGKILL');
    await this.closed;
  }

  kill(signal: 'SIGTERM' | 'SIGKILL'): void {
    if (this.process.pid === undefined) return;
    try {
      process.kill(-this.process.pid, signal);
    } catch {
      // ESRCH: the group is gone already, which is what we wanted.
    }
  }
}

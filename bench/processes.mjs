/** Starting, watching and ending the processes of a run. None outlives the run, however that ends. */
import { fork, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

const START_MS = 20_000;
const STOP_MS = 3_000;
const running = new Set();

/** Last resort; {@link stop} is the way to end one process. */
export function killAll() {
  for (const child of running) child.kill('SIGKILL');
}
process.once('exit', killAll);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));

function watch(child) {
  running.add(child);
  child.ended = new Promise((resolve) => child.once('exit', resolve)).then(() => running.delete(child));
  return child;
}

/**
 * Start a bot and wait for its /healthz.
 * @param {{ script: string, env: Record<string, string>, cwd: string, nodeArgs?: string[] }} bot
 * @returns the bot, and the milliseconds from the start of the process to the first 200
 */
export async function startBot({ script, env, cwd, nodeArgs = [] }) {
  const port = await freePort();
  const { PATH = '', HOME = '' } = process.env;
  const begun = performance.now();
  const child = watch(
    spawn(process.execPath, [...nodeArgs, script], {
      cwd,
      // Nothing of the caller's environment: it may hold the settings of a real bot.
      env: { PATH, HOME, HOST: '127.0.0.1', PORT: String(port), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
  const bot = { child, port, said: '' };
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => (bot.said += text));
  while (!(await isHealthy(port))) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`${script} has ended:\n${bot.said}`);
    if (performance.now() - begun > START_MS)
      throw new Error(`${script} is not ready after ${START_MS} ms:\n${bot.said}`);
    await pause(2);
  }
  return { ...bot, startMs: performance.now() - begun, said: () => bot.said };
}

export async function startConnector() {
  const child = watch(
    fork(new URL('fake-connector.mjs', import.meta.url), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }),
  );
  const waiting = new Map();
  let port;
  await new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error('The fake connector has ended.')));
    child.on('message', (message) => {
      if (message.port !== undefined) resolve((port = message.port));
      waiting.get(message.id)?.(message.answer);
      waiting.delete(message.id);
    });
  });
  let id = 0;
  const ask = (what, details = {}) =>
    new Promise((resolve) => {
      waiting.set((id += 1), resolve);
      child.send({ id, ask: what, ...details });
    });
  return { child, ask, url: `http://127.0.0.1:${port}/` };
}

export async function stop({ child }) {
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await child.ended;
  clearTimeout(timer);
}

/** Resident memory in MB: all of it, or only what /proc/<pid>/status counts under that name (`RssAnon`, `RssFile`). */
export function residentMb({ child }, name = 'VmRSS') {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  const [, kilobytes] = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status);
  return Number(kilobytes) / 1024;
}

/** CPU time used so far by all threads, in ms; the kernel counts in ticks of 10 ms. */
export function cpuMs({ child }) {
  const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function isHealthy(port) {
  return new Promise((resolve) => {
    const request = get(
      { host: '127.0.0.1', port, path: '/healthz', agent: false, timeout: 1_000 },
      (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      },
    );
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

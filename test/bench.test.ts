import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { root } from './guide/core';

const milliseconds = z.number().positive();
const turn = z.object({
  mails: z.number().int().min(60),
  decoded: z.number().int(),
  p50: milliseconds,
  p99: milliseconds,
  mean: milliseconds,
});
const turns = z.array(turn).min(2);
const starts = z.array(milliseconds).min(3);
const result = z.object({
  turns: z.object({
    mailsRead: turns,
    mailsDiagnosed: turns,
    textsRead: turns,
    textsDiagnosed: turns,
    sisimai: turns.optional(),
  }),
  starts: z.object({ mailsRead: starts, mailsDiagnosed: starts, sisimai: starts.optional() }),
  sizes: z.array(z.number().int()).length(3),
  hostile: z
    .array(
      z.object({
        kind: z.string(),
        ms: z.array(milliseconds).length(3),
        exponents: z.array(z.number()).length(2),
      }),
    )
    .min(50),
  sisimai: z.string().nullable(),
});

// Its figures are this machine's at this moment and nothing to test; that it still runs is.
test('the bench of the reader measures mails, starts and hostile files', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['bench/reader.mjs', '--quick', '--json'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 16_000_000,
  });
  expect(status === 0 ? '' : stderr).toBe('');
  const { turns: measured, hostile, sisimai } = result.parse(JSON.parse(stdout));
  expect(measured.mailsRead[0]?.decoded).toBeGreaterThan(55);
  expect(measured.sisimai === undefined).toBe(sisimai === null);
  expect(new Set(hostile.map(({ kind }) => kind)).size).toBe(hostile.length);
}, 180_000);

// A machine that is slow or busy must not end with nothing.
test('the bench of the turns measures a little also when its time is over at once', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bounce-desk-bench-test-'));
  const file = join(folder, 'turns.json');
  const { status, stderr } = spawnSync(
    process.execPath,
    ['bench/turns.mjs', '--quick', '--seconds', '0.001', '--json', file],
    { cwd: root, encoding: 'utf8' },
  );
  expect(status === 0 ? '' : stderr).toBe('');
  const text = readFileSync(file, 'utf8');
  rmSync(folder, { recursive: true });
  const three = z.array(z.unknown()).length(3);
  const both = { bare: three, ours: three };
  z.object({ rounds: z.object(both), starts: z.object(both) }).parse(JSON.parse(text));
}, 240_000);

// Whether so few turns look flat is chance; that they are all walked, and measured on the way, is not.
test('the bench of the memory walks every turn', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bounce-desk-bench-test-'));
  const file = join(folder, 'memory.json');
  const { stderr } = spawnSync(
    process.execPath,
    ['bench/memory.mjs', '--turns', '200', '--conversations', '30', '--json', file],
    { cwd: root, encoding: 'utf8' },
  );
  const text = existsSync(file) ? readFileSync(file, 'utf8') : stderr;
  rmSync(folder, { recursive: true });
  const size = z.number().positive();
  const sample = z.object({ turns: z.number(), anonMb: size, fileMb: size, heapUsedMb: size, dataMb: size });
  const { samples } = z.object({ samples: z.array(sample) }).parse(JSON.parse(text));
  expect(samples.length).toBeGreaterThanOrEqual(3);
  expect(samples.at(-1)?.turns).toBeGreaterThanOrEqual(200);
}, 120_000);

test('the bench of the knowledge loads all of it in a process of its own', () => {
  const { status, stdout } = spawnSync(process.execPath, ['bench/knowledge.mjs'], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(status).toBe(0);
  const cost = z.object({
    articles: z.number().int().min(200),
    modules: milliseconds,
    knowledge: milliseconds,
  });
  expect(cost.safeParse(JSON.parse(stdout)).success).toBe(true);
});

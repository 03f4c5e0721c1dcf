import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { messageIn } from './bot/desk-server';
import { root } from './guide/core';
import { program, startInstance, type Instance } from './storage/instance';

jest.setTimeout(60_000);

const read = (name: string): string => readFileSync(join(root, name), 'utf8');
const lines = (name: string): string[] =>
  read(name)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

interface Copy {
  /** The stage it comes from; null for the folder that the image is built in. */
  from: string | null;
  sources: string[];
  to: string;
}

const stages = read('Dockerfile')
  .split(/^(?=FROM )/m)
  .slice(1)
  .map((stage) => stage.split('\n').filter((line) => line !== '' && !line.startsWith('#')));
const [build = [], image = []] = stages;
const copiesOf = (stage: readonly string[]): Copy[] =>
  stage
    .filter((line) => line.startsWith('COPY '))
    .map((line) => {
      const [, from, names = ''] = /^COPY (?:--from=(\S+) )?(.+)$/.exec(line) ?? [];
      const words = names.split(' ');
      return { from: from ?? null, sources: words.slice(0, -1), to: words.at(-1) ?? '' };
    });
/** What stands behind a word, such as the user's name behind USER. */
const said = (stage: readonly string[], word: string): string | undefined =>
  stage.findLast((line) => line.startsWith(`${word} `))?.slice(word.length + 1);
const command = (text: string | undefined): string[] => z.array(z.string()).parse(JSON.parse(text ?? 'null'));

const fromHere = [build, image]
  .flatMap(copiesOf)
  .flatMap(({ from, sources }) => (from === null ? sources : []));
const [everything, ...letIn] = lines('.dockerignore');

test('everything that is copied is there, and let in; nothing else is', () => {
  expect(stages).toHaveLength(2);
  expect(everything).toBe('*');
  expect(letIn.map((rule) => rule.slice(1)).sort()).toEqual([...new Set(fromHere)].sort());
  for (const name of fromHere) expect([name, existsSync(join(root, name))]).toEqual([name, true]);
});

test('the build has what its script names', () => {
  const { scripts } = z
    .object({ scripts: z.object({ build: z.string() }) })
    .parse(JSON.parse(read('package.json')));
  const needed = scripts.build.split(' ').filter((word) => /\.(?:json|mjs)$/.test(word));
  expect(needed.length).toBeGreaterThan(1);
  const copied = copiesOf(build).flatMap(({ sources }) => sources);
  expect(needed.filter((name) => !copied.includes(name))).toEqual([]);
});

test('it runs as somebody without rights, can write its data only, and is told to listen outside', () => {
  expect(said(image, 'USER')).toBe('node');
  expect(said(image, 'ENV')).toContain('HOST=0.0.0.0');
  expect(said(image, 'VOLUME')).toBe('/app/data');
  expect(image.filter((line) => line.includes('--chown'))).toEqual([]);
});

const locked = z.object({ packages: z.record(z.string(), z.looseObject({ dev: z.boolean().optional() })) });
/** The packages that are left without those for development, as links. */
function installProduction(into: string): void {
  for (const [path, { dev }] of Object.entries(
    locked.parse(JSON.parse(read('package-lock.json'))).packages,
  )) {
    if (dev === true || !/^node_modules\/(?:@[^/]+\/)?[^/]+$/.test(path) || !existsSync(join(root, path)))
      continue;
    mkdirSync(dirname(join(into, path)), { recursive: true });
    symlinkSync(join(root, path), join(into, path), 'dir');
  }
}

// `npm test` builds first; a bare jest on a fresh clone has nothing to start.
const built = existsSync(program) ? describe : describe.skip;
built('a folder with what is in the image', () => {
  const app = mkdtempSync(join(tmpdir(), 'bounce-desk-image-'));
  const main = join(app, command(said(image, 'CMD'))[1] ?? '');
  let instance: Instance | null = null;
  beforeAll(() => {
    installProduction(app);
    for (const { sources, to } of copiesOf(image))
      for (const source of sources) {
        const name = source.replace(/^\/app\//, '');
        if (name !== 'node_modules')
          cpSync(join(root, name), join(app, to.endsWith('/') ? join(to, basename(name)) : to), {
            recursive: true,
          });
      }
  });
  afterEach(async () => {
    instance?.kill();
    await instance?.ended;
  });
  afterAll(() => {
    rmSync(app, { recursive: true, force: true });
  });
  const ofImage = Object.fromEntries(
    (said(image, 'ENV') ?? '').split(' ').map((pair) => pair.split('=', 2) as [string, string]),
  );
  const isHealthy = (url: string): boolean => {
    const [, ...args] = command(/ CMD (.*)$/.exec(said(image, 'HEALTHCHECK') ?? '')?.[1]);
    return spawnSync(process.execPath, args, { env: { ...ofImage, PORT: new URL(url).port } }).status === 0;
  };

  test('starts, is healthy, answers, keeps its data where the volume is, and stops', async () => {
    instance = await startInstance('image', app, { ...ofImage, HOST: '127.0.0.1', PORT: '0' }, main);
    const url = instance.url ?? '';
    expect(instance.said()).toContain('"storage":"embedded"');
    expect(isHealthy(url)).toBe(true);
    const response = await fetch(`${url}/api/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        ...messageIn('personal', 'kim', '550 5.7.124 Sender not in allowed-senders list'),
        serviceUrl: 'http://127.0.0.1:1/',
        deliveryMode: 'expectReplies',
      }),
    });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('5.7.124-allowed-senders');
    expect(readdirSync(join(app, 'data'))).toContain('data.mdb');
    expect(await instance.stop()).toBe(0);
    expect(isHealthy(url)).toBe(false);
  });

  test('without an app id it is not open to the world: it does not start', async () => {
    instance = await startInstance('image', app, ofImage, main);
    expect(await instance.ended).toBe(1);
    expect(instance.said()).toContain('Set MicrosoftAppId');
  });
});

/**
 * A Chromium for the browser tests. playwright-core brings none, and what the system's package manager installs gets its security fixes.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const PLACES = [
  '/usr/bin',
  '/usr/local/bin',
  '/snap/bin',
  ...(process.env.PATH ?? '').split(delimiter).filter(Boolean),
];
const ELSEWHERE = [
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** Where Chromium is, or undefined. A CHROMIUM_PATH that names no program is an error: silently using another browser would mislead. */
export function browserPath(env = process.env) {
  const named = env.CHROMIUM_PATH?.trim();
  if (named) {
    if (!isProgram(named))
      throw new Error('CHROMIUM_PATH does not name a program: correct it, or remove it.');
    return named;
  }
  return [...NAMES.flatMap((name) => PLACES.map((place) => join(place, name))), ...ELSEWHERE].find(isProgram);
}

/** Where Chromium is, after installing it if that is possible here. */
export function ensureBrowser() {
  const found = browserPath();
  if (found !== undefined) return found;
  if (process.getuid?.() !== 0 || !hasAptGet()) {
    throw new Error(
      'No Chromium here: install the package `chromium` (or Google Chrome), or set CHROMIUM_PATH to one.',
    );
  }
  apt('update');
  apt('install', '-y', '--no-install-recommends', 'chromium');
  const installed = browserPath();
  if (installed === undefined)
    throw new Error(
      'apt-get installed `chromium`, but no program of that name is to be found: set CHROMIUM_PATH.',
    );
  return installed;
}

function apt(...args) {
  const { status, stdout, stderr, error } = spawnSync('apt-get', args, {
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status === 0) return;
  throw new Error(`apt-get ${args.join(' ')} failed:\n${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}`);
}

function hasAptGet() {
  return spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status === 0;
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    console.log(ensureBrowser());
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}

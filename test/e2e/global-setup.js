const { spawnSync } = require('node:child_process');
const { readdirSync, rmSync, statSync } = require('node:fs');
const { join, resolve } = require('node:path');

const ROOT = resolve(__dirname, '../..');
/** Written by every build, where an unchanged index.js is not. */
const BUILD_INFO = join(ROOT, 'dist/.tsbuildinfo');

/** Before the browser tests: a browser, and the bot built from the sources as they are. */
module.exports = async function globalSetup() {
  const { ensureBrowser } = await import('../../scripts/ensure-browser.mjs');
  // The tests run in processes of their own; the environment is what reaches them.
  process.env.CHROMIUM_PATH = ensureBrowser();
  if (changed(join(ROOT, 'dist/index.js')) === 0 || changed(BUILD_INFO) < newest(join(ROOT, 'src'))) build();
};

function build() {
  // Rather than `npx tsc`, which would offer to download one were it missing.
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  const { status, stdout, stderr } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (status === 0) return;
  // A failed build emits too, and would pass for a fresh one the next time.
  rmSync(BUILD_INFO, { force: true });
  throw new Error(`The bot does not build:\n${stdout}${stderr}`);
}

/** 0 for a file that is not there. */
function changed(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function newest(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return Math.max(
    0,
    ...entries.filter((entry) => entry.isFile()).map((entry) => changed(join(entry.parentPath, entry.name))),
  );
}

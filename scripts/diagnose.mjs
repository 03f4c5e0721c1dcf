/** `npm run diagnose`: the command line of the built bot; builds it first when nobody has yet. Standard output is the answers' alone. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const cli = join(root, 'dist/cli.js');
const run = (args, options) =>
  spawnSync(process.execPath, args, { stdio: 'inherit', ...options }).status ?? 1;

const built = existsSync(cli) || build();
process.exitCode = built ? run([cli, ...process.argv.slice(2)]) : 1;

function build() {
  const quiet = { cwd: root, stdio: ['ignore', 2, 2] };
  return (
    run([join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'], quiet) === 0 &&
    run([join(root, 'scripts/compile-knowledge.mjs')], quiet) === 0
  );
}

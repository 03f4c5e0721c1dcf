/** The tests run the SDK as the built bot loads it (src/sdk-hook.ts); jest has a way of its own to load files. */
'use strict';
const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const { transformSync } = require('@swc/core');

const source = readFileSync(require.resolve('../src/native-async.ts'), 'utf8');
const { code: program } = transformSync(source, {
  jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
  module: { type: 'commonjs' },
});
const loaded = { exports: {} };
new Function('module', 'exports', program)(loaded, loaded.exports);

module.exports = {
  process: (code) => ({ code: loaded.exports.toNativeAsync(code) }),
  getCacheKey: (code) => createHash('sha256').update(source).update('\0').update(code).digest('hex'),
};

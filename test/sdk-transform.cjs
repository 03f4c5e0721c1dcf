/** The tests run the SDK as the built bot loads it (src/sdk-hook.ts); jest has a way of its own to load files. */
'use strict';
require('./storage/ts-require.cjs');
const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const { toNativeAsync } = require('../src/native-async.ts');

const rules = readFileSync(require.resolve('../src/native-async.ts'), 'utf8');

module.exports = {
  process: (code) => ({ code: toNativeAsync(code) }),
  getCacheKey: (code) => createHash('sha256').update(rules).update('\0').update(code).digest('hex'),
};

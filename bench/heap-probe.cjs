/** Loaded into a bot beside its own program: at SIGUSR2 it writes what V8 says of its heap to the file HEAP_FILE, in one go. */
'use strict';
const { renameSync, writeFileSync } = require('node:fs');

const file = process.env.HEAP_FILE;
process.on('SIGUSR2', () => {
  writeFileSync(`${file}.new`, JSON.stringify(process.memoryUsage()));
  renameSync(`${file}.new`, file);
});

/** Loaded into a bot beside its own program: at SIGUSR2 it collects garbage and writes what is left of the heap to the file HEAP_FILE, in one go. */
'use strict';
const { renameSync, writeFileSync } = require('node:fs');

const file = process.env.HEAP_FILE;
process.on('SIGUSR2', () => {
  global.gc();
  writeFileSync(`${file}.new`, JSON.stringify(process.memoryUsage()));
  renameSync(`${file}.new`, file);
});

import { setFlagsFromString } from 'node:v8';

/**
 * A full collection each time the old part of the heap has doubled since the last. Left to itself V8 lets it grow to some four times of what is
 * alive, and further the longer it runs: the process had 325 MB of its own in place of 192 after 100,000 turns (`npm run bench:memory`). A
 * collection takes some 15 ms, once in some thousand turns.
 */
setFlagsFromString('--heap-growing-percent=100');

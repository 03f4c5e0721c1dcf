/** Load the knowledge and say what is wrong with it, with file and line. `npm run knowledge` will grow from here. */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { loadKnowledge } = require('../dist/knowledge/load.js');
try {
  const { articles, shared } = loadKnowledge(process.argv[2] ?? 'knowledge');
  console.log(`${articles.size} articles, ${shared.size} shared procedures and trees: all valid`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

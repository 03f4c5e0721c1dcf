/**
 * `npm run knowledge`: what the bot knows, and what of it needs somebody's hand.
 *
 *   node scripts/knowledge.mjs [--json | --check] [FOLDER]
 *
 * FOLDER is an organization's own, laid over ours. --json prints everything as one object; --check only what is wrong.
 * Exits 1 where the knowledge cannot be loaded, a file of FOLDER is refused, or a row of the required list
 * (knowledge/checklist/) is not covered. Reads dist/.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { automatedReadability } from 'automated-readability';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = createRequire(join(root, 'dist', 'index.js'));
const { loadBase, sentence } = dist('./knowledge/load.js');
const { lay } = dist('./knowledge/overlay.js');
const { readOwnFolder } = dist('./knowledge/own-folder.js');
const { readParsedTexts } = dist('./knowledge/parsed.js');
const { holesIn, requiredCodesSchema, requiredProceduresSchema } = dist('./knowledge/required.js');
const coverage = dist('./knowledge/coverage.js');
const { proseOf } = dist('./knowledge/prose.js');

const { values: options, positionals } = parseArgs({
  options: { json: { type: 'boolean', default: false }, check: { type: 'boolean', default: false } },
  allowPositionals: true,
});

/** A list of knowledge/checklist/, which the same schema checks as in the tests. */
function list(name, schema) {
  const file = join(root, 'knowledge', 'checklist', `${name}.yaml`);
  const read = schema.safeParse(parse(readFileSync(file, 'utf8')));
  if (read.success) return read.data;
  throw new Error(
    read.error.issues.map(({ path, message }) => `${file}: row ${path.join('.')}: ${message}`).join('\n'),
  );
}

try {
  const report = await survey(positionals[0]);
  if (options.json) console.log(JSON.stringify(report, null, 2));
  else print(report);
  process.exitCode = report.holes.length + report.refused.length > 0 ? 1 : 0;
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

async function survey(folder) {
  const base = loadBase(join(root, 'knowledge'), readParsedTexts(join(root, 'dist', 'knowledge.json')));
  const { texts, refused } = folder === undefined ? { texts: [], refused: [] } : await readOwnFolder(folder);
  const laid = lay(base, texts);
  const { knowledge } = laid;
  const hosts = list('hosts', coverage.hostsSchema).map(({ host }) => host);
  const phrases = parse(readFileSync(join(root, 'locales', 'en.yaml'), 'utf8')).phrases;
  const prose = [
    ...proseOf(knowledge),
    ...Object.values(phrases).map((text) => ({
      file: 'locales/en.yaml',
      kind: 'text',
      text: text.replaceAll(/[{}]/g, ''),
    })),
  ];
  const figures = coverage.figuresOf(prose);
  const counts = { sentence: figures.sentences, word: figures.words, character: figures.letters };
  return {
    articles: knowledge.articles.size,
    procedures: knowledge.shared.size,
    own: laid.own,
    refused: [...refused, ...laid.refused].map(sentence),
    table: coverage.tableOf(knowledge),
    holes: holesIn(knowledge, {
      codes: list('codes', requiredCodesSchema),
      procedures: list('procedures', requiredProceduresSchema),
    }),
    findings: coverage.findingsIn(knowledge, { hosts, today: new Date().toISOString().slice(0, 10) }),
    links: coverage.linksIn(knowledge),
    prose: { ...figures, readingAge: Math.round((automatedReadability(counts) + 5) * 10) / 10 },
  };
}

function print({ articles, procedures, own, refused, table, holes, findings, links, prose }) {
  if (!options.check) {
    printTable(
      ['code', 'article', 'who gets steps (ways to do it)', 'sources', 'checked'],
      table.map(({ code, article, general, audiences, sources, checked }) => [
        code,
        general ? `${article} (general)` : article,
        audiences.map(({ audience, paths }) => `${audience} ${paths}`).join(', '),
        String(sources),
        checked,
      ]),
    );
    printTable(
      ['link', 'used by'],
      links.map(({ url, files }) => [url, files.join(', ')]),
    );
  }
  printList('Refused', refused);
  printList(
    'Not covered',
    holes.map(({ id, says, why }) => `${id} ${says}: ${why}`),
  );
  for (const check of coverage.checks) {
    const some = findings.filter((finding) => finding.check === check);
    printList(
      check,
      some.map(({ where, what }) => `${where}: ${what}`),
    );
  }
  const ways = table.filter(
    ({ article }, index) => table.findIndex((row) => row.article === article) === index,
  );
  const paths = ways.flatMap(({ audiences }) => audiences).reduce((sum, { paths: some }) => sum + some, 0);
  console.log(
    [
      `${articles} articles, ${procedures} shared procedures and trees; ${table.length} rows, ${paths} ways to do something, ${links.length} links to ${new Set(links.map(({ host }) => host)).size} hosts`,
      own.articles + own.procedures + own.notes > 0
        ? `of them ${own.articles} articles, ${own.procedures} procedures and ${own.notes} notes of your own`
        : '',
      `${prose.verdicts.count} verdicts of ${prose.verdicts.median} words at the median, ${prose.verdicts.longest} at most (${coverage.maxVerdictWords}); ` +
        `${prose.labels.count} labels of ${prose.labels.longest} signs at most (${coverage.maxLabel}); ` +
        `${prose.steps.count} steps, ${prose.steps.severalSentences} of more than one sentence`,
      `${prose.words} words in ${prose.sentences} sentences, ${(prose.words / prose.sentences).toFixed(1)} words each; reading age ${prose.readingAge} by the automated readability index`,
      `${refused.length} refused, ${holes.length} rows of the required list not covered, ${findings.length} other findings`,
    ]
      .filter((line) => line !== '')
      .join('\n'),
  );
}

function printTable(head, rows) {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column].length)),
  );
  const line = (cells) =>
    cells
      .map((cell, column) => (column === cells.length - 1 ? cell : cell.padEnd(widths[column])))
      .join('  ');
  console.log(
    [line(head), line(widths.map((width) => '─'.repeat(Math.min(width, 100)))), ...rows.map(line), ''].join(
      '\n',
    ),
  );
}

function printList(title, lines) {
  if (lines.length > 0)
    console.log(`${title} (${lines.length})\n${lines.map((line) => `  ${line}`).join('\n')}\n`);
}

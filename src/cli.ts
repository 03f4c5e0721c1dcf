#!/usr/bin/env node
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openCase } from './guide/case';
import type { Guide } from './guide/walk';
import { loadBase, sentence, type Knowledge } from './knowledge/load';
import type { Diagnosis } from './knowledge/match';
import type { Actor, Article, Circumstance } from './knowledge/schema';
import { whoCanFix } from './knowledge/who-can-fix';
import { lay } from './knowledge/overlay';
import { readOwnFolder } from './knowledge/own-folder';
import { readParsedTexts, type ParsedTexts } from './knowledge/parsed';
import { libraryOf } from './library';
import { readAll, type Reading } from './ndr/file';
import { maxFile } from './ndr/unreadable';
import { loadLocales } from './locales';
import type { Phrases } from './phrases';
import { describe } from './terminal';

/** Where the data folders stand: beside `dist/`, wherever the program is called from. */
const root = join(__dirname, '..');

const usage =
  'usage: diagnose [--json] [--locale TAG] [--own FOLDER] FILE... | FOLDER... | -\n  reads bounce messages or codes and says what the bot would say; - reads standard input\n  --locale says it in a language of locales/, such as de; articles stay English\n  --own lays the articles of your own folder over ours, as KNOWLEDGE_DIR does\n';

/** Exit codes: 0 every input was read, 2 one could not be opened, was over 10 MB, or the call was wrong. */
async function main(args: readonly string[]): Promise<number> {
  const call = parseCall(args);
  if (call === null) {
    process.stderr.write(usage);
    return 2;
  }
  const { json, own, inputs } = call;
  const parsed = readParsedTexts(join(__dirname, 'knowledge.json'));
  const locales = loadLocales(join(root, 'locales'), parsed);
  const phrases = locales.find(call.locale);
  if (phrases === undefined) {
    process.stderr.write(`diagnose: locales/ has no ${call.locale}, only ${locales.tags.join(', ')}\n`);
    return 2;
  }
  const { matcher, guide } = libraryOf(await knowledgeWith(own, parsed));
  const { files, missing } = expand(inputs);
  let exitCode = missing ? 2 : 0;
  const answer = (input: string, reading: Reading): void => {
    const diagnoses = isAboutDelivery(reading) ? matcher.diagnose(reading.report) : [];
    const heading = inputs.length > 1 || files.length > 1 || input.includes('#') ? `== ${input}\n` : '';
    process.stdout.write(
      json
        ? `${JSON.stringify(toRow(input, reading, diagnoses))}\n`
        : `${heading}${explain(reading, diagnoses, guide, phrases)}\n`,
    );
  };
  for (const input of files) {
    const bytes = readInput(input);
    if (bytes === null || bytes.length > maxFile) exitCode = 2;
    if (bytes === null) continue;
    readAll(bytes).forEach((reading, index) => {
      answer(index === 0 ? input : `${input}#${String(index + 1)}`, reading);
    });
  }
  return exitCode;
}

function parseCall(
  args: readonly string[],
): { json: boolean; locale: string; own: string | undefined; inputs: string[] } | null {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        json: { type: 'boolean', default: false },
        locale: { type: 'string', default: 'en' },
        own: { type: 'string' },
      },
      allowPositionals: true,
    });
    const { json, locale, own } = values;
    return positionals.length === 0 ? null : { json, locale, own, inputs: positionals };
  } catch {
    return null; // An option that is none.
  }
}

/** Our knowledge, with an organization's folder over it; what of that is not fit is told and left out. */
async function knowledgeWith(own: string | undefined, parsed: ParsedTexts): Promise<Knowledge> {
  const base = loadBase(join(root, 'knowledge'), parsed);
  const { texts, refused } = own === undefined ? { texts: [], refused: [] } : await readOwnFolder(own);
  const laid = lay(base, texts);
  for (const problem of [...refused, ...laid.refused]) process.stderr.write(`${sentence(problem)}\n`);
  return laid.knowledge;
}

/** Mails of other kinds are about no delivery, whatever sentences stand in them. */
const isAboutDelivery = ({ kind, unreadable }: Reading): boolean =>
  unreadable === null && (kind === 'report' || kind === 'text');

/** Folders become every file below them, in the order of their names. */
function expand(inputs: readonly string[]): { files: string[]; missing: boolean } {
  const files: string[] = [];
  let missing = false;
  for (const input of inputs) {
    try {
      if (input === '-' || !statSync(input).isDirectory()) files.push(input);
      else files.push(...filesBelow(input));
    } catch (error) {
      missing = true;
      complain(input, error);
    }
  }
  return { files, missing };
}

/** Names in the order of their code units, whatever the machine's language: the same folder gives the same output. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesBelow(path);
      return entry.isFile() || entry.isSymbolicLink() ? [path] : [];
    });
}

/** The bytes of an input; of one that is too large only so many that it shows. */
function readInput(input: string): Uint8Array | null {
  try {
    if (input !== '-' && statSync(input).size > maxFile) return new Uint8Array(maxFile + 1);
    return readFileSync(input === '-' ? 0 : input);
  } catch (error) {
    complain(input, error);
    return null;
  }
}

function complain(input: string, error: unknown): void {
  process.stderr.write(
    `diagnose: ${input} cannot be read: ${error instanceof Error ? error.message : String(error)}\n`,
  );
}

const actorsOf = (article: Article | undefined, circumstances: readonly Circumstance[]): Actor[] =>
  article === undefined ? [] : whoCanFix(article, circumstances).actors;

/** One line of `--json`. A stable shape: keys are added, never renamed. */
function toRow(
  input: string,
  { report, kind, unreadable }: Reading,
  diagnoses: readonly Diagnosis[],
): object {
  return {
    input,
    // A sentence that only a refusal says counts as one, also without a code or a heading.
    isNdr:
      report.isNdr || (report.failures.length === 0 && diagnoses.some(({ article }) => article !== null)),
    failures: diagnoses.map(({ failure, article, candidates, circumstances }) => ({
      recipient: failure.recipient,
      code: failure.code,
      reply: failure.reply,
      diagnostic: failure.diagnostic,
      article: article?.id ?? null,
      general: article?.general ?? false,
      whoCanFix: actorsOf(article ?? candidates[0]?.article, circumstances),
      circumstances,
      transient: article === null ? null : article.lasting === 'temporary',
      action: failure.action ?? null,
      variant: article === null ? null : variantOf(article.id),
      group: failure.group,
      ...(candidates.length > 0 ? { candidates: candidates.map((candidate) => candidate.article.id) } : {}),
    })),
    sender: report.sender,
    subject: report.subject,
    generatingServer: report.generatingServer,
    remoteServer: report.remoteServer,
    language: report.language ?? null,
    refusedBy: report.refusedBy ?? 'unknown',
    hops: report.hops ?? [],
    evidence: (report.evidence ?? []).map(({ field, value, rule }) => ({ field, value, rule })),
    ...(unreadable === null ? {} : { unreadable }),
    ...(report.isNdr || ['report', 'headers', 'text'].includes(kind) ? {} : { notBounce: kind }),
  };
}

/** Which of a code's meanings it is: the article's name without the code in front. */
const variantOf = (id: string): string => id.replace(/^\d[\d.-]*-/, '');

function explain(
  { report, kind, unreadable }: Reading,
  diagnoses: readonly Diagnosis[],
  guide: Guide,
  phrases: Phrases,
): string {
  if (unreadable !== null) return phrases.t(`unreadable.${unreadable}`);
  if (!report.isNdr && kind !== 'report' && kind !== 'headers' && kind !== 'text')
    return `${phrases.t('notBounce.title')}. ${phrases.t(`notBounce.${kind}`)}`;
  const known = diagnoses.filter(({ article, candidates }) => article !== null || candidates.length > 0);
  if (known.length === 0) return phrases.t(report.isNdr ? 'notUnderstood.noCode.text' : 'notUnderstood.text');
  const bounce = openCase('terminal', report, known);
  return describe(bounce, guide, phrases);
}

// Whoever reads the output may stop reading (`| head`).
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

main(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    process.stderr.write(`diagnose: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  },
);

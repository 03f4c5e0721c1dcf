#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openCase } from './guide/case';
import { createGuide, type Guide } from './guide/walk';
import { loadKnowledge } from './knowledge/load';
import { readParsedTexts } from './knowledge/parsed';
import { createMatcher, type Diagnosis } from './knowledge/match';
import { readFile } from './ndr/file';
import type { Report } from './ndr/report';
import { loadPhrases, type Phrases } from './phrases';
import { describe } from './terminal';

/** Where the data folders stand: beside `dist/`, wherever the program is called from. */
const root = join(__dirname, '..');

const usage =
  'usage: diagnose [--json] FILE... | -\n  reads bounce messages or codes and says what the bot would say; - reads standard input\n';

/** Exit codes: 0 every input was read, 2 one could not be read or the call was wrong. */
async function main(args: readonly string[]): Promise<number> {
  const json = args.includes('--json');
  const inputs = args.filter((arg) => arg !== '--json');
  if (inputs.length === 0 || inputs.some((input) => input.startsWith('-') && input !== '-')) {
    process.stderr.write(usage);
    return 2;
  }
  const knowledge = loadKnowledge(
    join(root, 'knowledge'),
    readParsedTexts(join(__dirname, 'knowledge.json')),
  );
  const matcher = createMatcher(knowledge);
  const guide = createGuide(knowledge);
  const phrases = loadPhrases(join(root, 'locales'), 'en');
  let exitCode = 0;
  for (const input of inputs) {
    const bytes = readInput(input);
    if (bytes === null) {
      exitCode = 2;
      continue;
    }
    const report = await readFile(bytes);
    const diagnoses = matcher.diagnose(report);
    process.stdout.write(
      json
        ? `${JSON.stringify(toRow(input, report, diagnoses))}\n`
        : `${inputs.length > 1 ? `== ${input}\n` : ''}${explain(report, diagnoses, guide, phrases)}\n`,
    );
  }
  return exitCode;
}

function readInput(input: string): Uint8Array | null {
  try {
    return readFileSync(input === '-' ? 0 : input);
  } catch (error) {
    process.stderr.write(
      `diagnose: ${input} cannot be read: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    return null;
  }
}

/** One line of `--json`. A stable shape: keys are added, never renamed. */
function toRow(input: string, report: Report, diagnoses: readonly Diagnosis[]): object {
  return {
    input,
    // A sentence that only a refusal says counts as one, also without a code or a heading.
    isNdr:
      report.isNdr || (report.failures.length === 0 && diagnoses.some(({ article }) => article !== null)),
    failures: diagnoses.map(({ failure, article, candidates }) => ({
      recipient: failure.recipient,
      code: failure.code,
      reply: failure.reply,
      diagnostic: failure.diagnostic,
      article: article?.id ?? null,
      general: article?.general ?? false,
      whoCanFix: article?.whoCanFix ?? candidates[0]?.article.whoCanFix ?? [],
      transient: article === null ? null : article.lasting === 'temporary',
      ...(candidates.length > 0 ? { candidates: candidates.map((candidate) => candidate.article.id) } : {}),
    })),
    sender: report.sender,
    subject: report.subject,
    generatingServer: report.generatingServer,
    remoteServer: report.remoteServer,
  };
}

function explain(report: Report, diagnoses: readonly Diagnosis[], guide: Guide, phrases: Phrases): string {
  const known = diagnoses.filter(({ article, candidates }) => article !== null || candidates.length > 0);
  if (known.length === 0) return phrases.t(report.isNdr ? 'notUnderstood.noCode.text' : 'notUnderstood.text');
  const bounce = openCase('terminal', report, known);
  return describe(bounce, guide, phrases);
}

main(process.argv.slice(2)).then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error: unknown) => {
    process.stderr.write(`diagnose: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  },
);

/**
 * `npm run accuracy`: how often the built reader and the knowledge are right about test/corpus, as a Markdown table.
 *
 *   --misses   below the table, each miss on one line: file, what we got, what was wanted
 *   --json     the same as JSON, misses included
 *   --check    exit with 1 when a figure is below its bar, or there was nothing to measure
 *   --as-text  read the mails like pasted text, without MIME, for comparison
 *   --corpus DIR  another folder of the same layout
 *
 * Where the truth comes from:
 * - Mails (eml/eml-truth.jsonl): what Sisimai 5.1.0p3, a decoder by the author of these mails, makes of them. That is a
 *   peer's opinion and not gospel; eml/overrides.json corrects it where reading the mail showed otherwise. Codes and
 *   recipients that Sisimai made up (`statusInMessage`, `recipientInMessage` false) are not asked for. What else the
 *   recipient's block of the delivery report says (`dsnStatus`, `dsnDiagnosticCodes`, `otherAddresses`) is right as well.
 * - Written mails (written/truth.jsonl): made up by us, see the README there. Their bounces have rows of their own; those that are no
 *   bounce count among the mails, where the real set has none.
 * - Pasted texts (pasted/truth.jsonl): a person's judgement. `smtpSubmitError` is fair either way and not asked whether it
 *   is a bounce; naming a code is no fault in an `explainer`.
 * - Written texts (written-texts/truth.jsonl): made up by us, see the README there; `articles` are the meanings that are right, and where
 *   `isNdr` is null either way is fair. Rows of their own, without bars.
 * - Meanings (meanings.json): the articles that fit each text with a `variant`, chosen by reading texts and articles
 *   before the program was run on them.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const TIMED_ROUNDS = 20;

const { values: options } = parseArgs({
  options: {
    misses: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    'as-text': { type: 'boolean', default: false },
    corpus: { type: 'string', default: join(root, 'test', 'corpus') },
  },
});
const emlDir = join(options.corpus, 'eml');
const writtenDir = join(options.corpus, 'written');
const pastedDir = join(options.corpus, 'pasted');
const writtenTextsDir = join(options.corpus, 'written-texts');

const require = createRequire(import.meta.url);
const built = (module) => {
  const file = join(root, 'dist', `${module}.js`);
  return existsSync(file) ? require(file) : null;
};
const { readText } = built('ndr/read') ?? fail('dist/ is not built; run `npm run build` first');
const { readMessage } = built('ndr/message');
const { loadKnowledge } = built('knowledge/load');
const { readParsedTexts } = built('knowledge/parsed');
const { createMatcher } = built('knowledge/match');
const { whoCanFix } = built('knowledge/who-can-fix');
const readAll = options['as-text'] ? undefined : built('ndr/file')?.readAll;
const knowledge = loadKnowledge(
  join(root, 'knowledge'),
  readParsedTexts(join(root, 'dist', 'knowledge.json')),
);
const matcher = createMatcher(knowledge);

const readMail = (bytes) =>
  readAll === undefined
    ? { report: readText(new TextDecoder().decode(bytes)), kind: 'text' }
    : readAll(bytes)[0];

/** A text as the bot reads it when somebody pastes it. */
const answerText = (text) => {
  const { report, kind } = readMessage({ text });
  return answer(report, kind);
};

const actorsOf = (article, circumstances) =>
  article === undefined ? [] : whoCanFix(article, circumstances).actors;

/** What `diagnose --json` says about a report (src/cli.ts), with the fields that are measured here. */
function answer(report, kind = 'text') {
  const isAboutDelivery = kind === 'report' || kind === 'text';
  const diagnoses = isAboutDelivery ? matcher.diagnose(report) : [];
  const [first] = diagnoses;
  const candidates = first?.candidates.map(({ article }) => article) ?? [];
  return {
    isNdr:
      report.isNdr || (report.failures.length === 0 && diagnoses.some(({ article }) => article !== null)),
    codes: diagnoses.map(({ failure }) => failure.code),
    kind,
    action: diagnoses[0]?.failure.action ?? null,
    recipients: diagnoses.map(({ failure }) => failure.recipient).filter((recipient) => recipient !== null),
    article: first?.article?.id ?? null,
    candidates: candidates.map(({ id }) => id),
    whoCanFix: actorsOf(first?.article ?? candidates[0], first?.circumstances ?? []),
    generatingServer: report.generatingServer,
    remoteServer: report.remoteServer,
    sender: report.sender,
    ip: diagnoses.map(({ failure }) => failure.ip ?? failure.triedIp).find((ip) => ip !== null) ?? null,
  };
}

/** Figures in the order of their first case. `bar` in percent, null where none was set. */
const figures = new Map();

function figure(name, bar = null) {
  if (!figures.has(name)) figures.set(name, { name, bar, right: 0, of: 0, misses: [] });
  const entry = figures.get(name);
  return (file, isRight, got, wanted) => {
    entry.of += 1;
    if (isRight) entry.right += 1;
    else entry.misses.push({ file, got: show(got), wanted: show(wanted) });
  };
}

const show = (value) => {
  const text = Array.isArray(value) ? value.map((item) => item ?? 'none').join(', ') : String(value ?? '');
  return text === '' ? 'nothing' : text;
};
const bounceOrNot = (isNdr) => (isNdr ? 'a bounce' : 'no bounce');
const same = (a, b) => a?.toLowerCase() === b?.toLowerCase();
const among = (value, list) => list.some((item) => same(value, item));
const present = (codes) => codes.filter((code) => code !== null);

const answerMail = (bytes) => {
  const { report, kind } = readMail(bytes);
  return answer(report, kind);
};

function measureMails() {
  const mails = readTruth(join(emlDir, 'eml-truth.jsonl'), emlDir, 'file');
  const overridesFile = join(emlDir, 'overrides.json');
  const overrides = existsSync(overridesFile) ? JSON.parse(readFileSync(overridesFile, 'utf8')) : {};
  const measure = mailFigures('Mails', { isMeasured: true });
  for (const { file, bytes, truth } of mails)
    measure(file, answerMail(bytes), wantedOfMail(truth, overrides[file] ?? {}));
  return { count: mails.length, times: timed(mails, ({ bytes }) => answerMail(bytes)) };
}

function measureWritten() {
  const mails = existsSync(writtenDir) ? readTruth(join(writtenDir, 'truth.jsonl'), writtenDir, 'file') : [];
  if (mails.length === 0) return;
  const measure = mailFigures('Written mails', { isMeasured: false });
  const delayed = figure('Written mails: delayed ones told from failed ones');
  const named = figure('Written mails: what is no bounce called by its name');
  for (const { file, bytes, truth } of mails) {
    const got = answerMail(bytes);
    const [action] = truth.results.flatMap((result) => result.action ?? []);
    measure(file, got, wantedOfMail(truth, { alsoRecipients: truth.alsoRecipients ?? [] }));
    if (action !== undefined) delayed(file, got.action === action, got.action, action);
    if (!truth.expectNdr) named(file, got.kind === truth.kind, got.kind, truth.kind);
  }
}

/** The rows of a set of mails; bars only where it `isMeasured`, because mails that we wrote ourselves prove nothing about others. */
function mailFigures(name, { isMeasured }) {
  const row = (what, bar) => figure(`${name}: ${what}`, isMeasured ? bar : null);
  const recognised = row('bounces recognised', 99);
  const leftAlone = figure('Mails: other mail left alone', 100);
  const firstCode = row('first code right, where a code stands in the mail', 99);
  const precision = row('share of emitted codes that are right', 98);
  const noCode = row('those without any code left without one', 99);
  const found = row('recipients found', 99);
  const said = row('found recipients right', 98);
  return (file, got, want) => {
    if (want.isNdr === false)
      leftAlone(file, !got.isNdr && got.codes.length === 0, bounceOrNot(got.isNdr), 'no bounce');
    if (want.isNdr === false && !isMeasured) return;
    if (want.isNdr === true) recognised(file, got.isNdr, bounceOrNot(got.isNdr), 'a bounce');
    if (want.firstCodes.length > 0)
      firstCode(file, want.firstCodes.includes(got.codes[0]), got.codes, want.firstCodes);
    for (const code of present(got.codes)) precision(file, want.codes.includes(code), code, want.codes);
    if (want.codes.length === 0) noCode(file, present(got.codes).length === 0, got.codes, []);
    for (const names of want.recipients) {
      const hit = names.some((one) => among(one, got.recipients));
      found(file, hit, got.recipients, names.slice(0, 1));
    }
    if (want.isNdr !== true) return;
    const allNames = [...want.recipients.flat(), ...want.alsoRecipients];
    for (const one of got.recipients) said(file, among(one, allNames), one, allNames);
  };
}

/** The truth of a mail with its corrections: any of `firstCodes` is right first, any of `codes` anywhere. */
function wantedOfMail({ expectNdr, results }, override) {
  const inMail = results
    .filter(({ statusInMessage }) => statusInMessage)
    .map((result) => result.deliverystatus);
  const also = override.alsoCodes ?? [];
  const first = override.codes ?? (results[0]?.statusInMessage ? [results[0].deliverystatus] : []);
  const beside = results.flatMap(({ dsnStatus, dsnDiagnosticCodes }) => [
    ...dsnStatus,
    ...dsnDiagnosticCodes,
  ]);
  const addresses = results
    .filter(({ recipientInMessage }) => recipientInMessage)
    .map(({ recipient, otherAddresses }) => [recipient, ...otherAddresses]);
  return {
    isNdr: override.isNdr === undefined ? expectNdr : override.isNdr,
    firstCodes: first.length === 0 ? [] : [first[0], ...also],
    codes: [...new Set([...(override.codes ?? inMail), ...also, ...beside])],
    recipients: override.recipients?.map((name) => [name]) ?? addresses,
    alsoRecipients: override.alsoRecipients ?? [],
  };
}

function measureTexts() {
  const meanings = readMeanings(join(options.corpus, 'meanings.json'));
  const texts = readTexts(pastedDir);
  const measure = textFigures('Texts', { isMeasured: true });
  for (const { file, text, truth } of texts) {
    const got = answerText(text);
    measure(file, got, truth, meanings.get(truth.id));
    if (truth.isNdr) measureServers('Texts', file, got, truth);
  }
  return { count: texts.length, times: timed(texts, ({ text }) => answerText(text)) };
}

function measureWrittenTexts() {
  const texts = existsSync(writtenTextsDir) ? readTexts(writtenTextsDir) : [];
  if (texts.length === 0) return;
  checkArticles(
    texts.flatMap(({ truth }) => truth.articles),
    join(writtenTextsDir, 'truth.jsonl'),
  );
  const measure = textFigures('Written texts', { isMeasured: false });
  for (const { file, text, truth } of texts) {
    const got = answerText(text);
    measure(file, got, truth, truth.articles.length === 0 ? undefined : truth.articles);
    if (truth.isNdr && truth.remoteServer !== undefined) measureServers('Written texts', file, got, truth);
  }
}

const readTexts = (directory) =>
  readTruth(join(directory, 'truth.jsonl'), directory, 'id', '.txt').map((entry) => ({
    ...entry,
    text: entry.bytes.toString('utf8'),
  }));

/** The rows of a set of texts; bars only where it `isMeasured`. `meanings`: the articles that are right; undefined: nobody asks. */
function textFigures(name, { isMeasured }) {
  const row = (what, bar = null) => figure(`${name}: ${what}`, isMeasured ? bar : null);
  const recognised = row('bounces recognised', 99);
  const leftAlone = row('non-bounces left alone', 100);
  const primary = row('primary code', 98);
  const meaning = row('meaning of ambiguous codes', 95);
  const whoFirst = row("first of who-can-fix among the truth's", 95);
  const offered = row('meaning decided or among the choices offered');
  const whoInOrder = row("first of who-can-fix is the truth's first");
  const precision = row('share of emitted codes that are right');
  const noCode = row('those without any code left without one');
  const found = row('recipients found');
  const said = row('found recipients right');

  return (file, got, truth, meanings) => {
    const codes = present(got.codes);
    if (truth.isNdr === false) {
      const quiet = !got.isNdr && (truth.kind === 'explainer' || codes.length === 0);
      leftAlone(file, quiet, [bounceOrNot(got.isNdr), ...codes], 'no bounce');
    } else if (truth.isNdr && truth.kind !== 'smtpSubmitError') {
      recognised(file, got.isNdr, bounceOrNot(got.isNdr), 'a bounce');
    }
    if (truth.primaryCode !== null)
      primary(file, got.codes[0] === truth.primaryCode, got.codes, truth.primaryCode);
    else if (truth.isNdr) noCode(file, codes.length === 0, codes, []);
    if (truth.kind !== 'explainer') {
      for (const code of codes) precision(file, truth.codes.includes(code), code, truth.codes);
    }
    measureMeaning(file, got, meanings, { meaning, offered });
    if (truth.isNdr && truth.whoCanFix.length > 0) {
      const isRight = truth.whoCanFix.includes(got.whoCanFix[0]);
      const told = [got.whoCanFix[0], got.article ?? 'no article'];
      whoFirst(file, isRight, told, truth.whoCanFix);
      whoInOrder(file, truth.whoCanFix[0] === got.whoCanFix[0], told, truth.whoCanFix);
    }
    if (!truth.isNdr) return;
    for (const one of truth.recipients) found(file, among(one, got.recipients), got.recipients, one);
    for (const one of got.recipients) said(file, among(one, truth.recipients), one, truth.recipients);
  };
}

function measureMeaning(file, { article, candidates }, wanted, { meaning, offered }) {
  if (wanted === undefined) return;
  const got = article ?? `open: ${show(candidates)}`;
  meaning(file, wanted.includes(article), got, wanted);
  const isOffered = [article, ...candidates].some((id) => wanted.includes(id));
  offered(file, isOffered, got, wanted);
}

/** Who wrote, who refused and what about; no bars were set for these. */
function measureServers(name, file, got, truth) {
  for (const [field, label] of [
    ['generatingServer', 'generating server'],
    ['remoteServer', 'remote server'],
    ['sender', 'sender'],
    ['ip', 'refused IP address'],
  ]) {
    const right = same(got[field], truth[field]);
    const foundField = figure(`${name}: ${label} found`);
    const saidField = figure(`${name}: found ${label} right`);
    if (truth[field] !== null) foundField(file, right, got[field], truth[field]);
    if (got[field] !== null) saidField(file, right, got[field], truth[field]);
  }
}

/** The lines of a truth file with the bytes each is about; a file that is missing is told, not skipped. */
function readTruth(truthFile, directory, key, ending = '') {
  const names = new Set(existsSync(directory) ? readdirSync(directory) : []);
  const lines = existsSync(truthFile) ? readFileSync(truthFile, 'utf8').split('\n') : [];
  return lines
    .filter((line) => line.trim() !== '')
    .flatMap((line) => {
      const truth = JSON.parse(line);
      const file = `${truth[key]}${ending}`;
      if (names.has(file)) return [{ file, truth, bytes: readFileSync(join(directory, file)) }];
      process.stderr.write(`accuracy: ${join(directory, file)} is missing and not measured\n`);
      return [];
    });
}

function readMeanings(file) {
  if (!existsSync(file)) return new Map();
  const { _about, ...meanings } = JSON.parse(readFileSync(file, 'utf8'));
  checkArticles(Object.values(meanings).flat(), file);
  return new Map(Object.entries(meanings));
}

function checkArticles(ids, file) {
  const unknown = ids.filter((id) => !knowledge.articles.has(id));
  if (unknown.length > 0) fail(`${file} names articles that do not exist: ${unknown.join(', ')}`);
}

/** Milliseconds to read and diagnose one input; one round unmeasured first, so that start-up is apart. */
function timed(inputs, run) {
  const times = [];
  for (let round = 0; round <= TIMED_ROUNDS; round += 1) {
    for (const input of inputs) {
      const start = performance.now();
      run(input);
      if (round > 0) times.push(performance.now() - start);
    }
  }
  return times.sort((a, b) => a - b);
}

const percentile = (sorted, share) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
const summary = ({ count, times }) => ({ count, p50: percentile(times, 0.5), p99: percentile(times, 0.99) });
const isBelow = ({ right, of, bar }) => bar !== null && of > 0 && right * 100 < bar * of;

/** Rounded down: 98.96 % is not 99 %. */
const percent = ({ right, of }) =>
  of === 0 ? '–' : `${(Math.floor((right / of) * 1000) / 10).toFixed(1)} %`;
const verdict = (entry) => (entry.bar === null || entry.of === 0 ? '–' : isBelow(entry) ? 'miss' : 'ok');

function printTable(all, speed, mailsReadAs) {
  const rows = all.map((entry) => [
    entry.name,
    percent(entry),
    `${entry.right}/${entry.of}`,
    entry.bar === null ? '–' : `${entry.bar} %`,
    verdict(entry),
  ]);
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const ms = ({ p50, p99 }) =>
    p50 === null ? 'not measured' : `p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms each`;
  const out = [
    line(['figure', 'measured', 'right/of', 'bar', 'result']),
    line(['---', '---', '---', '---', '---']),
    ...rows.map(line),
    '',
    `${speed.mails.count} mails, ${mailsReadAs}: ${ms(speed.mails)}. ${speed.texts.count} texts: ${ms(speed.texts)}. ` +
      `Reading and diagnosing, one process, ${TIMED_ROUNDS} rounds after a warm-up.`,
  ];
  if (options.misses) {
    for (const { name, misses } of all.filter((entry) => entry.misses.length > 0)) {
      out.push('', name, ...misses.map(({ file, got, wanted }) => `- ${file}: ${got} → ${wanted}`));
    }
  }
  process.stdout.write(`${out.join('\n')}\n`);
}

function fail(message) {
  process.stderr.write(`accuracy: ${message}\n`);
  process.exit(2);
}

const speed = { mails: summary(measureMails()), texts: summary(measureTexts()) };
measureWritten();
measureWrittenTexts();
const all = [...figures.values()].sort((a, b) => Number(a.bar === null) - Number(b.bar === null));
const mailsReadAs = readAll === undefined ? 'read as plain text, without MIME' : 'read as files';
if (options.json) {
  const rows = all.map((entry) => ({
    ...entry,
    percent: entry.of === 0 ? null : (entry.right / entry.of) * 100,
    ok: !isBelow(entry),
  }));
  process.stdout.write(`${JSON.stringify({ figures: rows, milliseconds: speed, mailsReadAs }, null, 2)}\n`);
} else {
  printTable(all, speed, mailsReadAs);
}
const isEmpty = speed.mails.count === 0 || speed.texts.count === 0;
if (options.check && (isEmpty || all.some(isBelow))) process.exitCode = 1;

import './heap';
import './sdk-hook';
import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { createAdapter } from './bot/adapter';
import { BounceBot } from './bot/bounce-bot';
import { createClaims } from './bot/claims';
import { createFileFetcher } from './bot/file-fetcher';
import { PlaceState } from './bot/place-state';
import { createTenantGate } from './bot/tenant-gate';
import { createTurns } from './bot/turns';
import { createWelcomes } from './bot/welcomes';
import { createCards } from './cards/render';
import { loadTemplates } from './cards/templates';
import { ConfigError, loadConfig } from './config';
import type { OpenDesk } from './dialogs/desk';
import { KnowledgeError, loadBase } from './knowledge/load';
import { readParsedTexts } from './knowledge/parsed';
import { openLibrary, type Library, type LiveLibrary } from './library';
import { LocaleError, loadLocales, type Locales } from './locales';
import { createLog, type Log } from './log';
import type { Phrases } from './phrases';
import { referenceId } from './reference-id';
import { createServer, ListenError } from './server';
import { createCases } from './storage/cases';
import { openStorage } from './storage/open-storage';
import { StorageError } from './storage/storage';
import { startSweeper } from './storage/sweeper';

/** Where the data folders stand: beside `dist/`, wherever the program is started from. */
const root = join(__dirname, '..');

const packageJson = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));

/** Put the product together: config → storage → knowledge → bot → server → shutdown. */
async function start(): Promise<void> {
  const config = loadConfig();
  const now = (): Date => new Date();
  const parsed = readParsedTexts(join(__dirname, 'knowledge.json'));
  const log = createLog({ stream: process.stdout, level: config.logLevel, now });
  // Together: one reads files while the other may wait for a network.
  const [library, storage] = await Promise.all([
    openLibrary({
      base: loadBase(join(root, 'knowledge'), parsed),
      own: config.knowledgeDir,
      pollMs: config.knowledgePollMs,
      log,
    }),
    openStorage(config.storage, { now, newId: randomUUID }),
  ]);
  const cases = createCases(storage, now);
  const { caseRetentionDays: retentionDays } = config;
  const locales = loadLocales(join(root, 'locales'), parsed);
  for (const { file, keys } of locales.gaps)
    log.warn('a language leaves phrases to English', { file: `locales/${file}`, keys });
  const fixtures: Omit<OpenDesk, keyof Library | 'phrases'> = {
    cards: createCards(loadTemplates(join(root, 'cards')), retentionDays),
    cases,
    version: packageJson.version,
    newId: randomUUID,
  };
  const claims = createClaims(storage, { newId: randomUUID });
  const newReference = (): string => referenceId((length) => randomBytes(length));
  const bot = new BounceBot({
    openDesk: deskOpener(library, locales, fixtures),
    state: new PlaceState(storage),
    welcomes: createWelcomes(claims),
    turns: createTurns(claims),
    files: createFileFetcher(),
    log,
    newReference,
  });
  // The bot apologises for its own errors; what still comes here is answered by the server, with a reference.
  const adapter = createAdapter(
    config.identity,
    log,
    (_context, error) => Promise.reject(error),
    config.cloud,
  ).use(createTenantGate({ allowed: config.allowedTenants, phrasesOf: (locale) => locales.of(locale), log }));
  const server = createServer({
    config,
    log,
    ready: () => true,
    process: ({ authorization, body }) => adapter.serve(authorization, body, (context) => bot.run(context)),
  });
  const { url } = await server.listen();
  log.info('listening', {
    url,
    articles: library.current.knowledge.articles.size,
    storage: config.storage.engine,
    anonymous: config.identity.kind === 'anonymous',
  });
  const sweeper = startSweeper({ cases, retentionDays, log, now, random: Math.random });
  stopOnSignal(log, async () => {
    library.stop();
    sweeper.stop();
    await server.close();
    await storage.close();
  });
}

/** A desk for every language, put together anew when the library has been replaced. */
function deskOpener(
  library: LiveLibrary,
  locales: Locales,
  fixtures: Omit<OpenDesk, keyof Library | 'phrases'>,
): (locale: string) => OpenDesk {
  const desks = new WeakMap<Library, Map<Phrases, OpenDesk>>();
  return (locale) => {
    const { current } = library;
    const phrases = locales.of(locale);
    const known = desks.get(current) ?? new Map<Phrases, OpenDesk>();
    desks.set(current, known);
    const desk = known.get(phrases) ?? { ...current, ...fixtures, phrases };
    known.set(phrases, desk);
    return desk;
  };
}

function stopOnSignal(log: Log, close: () => Promise<void>): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      log.info('stopping', { signal });
      close().then(
        () => process.exit(0),
        (error: unknown) => {
          log.error('not stopped in peace', { error });
          process.exit(1);
        },
      );
    });
  }
}

start().catch((error: unknown) => {
  const known =
    error instanceof ConfigError ||
    error instanceof KnowledgeError ||
    error instanceof LocaleError ||
    error instanceof ListenError ||
    error instanceof StorageError;
  const sentences = known
    ? error.message
    : `Bounce Desk could not start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  // At once, when that is said: what had been opened must not go on, or speak as well.
  process.stderr.write(`${sentences}\n`, () => process.exit(1));
});

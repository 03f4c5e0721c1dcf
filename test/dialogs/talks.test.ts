import { createFileFetcher } from '../../src/bot/file-fetcher';
import { startDesk, type Scope } from '../bot/desk-server';
import { engines, type Running } from '../storage/engines';
import { reports } from './reports';
import { play, type Played, type Talk } from './talk';
import { commands } from './talks/commands';
import { extension } from './talks/extension';
import { keeping } from './talks/keeping';
import { messages } from './talks/messages';
import { people } from './talks/together';
import { walking } from './talks/walking';

jest.setTimeout(120_000);

const talks: readonly Talk[] = [...walking, ...people, ...commands, ...messages, ...keeping, ...extension];

test('sixty conversations or more, each with a name of its own', () => {
  expect(talks.length).toBeGreaterThanOrEqual(60);
  expect(new Set(talks.map(({ name }) => name)).size).toBe(talks.length);
});

/** What lies where Teams keeps files: the edge of our world. */
const files = createFileFetcher({ request: () => Promise.resolve(new Response(reports.file)) });

/** So many at a time: the bot keeps to the limits of Teams, and whoever talks a lot waits. */
const atOnce = 16;

/** Every conversation with a bot and a place of its own. */
async function playAll(running: Running, acts: readonly Act[]): Promise<Map<string, Played>> {
  const played = new Map<string, Played>();
  const waiting = [...acts];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const storage = await running.newPlace()();
      const server = await startDesk({ storage, files });
      try {
        played.set(nameIn(next), await play(next, next.scope, server));
      } catch (error) {
        played.set(nameIn(next), { seen: [String(error)], meant: [] });
      }
      await server.close();
      await storage.close();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return played;
}

interface Act extends Talk {
  scope: Scope;
}
const nameIn = ({ name, scope }: Act): string => `${name}, ${scope}`;

describe.each(Object.entries(engines))('conversations, kept in %s', (engine, start) => {
  const acts = talks.flatMap((talk, index) =>
    talk.scopes
      // The default engine plays all; what the others keep does not depend on the scope.
      .filter((_, at) => engine === 'embedded' || at === index % talk.scopes.length)
      .map((scope): Act => ({ ...talk, scope })),
  );
  let played: Map<string, Played>;
  beforeAll(async () => {
    const running = await start();
    played = await playAll(running, acts);
    await running.stop();
  });

  test.each(acts)('$name, $scope', (act) => {
    const { seen, meant } = played.get(nameIn(act)) ?? { seen: ['not played'], meant: [] };
    expect(seen).toEqual(meant);
  });
});

/** The load: whole conversations, several at a time, the turns of one conversation one after the other. */
import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { buttonsOf, ID, message, press } from './activities.mjs';
import { percentile } from './statistics.mjs';
import { cpuMs } from './processes.mjs';

const TURN_MS = 10_000;
const bodyOf = (activity) => JSON.stringify(activity).split(ID);

/**
 * Walk one conversation against our own bot: a press needs the button of the real card before it.
 * @param seen told of every turn: its body, split where its id goes, and the card that came back
 */
export async function walk({ connector, send }, conversation, turns, seen = () => {}) {
  let card = null;
  for (const turn of turns) {
    const activity =
      turn.kind === 'press'
        ? press(
            connector.url,
            conversation,
            buttonsOf(card)[turn.button] ?? fail(`the card has no button ${turn.button}`, turns, card),
          )
        : message(connector.url, conversation, turn.text);
    const body = bodyOf(activity);
    const answer = await send(body);
    card =
      turn.kind === 'press'
        ? JSON.parse(answer).value
        : JSON.parse(await connector.ask('activity', { conversation })).attachments[0].content;
    // An apology and "I did not understand" lead nowhere: such a run would measure the wrong thing.
    if (!buttonsOf(card).some(({ verb }) => verb === 'go'))
      fail(`the answer to ${JSON.stringify(turn).slice(0, 80)} leads nowhere`, turns, card);
    seen(body, card);
  }
}

/**
 * Walk every conversation once and keep the bodies. Their cases stay with the bot, so the same bodies work again.
 * @returns the bodies by conversation, each split where its id goes, and the cards that came back
 */
export async function record(bot, connector, conversations, concurrency) {
  const cards = [];
  await connector.ask('record', { on: true });
  const bodies = conversations.map(() => []);
  await withClient(bot, concurrency, async (send) => {
    await inParallel(conversations, concurrency, async (turns, index) => {
      await walk({ connector, send }, `a:${randomUUID()}-bench`, turns, (body, card) => {
        bodies[index].push(body);
        cards.push(card);
      });
    });
  });
  await connector.ask('record', { on: false });
  return { bodies, cards };
}

function fail(what, turns, card) {
  const names = turns.map(({ kind, text, button }) => `${kind} ${button ?? text.slice(0, 30)}`);
  throw new Error(
    `bench/mix.mjs no longer fits the bot: ${what} (${names.join(' > ')})\n${JSON.stringify(card)}`,
  );
}

/** Send every body once. @returns turns per second, latencies in ms, CPU ms per turn. */
export async function round(bot, connector, bodies, concurrency) {
  const latencies = [];
  const before = await connector.ask('counts');
  const cpu = cpuMs(bot);
  const begun = performance.now();
  await withClient(bot, concurrency, (send) =>
    inParallel(bodies, concurrency, async (turns) => {
      for (const body of turns) {
        const sent = performance.now();
        await send(body);
        latencies.push(performance.now() - sent);
      }
    }),
  );
  const seconds = (performance.now() - begun) / 1000;
  const cpuUsed = cpuMs(bot) - cpu;
  const after = await connector.ask('counts');
  return {
    turnsPerSecond: latencies.length / seconds,
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
    cpuMsPerTurn: cpuUsed / latencies.length,
    coresUsed: cpuUsed / 1000 / seconds,
    activities: after.activities - before.activities,
    kilobytes: Math.round((after.bytes - before.bytes) / 1024),
  };
}

export async function inParallel(items, concurrency, work) {
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      await work(items[index], index);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}

export async function withClient({ port }, concurrency, use) {
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  const send = (body) =>
    new Promise((resolve, reject) => {
      const text = body.join(randomUUID());
      const headers = {
        'content-type': 'application/json; charset=utf-8',
        'content-length': Buffer.byteLength(text),
      };
      const outgoing = request(
        { agent, host: '127.0.0.1', port, path: '/api/messages', method: 'POST', headers, timeout: TURN_MS },
        (response) => {
          const chunks = [];
          response.on('data', (chunk) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const answer = Buffer.concat(chunks).toString('utf8');
            if (response.statusCode === 200) resolve(answer);
            else
              reject(new Error(`A turn was answered with ${response.statusCode}: ${answer.slice(0, 300)}`));
          });
        },
      );
      outgoing.on('timeout', () => outgoing.destroy(new Error(`A turn took more than ${TURN_MS} ms.`)));
      outgoing.on('error', reject);
      outgoing.end(text);
    });
  try {
    return await use(send);
  } finally {
    agent.destroy();
  }
}

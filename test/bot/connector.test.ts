import { once } from 'node:events';
import { createServer as createSilentServer, type AddressInfo, type Socket } from 'node:net';
import { z } from 'zod';
import {
  activityIn,
  answeredCard,
  cardOf,
  messageIn,
  pressIn,
  startDesk,
  type DeskServer,
  type Json,
  type Refusal,
} from './desk-server';
import { createConnector } from '../../src/bot/connector';
import { NotSent } from '../../src/bot/delivery';
import { cards, phrases } from '../guide/core';

/** A world whose time only the bot's own waiting moves: what it waits for is written down and not sat through. */
const start = Date.UTC(2026, 10, 21, 12);
let now = start;
const clock = {
  now: () => now,
  wait: (ms: number) => {
    now += ms;
    return Promise.resolve();
  },
  random: () => 0.5,
};

let server: DeskServer;
beforeAll(async () => {
  server = await startDesk({ clock });
});
afterAll(() => server.close());
beforeEach(() => {
  server.refuse(() => null);
});

/** What the connector does with one call after the other; what comes after the last is taken. A function is told the time. */
type Reply = number | Refusal | 'taken' | (() => Refusal);
const throttled = (retryAfter: string): Refusal => ({ status: 429, headers: { 'retry-after': retryAfter } });
const inSeconds = (seconds: number) => (): Refusal => throttled(new Date(now + seconds * 1000).toUTCString());
const always = (reply: Reply): Reply[] => Array.from({ length: 20 }, () => reply);

let messages = 0;
const said = (text: string): Json => ({
  ...messageIn('personal', 'kim', text),
  id: `message-${(messages += 1)}`,
});

interface Seen {
  /** Each call: how long after the turn began, and what it was. */
  calls: string[];
  /** Each message that Teams has taken, by what it says. */
  taken: string[];
  status: number;
  body: unknown;
}

/** What a card is: the article it shows, or the notice. */
function nameOf(activity: Json): string {
  const json = JSON.stringify(cardOf(activity));
  const [, article] = /"article":"([^"]+)"/.exec(json) ?? [];
  if (article !== undefined) return article.replace(/-.*/, '');
  const title = (['apology', 'answerTooLarge', 'welcome'] as const).find((key) =>
    json.includes(JSON.stringify(phrases.t(`${key}.title`))),
  );
  return title ?? json;
}

/** Deliver an activity while the connector behaves so, and look at all that happened. */
async function turn(activity: Json, replies: readonly Reply[]): Promise<Seen> {
  // Some time later, so that the limits of the thread have nothing to do with it; a date in a header knows no parts of a second.
  now = Math.ceil(now / 60_000) * 60_000 + 60_000;
  const begun = now;
  const before = { calls: server.calls.length, deliveries: server.deliveries.length };
  let asked = 0;
  server.refuse(() => {
    const reply = replies[asked] ?? 'taken';
    asked += 1;
    const given = typeof reply === 'function' ? reply() : reply;
    return given === 'taken' ? null : given;
  });
  const { status, body } = await server.post(activity);
  expect(now - begun).toBeLessThanOrEqual(10_000);
  return {
    calls: server.calls.slice(before.calls).map(({ method, at }) => `${at - begun} ${method}`),
    taken: server.deliveries.slice(before.deliveries).map((one) => `${one.method} ${nameOf(one.activity)}`),
    status,
    body,
  };
}

const answer = ['POST 5.7.124'];

describe('a message is answered', () => {
  test.each<[string, Reply[], Pick<Seen, 'calls' | 'taken' | 'status'>]>([
    ['taken at once', [], { calls: ['0 POST'], taken: answer, status: 200 }],
    ...[412, 429, 502, 503, 504].map(
      (status): [string, Reply[], Pick<Seen, 'calls' | 'taken' | 'status'>] => [
        `${status}, and ${status} again`,
        [status, status],
        { calls: ['0 POST', '250 POST', '750 POST'], taken: answer, status: 200 },
      ],
    ),
    ['429, in 2 seconds', [throttled('2')], { calls: ['0 POST', '2125 POST'], taken: answer, status: 200 }],
    ['429, at a time', [inSeconds(3)], { calls: ['0 POST', '3125 POST'], taken: answer, status: 200 }],
    [
      '429, a time that is over',
      [inSeconds(-3)],
      { calls: ['0 POST', '125 POST'], taken: answer, status: 200 },
    ],
    [
      '429, in 3 seconds, twice',
      [throttled('3'), inSeconds(3)],
      { calls: ['0 POST', '3125 POST', '6125 POST'], taken: answer, status: 200 },
    ],
    // Not "sorry" either: Teams has said when it listens again.
    ['429, in half a minute', [throttled('30')], { calls: ['0 POST'], taken: [], status: 500 }],
    ['429, at a time in half a minute', [inSeconds(30)], { calls: ['0 POST'], taken: [], status: 500 }],
    [
      'dropped before it was taken',
      ['dropped'],
      { calls: ['0 POST', '250 POST'], taken: answer, status: 200 },
    ],
    [
      'dropped after it was taken: twice is better than never',
      ['takenAndDropped'],
      { calls: ['0 POST', '250 POST'], taken: [...answer, ...answer], status: 200 },
    ],
    [
      'dropped again and again: not more often than twice',
      always('takenAndDropped'),
      { calls: ['0 POST', '250 POST'], taken: [...answer, ...answer], status: 500 },
    ],
    [
      '413: in few words',
      [413],
      { calls: ['0 POST', '0 POST'], taken: ['POST answerTooLarge'], status: 200 },
    ],
    [
      '413, and busy for the few words',
      [413, 503],
      { calls: ['0 POST', '0 POST', '250 POST'], taken: ['POST answerTooLarge'], status: 200 },
    ],
    ['400: sorry', [400], { calls: ['0 POST', '0 POST'], taken: ['POST apology'], status: 200 }],
    ['500: sorry', [500], { calls: ['0 POST', '0 POST'], taken: ['POST apology'], status: 200 }],
    ['403: not tried again', always(403), { calls: ['0 POST'], taken: [], status: 200 }],
    ['404: not tried again', always(404), { calls: ['0 POST'], taken: [], status: 200 }],
    [
      '503 without end: as long as a turn lasts',
      always(503),
      {
        calls: ['0 POST', '250 POST', '750 POST', '1750 POST', '3750 POST', '7750 POST'],
        taken: [],
        status: 500,
      },
    ],
  ])('%s', async (_, replies, expected) => {
    expect(await turn(said('5.7.124'), replies)).toMatchObject(expected);
  });

  test.each<[string, Reply[], string[]]>([
    ['was busy: the next delivery is answered', always(503), answer],
    ['asked for more time than there is: the next delivery is answered', [throttled('30')], answer],
    ['refused everything: the next delivery is answered', always(400), answer],
    ['has blocked the bot: it is let alone', always(403), []],
    ['knows no such conversation: it is let alone', always(404), []],
    ['has taken it: it is not answered twice', [], []],
    ['has taken few words: it is not answered twice', [413], []],
  ])('Teams %s', async (_, replies, later) => {
    const message = said('5.7.124');
    await turn(message, replies);
    expect((await turn(message, [])).taken).toEqual(later);
  });

  test('nobody listens at its address: tried as long as a turn lasts, and answered at the next delivery', async () => {
    const message = said('5.7.124');
    now += 60_000;
    const begun = now;
    const { status } = await server.post({ ...message, serviceUrl: 'http://127.0.0.1:1/' });
    expect(status).toBe(500);
    expect(now - begun).toBe(7750);
    expect((await turn(message, [])).taken).toEqual(answer);
  });

  test('typed words go on from an answer that was busy to arrive', async () => {
    await turn(said('5.7.124'), [503, throttled('1')]);
    expect((await turn(said('owner'), [])).taken).toEqual(['POST 5.7.124']);
  });

  test.each<[string, Reply[]]>([
    ['was busy', always(503)],
    ['asked for more time than there is', [throttled('30')]],
  ])('Teams %s: the next delivery of typed words goes on from where they were said', async (_, replies) => {
    await turn(said('5.7.124'), []);
    const typed = said('owner');
    expect(await turn(typed, replies)).toMatchObject({ taken: [], status: 500 });
    expect((await turn(typed, [])).taken).toEqual(['POST 5.7.124']);
  });

  test('no connection comes about: the call ends with its time, and was not made', async () => {
    const sockets: Socket[] = [];
    const silent = createSilentServer((socket) => sockets.push(socket));
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const connector = createConnector(() => Promise.resolve(null));
    const { port } = silent.address() as AddressInfo;
    const call = {
      method: 'POST',
      url: `https://127.0.0.1:${String(port)}/`,
      conversation: 'any',
      body: '{}',
    } as const;
    await expect(connector.request(call, 200)).rejects.toBeInstanceOf(NotSent);
    for (const socket of sockets) socket.destroy();
    silent.close();
  });

  test('no access token comes: the call ends with its time, and was not made', async () => {
    const { request } = createConnector(() => new Promise(() => undefined));
    const call = { method: 'POST', url: server.serviceUrl, conversation: 'any', body: '' } as const;
    const before = server.calls.length;
    await expect(request(call, 50)).rejects.toBeInstanceOf(NotSent);
    expect(server.calls).toHaveLength(before);
  });
});

describe('an edited message: its answer changes', () => {
  const editOf = (message: Json, text: string): Json => ({
    ...said(text),
    id: message['id'],
    type: 'messageUpdate',
    channelData: { eventType: 'editMessage' },
  });
  const edited = async (replies: readonly Reply[]): Promise<Seen> => {
    const message = said('5.7.124');
    await turn(message, []);
    return await turn(editOf(message, '5.1.10'), replies);
  };

  test.each<[string, Reply[], string[], string[]]>([
    ['taken at once', [], ['0 PUT'], ['PUT 5.1.10']],
    ['busy', [412, 503], ['0 PUT', '250 PUT', '750 PUT'], ['PUT 5.1.10']],
    ['429, in 2 seconds', [throttled('2')], ['0 PUT', '2125 PUT'], ['PUT 5.1.10']],
    [
      '429, in 5 seconds: there has to be time for a new one',
      [throttled('5')],
      ['0 PUT', '0 POST'],
      ['POST 5.1.10'],
    ],
    ['404: a new one', [404], ['0 PUT', '0 POST'], ['POST 5.1.10']],
    ['404, and busy for the new one', [404, 503], ['0 PUT', '0 POST', '250 POST'], ['POST 5.1.10']],
    ['413: in few words', [413, 413], ['0 PUT', '0 POST', '0 POST'], ['POST answerTooLarge']],
    ['403 for all: let alone', always(403), ['0 PUT', '0 POST'], []],
    [
      'dropped after it was taken: the same once more, which nobody sees',
      ['takenAndDropped', 'takenAndDropped'],
      ['0 PUT', '250 PUT', '750 PUT'],
      ['PUT 5.1.10', 'PUT 5.1.10', 'PUT 5.1.10'],
    ],
    [
      'busy for as long as a change may take: a new one in what is left',
      Array.from({ length: 5 }, () => 503),
      ['0 PUT', '250 PUT', '750 PUT', '1750 PUT', '3750 PUT', '3750 POST'],
      ['POST 5.1.10'],
    ],
  ])('%s', async (_, replies, calls, taken) => {
    expect(await edited(replies)).toMatchObject({ calls, taken, status: 200 });
  });

  test('busy for longer than a turn lasts: whoever wrote it stays where they had got to', async () => {
    const message = said('5.7.124');
    await turn(message, []);
    await turn(said('owner'), []);
    const edit = editOf(message, 'something else');
    expect(await turn(edit, always(503))).toMatchObject({ taken: [], status: 500 });
    await turn(edit, []);
    expect((await turn(said('back'), [])).taken).toEqual(['POST 5.7.124']);
  });

  test('the new one is what the next edit changes', async () => {
    const message = said('5.7.124');
    const again = (text: string): Json => editOf(message, text);
    await turn(message, []);
    await turn(again('5.1.10'), [404]);
    const { id } = server.deliveries.at(-1) ?? { id: '' };
    await turn(again('5.7.124'), []);
    expect(server.deliveries.at(-1)).toMatchObject({ method: 'PUT', id });
  });
});

describe('a press in a personal chat: the presser has the card, whatever becomes of the message', () => {
  const data = { v: 1, verb: 'help', case: null, at: null };
  test.each<[string, Reply[], string[]]>([
    ['taken at once', [], ['0 PUT']],
    ['429, in 1 second', [throttled('1')], ['0 PUT', '1125 PUT']],
    ['429, in half a minute', [throttled('30')], ['0 PUT']],
    ['404', [404], ['0 PUT']],
    ['403', [403], ['0 PUT']],
    ['413', [413], ['0 PUT']],
    ['dropped', ['dropped'], ['0 PUT', '250 PUT']],
    ['502 without end', always(502), ['0 PUT', '250 PUT', '750 PUT', '1750 PUT', '3750 PUT']],
  ])('%s', async (_, replies, calls) => {
    const seen = await turn(pressIn('personal', 'kim', 'sent-1', data), replies);
    expect(seen).toMatchObject({ calls, status: 200 });
    expect(answeredCard(seen.body)).toEqual(cards.help('personal', phrases).card);
  });

  test.each<[string, Reply[], string[]]>([
    ['404: a new message', [404], ['0 PUT', '0 POST']],
    ['busy', [503], ['0 PUT', '250 PUT']],
  ])('from an older client, %s', async (_, replies, calls) => {
    const pressed = { ...activityIn('personal', 'kim'), type: 'message', value: data, replyToId: 'sent-1' };
    expect(await turn(pressed, replies)).toMatchObject({ calls, status: 200 });
  });
});

describe('who is welcomed again', () => {
  let installs = 0;
  const installed = (): Json => ({
    ...activityIn('personal', `installer-${(installs += 1)}`),
    type: 'installationUpdate',
    action: 'add',
  });
  const again = (install: Json): Json => ({ ...install, id: `${String(install['id'])}-again` });

  test('welcomed, and installed again: nothing is said twice', async () => {
    const install = installed();
    expect((await turn(install, [])).taken).toEqual(['POST welcome']);
    expect((await turn(again(install), [])).taken).toEqual([]);
  });

  // A thread of a channel: what becomes of one is not what becomes of the team.
  test.each<[string, number, string, string[]]>([
    ['403 to an answer: the next install is welcomed', 403, '', ['POST welcome']],
    ['403 in a thread: the same', 403, ';messageid=1', ['POST welcome']],
    ['404 to an answer: it is welcomed already', 404, '', []],
    ['404 in a thread: the team is welcomed already', 404, ';messageid=1', []],
  ])('%s', async (_, status, thread, taken) => {
    const install = installed();
    await turn(install, []);
    const conversation = { id: `${z.object({ id: z.string() }).parse(install['conversation']).id}${thread}` };
    const closed = await turn({ ...said('5.7.124'), conversation }, [status]);
    expect(closed).toMatchObject({ calls: ['0 POST'], taken: [], status: 200 });
    expect((await turn(again(install), [])).taken).toEqual(taken);
  });

  test.each<[string, Reply[], number]>([
    ['403', [403], 200],
    ['404', [404], 200],
    ['busy without end', always(503), 500],
  ])('%s to the welcome: the next announcement tries again', async (_, replies, status) => {
    const install = installed();
    expect(await turn(install, replies)).toMatchObject({ taken: [], status });
    expect((await turn(again(install), [])).taken).toEqual(['POST welcome']);
  });
});

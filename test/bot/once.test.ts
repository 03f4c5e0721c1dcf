import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { OpenDesk } from '../../src/dialogs/desk';
import { cardOf, messageIn, startDesk, type DeskServer, type Json, type Scope } from './desk-server';

let server: DeskServer;
const others: DeskServer[] = [];
beforeEach(async () => {
  server = await startDesk();
});
afterEach(async () => {
  for (const each of [server, ...others.splice(0)]) await each.close();
});
/** Another instance, which ends with the test, however that ends. */
const startAnother = async (options: Parameters<typeof startDesk>[0]): Promise<DeskServer> => {
  const other = await startDesk(options);
  others.push(other);
  return other;
};

let messages = 0;
const said = (text: string, scope: Scope = 'personal'): Json => ({
  ...messageIn(scope, 'kim', text),
  id: `m${(messages += 1)}`,
});
const edited = (message: Json, into: Json): Json => ({
  ...into,
  id: message['id'],
  type: 'messageUpdate',
  channelData: { ...Object(message['channelData']), eventType: 'editMessage' },
});
const deleted = (message: Json): Json => ({
  ...message,
  type: 'messageDelete',
  text: undefined,
  channelData: { ...Object(message['channelData']), eventType: 'softDeleteMessage' },
});
const post = async (activity: Json): Promise<void> => {
  expect((await server.post(activity)).status).toBe(200);
};
const articleIn = (delivery: { activity: Json } | undefined): string =>
  /"article":"([^"]+)"/.exec(JSON.stringify(delivery?.activity))?.[1] ?? 'none';

describe('a message that Teams delivers again', () => {
  test('one after the other: answered once', async () => {
    const message = said('5.7.124');
    await post(message);
    await post(message);
    expect(server.deliveries).toHaveLength(1);
  });

  test('at the same time: answered once', async () => {
    const message = said('5.7.124');
    await Promise.all([post(message), post(message), post(message)]);
    expect(server.deliveries).toHaveLength(1);
  });

  test('the same words in a new message are a new question', async () => {
    await post(said('5.7.124'));
    await post(said('5.7.124'));
    expect(server.deliveries).toHaveLength(2);
  });

  test('the answer could not be sent: the next delivery is answered', async () => {
    server.refuse(() => 400);
    const message = said('5.7.124');
    await server.post(message);
    server.refuse(() => null);
    await post(message);
    expect(server.deliveries).toHaveLength(1);
  });

  test('a message without an id is answered', async () => {
    await post({ ...said('5.7.124'), id: undefined });
    expect(server.deliveries).toHaveLength(1);
  });
});

test('where somebody stands is written in one go with the message that led there', async () => {
  const { storage } = server;
  const written: string[][] = [];
  const watched = {
    ...storage,
    write: (changes: Json) => (written.push(Object.keys(changes)), storage.write(changes)),
  };
  const other = await startAnother({ storage: watched });
  const rooms = (): string[][] => written.splice(0).map((keys) => keys.map((key) => key.split('/')[0] ?? ''));
  for (const text of ['550 5.7.124 Sender not in allowed-senders list', 'owner']) {
    expect((await other.post(said(text))).status).toBe(200);
    expect(rooms().at(-1)).toEqual(['msteams', 'turns']);
  }
  expect(rooms()).toEqual([]);
  // Without an id, nobody delivers it again, and the place is written all the same.
  expect((await other.post({ ...said('back'), id: undefined })).status).toBe(200);
  expect(rooms()).toEqual([['msteams']]);
});

describe('two instances on one storage', () => {
  const paste = '550 5.7.124 Sender not in allowed-senders list';
  const turnKey = (message: Json): string => `turns/msteams/a:personal-kim/${String(message['id'])}`;
  /** Another instance, whose deliveries arrive at the same connector. */
  const beside = (change: Partial<OpenDesk> = {}): Promise<DeskServer> =>
    startAnother({ storage: server.storage, change: { newId: randomUUID, ...change } });
  /** An instance that keeps cases slowly: a turn can be looked at while it lasts. */
  const slow = (ms: number): Promise<DeskServer> => {
    const { cases } = server.desk;
    const put: typeof cases.put = (bounce, owner) => pause(ms).then(() => cases.put(bounce, owner));
    return beside({ cases: { ...cases, put } });
  };

  test('a message delivered to both: one answers, and the other says so only then', async () => {
    const first = await slow(600);
    const message = said(paste);
    const ended: string[] = [];
    const one = first.post(message).then(() => ended.push('first'));
    await pause(200);
    const other = server.post(message).then(() => ended.push('second'));
    await Promise.all([one, other]);
    expect(ended).toEqual(['first', 'second']);
    expect(first.deliveries).toHaveLength(1);
    expect(server.deliveries).toEqual([]);
  });

  test('the one at work fails: the other answers', async () => {
    const first = await slow(600);
    first.refuse(() => 400);
    const message = said(paste);
    const one = first.post(message);
    await pause(200);
    expect((await server.post(message)).status).toBe(200);
    expect((await one).status).toBe(500);
    expect(server.deliveries).toHaveLength(1);
  });

  test.each([
    ['edited', edited, ['POST', 'PUT']],
    ['deleted', deleted, ['POST']],
  ])('a message is %s elsewhere while it is being answered: after its answer', async (_, change, methods) => {
    const first = await slow(600);
    const message = said(paste);
    const one = first.post(message);
    await pause(200);
    await server.post({ ...change(message, said('5.1.10')), serviceUrl: first.serviceUrl });
    await one;
    expect(first.deliveries.map(({ method }) => method)).toEqual(methods);
    const caseId = /"case":"([^"]+)"/.exec(JSON.stringify(first.deliveries[0]?.activity))?.[1] ?? '';
    expect(caseId).not.toBe('');
    expect(await server.desk.cases.get(caseId)).toBeNull();
  });

  // The state knew the answer, and the record did not yet: "1" must not be taken for the answer to the next question.
  test('the one at work dies between state and record: the state is not moved on twice', async () => {
    await post(said(paste));
    const typed = said('1');
    await post(typed);
    const before = server.deliveries.length;
    await server.storage.write({ [turnKey(typed)]: { v: 1, begun: 1, done: false, by: 'the dead' } });
    const second = await beside();
    expect((await second.post(typed)).status).toBe(200);
    expect(second.deliveries).toEqual([]);
    expect(server.deliveries).toHaveLength(before);
    const { [turnKey(typed)]: known } = await server.storage.read([turnKey(typed)]);
    expect(known).toMatchObject({ v: 1, answer: expect.any(String) as string });
    expect(known).not.toHaveProperty('done');
  });
});

describe('the storage fails after the answer is out', () => {
  test.each([
    ['the state', /\/users\//],
    ['the record of the turn', /^turns\//],
  ])('%s: no apology on top of it, and Teams does not come again', async (_, kept) => {
    const { storage } = server;
    const failing = await startAnother({
      storage: {
        ...storage,
        write: (changes) =>
          Object.keys(changes).some((key) => kept.test(key))
            ? Promise.reject(new Error('no room'))
            : storage.write(changes),
      },
    });
    expect((await failing.post(said('5.7.124'))).status).toBe(200);
    expect(failing.deliveries).toHaveLength(1);
    expect(articleIn(failing.deliveries[0])).toBe('5.7.124-allowed-senders');
    expect(failing.log()).toContain('no room');
  });
});

describe('where somebody stands cannot be read', () => {
  test.each<[string, (message: Json) => Json]>([
    ['a new message', () => said('5.1.10')],
    ['an edited one', (message) => edited(message, said('5.1.10'))],
  ])('%s: they are told, and Teams does not come again', async (_, next) => {
    const { storage } = server;
    let isBroken = false;
    const failing = await startAnother({
      storage: {
        ...storage,
        read: (keys) =>
          isBroken && keys.some((key) => key.includes('/users/'))
            ? Promise.reject(new Error('no disk'))
            : storage.read(keys),
      },
    });
    const message = said('5.7.124');
    await failing.post(message);
    isBroken = true;
    const { status } = await failing.post(next(message));
    expect(status).toBe(200);
    expect(JSON.stringify(cardOf(failing.deliveries.at(-1)?.activity))).toContain('BD-TEST-0001');
    expect(failing.deliveries).toHaveLength(2);
  });
});

describe.each<Scope>(['personal', 'groupChat', 'channel'])('edited, %s', (scope) => {
  test('the answer changes where it stands, and typing goes on from there', async () => {
    const message = said('550 5.7.1 Unable to relay', scope);
    await post(message);
    await post(edited(message, said('550 5.7.124 Sender not in allowed-senders list', scope)));
    expect(server.deliveries.map(({ method, id }) => [method, id])).toEqual([
      ['POST', 'sent-1'],
      ['PUT', 'sent-1'],
    ]);
    expect(articleIn(server.deliveries[1])).toBe('5.7.124-allowed-senders');
    await post(said('owner', scope));
    expect(articleIn(server.deliveries[2])).toBe('5.7.124-allowed-senders');
  });

  test('twice', async () => {
    const message = said('5.7.124', scope);
    await post(message);
    for (const code of ['5.1.1', '5.1.10']) await post(edited(message, said(code, scope)));
    expect(server.deliveries.map(({ method, id }) => [method, id])).toEqual([
      ['POST', 'sent-1'],
      ['PUT', 'sent-1'],
      ['PUT', 'sent-1'],
    ]);
  });

  test('delivered again, however late: nothing changes, and typing goes on from where it was', async () => {
    const message = said('5.1.10', scope);
    await post(message);
    const edit = edited(message, said('5.7.124', scope));
    await post(edit);
    await post(said('owner', scope));
    const before = server.deliveries.length;
    await post(edit);
    expect(server.deliveries).toHaveLength(before);
    await post(said('back', scope));
    expect(articleIn(server.deliveries.at(-1))).toBe('5.7.124-allowed-senders');
  });

  test('the earlier answer was deleted meanwhile: a new one', async () => {
    const message = said('5.7.124', scope);
    await post(message);
    server.refuse((method) => (method === 'PUT' ? 404 : null));
    await post(edited(message, said('5.1.1', scope)));
    expect(server.deliveries.map(({ method }) => method)).toEqual(['POST', 'POST']);
  });

  test('a message from before this release’s time: answered anew', async () => {
    await post(edited(said('x', scope), said('5.7.124', scope)));
    expect(server.deliveries.map(({ method }) => method)).toEqual(['POST']);
  });
});

describe('deleted', () => {
  test('the facts of its bounce are gone, the article still answers', async () => {
    const message = said('sales@contoso.com\n550 5.7.124 Sender not in allowed-senders list');
    await post(message);
    const caseId = /"case":"([^"]+)"/.exec(JSON.stringify(server.deliveries[0]?.activity))?.[1] ?? '';
    expect(await server.desk.cases.get(caseId)).not.toBeNull();
    await post(deleted(message));
    expect(await server.desk.cases.get(caseId)).toBeNull();
    expect(server.deliveries).toHaveLength(1);
    await post(said('owner'));
    const card = JSON.stringify(cardOf(server.deliveries[1]?.activity));
    expect(card).not.toContain('sales@contoso.com');
  });

  test('one we know nothing of: nothing happens', async () => {
    await post(deleted(said('x')));
    expect(server.deliveries).toEqual([]);
  });
});

describe('a slow turn shows that somebody is at work', () => {
  const slow = async (ms: number): Promise<number> => {
    const { cases } = server.desk;
    const put: typeof cases.put = (bounce, owner) => pause(ms).then(() => cases.put(bounce, owner));
    const held = await startAnother({ change: { cases: { ...cases, put } } });
    await held.post(said('5.7.124'));
    expect(held.deliveries).toHaveLength(1);
    return held.typings.length;
  };

  test.each([1400, 2600])('once, when it takes %d ms', async (ms) => {
    expect(await slow(ms)).toBe(1);
  });
});

test('the answer to a repeated message is logged without its words', async () => {
  const message = said('550 5.7.124 secret words');
  await post(message);
  await post(message);
  expect(server.log()).not.toContain('secret words');
});

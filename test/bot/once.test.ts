import { setTimeout as pause } from 'node:timers/promises';
import { cardOf, messageIn, startDesk, type DeskServer, type Json, type Scope } from './desk-server';

let server: DeskServer;
beforeEach(async () => {
  server = await startDesk();
});
afterEach(() => server.close());

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
    server.refuse(() => 403);
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
    const held = await startDesk({ change: { cases: { ...cases, put } } });
    await held.post(said('5.7.124'));
    await held.close();
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

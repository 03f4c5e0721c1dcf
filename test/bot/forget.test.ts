import { cards, phrases } from '../guide/core';
import {
  answeredCard,
  cardOf,
  messageIn,
  pressIn,
  startDesk,
  type DeskServer,
  type Json,
  type Scope,
} from './desk-server';

let server: DeskServer;
beforeEach(async () => {
  server = await startDesk();
});
afterEach(() => server.close());

async function say(scope: Scope, who: string, text: string): Promise<Json> {
  const { status, body } = await server.post({
    ...messageIn(scope, who, text),
    deliveryMode: 'expectReplies',
  });
  expect(status).toBe(200);
  return cardOf((body as { activities: Json[] }).activities[0]) ?? {};
}
const report = (name: string): string =>
  `Delivery has failed to these recipients or groups:\n${name}@contoso.com\nRemote Server returned '550 5.7.124 Sender not in allowed-senders list'`;
const forgotten = (cases: number): Json => cards.forgotten(cases, phrases).card;
const casesLeft = async (): Promise<number> => {
  const keys: string[] = [];
  for await (const { key } of server.storage.list('cases/')) keys.push(key);
  return keys.length;
};

test('everything of one person goes, wherever they brought it, and nothing of others', async () => {
  await say('personal', 'kim', report('a'));
  await say('channel', 'kim', report('b'));
  await say('groupChat', 'lee', report('c'));
  expect(await casesLeft()).toBe(3);
  expect(await say('personal', 'kim', 'Forget me!')).toEqual(forgotten(2));
  expect(await casesLeft()).toBe(1);
  expect(await say('personal', 'kim', 'forget me')).toEqual(forgotten(0));
});

test('in a channel too, by mention', async () => {
  await say('channel', 'kim', report('a'));
  expect(await say('channel', 'kim', 'forget me')).toEqual(forgotten(1));
});

test('the place in the conversation goes as well: what is typed next is a new question', async () => {
  await say('personal', 'kim', report('a'));
  await say('personal', 'kim', 'forget me');
  expect(await say('personal', 'kim', 'owner')).toEqual(cards.notice('notUnderstood', phrases).card);
});

test.each([
  ['said', (message: Json) => message],
  [
    'edited into an earlier message',
    (message: Json) => ({
      ...message,
      id: 'earlier',
      type: 'messageUpdate',
      channelData: { tenant: { id: 'tenant' }, eventType: 'editMessage' },
    }),
  ],
])('no place is left anywhere by the words, %s', async (_, sent) => {
  await server.post({ ...messageIn('personal', 'kim', report('a')), id: 'report' });
  await server.post({ ...messageIn('personal', 'kim', 'owner'), id: 'earlier' });
  const words = sent(messageIn('personal', 'kim', 'forget me'));
  expect((await server.post(words)).status).toBe(200);
  expect(cardOf(server.deliveries.at(-1)?.activity)).toEqual(forgotten(1));
  const keys: string[] = [];
  for await (const { key } of server.storage.list('')) keys.push(key);
  expect(keys.filter((key) => key.includes('/users/'))).toEqual([]);
  const turn = keys.filter((key) => key.endsWith(`/${String(words['id'])}`));
  expect(turn).toHaveLength(1);
  expect(JSON.stringify(await server.storage.read(turn))).not.toContain('5.7.124');
});

/** The article of every place in the records of messages. */
async function placesLeft(): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of server.storage.list('turns/')) keys.push(key);
  const records = JSON.stringify(await server.storage.read(keys));
  return records.match(/"article":"[^"]+"/g) ?? [];
}

test('in the personal chat no place is left of earlier messages either; elsewhere none is without its age', async () => {
  const walk = async (scope: Scope, who: string): Promise<void> => {
    await say(scope, who, report('a'));
    await say(scope, who, 'owner');
    await say(scope, who, '1');
  };
  await walk('personal', 'kim');
  await walk('personal', 'lee');
  await walk('groupChat', 'kim');
  expect(await placesLeft()).toHaveLength(6);
  await say('personal', 'kim', 'forget me');
  expect(await placesLeft()).toHaveLength(4);
  await say('groupChat', 'kim', 'forget me');
  expect(await placesLeft()).toHaveLength(4);
});

test('what was answered before stays answered, and an edit of it still changes its card', async () => {
  const message = { ...messageIn('personal', 'kim', report('a')), id: 'report' };
  const choice = { ...messageIn('personal', 'kim', 'owner'), id: 'choice' };
  for (const one of [message, choice, messageIn('personal', 'kim', 'forget me')]) await server.post(one);
  const sent = server.deliveries.length;
  await server.post(choice);
  expect(server.deliveries).toHaveLength(sent);
  await server.post({
    ...choice,
    text: '5.1.10',
    type: 'messageUpdate',
    channelData: { tenant: { id: 'tenant' }, eventType: 'editMessage' },
  });
  expect(server.deliveries.at(-1)).toMatchObject({ method: 'PUT', id: server.deliveries.at(1)?.id });
});

test('an old button still leads to the general steps, without the facts', async () => {
  const card = JSON.stringify(await say('personal', 'kim', report('secret')));
  const data = JSON.parse(/"data":(\{"v":1,"verb":"go".*?\}\})/.exec(card)?.[1] ?? 'null') as unknown;
  await say('personal', 'kim', 'forget me');
  const { body } = await server.post(pressIn('personal', 'kim', 'sent-1', data));
  const shown = JSON.stringify(answeredCard(body));
  expect(shown).toContain('5.7.124-allowed-senders');
  expect(shown).not.toContain('secret@contoso.com');
});

test('no id of a person stands in the storage beside the SDK’s own state', async () => {
  await say('personal', 'kim', report('a'));
  const keys: string[] = [];
  for await (const { key } of server.storage.list('')) keys.push(key);
  const person = String((messageIn('personal', 'kim', 'x')['from'] as Json)['id']);
  expect(keys.filter((key) => key.includes(person) && !key.includes('/conversations/'))).toEqual([]);
  expect(
    JSON.stringify(await server.storage.read(keys.filter((key) => key.startsWith('cases/')))),
  ).not.toContain(person);
});

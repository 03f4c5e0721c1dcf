import { TestAdapter } from 'botbuilder';
import { createTenantGate } from '../../src/bot/tenant-gate';
import { createLog } from '../../src/log';
import { phrases } from '../guide/core';
import { activityIn, messageIn, pressIn, startDesk, type DeskServer, type Json } from './desk-server';

jest.setTimeout(60_000);

const ours = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee';
const partner = 'bbbbbbbb-bbbb-4ccc-8ddd-eeeeeeeeeeee';
const theirs = 'cccccccc-bbbb-4ccc-8ddd-eeeeeeeeeeee';
const bounce = '550 5.7.124 Sender not in allowed-senders list';
const sentence = phrases.t('outsider');

let desk: DeskServer;
let touched: jest.SpyInstance[] = [];
beforeEach(async () => {
  desk = await startDesk({ allowedTenants: new Set([ours, partner]) });
  touched = (['read', 'write', 'create', 'delete', 'list'] as const).map((name) =>
    jest.spyOn(desk.storage, name),
  );
});
afterEach(async () => {
  jest.restoreAllMocks();
  await desk.close();
});

/** Where a tenant stands in an activity; undefined: the place is not there. */
const inTenant = (activity: Json, conversation: unknown, channelData: unknown): Json => ({
  ...activity,
  conversation: { id: 'a:personal-a', conversationType: 'personal', tenantId: conversation },
  channelData: channelData === undefined ? undefined : { tenant: { id: channelData } },
});

const invoke = (name: unknown, value: Json = {}): Json => ({
  ...activityIn('personal', 'a'),
  type: 'invoke',
  name,
  value,
});
const asked = { messagePayload: { body: { contentType: 'text', content: bounce } } };
const onDialog = { task: { type: 'message', value: sentence } };

/** An activity, the answer to it and how many sentences are sent, when it comes from a tenant that is not allowed. */
const kinds: [string, () => Json, unknown, number][] = [
  ['message', () => messageIn('personal', 'a', bounce), null, 1],
  [
    'button of an old client',
    () => ({ ...activityIn('personal', 'a'), type: 'message', value: { v: 1, verb: 'help' } }),
    null,
    1,
  ],
  ['mention', () => messageIn('channel', 'a', bounce), null, 1],
  [
    'edited message',
    () => ({
      ...messageIn('personal', 'a', bounce),
      type: 'messageUpdate',
      channelData: { eventType: 'editMessage' },
    }),
    null,
    0,
  ],
  [
    'deleted message',
    () => ({
      ...activityIn('personal', 'a'),
      type: 'messageDelete',
      channelData: { eventType: 'softDeleteMessage' },
    }),
    null,
    0,
  ],
  [
    'press',
    () => pressIn('personal', 'a', 'shown', { v: 1, verb: 'help', case: null, at: null }),
    { statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: sentence },
    0,
  ],
  [
    'search',
    () => invoke('composeExtension/query', { parameters: [{ name: 'query', value: '5.7.124' }] }),
    { composeExtension: { type: 'message', text: sentence } },
    0,
  ],
  ['explanation of a message', () => invoke('composeExtension/fetchTask', asked), onDialog, 0],
  ['press in that dialog', () => invoke('composeExtension/submitAction', { data: {} }), onDialog, 0],
  ['dialog of another kind', () => invoke('task/fetch'), onDialog, 0],
  [
    'invoke of another kind',
    () => invoke('config/fetch'),
    { error: { code: 'forbidden', message: sentence } },
    0,
  ],
  ['invoke without a name', () => invoke(7), { error: { code: 'forbidden', message: sentence } }, 0],
  ['install', () => ({ ...activityIn('personal', 'a'), type: 'installationUpdate', action: 'add' }), null, 0],
  [
    'removal',
    () => ({ ...activityIn('personal', 'a'), type: 'installationUpdate', action: 'remove' }),
    null,
    0,
  ],
  [
    'new member',
    () => ({
      ...activityIn('personal', 'a'),
      type: 'conversationUpdate',
      membersAdded: [{ id: '28:bounce-desk' }],
    }),
    null,
    0,
  ],
  [
    'reaction',
    () => ({ ...activityIn('personal', 'a'), type: 'messageReaction', reactionsAdded: [] }),
    null,
    0,
  ],
];

test.each(kinds)('%s of another tenant', async (_, activity, answer, sentences) => {
  const { status, body } = await desk.post(inTenant(activity(), theirs, theirs));
  expect(body).toEqual(answer);
  expect(status).toBe(answer !== null && 'error' in Object(answer) ? 403 : 200);
  expect(desk.deliveries.map(({ activity: sent }) => sent['text'])).toEqual(Array(sentences).fill(sentence));
  for (const spy of touched) expect(spy).not.toHaveBeenCalled();
  const lines = desk.log().trim().split('\n').slice(1); // The first says that the test is anonymous.
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(
    `"level":"warn","message":"turned away: not of a tenant in ALLOWED_TENANTS","tenants":["${theirs}"],"channel":"msteams"`,
  );
});

test.each<[string, unknown, unknown]>([
  ['both foreign', theirs, theirs],
  ['two foreign ones', theirs, 'dddddddd-bbbb-4ccc-8ddd-eeeeeeeeeeee'],
  ['the conversation’s is foreign, the channel names none', theirs, undefined],
  ['the channel’s is foreign, the conversation names none', undefined, theirs],
  ['the conversation’s is foreign, the channel’s is ours', theirs, ours],
  ['the channel’s is foreign, the conversation’s is ours', ours, theirs],
  ['none', undefined, undefined],
  ['nulls', null, null],
  ['blanks', '', ''],
  ['ours with something behind', `${ours}0`, ours],
  ['ours among others', `${ours},${theirs}`, undefined],
])('turned away: %s', async (_, conversation, channelData) => {
  await desk.post(inTenant(messageIn('personal', 'a', bounce), conversation, channelData));
  expect(desk.deliveries.map(({ activity }) => activity['text'])).toEqual([sentence]);
  for (const spy of touched) expect(spy).not.toHaveBeenCalled();
});

test.each<[string, Json]>([
  ['a list of tenants', inTenant(messageIn('personal', 'a', bounce), [ours], ours)],
  ['a tenant that is an object', inTenant(messageIn('personal', 'a', bounce), ours, { id: ours })],
  ['a tenant that is a text', { ...messageIn('personal', 'a', bounce), channelData: { tenant: ours } }],
  ['channel data that are a text', { ...messageIn('personal', 'a', bounce), channelData: ours }],
  ['no conversation', { ...messageIn('personal', 'a', bounce), conversation: undefined }],
  [
    'a conversation without an id',
    { ...messageIn('personal', 'a', bounce), conversation: { tenantId: ours } },
  ],
])('of no shape, and not even answered: %s', async (_, activity) => {
  expect((await desk.post(activity)).status).toBe(200);
  expect(desk.deliveries).toEqual([]);
  for (const spy of touched) expect(spy).not.toHaveBeenCalled();
});

test.each<[string, unknown, unknown]>([
  ['ours', ours, ours],
  ['ours in capitals', ours.toUpperCase(), ours],
  ['said by the conversation alone', ours, undefined],
  ['said by the channel alone', undefined, ours],
  ['said by the channel alone, blank in the conversation', '', ours],
  ['two that are both allowed', ours, partner],
])('served: %s', async (_, conversation, channelData) => {
  await desk.post(inTenant(messageIn('personal', 'a', bounce), conversation, channelData));
  expect(desk.deliveries.map(({ activity }) => activity['attachments'])).toEqual([[expect.anything()]]);
  expect(touched.some(({ mock }) => mock.calls.length > 0)).toBe(true);
  expect(desk.log()).not.toContain('turned away');
});

test('what a stranger wrote is cut before it is logged', async () => {
  const long = 'x'.repeat(1000);
  await desk.post({ ...inTenant(activityIn('personal', 'a'), long, long), type: long, channelId: long });
  const line = desk.log().trim().split('\n').at(-1) ?? '';
  expect(line).toContain('turned away');
  expect(line.length).toBeLessThan(500);
});

test('every tenant is served where all are', async () => {
  await desk.close();
  desk = await startDesk({ allowedTenants: 'any' });
  await desk.post(inTenant(messageIn('personal', 'a', bounce), theirs, theirs));
  expect(desk.deliveries[0]?.activity['attachments']).toHaveLength(1);
});

test('the sentence is in the language of whoever asks', async () => {
  const german = {
    ...messageIn('personal', 'a', bounce),
    entities: [{ type: 'clientInfo', locale: 'de-DE' }],
  };
  await desk.post(inTenant(german, theirs, theirs));
  expect(desk.deliveries[0]?.activity['text']).toMatch(/^Ich arbeite für eine andere Organisation/);
});

test('a tenant is logged, and a conversation told, once an hour', async () => {
  let written = '';
  let now = 0;
  const log = createLog({
    stream: { write: (line: string) => (written += line) },
    level: 'debug',
    now: () => new Date(0),
  });
  const gate = createTenantGate({
    allowed: new Set([ours]),
    phrasesOf: () => phrases,
    log,
    now: () => now,
  });
  const told: string[] = [];
  const arrive = async (tenant: string, conversation: string): Promise<void> => {
    const adapter = new TestAdapter(() => Promise.resolve(), {
      conversation: { id: conversation, tenantId: tenant, isGroup: false, conversationType: '', name: '' },
    });
    adapter.use(gate);
    const letIn = jest.fn();
    await adapter.processActivity('hello', letIn);
    expect(letIn).not.toHaveBeenCalled();
    if (adapter.activeQueue.length > 0) told.push(conversation);
  };
  const logged = (): number => written.split('\n').length - 1;
  await arrive(theirs, 'a');
  await arrive(theirs, 'a');
  await arrive(theirs, 'b');
  now = 59 * 60_000;
  await arrive(theirs.toUpperCase(), 'a');
  expect([logged(), told]).toEqual([1, ['a', 'b']]);
  await arrive(partner, 'a');
  expect([logged(), told]).toEqual([2, ['a', 'b']]);
  now = 60 * 60_000;
  await arrive(theirs, 'a');
  expect([logged(), told]).toEqual([3, ['a', 'b', 'a']]);
});

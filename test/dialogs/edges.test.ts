import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { activityIn, bot, startDesk, type DeskServer, type Json, type Scope } from '../bot/desk-server';
import { phrases, root } from '../guide/core';
import { Client } from './client';
import { nameOf } from './identify';
import { reports } from './reports';

jest.setTimeout(30_000);

const group = '5.7.124-allowed-senders';
const button = (key: string): string => phrases.t(key);

const everywhere: readonly Scope[] = ['personal', 'groupChat', 'channel'];
const together: readonly Scope[] = ['groupChat', 'channel'];

let server: DeskServer;
beforeEach(async () => {
  server = await startDesk();
});
afterEach(() => server.close());

// ── Mentions ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

describe('however the mention stands in the text, the code behind it is read', () => {
  const at = `<at>${bot.name}</at>`;
  const entity = (text: string | null = at, mentioned: Json = bot): Json => ({
    type: 'mention',
    text,
    mentioned,
  });
  const lee = { id: '29:lee', name: 'Lee' };
  const html = (content: string): Json[] => [{ contentType: 'text/html', content }];
  const span = (name: string, index = 0): string =>
    `<span itemscope="" itemtype="http://schema.skype.com/Mention" itemid="${index}">${name}</span>`;

  test.each<[string, Json]>([
    ['in front', { text: `${at} 5.7.124`, entities: [entity()] }],
    ['behind', { text: `5.7.124 ${at}`, entities: [entity()] }],
    ['in front and behind', { text: `${at} 5.7.124 ${at}`, entities: [entity(), entity()] }],
    ['twice in front', { text: `${at} ${at} 5.7.124`, entities: [entity(), entity()] }],
    ['twice with one entity', { text: `${at} ${at} 5.7.124`, entities: [entity()] }],
    ['with &nbsp;', { text: `${at}&nbsp;5.7.124&nbsp;`, entities: [entity()] }],
    ['with no-break spaces', { text: `${at}\u00a05.7.124\u00a0`, entities: [entity()] }],
    ['without a space', { text: `${at}5.7.124`, entities: [entity()] }],
    ['on a line of its own', { text: `${at}\n\n5.7.124\n`, entities: [entity()] }],
    ['with an entity without text', { text: `${at} 5.7.124`, entities: [entity(null)] }],
    [
      'with clientInfo in front',
      { text: `${at} 5.7.124`, entities: [{ type: 'clientInfo', locale: 'en-GB' }, entity()] },
    ],
    [
      'with HTML, as <at>',
      { text: `${at} 5.7.124`, entities: [entity()], attachments: html(`<p>${at}&nbsp;5.7.124</p>`) },
    ],
    [
      'with HTML, as a span',
      {
        text: `${at} 5.7.124`,
        entities: [entity()],
        attachments: html(`<div>${span(bot.name)}&nbsp;5.7.124</div>`),
      },
    ],
    [
      'with HTML, <at> with an id',
      {
        text: `${at} 5.7.124`,
        entities: [entity()],
        attachments: html(`<p><at id="0">${bot.name}</at> 5.7.124</p>`),
      },
    ],
    ['no entities at all', { text: '5.7.124' }],
  ])('%s', async (_, message) => {
    for (const scope of together) {
      const client = new Client(server, scope);
      server.deliveries.length = 0;
      const [shown] = await client.send('kim', { type: 'message', ...message });
      expect(shown?.place).toBe(group);
      const [next] = await client.send('kim', { type: 'message', ...message, ...rewrite(message, 'owner') });
      expect(next?.place).toBe(`${group}/groupOwner`);
    }
  });

  // Their mentions stay in the words, and without text the words are not looked for in the HTML: a code is found, an answer is not.
  test.each<[string, Json]>([
    [
      'together with another person',
      { text: `${at} <at>Lee</at> 5.7.124`, entities: [entity(), entity('<at>Lee</at>', lee)] },
    ],
    [
      'behind another person',
      { text: `<at>Lee</at> ${at} 5.7.124`, entities: [entity('<at>Lee</at>', lee), entity()] },
    ],
    ['text undefined, HTML alone', { entities: [entity()], attachments: html(`<p>${at} 5.7.124</p>`) }],
    [
      'text null, HTML alone',
      { text: null, entities: [entity()], attachments: html(`<p>${at} 5.7.124</p>`) },
    ],
  ])('an answer %s', async (_, message) => {
    const client = new Client(server, 'groupChat');
    const [shown] = await client.send('kim', { type: 'message', ...message });
    expect(shown?.place).toBe(group);
    const [next] = await client.send('kim', { type: 'message', ...message, ...rewrite(message, 'owner') });
    expect(next?.place).toBe(`${group}/groupOwner`);
  });

  /** The same message with another word in it. */
  const rewrite = (message: Json, word: string): Json =>
    JSON.parse(JSON.stringify(message).replaceAll('5.7.124', word)) as Json;

  test.each<[string, Json]>([
    ['only a mention', { text: at, entities: [entity()] }],
    ['only a mention and spaces', { text: `${at}&nbsp;\n`, entities: [entity()] }],
    ['text undefined', { entities: [entity()] }],
  ])('%s → a card that asks for the text, and the place is kept', async (_, message) => {
    const client = new Client(server, 'channel');
    await client.say('kim', '5.7.124');
    expect((await client.send('kim', { type: 'message', ...message }))[0]?.place).toBe('noText');
    expect((await client.say('kim', 'owner'))[0]?.place).toBe(`${group}/groupOwner`);
  });

  test('the name of the bot inside the report is not a mention', async () => {
    const client = new Client(server, 'channel');
    const report = `Your message to x@contoso.com couldn't be delivered.\nSubject: ${bot.name} and others\nError: 550 5.7.124 Sender not in allowed-senders list`;
    const [shown] = await client.say('kim', report);
    expect(shown?.place).toBe(group);
    expect(JSON.stringify(shown?.card)).toContain(`${bot.name} and others`);
  });
});

// ── Angle brackets that a personal chat loses ───────────────────────────────────────────────────────────────────────────────────

test('an address that the plain text lost is read from the HTML', async () => {
  const client = new Client(server, 'personal');
  const [shown] = await client.say(
    'kim',
    'Final-Recipient: \n550 5.7.124 Sender not in allowed-senders list',
    {
      attachments: [
        {
          contentType: 'text/html',
          content:
            '<p>Final-Recipient: &lt;team@contoso.com&gt;</p><p>550 5.7.124 Sender not in allowed-senders list</p>',
        },
      ],
    },
  );
  expect(shown?.place).toBe(group);
  expect(JSON.stringify(shown?.card)).toContain('team@contoso.com');
});

// ── Where a card is changed ─────────────────────────────────────────────────────────────────────────────────────────────────────

describe('a press', () => {
  test.each<[Scope, string[]]>([
    ['personal', ['POST', 'PUT']],
    ['groupChat', ['POST']],
    ['channel', ['POST']],
  ])('in %s: %j go over the connector, and the presser has the card', async (scope, methods) => {
    const client = new Client(server, scope);
    const [posted] = await client.say('kim', '5.7.124');
    const [answered, updated] = await client.press('kim', button('role.groupOwner'));
    expect(server.deliveries.map(({ method }) => method)).toEqual(methods);
    expect(answered?.place).toBe(`${group}/groupOwner`);
    if (scope === 'personal') expect(updated).toEqual({ ...answered, id: posted?.id });
  });

  test('submitted by an older client: the personal message is changed, the group gets a new one', async () => {
    for (const scope of everywhere) {
      server.deliveries.length = 0;
      const client = new Client(server, scope);
      await client.say('kim', '5.7.124');
      const [shown] = await client.press('kim', button('role.groupOwner'), { submit: true });
      expect(shown?.place).toBe(`${group}/groupOwner`);
      expect(server.deliveries.map(({ method }) => method)).toEqual([
        'POST',
        scope === 'personal' ? 'PUT' : 'POST',
      ]);
    }
  });

  test('on a card of a person who has left: it still works for everybody', async () => {
    const client = new Client(server, 'channel');
    await client.say('kim', '5.7.124');
    for (const who of ['lee', 'max', 'sam']) {
      const [shown] = await client.press(who, button('role.groupOwner'));
      expect(shown?.place).toBe(`${group}/groupOwner`);
    }
  });

  test('every card is one message with one card and a summary', async () => {
    const client = new Client(server, 'personal');
    for (const text of ['hello', 'help', '5.7.1', '2', 'nonsense', 'example']) await client.say('kim', text);
    expect(server.deliveries).toHaveLength(6);
    for (const { activity } of server.deliveries) {
      expect(activity).toMatchObject({ type: 'message', summary: expect.stringMatching(/\S/) as string });
      expect(activity['text']).toBeUndefined();
      expect(activity['attachments']).toHaveLength(1);
    }
  });
});

// ── State of another release ────────────────────────────────────────────────────────────────────────────────────────────────────

describe('dialog state that this release did not write', () => {
  const key = 'msteams/conversations/a:personal-kim/users/29:kim/';
  const stack = (state: unknown): Json => ({ dialog: { dialogStack: [{ id: 'guide', state }] } });
  /** As releases before 0.2 wrote it. */
  const nested = (state: unknown): Json => ({
    dialog: { dialogStack: [{ id: 'bounce', state: { dialogs: stack(state)['dialog'] } }] },
  });
  const right = { v: 1, caseId: null, position: { problem: 0, article: group, path: [] } };

  test.each<[string, Json]>([
    ['of this release', stack(right)],
    ['of an earlier one', nested(right)],
  ])('%s: goes on from its place', async (_, state) => {
    await server.storage.write({ [key]: state });
    const client = new Client(server, 'personal');
    expect((await client.say('kim', 'owner'))[0]?.place).toBe(`${group}/groupOwner`);
    expect((await server.storage.read([key]))[key]).toMatchObject({
      dialog: {
        dialogStack: [{ id: 'guide', state: { v: 1, position: { article: group, path: ['groupOwner'] } } }],
      },
    });
  });

  test.each<[string, Json]>([
    ['a newer version', stack({ ...right, v: 2 })],
    ['no version', stack({ caseId: null, position: right.position })],
    ['another shape', stack({ step: 3, article: group })],
    ['no state', stack(undefined)],
    ['a newer version, in the shape of an earlier release', nested({ ...right, v: 2 })],
    ['no state, in the shape of an earlier release', nested(undefined)],
    ['a component without a stack', { dialog: { dialogStack: [{ id: 'bounce', state: {} }] } }],
    [
      'an article that is gone',
      stack({ ...right, position: { problem: 0, article: '5.7.124-renamed', path: [] } }),
    ],
    [
      'a path that is gone',
      stack({ ...right, position: { ...right.position, path: ['groupOwner', 'renamed'] } }),
    ],
    [
      'a case that is gone',
      stack({ v: 1, caseId: 'gone', position: { problem: 0, article: null, path: [] } }),
    ],
    ['an empty stack', { dialog: { dialogStack: [] } }],
    ['no stack', { dialog: {} }],
    ['nothing', {}],
  ])('%s: a code is answered all the same', async (_, state) => {
    await server.storage.write({ [key]: state });
    const client = new Client(server, 'personal');
    expect((await client.say('kim', 'purple'))[0]?.place).toMatch(/^(?:notUnderstood|gone)/);
    expect((await client.say('kim', '5.7.124'))[0]?.place).toBe(group);
    expect((await client.say('kim', 'owner'))[0]?.place).toBe(`${group}/groupOwner`);
  });

  test.each<[string, Json]>([
    ['a dialog that is gone', { dialog: { dialogStack: [{ id: 'waterfall-of-old', state: {} }] } }],
    [
      'a stage that is gone',
      {
        dialog: {
          dialogStack: [
            { id: 'bounce', state: { dialogs: { dialogStack: [{ id: 'role', state: right }] } } },
          ],
        },
      },
    ],
  ])('%s: a code is answered all the same', async (_, state) => {
    await server.storage.write({ [key]: state });
    const client = new Client(server, 'personal');
    expect((await client.say('kim', '5.7.124'))[0]?.place).toBe(group);
  });
});

test('a card whose case was forgotten still leads on, with placeholders', async () => {
  const client = new Client(server, 'groupChat');
  await client.say('kim', reports.group);
  await server.storage.delete(['cases/case-1']);
  const [shown] = await client.press('kim', button('role.groupOwner'));
  expect(shown?.place).toBe(`${group}/groupOwner`);
  expect(JSON.stringify(shown?.card)).not.toContain('sales-team@contoso.com');
  expect((await client.say('kim', 'back'))[0]?.place).toBe(group);
});

test('a question whose case was forgotten says so', async () => {
  const client = new Client(server, 'groupChat');
  await client.say('kim', reports.two);
  await client.press('kim', button('choose').replace('{n}', '1'));
  await server.storage.delete(['cases/case-1']);
  const [shown] = await client.press('kim', button('nav.back'));
  expect(shown?.place).toBe('gone');
});

// ── Installs ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

describe('welcome, once per install', () => {
  const installed = (scope: Scope, action: 'add' | 'remove' | 'add-upgrade' | 'remove-upgrade'): Json => ({
    ...activityIn(scope, 'kim'),
    type: 'installationUpdate',
    action,
  });
  const joined = (scope: Scope, members: Json[] = [bot]): Json => ({
    ...activityIn(scope, 'kim'),
    type: 'conversationUpdate',
    membersAdded: members,
  });
  const welcomes = (): number => server.deliveries.length;

  test.each(everywhere)('both announcements of one install at the same time, %s', async (scope) => {
    await Promise.all([
      server.post(installed(scope, 'add')),
      server.post(joined(scope)),
      server.post(installed(scope, 'add')),
    ]);
    expect(welcomes()).toBe(1);
    const client = new Client(server, scope);
    const [shown] = await client.send('kim', { type: 'typing' });
    expect(shown?.place).toBe(scope === 'personal' ? 'welcome, personal' : 'welcome, group');
  });

  test.each(everywhere)('announced twice, one after the other, %s', async (scope) => {
    await server.post(installed(scope, 'add'));
    await server.post(joined(scope));
    await server.post(installed(scope, 'add'));
    await server.post(installed(scope, 'add-upgrade'));
    expect(welcomes()).toBe(1);
  });

  test.each(everywhere)('removed and installed again, %s', async (scope) => {
    await server.post(installed(scope, 'add'));
    await server.post(installed(scope, 'remove'));
    expect(welcomes()).toBe(1);
    await server.post(installed(scope, 'add'));
    expect(welcomes()).toBe(2);
  });

  test('people who join a channel are not welcomed', async () => {
    await server.post(joined('channel', [{ id: '29:lee', name: 'Lee' }]));
    expect(welcomes()).toBe(0);
  });

  test('a team is welcomed once, whatever thread its events name', async () => {
    const thread = (id: string): Json => ({
      ...installed('channel', 'add'),
      conversation: { id, conversationType: 'channel', isGroup: true },
    });
    await server.post(thread('19:channel@thread.tacv2'));
    await server.post(thread('19:channel@thread.tacv2;messageid=1'));
    expect(welcomes()).toBe(1);
  });

  test('on a channel that is not Teams, being added is the install', async () => {
    await server.post({ ...joined('personal'), channelId: 'emulator' });
    await server.post({ ...joined('personal'), channelId: 'emulator' });
    expect(welcomes()).toBe(1);
  });

  // Otherwise a person whose first card met a fault of the network is never told what this bot is.
  test('a welcome that could not be sent is sent with the next announcement', async () => {
    server.refuse(() => 403);
    await server.post(installed('personal', 'add'));
    server.refuse(() => null);
    await server.post(installed('personal', 'add'));
    expect(welcomes()).toBe(1);
  });
});

// ── Real reports ────────────────────────────────────────────────────────────────────────────────────────────────────────────────

describe('real reports of the corpus, in each scope: a card, and a way on from it', () => {
  const corpus = ['003', '012', '015', '021', '033', '042', '045', '051', '054', '072', '105'];
  test.each(corpus.flatMap((id) => everywhere.map((scope) => [id, scope] as const)))(
    '%s, %s',
    async (id, scope) => {
      const client = new Client(server, scope);
      const [shown] = await client.say(
        'kim',
        readFileSync(join(root, 'test/corpus/pasted', `${id}.txt`), 'utf8'),
      );
      expect(['verdict', 'meanings', 'problems']).toContain(shown?.view?.kind);
      const [next] = await client.say('kim', '1');
      // A question that the report answers is passed over, so the place may lie further on.
      const meant = nameOf(shown?.view?.choices[0]?.to ?? { problem: null, article: 'nowhere', path: [] });
      expect(next?.place.slice(0, meant.length)).toBe(meant);
    },
  );
});

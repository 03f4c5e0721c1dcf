import { z } from 'zod';
import { cardFaults } from '../cards/card-faults';
import { guide, knowledge, phrases } from '../guide/core';
import { activityIn, startDesk, type DeskServer, type Json } from './desk-server';

const adaptive = z.object({
  contentType: z.literal('application/vnd.microsoft.card.adaptive'),
  content: z.record(z.string(), z.unknown()),
});
const results = z.object({
  composeExtension: z.object({
    type: z.literal('result'),
    attachmentLayout: z.literal('list'),
    attachments: z.array(
      adaptive.extend({ preview: z.object({ content: z.object({ title: z.string(), text: z.string() }) }) }),
    ),
  }),
});
const dialog = z.object({
  task: z.object({
    type: z.literal('continue'),
    value: z.object({ title: z.string(), card: adaptive }),
  }),
});

let server: DeskServer;
beforeAll(async () => {
  server = await startDesk();
});
afterAll(() => server.close());

/** Somebody in a chat that the bot is not in. */
const invoke = (name: string, value: unknown): Json => ({
  ...activityIn('groupChat', 'kim'),
  type: 'invoke',
  name: `composeExtension/${name}`,
  value,
});
async function ask(name: string, value: unknown): Promise<unknown> {
  server.deliveries.length = 0;
  const { status, body } = await server.post(invoke(name, value));
  expect(status).toBe(200);
  // Where the bot is no member it may not send anything.
  expect(server.deliveries).toEqual([]);
  return body;
}
const search = async (text: unknown): Promise<unknown> =>
  ask('query', { commandId: 'search', parameters: [{ name: 'query', value: text }] });
const explain = async (content: string, contentType = 'html'): Promise<Json> =>
  dialog.parse(
    await ask('fetchTask', {
      commandId: 'explain',
      messagePayload: { id: '1', body: { content, contentType } },
    }),
  ).task.value.card.content;
const submit = async (data: unknown): Promise<unknown> => ask('submitAction', { commandId: 'explain', data });

/** The data of all buttons of a card, by title. */
function buttonsOf(card: Json): Map<string, unknown> {
  const found = new Map<string, unknown>();
  JSON.parse(JSON.stringify(card), (_, value: unknown): unknown => {
    const action = z
      .object({ type: z.string().startsWith('Action.'), title: z.string(), data: z.unknown() })
      .safeParse(value);
    if (action.success) {
      expect(['Action.Submit', 'Action.OpenUrl', 'Action.ToggleVisibility']).toContain(action.data.type);
      found.set(action.data.title, action.data.data);
    }
    return value;
  });
  return found;
}

const report =
  "<p>Delivery has failed to these recipients or groups:</p><p>sales@contoso.com</p><p>Remote Server returned '550 5.7.124 Sender not in allowed-senders list'</p>";

const htmlless =
  "Delivery has failed to these recipients or groups:\nsales@contoso.com\nRemote Server returned '550 5.7.124 Sender not in allowed-senders list'";

describe('search', () => {
  test.each<[string, RegExp]>([
    ['5.7.124', /Only listed senders|allowed|list/i],
    ['quota', /full|quota|limit|wait/i],
    ['spf', /SPF|authenticat/i],
    ['550 5.7.1 Unable to relay', /domain|relay/i],
    ['mailbox full', /full/i],
    ['', /./],
  ])('%p: cards within what Teams sends', async (text, title) => {
    const body = await search(text);
    const { attachments } = results.parse(body).composeExtension;
    expect(attachments[0]?.preview.content.title).toMatch(title);
    expect(Buffer.byteLength(JSON.stringify(body), 'utf16le')).toBeLessThan(28_000);
    for (const { content } of attachments) {
      expect(cardFaults({ card: content, summary: 'x' })).toEqual([]);
      expect(JSON.stringify(content)).not.toContain('Action.Execute');
    }
  });

  test.each(['xyzzy plugh', '🙃', 'x'.repeat(5000)])('%.20s: a sentence', async (text) => {
    expect(await search(text)).toEqual({
      composeExtension: { type: 'message', text: phrases.t('module.none') },
    });
  });

  test.each([5, null, { a: 1 }, ['x']])('a value that is no text (%p): an answer', async (value) => {
    results.parse(await search(value));
  });
  test.each([{}, { parameters: 'x' }, { parameters: [] }, null])(
    'parameters that are none (%p): an answer',
    async (value) => {
      results.parse(await ask('query', value));
    },
  );

  test.each(['5.7.124', 'quota'])(
    'a result of %s, posted to the bot itself, leads to the steps',
    async (text) => {
      const [result] = results.parse(await search(text)).composeExtension.attachments;
      const { body } = await server.post({
        ...activityIn('personal', 'kim'),
        type: 'message',
        // As the Playground sends it; Teams sends this in a text/html attachment.
        text: '<span class="inline-compose-card" itemid="0" itemtype="http://schema.skype.com/InputExtension"><span content="0" itemprop="cardId"></span></span>',
        attachments: [{ contentType: result?.contentType, content: result?.content }],
        deliveryMode: 'expectReplies',
      });
      const answer = JSON.stringify(body);
      expect(answer).toContain(JSON.stringify(result?.preview.content.title).slice(1, -1));
      expect(answer).toContain(phrases.t('role.sender'));
    },
  );

  test('every article that a result may show fits', () => {
    for (const [id] of knowledge.articles) {
      const view = guide.view(null, { problem: null, article: id, path: [] }, phrases);
      const result = view === null ? null : server.desk.cards.result(view, phrases);
      expect(result).not.toBeNull();
      if (result !== null) expect([id, cardFaults(result)]).toEqual([id, []]);
    }
  });
});

describe('explain this bounce, on any message', () => {
  test('the verdict, with buttons that work in a dialog', async () => {
    const card = await explain(report);
    expect(JSON.stringify(card)).toContain('sales@contoso.com');
    expect([...buttonsOf(card).keys()]).toEqual(
      expect.arrayContaining([
        phrases.t('role.sender'),
        phrases.t('role.groupOwner'),
        phrases.t('module.post'),
      ]),
    );
  });

  test('from the verdict to the steps and back, all in the dialog', async () => {
    const verdict = await explain(report);
    const owner = dialog.parse(await submit(buttonsOf(verdict).get(phrases.t('role.groupOwner')))).task.value
      .card.content;
    expect(owner).not.toEqual(verdict);
    const back = dialog.parse(await submit(buttonsOf(owner).get(phrases.t('nav.back')))).task.value.card
      .content;
    expect(back).toEqual(verdict);
  });

  test('posted on demand only: as a card of the person, which needs nothing of the bot', async () => {
    const verdict = await explain(report);
    const { composeExtension } = z
      .object({ composeExtension: z.object({ type: z.literal('result'), attachments: z.tuple([adaptive]) }) })
      .parse(await submit(buttonsOf(verdict).get(phrases.t('module.post'))));
    const [{ content }] = composeExtension.attachments;
    expect(JSON.stringify(content)).toContain('sales@contoso.com');
    expect(JSON.stringify(content)).not.toMatch(/Action\.(?:Execute|Submit)/);
    expect(cardFaults({ card: content, summary: 'x' })).toEqual([]);
  });

  test('plain text too', async () => {
    expect(JSON.stringify(await explain('550 5.7.124 Sender not in allowed-senders list', 'text'))).toContain(
      '5.7.124',
    );
  });

  test.each(['see below', ''])('a bounce that another bot posted as a card, beside %p', async (content) => {
    const posted = { type: 'AdaptiveCard', body: [{ type: 'TextBlock', text: htmlless }] };
    const value = {
      messagePayload: {
        body: { content: `<p>${content}</p><attachment id="1"></attachment>`, contentType: 'html' },
        attachments: [
          { contentType: 'application/vnd.microsoft.card.adaptive', content: JSON.stringify(posted) },
        ],
      },
    };
    const { content: card } = dialog.parse(await ask('fetchTask', value)).task.value.card;
    expect(JSON.stringify(card)).toContain('sales@contoso.com');
    expect(JSON.stringify(card)).toContain('5.7.124');
  });

  test.each<[string, string]>([
    ['', 'notUnderstood.empty'],
    ['<p>lunch at noon?</p>', 'notUnderstood.title'],
    ['<p><img itemtype="http://schema.skype.com/AMSImage"></p>', 'notUnderstood.title'],
  ])('%p: a card that says so', async (content, key) => {
    const card = JSON.stringify(await explain(content));
    expect(card.includes(phrases.t(key)) || card.includes(phrases.t('notUnderstood.empty'))).toBe(true);
  });

  test.each([null, {}, { messagePayload: null }, { messagePayload: { body: { content: 5 } } }])(
    'a message that is none (%p): a card',
    async (value) => {
      dialog.parse(await ask('fetchTask', value));
    },
  );
});

describe('what comes back from a dialog may be anything', () => {
  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['text', 'x'],
    ['another version', { v: 9, verb: 'go', case: null, at: null }],
    ['a case that is gone', { v: 1, verb: 'go', case: 'never', at: { problem: 0, article: null, path: [] } }],
    [
      'a path that leads nowhere',
      {
        v: 1,
        verb: 'post',
        case: null,
        at: { problem: null, article: '5.7.124-allowed-senders', path: ['nobody'] },
      },
    ],
    [
      'posting what is no verdict',
      {
        v: 1,
        verb: 'post',
        case: null,
        at: { problem: null, article: '5.7.124-allowed-senders', path: ['sender'] },
      },
    ],
  ])('%s: a card in the dialog', async (_, data) => {
    dialog.parse(await submit(data));
  });

  test('our own fault: a card with a reference, and a line in the log', async () => {
    const failing = await startDesk({
      change: { cases: { ...server.desk.cases, put: () => Promise.reject(new Error('disk is full')) } },
    });
    const { status, body } = await failing.post(
      invoke('fetchTask', { messagePayload: { body: { content: report } } }),
    );
    await failing.close();
    expect(status).toBe(200);
    expect(JSON.stringify(dialog.parse(body))).toMatch(/BD-TEST-\d{4}/);
    expect(JSON.stringify(body)).not.toContain('disk is full');
    expect(failing.log()).toContain('disk is full');
  });
});

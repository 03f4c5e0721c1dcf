import type { Matcher } from '../../src/knowledge/match';
import { cards, caseOf, guide, matcher, phrases } from '../guide/core';
import { cardFaults } from '../cards/card-faults';
import {
  activityIn,
  answeredCard,
  bot,
  cardOf,
  messageIn,
  pressIn,
  startDesk,
  type DeskServer,
  type Json,
  type Scope,
} from './desk-server';

jest.setTimeout(30_000);

const maxBodyBytes = 1_500_000;
let server: DeskServer;
beforeAll(async () => {
  server = await startDesk({ maxBodyBytes });
});
afterAll(() => server.close());
beforeEach(() => {
  server.deliveries.length = 0;
  server.refuse(() => null);
});

/** What nobody outside may ever read: stacks, file names, our own or the SDK's inner words. */
const inner =
  /\bat (?:\w|\/)[^\n]*:\d+:\d+|node_modules|TypeError|ZodError|botbuilder|\/src\/|\/dist\/|inner words/;

/** Send a message with expectReplies and take the one card of the answer. */
async function ask(activity: Json): Promise<Json> {
  const { status, body, text } = await server.post({ ...activity, deliveryMode: 'expectReplies' });
  expect(status).toBe(200);
  expect(text).not.toMatch(inner);
  const replies = (body as { activities: Json[] }).activities;
  expect(replies).toHaveLength(1);
  const card = cardOf(replies[0]);
  if (card === null) throw new Error(`no card: ${text.slice(0, 200)}`);
  expect(typeof replies[0]?.['summary']).toBe('string');
  return card;
}

const personal = (text: string): Json => messageIn('personal', 'kim', text);
const notice = (name: Parameters<typeof cards.notice>[0]): Json => cards.notice(name, phrases).card;
/** A person nobody has talked to yet: what they send is answered without any history. */
let people = 0;
const fresh = (text: string, scope: Scope = 'personal'): Json => messageIn(scope, `p${(people += 1)}`, text);

describe('messages without content', () => {
  const mentionOnly = (text: string | undefined): Json => ({
    ...activityIn('channel', 'kim'),
    type: 'message',
    ...(text === undefined ? {} : { text }),
    entities: [{ type: 'mention', text: `<at>${bot.name}</at>`, mentioned: bot }],
  });
  test.each<[string, Json]>([
    ['empty text', personal('')],
    ['spaces', personal(' \t\n ')],
    ['no-break spaces', personal('\u00a0&nbsp;\u00a0')],
    ['no text at all', { ...activityIn('personal', 'kim'), type: 'message' }],
    ['text null', { ...activityIn('personal', 'kim'), type: 'message', text: null }],
    ['only a mention', mentionOnly(`<at>${bot.name}</at>`)],
    ['only two mentions', mentionOnly(`<at>${bot.name}</at>&nbsp;<at>${bot.name}</at>\n`)],
    ['a mention entity and no text', mentionOnly(undefined)],
    [
      'an empty HTML attachment',
      { ...personal(''), attachments: [{ contentType: 'text/html', content: '' }] },
    ],
    ['an attachment without content', { ...personal(''), attachments: [{ contentType: 'text/html' }] }],
  ])('%s → a card that says how', async (_, activity) => {
    expect(await ask(activity)).toEqual(notice('noText'));
  });

  test.each<[string, Json]>([
    ['only a mention, in HTML too', messageIn('channel', 'kim', '')],
    [
      'HTML of empty tags',
      { ...personal(''), attachments: [{ contentType: 'text/html', content: '<p>&nbsp;</p><div></div>' }] },
    ],
    ['words without a bounce', personal('the weather is nice today')],
    ['signs', personal('?!?!?! ¯\\_(ツ)_/¯ 🙃')],
    ['half a surrogate pair', personal('\ud83d')],
    ['a number of something else', personal('version 5.7.1 of postgres, ip 10.5.7.12')],
  ])('%s → a card, never silence', async (_, activity) => {
    const card = await ask(activity);
    expect([
      notice('noText'),
      notice('notUnderstood'),
      cards.notice('notUnderstoodHere', phrases).card,
    ]).toContainEqual(card);
  });
});

test.each<[string, Json, Parameters<typeof cards.notice>[0]]>([
  ['NUL bytes only', personal('\0\0\0'), 'unreadable.binary'],
  ['a picture’s bytes', personal('\x89PNG\r\n\x1a\n\0\0'), 'unreadable.picture'],
  ['a PDF', personal('%PDF-1.7\n1 0 obj'), 'unreadable.binary'],
  ['an encrypted message', personal('-----BEGIN PGP MESSAGE-----\n\nhQEMA'), 'unreadable.encrypted'],
])('%s, copied into the chat: why it cannot be read', async (_, activity, name) => {
  expect(await ask(activity)).toEqual(notice(name));
});

describe('the source of a whole mail, copied into the chat', () => {
  const source = (headers: string, body: string): string =>
    `${headers}\nMIME-Version: 1.0\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\n${Buffer.from(body).toString('base64')}\n`;
  const report =
    "Delivery has failed to these recipients or groups:\nsales@contoso.com\nRemote Server returned '550 5.7.124 Sender not in allowed-senders list'\n";

  test('a bounce in base64 is read', async () => {
    const card = await ask(
      fresh(source('From: postmaster@a.example\nSubject: Undeliverable: Offer', report)),
    );
    expect(JSON.stringify(card)).toContain('5.7.124-allowed-senders');
  });

  test.each<[string, string, Parameters<typeof cards.notice>[0]]>([
    ['a letter', 'From: kim@a.example\nSubject: Plans', 'notBounce.mail'],
    [
      'an automatic reply',
      'From: kim@a.example\nSubject: Automatic reply: Plans\nAuto-Submitted: auto-replied',
      'notBounce.autoReply',
    ],
  ])('%s is named', async (_, headers, name) => {
    expect(await ask(fresh(source(headers, 'Let us meet, ticket 550 5.1.1.')))).toEqual(notice(name));
  });
});

test.each<[string, unknown]>([
  ['[null]', [null]],
  ['a text', 'x'],
  ['a number', 5],
  ['mentions of nobody', [{ type: 'mention' }, { type: 'mention', mentioned: null, text: 5 }]],
])('entities that are none (%s): the words are read all the same', async (_, entities) => {
  const card = await ask({ ...fresh('550 5.7.124 Sender not in allowed-senders list'), entities });
  expect(JSON.stringify(card)).toContain('5.7.124-allowed-senders');
});

describe('large and broken text', () => {
  const line = '550 5.7.124 Sender not in allowed-senders list';
  const articleOf = (card: Json): string => /"article":"([^"]+)"/.exec(JSON.stringify(card))?.[1] ?? 'none';

  test.each<[string, string]>([
    ['1 MB of words around it', `${'lorem ipsum '.repeat(40_000)}\n${line}\n${'dolor sit '.repeat(45_000)}`],
    ['1 MB in one word', `${line} ${'a'.repeat(1_000_000)}`],
    ['1 MB of brackets', `${line}\n${'(<['.repeat(330_000)}`],
    ['1 MB of at signs', `${line}\n${'@'.repeat(1_000_000)}`],
    ['1 MB of line ends', `${line}${'\n'.repeat(700_000)}`],
    ['NUL bytes inside', `550\0 5.7\0.124 Sender not in \0allowed-senders list`],
    ['direction marks inside', `\u202e550 5.7.124\u200f Sender not in allowed-senders list`],
    ['half surrogate pairs', `\ud83d ${line} \ude00`],
  ])('%s: read within the time of a turn', async (name, text) => {
    const before = Date.now();
    const card = await ask(fresh(text));
    expect(Date.now() - before).toBeLessThan(5_000);
    if (!name.includes('of words')) expect(articleOf(card)).toBe('5.7.124-allowed-senders');
    expect(cardFaults({ card, summary: 'x' })).toEqual([]);
  });

  test.each<[string, string]>([
    ['nested divs', `${'<div>'.repeat(100_000)}${line}${'</div>'.repeat(100_000)}`],
    ['nested tables', `${'<table><tr><td>'.repeat(30_000)}${line}`],
    ['open tags only', `${line}${'<b'.repeat(200_000)}`],
    ['comments', `${'<!--'.repeat(100_000)}--><p>${line}</p>`],
    ['entities', `<p>${line}</p>${'&amp;'.repeat(200_000)}`],
    ['one tag with 100,000 attributes', `<p ${'a="b" '.repeat(100_000)}>${line}</p>`],
    ['mention spans', `${'<span itemtype="http://schema.skype.com/Mention"'.repeat(10_000)}>${line}`],
    ['open mentions', `${'<at>'.repeat(100_000)}${line}`],
  ])('an HTML bomb of %s', async (_, content) => {
    const before = Date.now();
    const card = await ask({ ...fresh(line), attachments: [{ contentType: 'text/html', content }] });
    expect(Date.now() - before).toBeLessThan(5_000);
    expect(articleOf(card)).toBe('5.7.124-allowed-senders');
  });

  test('a body above the limit → 413, and the next message is answered', async () => {
    const { status, text } = await server.raw(JSON.stringify(personal('x'.repeat(maxBodyBytes))));
    expect(status).toBe(413);
    expect(JSON.parse(text)).toMatchObject({ error: { code: 'payload_too_large' } });
    expect(text).not.toMatch(inner);
    expect(articleOf(await ask(fresh('5.7.124')))).toBe('5.7.124-allowed-senders');
  });
});

describe('hostile words of a report stay words', () => {
  const report = ({
    recipient = 'team@contoso.com',
    sender = 'kim@fabrikam.com',
    subject = 'Offer',
    words = 'Sender not in allowed-senders list',
  }): string =>
    [
      "Your message couldn't be delivered.",
      'Original Message Details',
      `Sender Address: ${sender}`,
      `Recipient Address: ${recipient}`,
      `Subject: ${subject}`,
      'Error Details',
      `Error: 550 5.7.124 ${words}`,
    ].join('\n');

  /** All strings of a card that a client reads as Markdown. */
  const markdownOf = (node: unknown): string[] => {
    if (Array.isArray(node)) return node.flatMap(markdownOf);
    if (typeof node !== 'object' || node === null) return [];
    const own = 'type' in node && node.type === 'TextBlock' && 'text' in node ? [String(node.text)] : [];
    return [...own, ...Object.values(node).flatMap(markdownOf)];
  };
  const runsOf = (node: unknown): string[] => {
    if (Array.isArray(node)) return node.flatMap(runsOf);
    if (typeof node !== 'object' || node === null) return [];
    const own = 'type' in node && node.type === 'TextRun' && 'text' in node ? [String(node.text)] : [];
    return [...own, ...Object.values(node).flatMap(runsOf)];
  };

  test.each([
    ['${title}', '${title}'],
    ['${$root}', '${$root}'],
    ["${string(json('{}'))}", "${string(json('{}'))}"],
    ['$when', '{"$when": "${false}"}'],
    ['bold', 'very **bold** and __bold__'],
    ['a link', '[click me](https://evil.example/x)'],
    ['a javascript link', '[click me](javascript:alert(1))'],
    ['an image', '![x](https://evil.example/pixel.png)'],
    ['HTML', '<img src=x onerror=alert(1)><b>x</b>'],
    ['a mention', '<at>Everyone</at>'],
    ['a table', '| a | b |\n|---|---|'],
  ])('%s in the subject', async (_, subject) => {
    const card = await ask(fresh(report({ subject })));
    const first = subject.split('\n')[0] ?? '';
    expect(markdownOf(card).join('\n')).not.toContain(first);
    expect(runsOf(card)).toContain(first);
    expect(JSON.stringify(card)).not.toContain('"selectAction":{"type":"Action.OpenUrl","url":"https://evil');
  });

  test.each([
    ['template', '${title}@contoso.com'],
    ['Markdown', '**team**@contoso.com'],
    ['a quote', "o'hara@contoso.com"],
    ['PowerShell', "team';calc;'@contoso.com"],
    ['a subexpression', '$(calc)@contoso.com'],
    ['a backtick', '`n`team@contoso.com'],
  ])('%s in an address, on every card below the verdict', async (_, recipient) => {
    const text = report({ recipient });
    await ask(fresh(text));
    const bounce = caseOf(text);
    const steps = guide.paths('5.7.124-allowed-senders').flatMap((position) => {
      const view = guide.view(bounce, position, phrases);
      return view === null ? [] : [cards.view(view, bounce, phrases)];
    });
    for (const step of steps) {
      const shown = markdownOf(step.card).join('\n');
      for (const piece of ['${', '**', '$(calc)', "';calc;'", '`n`']) expect(shown).not.toContain(piece);
    }
    const scripts = steps.flatMap(({ card }) =>
      [...JSON.stringify(card).matchAll(/"codeSnippet":"((?:[^"\\]|\\.)*)"/g)].map(([, script]) =>
        String(JSON.parse(`"${script ?? ''}"`)),
      ),
    );
    expect(scripts.length).toBeGreaterThan(3);
    for (const script of scripts) {
      // Outside single quotes nothing of the report stands; inside, every quote is doubled.
      const outside = script.replace(/'(?:[^']|'')*'/g, '');
      expect(outside).not.toMatch(/calc|hara|'/);
    }
    if (recipient.includes("o'hara")) expect(scripts.join('\n')).toContain("'o''hara@contoso.com'");
  });
});

describe('buttons that lead nowhere', () => {
  const at = (article: string | null, path: string[], more: Json = {}): Json => ({
    problem: 0,
    article,
    path,
    ...more,
  });
  const go = (position: unknown, caseId: unknown = null): Json => ({
    v: 1,
    verb: 'go',
    case: caseId,
    at: position,
  });
  const verdict = '5.7.124-allowed-senders';

  const unknown: [string, unknown][] = [
    ['an unknown article', go(at('5.7.124-renamed', []))],
    ['an unknown path', go(at(verdict, ['sender', 'nowhere']))],
    ['an unknown audience', go(at(verdict, ['nobody']))],
    ['a path longer than its tree', go(at(verdict, ['groupOwner', 'x', 'y', 'z', 'a', 'b']))],
    ['a prototype', go(at('__proto__', ['constructor']))],
    ['a string', 'go'],
    ['a number', 7],
    ['null', null],
    ['an array', [go(at(verdict, []))]],
    ['an empty object', {}],
    ['version 0', { ...go(at(verdict, [])), v: 0 }],
    ['version 2', { ...go(at(verdict, [])), v: 2 }],
    ['a version in words', { ...go(at(verdict, [])), v: '1' }],
    ['an unknown verb', { ...go(at(verdict, [])), verb: 'delete' }],
    ['no place', go(null)],
    ['a place that is a string', go('5.7.124')],
    ['a path that is a string', go({ ...at(verdict, []), path: 'sender' })],
    ['a path of objects', go({ ...at(verdict, []), path: [{}, {}] })],
    [
      'a path of 10,000',
      go(
        at(
          verdict,
          Array.from({ length: 10_000 }, () => 'x'),
        ),
      ),
    ],
    ['a segment of 100,000 signs', go(at(verdict, ['x'.repeat(100_000)]))],
    ['an article of 100,000 signs', go(at('x'.repeat(100_000), []))],
    ['a problem of -1', go({ ...at(verdict, []), problem: -1 })],
    ['a problem of 1.5', go({ ...at(verdict, []), problem: 1.5 })],
    ['an unknown outcome', go(at(verdict, [], { outcome: 'broken' }))],
    ['a case that is an object', go(at(verdict, []), {})],
    ['a case of 100,000 signs', go(at(verdict, []), 'x'.repeat(100_000))],
  ];
  test.each(unknown)('%s: pressed', async (_, data) => {
    const { status, body, text } = await server.post(pressIn('groupChat', 'kim', 'sent-1', data));
    expect(status).toBe(200);
    expect(text).not.toMatch(inner);
    expect(answeredCard(body)).toEqual(notice('unknownButton'));
  });
  test.each(unknown.filter(([name]) => name !== 'null'))('%s: submitted as a message', async (_, value) => {
    expect(await ask({ ...activityIn('groupChat', 'kim'), type: 'message', value })).toEqual(
      notice('unknownButton'),
    );
  });

  test('an unknown case: the article still answers, without facts', async () => {
    const { body } = await server.post(
      pressIn('groupChat', 'kim', 'sent-1', go(at(verdict, ['groupOwner']), 'case-that-never-was')),
    );
    const view = guide.view(null, { problem: 0, article: verdict, path: ['groupOwner'] }, phrases);
    if (view === null) throw new Error('no view');
    expect(answeredCard(body)).toEqual(cards.view(view, null, phrases).card);
  });
  test('an unknown case and no article: the card says that it is too old', async () => {
    const { body } = await server.post(
      pressIn('groupChat', 'kim', 'sent-1', go(at(null, []), 'case-that-never-was')),
    );
    expect(answeredCard(body)).toEqual(notice('gone'));
  });
  test('a problem that the case does not have', async () => {
    await ask(fresh('5.7.124'));
    const { body } = await server.post(
      pressIn('groupChat', 'kim', 'sent-1', go({ ...at(verdict, []), problem: 999 }, 'case-1')),
    );
    expect(answeredCard(body)).not.toBeNull();
  });

  test.each<[string, unknown]>([
    ['no value', undefined],
    ['a value that is a string', 'x'],
    ['a value without action', {}],
    ['an action of another type', { action: { type: 'Action.Http' } }],
  ])('an invoke with %s → a clear answer', async (_, value) => {
    const { status, body, text } = await server.post({
      ...activityIn('personal', 'kim'),
      type: 'invoke',
      name: 'adaptiveCard/action',
      value,
    });
    expect(text).not.toMatch(inner);
    // The SDK answers some of these itself, in the body of a 200 or as a 400; what it throws for the others is a 500 with a reference.
    const stated = status === 200 ? (body as { statusCode: number }).statusCode : status;
    expect(stated).toBeGreaterThanOrEqual(400);
    expect(text).toMatch(/"code":"\w+"/);
  });
  test('an action without data', async () => {
    const { body } = await server.post({ ...pressIn('groupChat', 'kim', 'sent-1', undefined) });
    expect(answeredCard(body)).toEqual(notice('unknownButton'));
  });
  test('an invoke that is not ours → 501', async () => {
    const { status, text } = await server.post({
      ...activityIn('personal', 'kim'),
      type: 'invoke',
      name: 'composeExtension/somethingNew',
      value: {},
    });
    expect(status).toBe(501);
    expect(text).not.toMatch(inner);
  });
});

describe('requests that are no activities', () => {
  const good = JSON.stringify({ ...activityIn('personal', 'kim'), type: 'message', text: '5.7.1' });
  test.each<[string, string, Record<string, string>, number]>([
    ['cut JSON', good.slice(0, -5), { 'content-type': 'application/json' }, 400],
    ['no JSON', 'hello', { 'content-type': 'application/json' }, 400],
    ['nothing', '', { 'content-type': 'application/json' }, 400],
    ['an array', '[]', { 'content-type': 'application/json' }, 400],
    ['a string', '"5.7.1"', { 'content-type': 'application/json' }, 400],
    ['no type', '{"text":"5.7.1"}', { 'content-type': 'application/json' }, 400],
    ['a type that is a number', '{"type":5}', { 'content-type': 'application/json' }, 400],
    ['the type text/plain', good, { 'content-type': 'text/plain' }, 415],
    ['a form', 'type=message', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['compression', good, { 'content-type': 'application/json', 'content-encoding': 'gzip' }, 415],
  ])('%s', async (_, body, headers, expected) => {
    const { status, text } = await server.raw(body, headers);
    expect(status).toBe(expected);
    expect(JSON.parse(text)).toMatchObject({
      error: { code: expect.any(String) as string, message: expect.any(String) as string },
    });
    expect(text).not.toMatch(inner);
    expect(server.deliveries).toEqual([]);
  });

  test.each<[string, Json]>([
    ['an unknown type', { ...activityIn('personal', 'kim'), type: 'somethingNew' }],
    ['typing', { ...activityIn('personal', 'kim'), type: 'typing' }],
    [
      'a reaction',
      { ...activityIn('personal', 'kim'), type: 'messageReaction', reactionsAdded: [{ type: 'like' }] },
    ],
    ['an update that is no edit', { ...personal('5.7.1'), type: 'messageUpdate' }],
    [
      'a deletion',
      {
        ...activityIn('personal', 'kim'),
        type: 'messageDelete',
        channelData: { eventType: 'softDeleteMessage' },
      },
    ],
    ['end of conversation', { ...activityIn('personal', 'kim'), type: 'endOfConversation' }],
    ['an event', { ...activityIn('personal', 'kim'), type: 'event', name: 'tokens/response', value: {} }],
    [
      'members who join',
      { ...activityIn('channel', 'kim'), type: 'conversationUpdate', membersAdded: [{ id: '29:lee' }] },
    ],
    [
      'a team renamed',
      {
        ...activityIn('channel', 'kim'),
        type: 'conversationUpdate',
        channelData: { eventType: 'teamRenamed', team: { id: 't', name: 'x' } },
      },
    ],
  ])('%s is taken and not answered', async (_, activity) => {
    const { status, text } = await server.post(activity);
    expect(status).toBe(200);
    expect(text).toBe('');
    expect(server.deliveries).toEqual([]);
  });

  test.each<[string, Json]>([
    ['without a conversation', { ...personal('5.7.1'), conversation: undefined }],
    ['without a sender', { ...personal('5.7.1'), from: undefined }],
    ['without a channel', { ...personal('5.7.1'), channelId: undefined }],
    ['without a recipient', { ...personal('5.7.1'), recipient: undefined }],
    [
      'with entities that are none',
      {
        ...personal('5.7.1'),
        entities: [null, 'x', { type: 'mention' }, { type: 'mention', mentioned: null }],
      },
    ],
    ['with attachments that are none', { ...personal('5.7.1'), attachments: [null, 7] }],
    ['with a text that is an object', { ...personal('5.7.1'), text: { a: 1 } }],
  ])('a message %s: an answer or a clear status, and nothing of the inside', async (_, activity) => {
    const { status, text } = await server.post(activity);
    expect(text).not.toMatch(inner);
    const isAnswered = status === 200 && (server.deliveries.length === 1 || text !== '');
    expect(isAnswered || status >= 400).toBe(true);
    if (status >= 400)
      expect(JSON.parse(text)).toMatchObject({ error: { code: expect.any(String) as string } });
  });
});

describe('an exception inside', () => {
  const secret = 'inner words: kim@fabrikam.com';
  const broken: Matcher = {
    ...matcher,
    diagnose() {
      throw new Error(secret);
    },
  };
  let desk: DeskServer;
  beforeAll(async () => {
    desk = await startDesk({ change: { matcher: broken } });
  });
  afterAll(() => desk.close());
  const lastError = (): Json =>
    JSON.parse(
      desk
        .log()
        .trim()
        .split('\n')
        .filter((line) => line.includes('"level":"error"'))
        .at(-1) ?? '{}',
    ) as Json;

  test.each<Scope>(['personal', 'groupChat', 'channel'])(
    'in a message (%s): an apology with the reference that the log has',
    async (scope) => {
      const { status, body, text } = await desk.post({
        ...messageIn(scope, 'kim', '550 5.7.1 Unable to relay'),
        deliveryMode: 'expectReplies',
      });
      expect(status).toBe(200);
      expect(text).not.toMatch(inner);
      const replies = (body as { activities: Json[] }).activities;
      expect(replies).toHaveLength(1);
      const reference = /BD-TEST-\d{4}/.exec(text)?.[0] ?? 'none';
      expect(cardOf(replies[0])).toEqual(cards.apology(reference, phrases).card);
      expect(lastError()).toMatchObject({ reference, error: { message: secret } });
    },
  );

  test('in a press: the same, and the button to press once more', async () => {
    const pressed = { v: 1, verb: 'example', case: null, at: null } as const;
    const { status, body, text } = await desk.post(pressIn('groupChat', 'kim', 'sent-1', pressed));
    expect(status).toBe(200);
    const reference = /BD-TEST-\d{4}/.exec(text)?.[0] ?? 'none';
    expect(answeredCard(body)).toEqual(cards.apology(reference, phrases, pressed).card);
    expect(text).not.toMatch(inner);
    expect(lastError()).toMatchObject({ reference, error: { message: secret } });
  });

  test('the pasted text is not in the log', async () => {
    await desk.post(messageIn('personal', 'kim', '550 5.7.1 a secret of my own'));
    expect(desk.log()).not.toContain('a secret of my own');
  });
});

describe('a connector that refuses', () => {
  const verdictAt = { problem: 0, article: '5.7.124-allowed-senders', path: [] };
  const data = { v: 1, verb: 'go', case: null, at: verdictAt };
  const asked = (): Json => {
    const view = guide.view(null, verdictAt, phrases);
    if (view === null) throw new Error('no view');
    return cards.view(view, null, phrases).card;
  };

  test.each([400, 403, 404, 405, 410, 412, 413])(
    'a press whose update is answered with %i: the presser has the card all the same',
    async (code) => {
      server.refuse((method) => (method === 'PUT' ? code : null));
      const { status, body, text } = await server.post(pressIn('personal', 'kim', 'sent-1', data));
      expect(status).toBe(200);
      expect(answeredCard(body)).toEqual(asked());
      expect(text).not.toMatch(inner);
      expect(server.log()).toContain('a card could not be updated');
    },
  );

  test('a press whose update is answered with 500: the presser has the card all the same', async () => {
    server.refuse((method) => (method === 'PUT' ? 500 : null));
    const { body } = await server.post(pressIn('personal', 'kim', 'sent-1', data));
    expect(answeredCard(body)).toEqual(asked());
  });
  test('… and has it well before Teams gives up', async () => {
    server.refuse((method) => (method === 'PUT' ? 500 : null));
    const before = Date.now();
    await server.post(pressIn('personal', 'kim', 'sent-1', data));
    expect(Date.now() - before).toBeLessThan(3_000);
  });

  test.each([404, 412])(
    'Action.Submit whose update is answered with %i: a card comes as a new message',
    async (code) => {
      server.refuse((method) => (method === 'PUT' ? code : null));
      const { status, text } = await server.post({
        ...activityIn('personal', 'kim'),
        type: 'message',
        value: data,
        replyToId: 'sent-1',
      });
      expect(status).toBe(200);
      expect(text).not.toMatch(inner);
      expect(server.deliveries.map(({ method }) => method)).toEqual(['POST']);
      expect(cardOf(server.deliveries[0]?.activity)).not.toBeNull();
    },
  );
  // The message of an old card may have been deleted; the person has asked for steps and should not read about a fault of ours.
  test('… and it is the card that was asked for, not an apology', async () => {
    server.refuse((method) => (method === 'PUT' ? 404 : null));
    await server.post({
      ...activityIn('personal', 'kim'),
      type: 'message',
      value: data,
      replyToId: 'sent-1',
    });
    expect(cardOf(server.deliveries[0]?.activity)).toEqual(asked());
  });

  test.each([400, 413])(
    'a message whose every answer is refused with %i: a clear status, a reference, and a line in the log',
    async (code) => {
      server.refuse(() => code);
      const { status, text } = await server.post(personal('550 5.7.1 Unable to relay'));
      expect(status).toBe(500);
      expect(text).not.toMatch(inner);
      const { error } = JSON.parse(text) as { error: { reference: string } };
      expect(error.reference).toMatch(/^BD-/);
      expect(server.log()).toContain(error.reference);
    },
  );
  test('a message whose answer is refused with 500: well within the 10 s of a turn', async () => {
    server.refuse(() => 500);
    const before = Date.now();
    const { status } = await server.post(personal('550 5.7.1 Unable to relay'));
    expect(status).toBe(500);
    expect(Date.now() - before).toBeLessThan(6_000);
  });

  test('the first try to answer fails, the apology arrives', async () => {
    let tries = 0;
    server.refuse(() => ((tries += 1) === 1 ? 400 : null));
    const { status } = await server.post(personal('550 5.7.1 Unable to relay'));
    expect(status).toBe(200);
    expect(server.deliveries).toHaveLength(1);
    expect(JSON.stringify(server.deliveries[0]?.activity)).toMatch(/BD-TEST-\d{4}/);
  });
});

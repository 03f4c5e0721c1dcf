import { z } from 'zod';
import { verbs, type Verb } from '../../src/cards/buttons';
import type { OpenDesk } from '../../src/dialogs/desk';
import { createMemoryStorage } from '../../src/storage/memory';
import { contentOf } from '../dialogs/identify';
import { buttonsOf } from '../dialogs/buttons-of';
import { cards, guide, phrases } from '../guide/core';
import {
  activityIn,
  answeredCard,
  cardOf,
  messageIn,
  pressIn,
  startDesk,
  type DeskServer,
  type Json,
} from './desk-server';

const article = '5.7.124-allowed-senders';
const at = { problem: 0, article, path: [] };
const report = 'sales-team@contoso.com\n550 5.7.124 Sender not in allowed-senders list';
const dataOf: Readonly<Record<Verb, Json>> = {
  go: { v: 1, verb: 'go', case: 'case-1', at },
  help: { v: 1, verb: 'help', case: null, at: null },
  example: { v: 1, verb: 'example', case: null, at: null },
  codes: { v: 1, verb: 'codes', case: null, at: null, codes: { asked: 'quota', page: 0 } },
  post: { v: 1, verb: 'post', case: 'case-1', at },
};
const verbNames = Object.keys(verbs) as Verb[];
const press = (verb: Verb, who = 'kim'): Json => pressIn('groupChat', who, 'sent-1', dataOf[verb]);
const extension = (name: string, value: unknown, who = 'kim'): Json => ({
  ...activityIn('groupChat', who),
  type: 'invoke',
  name: `composeExtension/${name}`,
  value,
});
const submit = (verb: Verb, who = 'kim'): Json =>
  extension('submitAction', { commandId: 'explain', data: dataOf[verb] }, who);

let server: DeskServer;
afterEach(() => server.close());

test('whoever wants the answers in the response gets that of a press there', async () => {
  server = await startDesk();
  const { status, text } = await server.post({ ...press('help'), deliveryMode: 'expectReplies' });
  expect(status).toBe(200);
  expect(text).toContain('invokeResponse');
  expect(text).toContain('AdaptiveCard');
});

describe('every invoke is answered, whatever breaks', () => {
  const broken = (): never => {
    throw new Error('inner words');
  };
  const faults: Readonly<Record<string, Partial<OpenDesk>>> = {
    'the guide throws': { guide: { ...guide, view: broken, start: broken } },
    'a card cannot be drawn': {
      cards: { ...cards, view: broken, result: broken, help: broken, catalogue: broken },
    },
    'cases cannot be read or written': {
      cases: {
        put: () => Promise.reject(new Error('inner words')),
        get: () => Promise.reject(new Error('inner words')),
        remove: broken,
        forget: broken,
        sweep: broken,
      },
    },
  };
  const invokes: Readonly<Record<string, Json>> = {
    ...Object.fromEntries(verbNames.map((verb) => [`a press: ${verb}`, press(verb)])),
    ...Object.fromEntries(verbNames.map((verb) => [`in a dialog: ${verb}`, submit(verb)])),
    'a search': extension('query', { commandId: 'search', parameters: [{ name: 'query', value: 'quota' }] }),
    'explain this bounce': extension('fetchTask', {
      commandId: 'explain',
      messagePayload: { body: { content: report, contentType: 'text' } },
    }),
  };
  /** A card, the card of a dialog, or the sentence of a search. */
  const answer = z.union([
    z.object({ statusCode: z.literal(200), value: z.looseObject({ type: z.literal('AdaptiveCard') }) }),
    z.object({ task: z.object({ type: z.literal('continue') }) }),
    z.object({ composeExtension: z.object({ type: z.enum(['result', 'message']) }) }),
  ]);

  test.each(
    Object.keys(faults).flatMap((fault) => Object.keys(invokes).map((invoke) => [fault, invoke] as const)),
  )('%s, %s', async (fault, invoke) => {
    server = await startDesk({ change: faults[fault] ?? {} });
    const { status, body, text } = await server.post(invokes[invoke] ?? {});
    expect(status).toBe(200);
    expect(answer.safeParse(body).error).toBeUndefined();
    expect(text).not.toContain('inner words');
    // What broke has a reference to pass on, and the operator finds it in the log.
    if (server.log().includes('"level":"error"')) expect(text).toMatch(/BD-TEST-\d{4}/);
  });

  test('the storage of places fails: the presser gets a sorry with the same button, and it works again later', async () => {
    const storage = createMemoryStorage();
    let failing = false;
    server = await startDesk({
      storage: {
        ...storage,
        write: (changes) => (failing ? Promise.reject(new Error('disk is full')) : storage.write(changes)),
      },
    });
    await server.post(messageIn('personal', 'kim', report));
    failing = true;
    const further = { ...dataOf.go, at: { ...at, path: ['groupOwner'] } };
    const { body } = await server.post(pressIn('personal', 'kim', 'sent-1', further));
    const [again] = buttonsOf(answeredCard(body));
    expect(again).toMatchObject({ title: phrases.t('nav.again'), data: further });
    // The message itself keeps its buttons.
    expect(server.deliveries.map(({ method }) => method)).toEqual(['POST']);
    failing = false;
    const { body: later } = await server.post(pressIn('personal', 'kim', 'sent-1', again?.data));
    expect(JSON.stringify(answeredCard(later))).toContain('sales-team@contoso.com');
  });

  test('a message while the storage is down: a sorry, and the next one is answered', async () => {
    const storage = createMemoryStorage();
    let failing = true;
    server = await startDesk({
      storage: {
        ...storage,
        create: (key, value) => (failing ? Promise.reject(new Error('gone')) : storage.create(key, value)),
      },
    });
    await server.post(messageIn('personal', 'kim', report));
    failing = false;
    await server.post(messageIn('personal', 'kim', report));
    const [sorry, answered, ...more] = server.deliveries.map(({ activity }) =>
      JSON.stringify(cardOf(activity)),
    );
    expect(sorry).toContain(phrases.t('apology.title'));
    expect(answered).toContain(article);
    expect(more).toEqual([]);
  });

  test('the answer is out but cannot be noted: nobody hears of it but the log', async () => {
    const storage = createMemoryStorage();
    server = await startDesk({
      storage: {
        ...storage,
        write: (changes) =>
          Object.keys(changes).some((key) => key.startsWith('turns/'))
            ? Promise.reject(new Error('gone'))
            : storage.write(changes),
      },
    });
    await server.post(messageIn('personal', 'kim', report));
    expect(server.deliveries.map(({ activity }) => JSON.stringify(activity).includes(article))).toEqual([
      true,
    ]);
    expect(server.log()).toContain('"level":"error"');
  });
});

describe('who may press what, and where', () => {
  beforeEach(async () => {
    server = await startDesk();
    await server.post(messageIn('groupChat', 'kim', report));
  });
  const notOurs = cards.notice('unknownButton', phrases).card;

  test.each(verbNames)('%s: everybody who sees the card, on what it is for', async (verb) => {
    const { on } = verbs[verb];
    const onMessage: readonly string[] = on;
    const [kims, lees] = await Promise.all(
      ['kim', 'lee'].map(async (who) => answeredCard((await server.post(press(verb, who))).body)),
    );
    if (!onMessage.includes('message')) expect(kims).toEqual(notOurs);
    else expect(kims).not.toEqual(notOurs);
    // Two examples are two cases.
    if (verb !== 'example') expect(lees).toEqual(kims);
    const inDialog = JSON.stringify(contentOf((await server.post(submit(verb, 'lee'))).body));
    expect(inDialog.includes(phrases.t('gone.unknown'))).toBe(!onMessage.includes('dialog'));
  });

  test('no press changes what is kept of somebody else’s bounce', async () => {
    const before = await server.storage.read(['cases/case-1']);
    for (const verb of verbNames) {
      await server.post(press(verb, 'lee'));
      await server.post(submit(verb, 'lee'));
    }
    expect(await server.storage.read(['cases/case-1'])).toEqual(before);
  });

  test.each(['forget', 'delete', 'constructor', '__proto__', 'toString', ''])(
    'a verb that is none of ours (%s) is refused',
    async (verb) => {
      const data = { ...dataOf.go, verb };
      expect(answeredCard((await server.post(pressIn('groupChat', 'kim', 'sent-1', data))).body)).toEqual(
        notOurs,
      );
    },
  );
});

describe('what is kept', () => {
  test('nothing of a paste but the facts, and after "forget me" no fact and no name here', async () => {
    server = await startDesk();
    const words = 'Our quarterly figures are confidential and nobody outside may read this sentence';
    await server.post(messageIn('personal', 'kim', `${words}.\n\n${report}\n\n${words}.`));
    expect(await kept()).toContain('sales-team@contoso.com');
    expect(await kept()).not.toContain('confidential');
    await server.post(messageIn('personal', 'kim', 'owner'));
    await server.post(messageIn('personal', 'kim', 'forget me'));
    expect(await kept()).not.toMatch(/sales-team|29:kim|allowed-senders list/);
  });

  /** All keys and values of the storage. */
  const kept = async (): Promise<string> => {
    const keys: string[] = [];
    for await (const { key } of server.storage.list('')) keys.push(key);
    return JSON.stringify([keys, await server.storage.read(keys)]);
  };
});

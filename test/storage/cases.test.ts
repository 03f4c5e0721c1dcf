import { randomUUID } from 'node:crypto';
import { PrivateConversationState, TestAdapter, TurnContext } from 'botbuilder';
import { createClaims } from '../../src/bot/claims';
import { createWelcomes } from '../../src/bot/welcomes';
import { createCases, type Cases } from '../../src/storage/cases';
import { createMemoryStorage } from '../../src/storage/memory';
import type { KeyValueStorage } from '../../src/storage/storage';
import { caseOf } from '../guide/core';
import { engines, type Running } from './engines';

jest.setTimeout(60_000);

const text = [
  'Delivery has failed to these recipients or groups:',
  'a@contoso.com',
  "Remote Server returned '550 5.7.1 Unable to relay'",
].join('\n');
const bounce = caseOf(text);
const caseWith = (id: string) => caseOf(text, id);

const allOf = async (storage: KeyValueStorage): Promise<string[]> => {
  const keys: string[] = [];
  for await (const { key } of storage.list('')) keys.push(key);
  return keys.sort();
};

test('a case comes back as it was put', async () => {
  const cases = createCases(createMemoryStorage());
  for (const code of ['5.7.124', '5.7.1', '5.7.17', '550 5.0.350 x-dg-ref header is too long']) {
    const put = caseOf(code, `case ${code}`);
    await cases.put(put, '29:kim');
    expect(await cases.get(put.id)).toEqual(put);
  }
  await cases.put(bounce);
  expect(await cases.get(bounce.id)).toEqual(bounce);
});

test('an unknown case is null', async () => {
  expect(await createCases(createMemoryStorage()).get('never')).toBeNull();
});

test('what is stored is the case, its time and a hash of its owner; of the paste and the person nothing', async () => {
  const storage = createMemoryStorage();
  await createCases(storage, () => new Date('2026-11-21T04:36:41.154Z')).put(bounce, '29:kim');
  const keys = await allOf(storage);
  const stored = await storage.read(keys);
  expect(stored[`cases/${bounce.id}`]).toMatchObject({
    v: 2,
    at: '2026-11-21T04:36:41.154Z',
    // sha256 of "29:kim"
    owner: 'e077ea83e6d194c9a8bce6973cb79e83d30534c798ae16c827e9794ef8258eee',
  });
  expect(JSON.stringify(stored)).not.toMatch(/Delivery has failed|kim/);
});

/** As a release before owners stored it, word for word. */
const ofV1 = `{"v":1,"id":"x","isNdr":true,"problems":[{"recipients":["a@contoso.com"],"facts":${JSON.stringify(bounce.problems[0]?.facts)},"article":"5.7.124-allowed-senders","certainty":"sure","evidence":[{"kind":"code","quote":"5.7.124"}],"candidates":[],"registry":null}]}`;

test('a case that a release before owners has stored is read, and nobody’s', async () => {
  const storage = createMemoryStorage();
  await storage.write({ 'cases/x': JSON.parse(ofV1) as object });
  const cases = createCases(storage);
  expect(await cases.get('x')).toMatchObject({
    id: 'x',
    hops: [],
    problems: [{ article: '5.7.124-allowed-senders', tries: 'unsaid', refused: null, alsoSaid: [] }],
  });
  expect(await cases.forget('29:kim')).toBe(0);
  expect(await cases.sweep(new Date(Date.now() + 1_000))).toBe(1);
  expect(await cases.get('x')).toBeNull();
});

describe('what another release wrote is nothing, never half a case', () => {
  const [problem] = bounce.problems;
  test.each<[name: string, stored: object]>([
    ['another version', { ...bounce, v: 3 }],
    ['this version without its owner', { ...bounce, v: 2, at: '2026-11-21T04:36:41.154Z' }],
    ['this version without its time', { ...bounce, v: 2, owner: null }],
    ['no version', { ...bounce }],
    ['no problems', { v: 1, id: 'x', isNdr: true }],
    [
      'a fact that is missing',
      { v: 1, ...bounce, problems: [{ ...problem, facts: { recipient: 'a@contoso.com' } }] },
    ],
    [
      'a fact that is a number',
      { v: 1, ...bounce, problems: [{ ...problem, facts: { ...problem?.facts, code: 5 } }] },
    ],
    ['a certainty that is none', { v: 1, ...bounce, problems: [{ ...problem, certainty: 'perhaps' }] }],
    [
      'evidence of another kind',
      { v: 1, ...bounce, problems: [{ ...problem, evidence: [{ kind: 'dream', quote: 'x' }] }] },
    ],
    ['nothing', {}],
  ])('%s', async (_, stored) => {
    const storage = createMemoryStorage();
    await storage.write({ 'cases/x': stored });
    expect(await createCases(storage).get('x')).toBeNull();
  });
});

test('the same id again replaces the case, whoever has read it', async () => {
  const cases = createCases(createMemoryStorage());
  await cases.put(bounce);
  await cases.put({ ...caseOf('5.7.124'), id: bounce.id });
  expect((await cases.get(bounce.id))?.problems[0]?.article).toBe('5.7.124-allowed-senders');
});

describe.each(Object.keys(engines) as (keyof typeof engines)[])('on %s, over two instances', (name) => {
  let engine: Running;
  let storage: KeyValueStorage;
  let one: Cases;
  let other: Cases;
  let time = 0;
  const opened: KeyValueStorage[] = [];

  beforeAll(async () => {
    engine = await engines[name]();
  });
  beforeEach(async () => {
    time = Date.now();
    const place = engine.newPlace(() => new Date(time));
    const storages = await Promise.all([place(), place()]);
    opened.push(...storages);
    [storage] = storages;
    [one, other] = [createCases(storages[0]), createCases(storages[1])];
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((each) => each.close()));
  });
  afterAll(() => engine.stop());

  describe('forget', () => {
    test('deletes every case of a person and no other, and says how many', async () => {
      for (const id of ['k1', 'k2', 'k3']) await (id === 'k2' ? other : one).put(caseWith(id), '29:kim');
      await one.put(caseWith('k1'), '29:kim'); // Again: it is still one.
      await one.put(caseWith('a1'), '29:kim2');
      await one.put(caseWith('a2'), '29:kim/');
      await one.put(caseWith('n1'), null);
      await one.put(caseWith('n2'));
      expect(await other.forget('29:kim')).toBe(3);
      for (const id of ['k1', 'k2', 'k3']) expect(await one.get(id)).toBeNull();
      for (const id of ['a1', 'a2', 'n1', 'n2']) expect(await one.get(id)).not.toBeNull();
      expect(await one.forget('29:kim')).toBe(0);
      expect(await one.forget('')).toBe(0);
      // Nothing is left that says there was such a person.
      expect((await allOf(storage)).filter((key) => key.startsWith('owners/'))).toHaveLength(2);
    });

    test('a case that was deleted before does not count', async () => {
      await one.put(caseWith('k1'), '29:kim');
      await one.put(caseWith('k2'), '29:kim');
      await one.remove('k1');
      expect(await other.get('k1')).toBeNull();
      expect(await one.forget('29:kim')).toBe(1);
      expect(await allOf(storage)).toEqual([]);
    });

    test('very many', async () => {
      const ids = Array.from({ length: 620 }, (_, index) => `k${index}`);
      for (let from = 0; from < ids.length; from += 62)
        await Promise.all(ids.slice(from, from + 62).map((id) => one.put(caseWith(id), '29:kim')));
      expect(await other.forget('29:kim')).toBe(620);
      expect(await allOf(storage)).toEqual([]);
    });

    test('two at the same time forget each case once', async () => {
      const ids = Array.from({ length: 20 }, (_, index) => `k${index}`);
      await Promise.all(ids.map((id) => one.put(caseWith(id), '29:kim')));
      const counts = await Promise.all([one.forget('29:kim'), other.forget('29:kim')]);
      expect(counts[0] + counts[1]).toBe(20);
    });
  });

  describe('sweep', () => {
    const fill = async (): Promise<void> => {
      await one.put(caseWith('k1'), '29:kim');
      await one.put(caseWith('n1'));
      await createWelcomes(createClaims(storage, { newId: randomUUID })).begin('19:x@thread.v2');
      await storage.write({
        'turns/msteams/19:x@thread.v2/1': { v: 1 },
        'tickets/BD-7K3M-Q2XF': { v: 1 },
        'casesx/1': {},
        'a/b/conversations/c': {},
      });
      const context = new TurnContext(new TestAdapter(), {
        type: 'message',
        channelId: 'msteams',
        from: { id: '29:kim', name: '' },
        conversation: { id: '19:x@thread.v2', name: '', isGroup: true, conversationType: 'channel' },
      });
      const state = new PrivateConversationState(storage);
      await state.createProperty<string>('dialog').set(context, 'somewhere');
      await state.saveChanges(context);
    };
    const stays = ['a/b/conversations/c', 'casesx/1', 'tickets/BD-7K3M-Q2XF', 'welcomed/19:x@thread.v2'];
    const minutes = (count: number): Date => new Date(Date.now() + count * 60_000);

    test('deletes cases, their owners’ entries, answered messages and places in conversations; all else stays', async () => {
      await fill();
      const before = await allOf(storage);
      expect(await other.sweep(minutes(-5))).toBe(0);
      expect(await allOf(storage)).toEqual(before);
      expect(await other.sweep(minutes(5))).toBe(4);
      expect(await allOf(storage)).toEqual(stays);
      expect(await one.get('k1')).toBeNull();
      expect(await one.forget('29:kim')).toBe(0);
      expect(await other.sweep(minutes(5))).toBe(0);
    });

    test('several at the same time delete each once', async () => {
      await fill();
      const counts = await Promise.all([one, other, one, other].map((cases) => cases.sweep(minutes(5))));
      expect(counts.reduce((sum, count) => sum + count)).toBe(4);
      expect(await allOf(storage)).toEqual(stays);
    });

    test('an owner’s entry outlives its case by a minute, so that no case is ever without', async () => {
      await one.put(caseWith('k1'), '29:kim');
      await one.sweep(new Date(Date.now() + 30_000));
      expect(await one.get('k1')).toBeNull();
      expect(await allOf(storage)).toHaveLength(1);
      expect(await one.sweep(minutes(5))).toBe(0);
      expect(await allOf(storage)).toEqual([]);
    });

    // Azure's clock cannot be set.
    const withClock = name === 'Azure Blob, by Azurite' ? test.skip : test;
    withClock('what was written again since is young again', async () => {
      time = Date.parse('2026-10-01');
      await one.put(caseWith('old'), '29:kim');
      await one.put(caseWith('renewed'), '29:kim');
      time = Date.parse('2026-10-20');
      await other.put(caseWith('renewed'), '29:kim');
      await other.put(caseWith('young'), '29:kim');
      expect(await one.sweep(new Date('2026-10-15'))).toBe(1);
      expect([await one.get('old'), (await one.get('renewed'))?.id, (await one.get('young'))?.id]).toEqual([
        null,
        'renewed',
        'young',
      ]);
      expect(await one.forget('29:kim')).toBe(2);
    });
  });
});

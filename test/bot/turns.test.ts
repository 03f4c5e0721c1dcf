import { createTurns } from '../../src/bot/turns';
import { createMemoryStorage } from '../../src/storage/memory';

const id = { channel: 'msteams', conversation: '19:a@thread.tacv2;messageid=1', message: '1' };
const answered = { answer: 'sent-1', caseId: 'case-1' };

test('the first of many begins, on whatever instance', async () => {
  const storage = createMemoryStorage();
  const instances = Array.from({ length: 8 }, () => createTurns(storage));
  const begun = await Promise.all(instances.map((turns) => turns.begin(id)));
  expect(begun.filter(Boolean)).toHaveLength(1);
});

test.each([
  ['another message', { ...id, message: '2' }],
  ['another thread', { ...id, conversation: '19:a@thread.tacv2;messageid=2' }],
  ['another channel', { ...id, channel: 'emulator' }],
])('%s is another turn', async (_, other) => {
  const turns = createTurns(createMemoryStorage());
  await turns.begin(id);
  expect(await turns.begin(other)).toBe(true);
});

describe('delivered again', () => {
  let time = 0;
  const make = () => {
    time = 1_000_000;
    return createTurns(createMemoryStorage(), () => time);
  };

  test('after the answer: not again, however late', async () => {
    const turns = make();
    await turns.begin(id);
    await turns.finish(id, answered);
    time += 3_600_000;
    expect(await turns.begin(id)).toBe(false);
    expect(await turns.recall(id)).toEqual(answered);
  });

  test('while the first still works on it: not twice', async () => {
    const turns = make();
    await turns.begin(id);
    time += 11_000;
    expect(await turns.begin(id)).toBe(false);
    expect(await turns.recall(id)).toBeNull();
  });

  test('when the first must have died: by one', async () => {
    const turns = make();
    await turns.begin(id);
    time += 15_000;
    const begun = await Promise.all([turns.begin(id), turns.begin(id), turns.begin(id)]);
    expect(begun.filter(Boolean)).toHaveLength(1);
  });

  test('when the first gave up: yes', async () => {
    const turns = make();
    await turns.begin(id);
    await turns.abandon(id);
    expect(await turns.begin(id)).toBe(true);
  });
});

test('a forgotten message is as if it never came', async () => {
  const turns = createTurns(createMemoryStorage());
  await turns.begin(id);
  await turns.finish(id, answered);
  await turns.forget(id);
  expect(await turns.recall(id)).toBeNull();
});

test('what another release wrote stops nobody', async () => {
  const storage = createMemoryStorage();
  await storage.write({ [`turns/${id.channel}/${id.conversation}/${id.message}`]: { v: 7 } });
  expect(await createTurns(storage).begin(id)).toBe(true);
});

import { randomUUID } from 'node:crypto';
import { createClaims } from '../../src/bot/claims';
import { createTurns, type MessageId } from '../../src/bot/turns';
import { createMemoryStorage } from '../../src/storage/memory';

const id: MessageId = {
  channel: 'msteams',
  conversation: '19:a@thread.tacv2;messageid=1',
  message: '1',
};
const answered = { answer: 'sent-1', caseId: 'case-1' };

test.each([
  ['another message', { ...id, message: '2' }],
  ['another thread', { ...id, conversation: '19:a@thread.tacv2;messageid=2' }],
  ['another channel', { ...id, channel: 'emulator' }],
])('%s is another turn', async (_, other) => {
  const turns = createTurns(createClaims(createMemoryStorage(), { newId: randomUUID }));
  const claim = await turns.begin(id);
  if (claim === null) throw new Error('answered');
  await turns.finish(claim, answered);
  expect(await turns.begin(id)).toBeNull();
  expect(await turns.recall(id)).toEqual(answered);
  expect(await turns.begin(other)).not.toBeNull();
});

test('what the release before has written is understood', async () => {
  const storage = createMemoryStorage();
  const key = `turns/${id.channel}/${id.conversation}/${id.message}`;
  await storage.write({ [key]: { v: 1, begun: 1, done: true, ...answered } });
  const turns = createTurns(createClaims(storage, { newId: randomUUID }));
  expect(await turns.begin(id)).toBeNull();
  expect(await turns.recall(id)).toEqual(answered);
});

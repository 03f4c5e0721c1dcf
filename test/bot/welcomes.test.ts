import { randomUUID } from 'node:crypto';
import { createClaims } from '../../src/bot/claims';
import { createWelcomes, type Welcomes } from '../../src/bot/welcomes';
import { createMemoryStorage } from '../../src/storage/memory';
import type { KeyValueStorage } from '../../src/storage/storage';

const make = (storage: KeyValueStorage = createMemoryStorage()): Welcomes =>
  createWelcomes(createClaims(storage, { newId: randomUUID }));

/** Whether it was said now. */
const welcome = async (welcomes: Welcomes, conversation: string): Promise<boolean> => {
  const claim = await welcomes.begin(conversation);
  if (claim === null) return false;
  await welcomes.finish(claim, { answer: 'sent-1', caseId: null });
  return true;
};

test('a conversation is welcomed once, until it is forgotten', async () => {
  const welcomes = make();
  expect(await welcome(welcomes, 'a')).toBe(true);
  expect(await welcome(welcomes, 'a')).toBe(false);
  expect(await welcome(welcomes, 'b')).toBe(true);
  await welcomes.forget('a');
  expect(await welcome(welcomes, 'a')).toBe(true);
  expect(await welcome(welcomes, 'b')).toBe(false);
});

test('of many announcements at the same time one is answered', async () => {
  const welcomes = make();
  const said = await Promise.all(Array.from({ length: 20 }, () => welcome(welcomes, 'a')));
  expect(said.filter(Boolean)).toHaveLength(1);
});

test('a thread of a channel is its channel', async () => {
  const welcomes = make();
  expect(await welcome(welcomes, '19:x@thread.tacv2;messageid=1')).toBe(true);
  expect(await welcome(welcomes, '19:x@thread.tacv2;messageid=2')).toBe(false);
  expect(await welcome(welcomes, '19:x@thread.tacv2')).toBe(false);
  await welcomes.forget('19:x@thread.tacv2');
  expect(await welcome(welcomes, '19:x@thread.tacv2;messageid=3')).toBe(true);
});

test('it is remembered in the storage, not in the process', async () => {
  const storage = createMemoryStorage();
  await welcome(make(storage), 'a');
  expect(await welcome(make(storage), 'a')).toBe(false);
});

test('what could not be said is said at the next announcement', async () => {
  const welcomes = make();
  const claim = await welcomes.begin('a');
  if (claim !== null) await welcomes.abandon(claim);
  expect(await welcome(welcomes, 'a')).toBe(true);
});

test('whom the release before has welcomed is not welcomed again', async () => {
  const storage = createMemoryStorage();
  await storage.create('welcomed/a', { v: 1 });
  expect(await welcome(make(storage), 'a')).toBe(false);
});

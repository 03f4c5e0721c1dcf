import { createCases } from '../../src/storage/cases';
import { createMemoryStorage } from '../../src/storage/memory';
import { caseOf } from '../guide/core';

const bounce = caseOf(
  [
    'Delivery has failed to these recipients or groups:',
    'a@contoso.com',
    "Remote Server returned '550 5.7.1 Unable to relay'",
  ].join('\n'),
);

test('a case comes back as it was put', async () => {
  const cases = createCases(createMemoryStorage());
  for (const text of ['5.7.124', '5.7.1', '5.7.17', '550 5.0.350 x-dg-ref header is too long']) {
    const put = caseOf(text, `case ${text}`);
    await cases.put(put);
    expect(await cases.get(put.id)).toEqual(put);
  }
  await cases.put(bounce);
  expect(await cases.get(bounce.id)).toMatchObject(bounce);
});

test('an unknown case is null', async () => {
  expect(await createCases(createMemoryStorage()).get('never')).toBeNull();
});

test('nothing of the paste is stored but the case', async () => {
  const storage = createMemoryStorage();
  await createCases(storage).put(bounce);
  const stored = JSON.stringify(await storage.read([`cases/${bounce.id}`]));
  expect(stored).not.toContain('Delivery has failed');
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

import { interpret } from '../../src/guide/interpret';
import { notMineSegment } from '../../src/guide/not-mine';
import { caseOf, guide, knowledge, phrases } from './core';

const report = (...headers: string[]): string =>
  `Delivery has failed to these recipients or groups:\n\nsales@contoso.com\nmx.contoso.com\nRemote Server returned '550 5.1.1 User unknown'\n\nOriginal message headers:\n\nFrom: kim@fabrikam.com\n${headers.join('\n')}\nSubject: Offer`;

const forged = report('Received-SPF: Fail (x)', 'Message-ID: <1@spam.example>');
const own = report('Received-SPF: Pass (x)', 'Message-ID: <1@fabrikam.com>');

test.each<[name: string, text: string, isForged: boolean, first: string]>([
  ['forged', forged, true, 'I never sent this'],
  ['the sender’s own', own, false, 'I sent it'],
])('%s', (_, text, isForged, first) => {
  const bounce = caseOf(text);
  const verdict = guide.view(bounce, guide.start(bounce), phrases);
  expect(verdict).toMatchObject({ kind: 'verdict', isForged });
  expect(verdict?.choices[0]?.label).toBe(first);
});

test('the button and the words lead to the same question, and back', () => {
  const bounce = caseOf(forged);
  const verdict = guide.view(bounce, guide.start(bounce), phrases);
  if (verdict === null) throw new Error('no verdict');
  const pressed = verdict.choices[0]?.to;
  expect(interpret(verdict, 'I didn’t send this', phrases)).toEqual({ kind: 'go', to: pressed });
  const question = pressed === undefined ? null : guide.view(bounce, pressed, phrases);
  expect(question).toMatchObject({ kind: 'question', back: verdict.position });
  expect(question?.crumbs).toEqual(['5.1.1', 'I never sent this']);
});

test('whoever says so without our suspicion is heard as well, below every article', () => {
  for (const article of knowledge.articles.keys()) {
    const position = { problem: 0, article, path: [notMineSegment] };
    expect([article, guide.view(null, position, phrases)?.kind]).toEqual([article, 'question']);
  }
  const bounce = caseOf(own);
  const verdict = guide.view(bounce, guide.start(bounce), phrases);
  expect(verdict && interpret(verdict, 'not mine', phrases)).toMatchObject({
    to: { path: [notMineSegment] },
  });
});

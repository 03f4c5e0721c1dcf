import { interpret } from '../../src/guide/interpret';
import type { Choice, Position, View } from '../../src/guide/view';
import { phrases } from './core';

const at = (...path: string[]): Position => ({ problem: 0, article: '5.7.124-allowed-senders', path });
const choice = (label: string, words: string[], ...path: string[]): Choice => ({
  label,
  words,
  to: at(...path),
});

function question(
  choices: Choice[],
  {
    back = at('sender'),
    position = at('sender', 'here'),
  }: { back?: Position | null; position?: Position } = {},
): View {
  return { kind: 'question', position, crumbs: [], choices, back, start: at(), ask: [], help: [] };
}

const view = question([
  choice('Method 1: Add an inside sender', ['inside', 'colleague', '1'], 'a'),
  choice('Method 1: Add an outside sender', ['outside', "can't join"], 'b'),
  choice('Everyone, inside and outside', ['everybody', '2'], 'c'),
  choice('Outlook', ['outlook', 'desktop'], 'd'),
  choice('Outlook on the web', ['web'], 'e'),
]);
const go = (...path: string[]) => ({ kind: 'go', to: at(...path) });

describe('what typed words mean', () => {
  test.each<[typed: string, expected: ReturnType<typeof go> | { kind: 'help' } | null]>([
    // Labels and words, however they are written.
    ['Method 1: Add an inside sender', go('a')],
    ['  method 1 add an INSIDE sender!! ', go('a')],
    ['everybody', go('c')],
    ['Everybody.', go('c')],
    ['can’t join', go('b')],
    ["can't join", go('b')],
    ['desktop', go('d')],
    ['Outlook', go('d')],
    ['outlook on the web', go('e')],
    // Numbers: the words of an article come first.
    ['1', go('a')],
    ['2', go('c')],
    ['3', go('c')],
    ['4', go('d')],
    ['5', go('e')],
    ['option 4', go('d')],
    ['Number 5', go('e')],
    ['no. 4', go('d')],
    ['choose 4', go('d')],
    ['4.', go('d')],
    ['6', null],
    ['0', null],
    ['-1', go('a')],
    ['99', null],
    ['100', null],
    ['4 5', null],
    ['5.7.124', null],
    // Part of a label, when it fits one choice only.
    ['everyone', go('c')],
    ['inside sender', go('a')],
    ['outside sender', go('b')],
    ['sender outside', go('b')],
    ['inside', go('a')],
    ['method', null],
    ['sender add', null],
    ['web', go('e')],
    ['on', null],
    ['ever', null],
    // Navigation.
    ['back', go('sender')],
    ['Go back!', go('sender')],
    ['undo', go('sender')],
    ['start over', go()],
    ['Restart', go()],
    ['help', { kind: 'help' }],
    ['HELP', { kind: 'help' }],
    // Roles, from anywhere below a verdict.
    ['admin', go('admin')],
    ['I am an admin', go('admin')],
    ["recipient's admin", go('recipientAdmin')],
    ['owner', go('groupOwner')],
    ['i sent it', go('sender')],
    // Nothing.
    ['', null],
    ['   ', null],
    ['…', null],
    ['?', null], // The dialog answers it with help.
    ['purple', null],
    ['x'.repeat(81), null],
    [`everybody ${'x'.repeat(80)}`, null],
  ])('%j', (typed, expected) => {
    expect(interpret(view, typed, phrases)).toEqual(expected);
  });

  test('words that fit two choices fit none', () => {
    const twins = question([
      choice('New EAC', ['new', 'eac'], 'a'),
      choice('Classic EAC', ['old', 'eac'], 'b'),
    ]);
    expect(interpret(twins, 'eac', phrases)).toBeNull();
    expect(interpret(twins, 'new', phrases)).toEqual(go('a'));
  });

  test('an answer of the question comes before a change of role', () => {
    const own = question([
      choice('I own it myself', ['owner'], 'x'),
      choice('Somebody else', ['other'], 'y'),
    ]);
    expect(interpret(own, 'owner', phrases)).toEqual(go('x'));
  });

  test('back at the top stays at the top', () => {
    expect(interpret(question([], { back: null }), 'back', phrases)).toEqual(go());
  });

  test('no role before the meaning is known', () => {
    const meanings: View = { ...question([]), position: { problem: 0, article: null, path: [] } };
    expect(interpret(meanings, 'admin', phrases)).toBeNull();
  });

  test('hostile words cost no time', () => {
    const before = Date.now();
    for (const typed of [
      'a '.repeat(500_000),
      '\u0301'.repeat(500_000),
      '('.repeat(500_000),
      ' '.repeat(500_000),
    ])
      expect(interpret(view, typed, phrases)).toBeNull();
    expect(Date.now() - before).toBeLessThan(3_000);
  });
});

import { asWritten, inOwnDirection } from '../../src/guide/direction';
import { fill, fillScript, fillText, type Piece } from '../../src/guide/fill';
import { factNames } from '../../src/knowledge/facts';
import type { Facts } from '../../src/knowledge/facts';
import type { Phrases } from '../../src/phrases';
import { phrases } from './core';

const reader = (rtl: boolean, articlesRtl: boolean): Phrases => ({
  ...phrases,
  rtl,
  ofArticles: { ...phrases, rtl: articlesRtl },
});
const facts = Object.fromEntries(factNames.map((name) => [name, null])) as Facts;

describe('prose between marks of its own direction', () => {
  const two: Piece[] = [
    { text: 'Open ', style: 'plain' },
    { text: 'Groups', style: 'label', url: 'https://example.com' },
  ];
  test.each<[name: string, pieces: Piece[], rtl: boolean, articlesRtl: boolean, texts: string[]]>([
    ['nobody from the right', two, false, false, ['Open ', 'Groups']],
    ['both from the right', two, true, true, ['Open ', 'Groups']],
    ['the reader from the right', two, true, false, ['\u2066Open ', 'Groups\u2069']],
    ['the article from the right', two, false, true, ['\u2067Open ', 'Groups\u2069']],
    ['one piece', two.slice(0, 1), true, false, ['\u2066Open \u2069']],
    ['nothing', [], true, false, []],
  ])('%s', (_, pieces, rtl, articlesRtl, texts) => {
    const marked = inOwnDirection(pieces, reader(rtl, articlesRtl));
    expect(marked.map(({ text }) => text)).toEqual(texts);
    expect(marked.map((piece) => ({ ...piece, text: '' }))).toEqual(
      pieces.map((piece) => ({ ...piece, text: '' })),
    );
  });
});

test('what is drawn has the marks, what is copied has none', () => {
  const hebrew = reader(true, false);
  const drawn = fill('Ask {recipient}.', facts, hebrew);
  expect(drawn.map(({ text }) => text).join('')).toBe('\u2066Ask ‹recipient›.\u2069');
  expect(fillText('Ask {recipient}.', facts, hebrew)).toBe('Ask ‹recipient›.');
  expect(fillScript('Get-Mailbox {recipient}', facts)).toBe("Get-Mailbox '<recipient>'");
});

test('a code keeps the order of its numbers', () => {
  expect(asWritten('550 5.7.124', { rtl: true })).toBe('\u2068550 5.7.124\u2069');
  expect(asWritten('550 5.7.124', { rtl: false })).toBe('550 5.7.124');
});

import fc from 'fast-check';
import { Haystack, pieceOf } from '../../src/knowledge/haystack';

const has = (text: string, piece: string): boolean => new Haystack(text).has(pieceOf(piece, piece));

test.each<[text: string, piece: string, found: boolean]>([
  ['550 access denied', 'access denied', true],
  ['550 access denied', '550 ', true],
  ['550 access denied', 'ied', true],
  ['550 access denied', 'denied access', false],
  ['denied', 'access denied', false],
  ['abcdbcde', 'abcde', false], // Every run of it is there, it is not.
  ['', 'a', false],
  ['a', '', true],
  ['配信不能 メール', '不能 メ', true],
  ['配信不能 メール', '不能メー', false],
])('%j has %j: %s', (text, piece, found) => {
  expect(has(text, piece)).toBe(found);
});

test('a haystack finds what stands in a text, wherever it begins, and nothing else', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '.', 'é', '\u3042', '\u{1f600}'), maxLength: 40 });
  fc.assert(
    fc.property(text, text, text, (before, piece, behind) => {
      expect(has(`${before}${piece}${behind}`, piece)).toBe(true);
      expect(has(before, piece)).toBe(before.includes(piece));
    }),
    { numRuns: 2000 },
  );
});

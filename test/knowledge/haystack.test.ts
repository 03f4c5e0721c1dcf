import { Haystack, pieceOf } from '../../src/knowledge/haystack';

const has = (text: string, source: string): boolean =>
  new Haystack(text).has(pieceOf(source, source.toLowerCase()));

test.each<[string, string, boolean]>([
  ['550 5.7.1 resolver.rst.notauthorized; not authorized', 'RESOLVER.RST.NotAuthorized', true],
  ['550 5.7.1 resolver.rst.notauthorized', 'RESOLVER.RST.NotAuthorized', true],
  ['550 5.7.1 resolver.rst.notauthorized.more', 'RESOLVER.RST.NotAuthorized', true],
  ['550 5.7.124 resolver.rst.notauthorizedtogroup; x', 'RESOLVER.RST.NotAuthorized', false],
  ['resolver.rst.notauthorizedtogroup, resolver.rst.notauthorized', 'RESOLVER.RST.NotAuthorized', true],
  ['the mailbox is over quotas', 'over quota', true],
  ['abc', 'abcd', false],
  ['abc', 'ab', true],
  ['', 'x', false],
])('%s has %s: %p', (text, source, expected) => {
  expect(has(text, source)).toBe(expected);
});

import { meaningsTitle } from '../../src/guide/certainty';
import { phrases } from './core';

const item = { looksLike: [], title: [], quote: null };

test.each([
  ['5.2.2', 2, '5.2.2 has several meanings'],
  [null, 2, 'This can mean several things'],
  // Of one meaning alone nobody says that there are several.
  ['5.2.2', 1, 'Most likely it means this'],
  [null, 1, 'Most likely it means this'],
])('above %s with %d meanings', (code, count, title) => {
  expect(meaningsTitle({ code, items: Array.from({ length: count }, () => item) }, phrases)).toBe(title);
});

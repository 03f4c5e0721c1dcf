import { catalogue, noCode, type CataloguePage } from '../../src/guide/catalogue';
import { cardFaults } from '../cards/card-faults';
import { cards, knowledge, phrases } from './core';

const listOf = (asked: string, page = 0): Extract<CataloguePage, { kind: 'list' }> => {
  const found = catalogue(knowledge, asked, page);
  if (found.kind !== 'list') throw new Error(`${asked}: ${found.kind}`);
  return found;
};
const ids = (asked: string): string[] => listOf(asked).entries.map(({ article }) => article.id);
const specific = [...knowledge.articles.values()].filter(({ general }) => !general);

/** All pages of what was asked, one after the other. */
function walk(asked: string): CataloguePage[] {
  const pages: CataloguePage[] = [];
  for (let page: number | null = 0; page !== null;) {
    const found: CataloguePage = catalogue(knowledge, asked, page);
    pages.push(found);
    page = found.kind === 'list' ? found.next : null;
  }
  return pages;
}

test('every article stands in a family, and the families count what they list', () => {
  const start = catalogue(knowledge, '');
  if (start.kind !== 'families') throw new Error('no families');
  expect(start.articles).toBe(specific.length);
  const seen = new Set<string>();
  for (const { subject, articles } of start.families) {
    const entries = walk(subject).flatMap((page) => (page.kind === 'list' ? page.entries : []));
    expect([subject, entries.length]).toEqual([subject, articles]);
    for (const { article } of entries) seen.add(article.id);
  }
  expect([...seen].sort()).toEqual(specific.map(({ id }) => id).sort());
  expect(start.families.at(-1)?.subject).toBe(noCode);
});

test.each(['5.7', 'x.7', '4.7', '7', '5.7.x', 'X.7.*'])('%s is the family of security', (asked) => {
  expect(listOf(asked)).toMatchObject({ asked: 'x.7', found: 'family' });
});

test.each<[string, string[]]>([
  ['5.7.1', ['5.7.1-not-authorized', '5.7.1-relay-denied']],
  ['5.1.1', ['5.1.1-recipient-unknown']],
  ['4.7.650', ['4.7.650-outlook-com-slowed']],
])('code %s: its meanings side by side', (asked, expected) => {
  expect(listOf(asked).found).toBe('code');
  expect(ids(asked)).toEqual(expect.arrayContaining(expected));
});

test.each<[string, RegExp]>([
  ['quota', /full|quota|limit/i],
  ['spf', /spf|authenticat/i],
  ['group', /group/i],
  ['mailbox full', /full/i],
])('a search for %s finds it', (asked, says) => {
  const [first] = listOf(asked).entries;
  expect(JSON.stringify(first?.article)).toMatch(says);
});

test.each(['', ' ', 'xyzzy', '9.9.9', '5.7.9999', '🙃', '*[a](b)', 'a'.repeat(5000)])(
  '%p: an answer, never an error',
  (asked) => {
    const page = catalogue(knowledge, asked);
    expect(['families', 'nothing', 'list']).toContain(page.kind);
    expect(cardFaults(cards.catalogue(page, phrases))).toEqual([]);
  },
);

test.each([-1, 1000])('page %d is nothing', (page) => {
  expect(catalogue(knowledge, '5.7', page).kind).toBe(page < 0 ? 'nothing' : 'nothing');
});

test('every page of every family is a card that Teams takes', () => {
  const pages = [
    '',
    ...'01234567'.split('').map((digit) => `x.${digit}`),
    noCode,
    '5.7.1',
    'group',
    'nothing at all',
  ].flatMap(walk);
  expect(pages.length).toBeGreaterThan(20);
  for (const page of pages) expect(cardFaults(cards.catalogue(page, phrases))).toEqual([]);
});

test('what somebody typed stands on no card', () => {
  const page = catalogue(knowledge, 'quota [x](https://evil.example)');
  expect(JSON.stringify(cards.catalogue(page, phrases).card)).not.toContain('evil');
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { galleryCards } from '../../src/cards/gallery';
import { noticeNames } from '../../src/cards/render';
import { loadLocales } from '../../src/locales';
import { cards, caseOf, guide, locales, root } from '../guide/core';
import { cardFaults } from './card-faults';

jest.setTimeout(120_000);

describe('every card of the gallery is sound', () => {
  test.each(locales.tags)('%s', (tag) => {
    const gallery = galleryCards(root, tag);
    expect(gallery.length).toBeGreaterThan(200);
    for (const { name, card } of gallery) {
      const rendered = { card, summary: String(card['fallbackText']) };
      // Its values look like templates and Markdown, and must come out as they went in.
      const hostile = name === 'verdict-hostile';
      expect([name, cardFaults(rendered, { hostile })]).toEqual([name, []]);
      expect([name, card['lang'], card['rtl']]).toEqual([name, tag.split('-')[0], undefined]);
    }
  });

  test('a language that is not there is refused, and the others are named', () => {
    expect(() => galleryCards(root, 'tlh')).toThrow(/no tlh, only .*en/);
  });
});

describe('from right to left', () => {
  const directory = mkdtempSync(join(tmpdir(), 'bounce-desk-rtl-'));
  afterAll(() => {
    rmSync(directory, { recursive: true, force: true });
  });
  // A made-up language with the phrases of English.
  const english = readFileSync(join(root, 'locales/en.yaml'), 'utf8');
  writeFileSync(join(directory, 'en.yaml'), english);
  writeFileSync(join(directory, 'qtr-Hebr.yaml'), `rtl: true\n${english}`);
  const phrases = loadLocales(directory).of('qtr-Hebr-IL');

  const bounce = caseOf('550 5.7.124 Sender not in allowed-senders list');
  const drawn = [
    cards.welcome('personal', phrases),
    cards.help('group', phrases),
    cards.apology('BD-TEST-0001', phrases),
    ...noticeNames.map((notice) => cards.notice(notice, phrases)),
    ...guide.paths('5.7.124-allowed-senders').flatMap((position) => {
      const view = guide.view(bounce, position, phrases);
      return view === null ? [] : [cards.view(view, bounce, phrases)];
    }),
  ];

  test('every card says so, and which language it is in', () => {
    expect(drawn.length).toBeGreaterThan(50);
    for (const rendered of drawn) {
      expect(rendered.card).toMatchObject({ rtl: true, lang: 'qtr' });
      expect(cardFaults(rendered)).toEqual([]);
    }
  });
});

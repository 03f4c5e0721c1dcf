import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Template } from 'adaptivecards-templating';
import { createCards, noticeNames, type Cards, type RenderedCard } from '../../src/cards/render';
import { readTemplate } from '../../src/cards/template';
import { catalogue } from '../../src/guide/catalogue';
import { cards, caseOf, guide, knowledge, locales, root } from '../guide/core';

jest.setTimeout(120_000);

const bound: [name: string, template: object, model: object, expected: object][] = [
  ['a text', { text: '${a}' }, { a: 'x' }, { text: 'x' }],
  ['a list', { inlines: '${a}' }, { a: [{ text: 'x' }] }, { inlines: [{ text: 'x' }] }],
  ['what is false or 0', { a: '${a}', b: '${b}' }, { a: false, b: 0 }, { a: false, b: 0 }],
  ['what is constant', { a: 1, b: null, c: ['x', true] }, {}, { a: 1, b: null, c: ['x', true] }],
  ['a value that looks like a template', { text: '${a}' }, { a: '${b}', b: 'x' }, { text: '${b}' }],
  ['what is shown', { a: [{ $when: '${is}', b: 1 }] }, { is: true }, { a: [{ b: 1 }] }],
  ['what is not shown', { a: [{ $when: '${is}', b: '${none}' }, 2] }, { is: false }, { a: [2] }],
  ['a list that is shown', { a: [{ $when: '${l}', l: '${l}' }] }, { l: [1] }, { a: [{ l: [1] }] }],
  ['an empty list that is not', { a: [{ $when: '${l}', l: '${l}' }] }, { l: [] }, { a: [] }],
  ['items', { a: [{ $data: '${l}', b: '${n}' }] }, { l: [{ n: 1 }, { n: 2 }] }, { a: [{ b: 1 }, { b: 2 }] }],
  ['no items', { a: [{ $data: '${l}', b: '${n}' }] }, { l: [] }, { a: [] }],
  [
    'items of items',
    { a: [{ $data: '${l}', b: [{ $data: '${m}', c: '${n}' }] }] },
    { l: [{ m: [{ n: 1 }] }, { m: [] }] },
    { a: [{ b: [{ c: 1 }] }, { b: [] }] },
  ],
];

test.each(bound)('%s', (_, template, model, expected) => {
  expect(readTemplate(template)(model)).toEqual(expected);
});

test.each<[name: string, template: object, model: object]>([
  ['a value that is missing', { text: '${a}' }, {}],
  ['a value that is null', { text: '${a}' }, { a: null }],
  ['a name that every object has', { text: '${toString}' }, {}],
  ['a name of the list around an item', { a: [{ $data: '${l}', b: '${n}' }] }, { l: [{}], n: 1 }],
  ['items that are no list', { a: [{ $data: '${l}' }] }, { l: {} }],
])('%s is refused when bound', (_, template, model) => {
  expect(() => readTemplate(template)(model)).toThrow(/card template/);
});

test.each<[name: string, template: unknown]>([
  ['an expression', { text: '${count(a) > 0}' }],
  ['a value within a text', { text: 'Hello ${a}' }],
  ['$when outside of a list', { a: { $when: '${b}' } }],
  ['$data outside of a list', { $data: '${b}' }],
  ['both at one element', { a: [{ $when: '${b}', $data: '${c}' }] }],
  ['a list', []],
])('%s is refused when read', (_, template) => {
  expect(() => readTemplate(template)).toThrow(/card template/);
});

describe("cards are the same as by Microsoft's library", () => {
  const folder = join(root, 'cards');
  const templates = new Map(
    readdirSync(folder).map((file) => {
      // Theirs has no lists in $when.
      const text = readFileSync(join(folder, file), 'utf8').replace(
        '"$when": "${actions}"',
        '"$when": "${count(actions) > 0}"',
      );
      return [file, new Template(JSON.parse(text))];
    }),
  );
  const theirs = createCards({
    expand: (name, model) => {
      const card: unknown = templates.get(`${name}.json`)?.expand({ $root: model });
      return { ...(typeof card === 'object' ? card : {}) };
    },
  });

  const bounces = [
    caseOf('550 5.7.124 Sender not in allowed-senders list'),
    caseOf('550 5.7.1 Unable to relay'),
    caseOf('451 4.7.500 Server busy, try again later'),
  ];
  const articles = [...knowledge.articles.keys()].filter((_, index) => index % 12 === 0);

  test.each(locales.tags)('%s', (tag) => {
    const phrases = locales.of(tag);
    const drawn = new Set<string>();
    const compare = (draw: (by: Cards) => RenderedCard | null): void => {
      const card = draw(cards);
      expect(card).toEqual(draw(theirs));
      drawn.add(JSON.stringify(card));
    };
    compare((by) => by.welcome('personal', phrases));
    compare((by) => by.help('group', phrases));
    compare((by) => by.forgotten(2, phrases));
    compare((by) => by.apology('BD-TEST-0001', phrases));
    for (const notice of noticeNames) compare((by) => by.notice(notice, phrases));
    for (const asked of ['', 'x.7', '5.7.1', 'quota', 'xyzzy'])
      compare((by) => by.catalogue(catalogue(knowledge, asked), phrases));
    for (const bounce of bounces) {
      const start = guide.start(bounce);
      const positions = [
        start,
        { ...start, path: ['mailPath'] },
        ...articles.flatMap((article) => guide.paths(article)),
      ].flatMap((position) => [
        position,
        { ...position, outcome: 'fixed' as const },
        { ...position, outcome: 'stuck' as const },
      ]);
      for (const position of positions) {
        const view = guide.view(bounce, position, phrases);
        if (view === null) continue;
        compare((by) => by.view(view, bounce, phrases));
        compare((by) => by.result(view, phrases));
      }
    }
    expect(drawn.size).toBeGreaterThan(300);
  });
});

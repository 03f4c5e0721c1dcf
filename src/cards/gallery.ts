import { join } from 'node:path';
import { openCase } from '../guide/case';
import { catalogue } from '../guide/catalogue';
import { createGuide } from '../guide/walk';
import type { Position } from '../guide/view';
import { loadKnowledge } from '../knowledge/load';
import { createMatcher } from '../knowledge/match';
import { loadLocales } from '../locales';
import { readText } from '../ndr/read';
import { buttonVersion } from './buttons';
import { createCards, noticeNames, type RenderedCard } from './render';
import { loadTemplates, type CardJson } from './templates';

/** A card with a name that says what it shows. */
export interface GalleryCard {
  name: string;
  card: CardJson;
}

const report = (
  code: string,
  words: string,
  recipient = 'sales-team@contoso.com',
  sender = 'kim.akers@fabrikam.com',
): string =>
  [
    `Your message to ${recipient} couldn't be delivered.`,
    'Original Message Details',
    `Sender Address: ${sender}`,
    `Recipient Address: ${recipient}`,
    'Subject: Offer for October',
    'Error Details',
    `Error: ${code} ${words}`,
    'Message rejected by: PR3PR01MB0001.eurprd01.prod.outlook.com',
    'Notification Details',
    'Sent by: AM6PR01MB0002.eurprd01.prod.outlook.com',
  ].join('\n');

const withHeaders = [
  report('550 5.7.124', 'Sender not in allowed-senders list'),
  'Message Hops',
  'HOP\tTIME (UTC)\tFROM\tTO\tWITH\tRELAY TIME',
  '1\t9/1/2026 6:40:30 AM\tmail.fabrikam.com\tmail.fabrikam.com\tESMTPSA\t*',
  '2\t9/1/2026 6:44:30 AM\tmail.fabrikam.com\tAM6PR01MB0002.eurprd01.prod.outlook.com\tMicrosoft SMTP Server (version=TLS1_2)\t4 min',
].join('\n');

/** What strangers may write into a report, all at once. */
const hostile = report(
  '550 5.7.124',
  'Sender not in allowed-senders list; **bold** [click](https://evil.example) ${title} <b>html</b> `code`',
  "o'hara@contoso.com",
  '"$(calc)"@fabrikam.example',
);

const twoProblems = [
  'Delivery has failed to these recipients or groups:',
  'Diagnostic information for administrators:',
  'Generating server: AM6PR01MB0002.eurprd01.prod.outlook.com',
  'nobody@contoso.com',
  "Remote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient nobody@contoso.com not found by SMTP address lookup'",
  'all-hands@contoso.com',
  "Remote Server returned '550 5.7.124 Sender not in allowed-senders list'",
].join('\n');

const scenes: readonly { name: string; text: string }[] = [
  { name: 'verdict-group', text: report('550 5.7.124', 'Sender not in allowed-senders list') },
  { name: 'verdict-code-alone', text: '5.7.705' },
  { name: 'verdict-general', text: '5.7.17' },
  { name: 'verdict-temporary', text: '451 4.7.500 Server busy, try again later' },
  {
    name: 'verdict-time-heals',
    text: "The message can't be submitted because the sender's submission quota was exceeded",
  },
  { name: 'verdict-hostile', text: hostile },
  { name: 'verdict-loop', text: report('554 5.4.14', 'Hop count exceeded - possible mail loop ATTR34') },
  { name: 'verdict-with-path', text: withHeaders },
  { name: 'choose-meaning', text: '5.7.1' },
  { name: 'choose-problem', text: twoProblems },
];

/** What somebody looks around for, by what it shows. */
const looks = [
  ['families', ''],
  ['family', 'x.7'],
  ['meanings', '5.7.1'],
  ['search', 'quota'],
  ['nothing', 'xyzzy'],
] as const;

/**
 * Every kind of card with real data: the scenes above, every view of three articles, and the cards that belong to no bounce.
 * `root` is the folder that holds `cards/`, `knowledge/` and `locales/`; `locale` is the reader's language tag.
 * @throws when that language is not there.
 */
export function galleryCards(root = join(__dirname, '../..'), locale = 'en'): GalleryCard[] {
  const knowledge = loadKnowledge(join(root, 'knowledge'));
  const matcher = createMatcher(knowledge);
  const guide = createGuide(knowledge);
  const cards = createCards(loadTemplates(join(root, 'cards')), 30);
  const locales = loadLocales(join(root, 'locales'));
  const phrases = locales.find(locale);
  if (phrases === undefined) throw new Error(`locales/ has no ${locale}, only ${locales.tags.join(', ')}.`);
  const named = (name: string, { card }: RenderedCard): GalleryCard => ({ name, card });

  const open = (text: string) => {
    const read = readText(text);
    return openCase('gallery', read, matcher.diagnose(read));
  };
  const drawn = scenes.flatMap(({ name, text }) => {
    const bounce = open(text);
    const view = guide.view(bounce, guide.start(bounce), phrases);
    return view === null ? [] : [named(name, cards.view(view, bounce, phrases))];
  });

  const bounce = open(report('550 5.7.124', 'Sender not in allowed-senders list'));
  const shown = ['5.7.124-allowed-senders', '5.7.12-outsiders', '5.7.705-tenant-threshold'];
  const walked = shown.flatMap((article) =>
    guide.paths(article).flatMap((position, index): GalleryCard[] => {
      const view = guide.view(bounce, position, phrases);
      const name = `${article.slice(0, article.indexOf('-'))}-${String(index).padStart(2, '0')}-${position.path.join('-') || 'verdict'}`;
      return view === null ? [] : [named(name, cards.view(view, bounce, phrases))];
    }),
  );
  const last = guide.paths('5.7.124-allowed-senders').at(-1);
  const outcomes =
    last === undefined
      ? []
      : (['fixed', 'stuck'] as const).map((outcome): [string, Position] => [
          `outcome-${outcome}`,
          { ...last, outcome },
        ]);
  const ended = outcomes.flatMap(([name, position]) => {
    const view = guide.view(bounce, position, phrases);
    return view === null ? [] : [named(name, cards.view(view, bounce, phrases))];
  });

  const traced = open(withHeaders);
  const path = guide.view(traced, { ...guide.start(traced), path: ['mailPath'] }, phrases);
  const paths = path === null ? [] : [named('mail-path', cards.view(path, traced, phrases))];

  const backscatter = {
    ...bounce,
    problems: bounce.problems.map((problem) => ({ ...problem, circumstances: ['forged' as const] })),
  };
  const suspected = guide.view(backscatter, guide.start(backscatter), phrases);
  const forged = suspected === null ? [] : [named('forged', cards.view(suspected, backscatter, phrases))];

  const lookedAround = looks.map(([name, asked]) =>
    named(`codes-${name}`, cards.catalogue(catalogue(knowledge, asked), phrases)),
  );
  const verdict = guide.view(bounce, guide.start(bounce), phrases);
  const result = verdict === null ? null : cards.result(verdict, phrases);
  const facts = { version: '1.2.3', articles: knowledge.articles.size, checked: '2026-11-21' };

  return [
    named('welcome-personal', cards.welcome('personal', phrases)),
    named('welcome-group', cards.welcome('group', phrases)),
    named('help', cards.help('group', phrases)),
    named('help-personal', cards.help('personal', phrases)),
    named('about', cards.about(facts, phrases)),
    named('forgotten', cards.forgotten(2, phrases)),
    ...noticeNames.map((notice) => named(`notice-${notice}`, cards.notice(notice, phrases))),
    named('notice-apology', cards.apology('BD-7K3M-Q2XF', phrases)),
    named(
      'notice-apology-again',
      cards.apology('BD-7K3M-Q2XF', phrases, { v: buttonVersion, verb: 'example', case: null, at: null }),
    ),
    ...lookedAround,
    ...(result === null ? [] : [named('result', result)]),
    ...drawn,
    ...paths,
    ...forged,
    ...ended,
    ...walked,
  ];
}

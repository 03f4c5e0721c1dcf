import type { Case } from '../guide/case';
import { meaningsTitle } from '../guide/certainty';
import type { View } from '../guide/view';
import type { Unreadable } from '../ndr/file';
import type { MailKind } from '../ndr/nature';
import type { Phrases } from '../phrases';
import type { CataloguePage } from '../guide/catalogue';
import { againButton, codesButton, goButton, verbButton, type Action, type ButtonData } from './buttons';
import { drawCatalogue } from './catalogue-card';
import type { Draw, RenderedCard } from './draw';
import { inlines, plainText, textRun, type TextRun } from './inline';
import { drawProcedure } from './procedure-card';
import { drawResult } from './result-card';
import type { Templates } from './templates';
import { drawVerdict } from './verdict-card';

export type { RenderedCard } from './draw';

/** The cards that belong to no bounce. */
export type Notice =
  | 'notUnderstood'
  | 'notUnderstoodHere'
  | 'noText'
  | 'noReason'
  | 'gone'
  | 'unknownButton'
  | 'answerTooLarge'
  | 'fileBlocked'
  | 'fileFailed'
  | 'fileOutOfReach'
  | `unreadable.${Unreadable}`
  | `notBounce.${Exclude<MailKind, 'report'>}`;

/** What the bot says of itself. */
export interface About {
  version: string;
  articles: number;
  /** The day on which the article that was checked longest ago was checked, `2026-11-21`. */
  checked: string;
}

export type Scope = 'personal' | 'group';

export interface Cards {
  view(view: View, bounce: Case | null, phrases: Phrases): RenderedCard;
  welcome(scope: Scope, phrases: Phrases): RenderedCard;
  help(scope: Scope, phrases: Phrases): RenderedCard;
  /** A verdict without the ways on, for conversations that the bot is not in; null for every other view. */
  result(view: View, phrases: Phrases): RenderedCard | null;
  catalogue(page: CataloguePage, phrases: Phrases): RenderedCard;
  /** After "forget me": how many bounces were deleted. */
  forgotten(cases: number, phrases: Phrases): RenderedCard;
  about(facts: About, phrases: Phrases): RenderedCard;
  notice(notice: Notice, phrases: Phrases): RenderedCard;
  /** `pressed`: the button behind which it went wrong, to be pressed once more. */
  apology(reference: string, phrases: Phrases, pressed?: ButtonData | null): RenderedCard;
}

/** `retentionDays`: how long facts are kept, which help says. */
export function createCards(templates: Templates, retentionDays: number): Cards {
  const draw: Draw = (template, title, phrases, ...model) => {
    const summary = phrases.t('summary.card', { title });
    const card = templates.expand(template, { fallbackText: summary }, ...model);
    return { summary, card: Object.assign(card, languageOf(phrases)) };
  };
  return {
    view: (view, bounce, phrases) => drawView(draw, view, bounce?.id ?? null, phrases),
    welcome: (scope, phrases) =>
      draw('welcome', phrases.t('welcome.title'), phrases, {
        title: phrases.t('welcome.title'),
        text: phrases.t('welcome.text'),
        how: phrases.t(`welcome.how.${scope}`),
        privacy: phrases.t('welcome.privacy'),
        actions: [verbButton(phrases.t('nav.example'), 'example'), verbButton(phrases.t('nav.help'), 'help')],
      }),
    help: (scope, phrases) =>
      draw('help', phrases.t('help.title'), phrases, {
        title: phrases.t('help.title'),
        lines: [
          'help.paste',
          ...(scope === 'personal' ? ['help.file'] : []),
          'help.code',
          'help.phrase',
          'help.codes',
          'help.answer',
          'help.new',
          'help.language',
          'help.forget',
          scope === 'group' ? 'help.read.group' : 'help.read.personal',
        ].map((key) => ({ text: phrases.t(key) })),
        privacy: phrases.t('help.privacy', { days: phrases.days(retentionDays) }),
        actions: [verbButton(phrases.t('nav.example'), 'example')],
      }),
    result: (view, phrases) => (view.kind === 'verdict' ? drawResult(draw, view, phrases) : null),
    catalogue: (page, phrases) => drawCatalogue(draw, page, phrases),
    forgotten: (cases, phrases) =>
      draw('notice', phrases.t('forgotten.title'), phrases, {
        style: 'good',
        title: phrases.t('forgotten.title'),
        text: phrases.t(cases === 1 ? 'forgotten.one' : 'forgotten.text', { n: cases }),
        actions: [verbButton(phrases.t('nav.help'), 'help')],
      }),
    about: (facts, phrases) =>
      draw('notice', phrases.t('about.title'), phrases, {
        style: 'emphasis',
        title: phrases.t('about.title'),
        text: phrases.t('about.text', { ...facts, checked: phrases.date(facts.checked) }),
        actions: [
          codesButton(phrases.t('codes.all'), { asked: '', page: 0 }),
          verbButton(phrases.t('nav.help'), 'help'),
        ],
      }),
    notice: (notice, phrases) => drawNotice(draw, notice, phrases),
    apology: (reference, phrases, pressed = null) =>
      draw('notice', phrases.t('apology.title'), phrases, {
        style: 'attention',
        title: phrases.t('apology.title'),
        text: phrases.t('apology.text', { reference }),
        actions: [
          ...(pressed === null ? [] : [againButton(phrases.t('nav.again'), pressed)]),
          verbButton(phrases.t('nav.help'), 'help'),
        ],
      }),
  };
}

/** What a card says of its language: Adaptive Cards 1.5 takes the language alone, and needs to be told where lines begin. */
const languageOf = ({ locale, rtl }: Phrases): object => ({
  lang: locale.split('-')[0]?.toLowerCase(),
  ...(rtl ? { rtl } : {}),
});

/** The phrases of every notice; those of a family share its title. */
const notices: Readonly<Record<Notice, readonly [title: string, text: string]>> = {
  notUnderstood: ['notUnderstood.title', 'notUnderstood.text'],
  notUnderstoodHere: ['notUnderstood.title', 'notUnderstood.here'],
  noText: ['notUnderstood.empty', 'notUnderstood.text'],
  noReason: ['notUnderstood.noCode.title', 'notUnderstood.noCode.text'],
  gone: ['gone.title', 'gone.text'],
  unknownButton: ['gone.title', 'gone.unknown'],
  answerTooLarge: ['answerTooLarge.title', 'answerTooLarge.text'],
  fileBlocked: ['file.failed.title', 'file.blocked'],
  fileFailed: ['file.failed.title', 'file.failed'],
  fileOutOfReach: ['file.outOfReach.title', 'file.outOfReach'],
  ...family('unreadable', [
    'empty',
    'tooLarge',
    'encrypted',
    'winmail',
    'picture',
    'archive',
    'binary',
    'notMail',
  ]),
  ...family('notBounce', [
    'feedback',
    'aggregate',
    'recall',
    'calendar',
    'readReceipt',
    'autoReply',
    'delivered',
    'lure',
    'mail',
  ]),
};

/** The names of all notices. */
export const noticeNames = Object.keys(notices) as readonly Notice[];

function family<Family extends string, Member extends string>(
  name: Family,
  members: readonly Member[],
): Record<`${Family}.${Member}`, readonly [title: string, text: string]> {
  const entries = members.map(
    (member) => [`${name}.${member}`, [`${name}.title`, `${name}.${member}`]] as const,
  );
  return Object.fromEntries(entries) as Record<`${Family}.${Member}`, readonly [string, string]>;
}

function drawNotice(draw: Draw, notice: Notice, phrases: Phrases): RenderedCard {
  const [title, text] = notices[notice];
  const actions = [
    verbButton(phrases.t('nav.example'), 'example'),
    verbButton(phrases.t('nav.help'), 'help'),
  ];
  return draw('notice', phrases.t(title), phrases, {
    style: 'emphasis',
    title: phrases.t(title),
    text: phrases.t(text),
    actions,
  });
}

function drawView(draw: Draw, view: View, caseId: string | null, phrases: Phrases): RenderedCard {
  const choiceButtons = view.choices.map(({ label, to }) => goButton(label, caseId, to));
  const nav: Action[] = [
    ...(view.back === null ? [] : [goButton(phrases.t('nav.back'), caseId, view.back)]),
    ...(view.position.path.length > 1 || view.position.outcome !== undefined
      ? [goButton(phrases.t('nav.start'), caseId, view.start)]
      : []),
  ];
  const common = {
    crumbs: view.crumbs.join(' › '),
    hasCrumbs: view.crumbs.length > 1,
    nav,
    hasNav: nav.length > 0,
  };

  switch (view.kind) {
    case 'problems': {
      const title = phrases.t('problems.title', { n: view.total });
      const items = view.items.map(({ title: what, recipients, code }, index) => ({
        inlines: [
          textRun(`${String(index + 1)}. ${what}`, { weight: 'Bolder' }),
          textRun(`\n${[code, recipients].filter((part) => part !== null).join(' · ')}`, { isSubtle: true }),
        ],
        actions: choiceButtons.slice(index, index + 1),
        isFurther: index > 0,
      }));
      return draw('choose', title, phrases, {
        ...common,
        title,
        text: phrases.t(view.total > view.items.length ? 'problems.first' : 'problems.text', {
          n: view.items.length,
        }),
        items,
      });
    }
    case 'meanings': {
      const title = meaningsTitle(view, phrases);
      const items = view.items.map(({ looksLike, title: what, quote }, index) => ({
        inlines: [
          textRun(`${String(index + 1)}. `, { weight: 'Bolder' }),
          ...bold(inlines(looksLike)),
          textRun(`\n${plainText(what)}`, { isSubtle: true }),
          // What in the report speaks for this one.
          ...(quote === null
            ? []
            : [
                textRun(`\n${phrases.t('meanings.quote')} `, { isSubtle: true }),
                textRun(quote, { fontType: 'Monospace' }),
              ]),
        ],
        actions: choiceButtons.slice(index, index + 1),
        isFurther: index > 0,
      }));
      return draw('choose', title, phrases, {
        ...common,
        title,
        text: phrases.t(view.items.length === 1 ? 'meanings.text.one' : 'meanings.text'),
        items,
      });
    }
    case 'verdict':
      return drawVerdict(draw, view, caseId, phrases, common);
    case 'question':
      // The way here and not the question: a question may name values of the bounce, and clients read Markdown in a fallback.
      return draw('question', view.crumbs.join(' › '), phrases, {
        ...common,
        ask: inlines(view.ask).map((run): TextRun => ({ ...run, weight: 'Bolder', size: 'Large' })),
        help: inlines(view.help),
        hasHelp: view.help.length > 0,
        options: choiceButtons.map((action) => ({ actions: [action] })),
      });
    case 'procedure':
      return drawProcedure(draw, view, phrases, { ...common, choices: choiceButtons });
    case 'path':
      return draw('path', phrases.t('nav.path'), phrases, {
        ...common,
        title: phrases.t('path.title'),
        note: view.note,
        rows: view.rows.map(({ host, detail, refused }, index) => ({
          number: `${String(index + 1)}.`,
          inlines: [
            textRun(host, refused ? { weight: 'Bolder', color: 'Attention' } : {}),
            ...(detail === '' ? [] : [textRun(`\n${detail}`, { isSubtle: true })]),
            ...(refused
              ? [textRun(`\n${phrases.t('path.refused')}`, { weight: 'Bolder', color: 'Attention' })]
              : []),
          ],
        })),
      });
    case 'fixed':
      return draw('notice', phrases.t('fixed.title'), phrases, {
        style: 'good',
        title: phrases.t('fixed.title'),
        text: phrases.t(view.tries === 'on' ? 'fixed.delayed' : 'fixed.text'),
        actions: nav,
      });
    case 'stuck': {
      const space = textRun(' ');
      const runs = [
        textRun(phrases.t(view.tries === 'on' ? 'stuck.delayed' : 'stuck.wait')),
        space,
        ...(view.takes.length > 0
          ? [textRun(`${phrases.t('label.takes')}: `), ...inlines(view.takes), space]
          : []),
        textRun(
          phrases.t(
            view.choices.length === 0 ? 'stuck.none' : view.forOthers ? 'stuck.chooseSender' : 'stuck.choose',
          ),
        ),
      ];
      const elsewhere = choiceButtons.slice(0, choiceButtons.length - view.related.length);
      return draw('stuck', phrases.t('stuck.title'), phrases, {
        ...common,
        title: phrases.t('stuck.title'),
        text: runs,
        actions: elsewhere,
        relatedText: phrases.t('stuck.related'),
        hasRelated: view.related.length > 0,
        related: view.related.map(({ title, choice }) => ({
          inlines: inlines(title),
          actions: [goButton(choice.label, caseId, choice.to)],
        })),
      });
    }
  }
}

const bold = (runs: readonly TextRun[]): TextRun[] => runs.map((run) => ({ ...run, weight: 'Bolder' }));

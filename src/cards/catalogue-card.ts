import { noCode, type CataloguePage } from '../guide/catalogue';
import type { Phrases } from '../phrases';
import { codesButton, goButton, oneOfMany, type Action } from './buttons';
import type { Draw, RenderedCard } from './draw';
import { textRun } from './inline';

/** Looking around in what the bot knows: families, a list, or that there is nothing. */
export function drawCatalogue(draw: Draw, page: CataloguePage, phrases: Phrases): RenderedCard {
  const toFamilies: Action[] = [codesButton(phrases.t('codes.all'), { asked: '', page: 0 })];
  switch (page.kind) {
    case 'families': {
      const title = phrases.t('codes.title');
      return draw('question', title, phrases, {
        ...noPlace,
        ask: [textRun(title, { weight: 'Bolder', size: 'Large' })],
        help: [textRun(phrases.t('codes.text', { n: page.articles }))],
        hasHelp: true,
        options: page.families.map(({ subject, articles }) => ({
          actions: [
            codesButton(`${familyName(subject, phrases)} (${String(articles)})`, { asked: subject, page: 0 }),
          ],
        })),
      });
    }
    case 'list': {
      const title = titleOf(page, phrases);
      const more: Action[] =
        page.next === null
          ? []
          : [codesButton(phrases.t('codes.more'), { asked: page.asked, page: page.next })];
      return draw('choose', title, phrases, {
        ...noPlace,
        title,
        text: phrases.t(page.found === 'code' ? 'codes.meanings' : 'codes.found', { n: page.total }),
        items: page.entries.map(({ article, codes }, index) => ({
          isFurther: index > 0,
          inlines: [
            textRun(article.title, { weight: 'Bolder' }),
            textRun(
              `\n${[codes.slice(0, 4).join(', '), article.looksLike].filter((part) => part !== '').join(' · ')}`,
              {
                isSubtle: true,
              },
            ),
          ],
          actions: [
            oneOfMany(
              goButton(phrases.t('codes.show'), null, { problem: null, article: article.id, path: [] }),
              article.title,
            ),
          ],
        })),
        nav: [...more, ...toFamilies],
        hasNav: true,
      });
    }
    case 'nothing': {
      const title = phrases.t('codes.nothing.title');
      return draw('notice', title, phrases, {
        style: 'emphasis',
        title,
        text: phrases.t('codes.nothing'),
        actions: toFamilies,
      });
    }
  }
}

const noPlace = { crumbs: '', hasCrumbs: false, nav: [], hasNav: false };

/** A search is named without its words: titles are drawn where Markdown is read, and the words are whatever somebody typed. */
const titleOf = ({ asked, found }: Extract<CataloguePage, { kind: 'list' }>, phrases: Phrases): string =>
  found === 'search'
    ? phrases.t('codes.search')
    : found === 'code'
      ? phrases.t('codes.code', { code: asked })
      : familyName(asked, phrases);

const familyName = (subject: string, phrases: Phrases): string =>
  subject === noCode ? phrases.t('family.words') : `${subject} ${phrases.t(`family.${subject.slice(2)}`)}`;

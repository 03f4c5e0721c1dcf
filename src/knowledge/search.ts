import MiniSearch from 'minisearch';
import { fold } from '../ndr/fold';
import type { Article } from './schema';

/** Finds articles by what people say about a bounce in their own words. */
export interface Search {
  /** Up to `limit` articles, the likeliest first; none when nothing is near enough to be worth a look. */
  find(text: string, limit?: number): Article[];
}

/** Words that stand in every report and in every question about one; they tell nothing apart. */
const empty = new Set(
  'a about after all also am an and any are as at be been but by can could couldn did do does for from get got had has have help her here him his how i if in into is it its just me mail mails email emails e-mail message messages my no not of on or our out please sent send so some that the their them then there these they this to too was wasn we were what when where which who why will with would you your delivered delivery undeliverable bounce bounced ndr error code returned server following recipients recipient address addresses failed failure office outlook exchange back hello hi hey first start over new old yes thanks thank test testing still again good morning please fix fixed sender admin owner group side'.split(
    ' ',
  ),
);

const maxText = 600;
/** At least so many different telling words have to agree, unless only one was said. */
const minTerms = 2;
const minScore = 12;

/** The index is made at the first question: most conversations never ask one. */
export function createSearch(articles: readonly Article[]): Search {
  let index: MiniSearch<Article> | undefined;
  const byId = new Map(articles.map((article) => [article.id, article]));
  return {
    find(text, limit = 3) {
      index ??= build(articles, (term) => (tells(term) ? term : null));
      const query = fold(text.slice(0, maxText));
      const said = query.split(/[^\p{L}\p{N}]+/u).filter(tells);
      if (said.length === 0) return [];
      const hits = index.search(query).filter(({ score, queryTerms, match }) => {
        if (score < minScore) return false;
        if (said.length >= minTerms) return new Set(queryTerms).size >= minTerms;
        // A single word tells something where it is what an article is about.
        return Object.values(match).some(
          (fields) => fields.includes('title') || fields.includes('looksLike'),
        );
      });
      const best = hits[0]?.score ?? 0;
      return hits
        .filter(({ score }) => score > best * 0.6)
        .slice(0, limit)
        .flatMap(({ id }) => byId.get(String(id)) ?? []);
    },
  };
}

const tells = (term: string): boolean => term.length > 2 && !empty.has(term);

/** Finds articles by any of their words, for people who look around; all the words have to be there. */
export function createBrowse(articles: readonly Article[]): Search {
  const byId = new Map(articles.map((article) => [article.id, article]));
  const index = build(articles, (term) => (term.length > 1 ? term : null));
  return {
    find: (text, limit = 10) =>
      index
        .search(fold(text.slice(0, maxText)), { combineWith: 'AND', fuzzy: false, prefix: true })
        .slice(0, limit)
        .flatMap(({ id }) => byId.get(String(id)) ?? []),
  };
}

function build(articles: readonly Article[], keep: (folded: string) => string | null): MiniSearch<Article> {
  const index = new MiniSearch<Article>({
    fields: ['title', 'looksLike', 'summary', 'words'],
    extractField: (article, field) => {
      if (field === 'words') return [...article.phrases, ...article.tokens].join(' ');
      const value: unknown = Reflect.get(article, field);
      return typeof value === 'string' ? value : '';
    },
    processTerm: (term) => keep(fold(term)),
    searchOptions: {
      boost: { title: 3, looksLike: 2 },
      prefix: (term) => term.length > 4,
      fuzzy: (term) => (term.length > 6 ? 0.15 : false),
    },
  });
  index.addAll(articles.filter(({ general }) => !general));
  return index;
}

import { codePattern } from '../knowledge/codes';
import type { Knowledge } from '../knowledge/load';
import type { Article } from '../knowledge/schema';
import { createBrowse, type Search } from '../knowledge/search';

/** A part of the knowledge that somebody looks around in. `asked` is what was typed, or the family of a pressed button. */
export type CataloguePage =
  | { kind: 'families'; articles: number; families: { subject: string; articles: number }[] }
  | {
      kind: 'list';
      asked: string;
      found: 'family' | 'code' | 'search';
      entries: CatalogueEntry[];
      total: number;
      next: number | null;
    }
  | { kind: 'nothing'; asked: string };

export interface CatalogueEntry {
  article: Article;
  /** The codes that lead here, as the article writes them; none where only words do. */
  codes: readonly string[];
}

/** Articles on one card. */
const pageSize = 8;
/** The family of articles that no code leads to. */
export const noCode = 'words';
const longestQuery = 100;

/** The subjects of RFC 3463 §3 that have articles, and the articles without a code. */
const familyOf = ({ codes }: Article): string[] =>
  codes.length === 0 ? [noCode] : [...new Set(codes.map((code) => `x.${code.split('.')[1] ?? '0'}`))];

/**
 * What there is to see for `asked`: nothing typed → the families; `5.7`, `x.7` → the articles of a subject; a code → its meanings
 * side by side; anything else is searched. `page` counts from 0.
 */
export function catalogue(knowledge: Knowledge, asked: string, page = 0): CataloguePage {
  const query = asked.trim().toLowerCase().slice(0, longestQuery);
  const articles = [...knowledge.articles.values()].filter(({ general }) => !general);
  if (query === '') return families(articles);
  const family = /^(?:[245x]\.)?(\d)(?:\.[x*])?$/.exec(query)?.[1];
  if (family !== undefined || query === noCode) {
    const subject = family === undefined ? noCode : `x.${family}`;
    const members = articles.filter((article) => familyOf(article).includes(subject)).sort(byCode);
    return listed(subject, 'family', members, page);
  }
  if (/^[245]\.\d{1,3}\.\d{1,3}$/.test(query)) {
    const hits = articles.filter(({ codes }) => codes.some((code) => codePattern(code).hit(query) >= 3));
    return listed(
      query,
      'code',
      hits.sort((a, b) => a.rank - b.rank),
      page,
    );
  }
  return listed(
    asked.trim().slice(0, longestQuery),
    'search',
    searchOf(knowledge).find(query, 3 * pageSize),
    page,
  );
}

/** One index for all that is asked of one state of the knowledge. */
const searches = new WeakMap<Knowledge, Search>();
function searchOf(knowledge: Knowledge): Search {
  const search = searches.get(knowledge) ?? createBrowse([...knowledge.articles.values()]);
  searches.set(knowledge, search);
  return search;
}

function families(articles: readonly Article[]): CataloguePage {
  const counts = new Map<string, number>();
  for (const subject of articles.flatMap(familyOf)) counts.set(subject, (counts.get(subject) ?? 0) + 1);
  return {
    kind: 'families',
    articles: articles.length,
    families: [...counts]
      .sort(([a], [b]) => (a < b ? 1 : -1))
      .sort(wordsLast)
      .map(([subject, n]) => ({ subject, articles: n })),
  };
}

const wordsLast = ([a]: readonly [string, number], [b]: readonly [string, number]): number =>
  Number(a === noCode) - Number(b === noCode) || (a < b ? -1 : 1);

function listed(
  asked: string,
  found: 'family' | 'code' | 'search',
  articles: readonly Article[],
  page: number,
): CataloguePage {
  const from = page * pageSize;
  const shown = articles.slice(from, from + pageSize);
  if (shown.length === 0) return { kind: 'nothing', asked };
  return {
    kind: 'list',
    asked,
    found,
    entries: shown.map((article) => ({ article, codes: article.codes })),
    total: articles.length,
    next: from + pageSize < articles.length ? page + 1 : null,
  };
}

/** By class-independent number, so that 4.4.7 stands beside 5.4.7. */
function byCode(one: Article, other: Article): number {
  return keyOf(one) - keyOf(other) || (one.id < other.id ? -1 : 1);
}

function keyOf({ codes: [code = '9.9.999'] }: Article): number {
  const [, subject = '0', detail = '0'] = code.split('.');
  return Number(subject) * 1000 + Number.parseInt(detail, 10);
}

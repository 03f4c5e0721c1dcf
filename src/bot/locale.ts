import type { Activity } from 'botbuilder';
import { entitiesOf } from './entities';

/** The tags that clients send: `de`, `de-AT`, `zh-Hant-TW` (RFC 5646 without extensions). */
const tag = /^[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3}$/i;

/** The longest tag that the pattern takes, in characters; longer ones are not even looked at. */
const longest = 30;

/**
 * The language in which to answer: that of the client somebody writes from, else the activity's, else English. Neither is more
 * than a wish of a stranger, so only what has the shape of a tag comes out.
 */
export function localeOf(activity: Pick<Activity, 'locale' | 'entities'>): string {
  const client = entitiesOf(activity.entities, 'clientInfo').map(({ locale }) => locale);
  return [...client, activity.locale].find(isTag) ?? 'en';
}

const isTag = (locale: unknown): locale is string =>
  typeof locale === 'string' && locale.length <= longest && tag.test(locale);

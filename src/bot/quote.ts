import type { Activity } from 'botbuilder';
import { isObject } from '../is-object';
import { htmlToText } from '../ndr/html';
import { entitiesOf } from './entities';

/** A message without the one that it replies to. */
export interface Unquoted {
  text: string;
  html: string | undefined;
  /** What was replied to, as far as Teams shows it; undefined where it is a message of ours, which says nothing new. */
  quoted: string | undefined;
}

/**
 * Teams puts what somebody replies to in front of their HTML, as a blockquote with the author's id and the beginning of the message
 * (openclaw/openclaw#101856); newer clients name it in an entity, with a placeholder in the text (microsoft/teams.ts#482).
 */
export function withoutQuote(activity: Partial<Activity>, text: string, html: string | undefined): Unquoted {
  const us = activity.recipient?.id;
  const entity = quoteEntity(activity.entities);
  const block = html === undefined ? null : quoteBlock(html);
  const theirs = [entity, block].find((quote) => quote !== null && quote.author !== us && quote.text !== '');
  return {
    text: text.replace(/<quoted messageId="[^"<>]{0,100}"\s?\/>/g, ' ').trim(),
    html: block === null ? html : block.rest,
    quoted: theirs?.text,
  };
}

interface Quote {
  author: string | undefined;
  text: string;
}

const opening = /<blockquote [^>]{0,300}schema\.skype\.com\/Reply[^>]{0,300}>/i;
const closing = '</blockquote>';

function quoteBlock(html: string): (Quote & { rest: string }) | null {
  const open = opening.exec(html);
  const end = open === null ? -1 : html.indexOf(closing, open.index);
  if (open === null || end === -1) return null;
  const inside = html.slice(open.index + open[0].length, end);
  const preview = /<p [^>]{0,100}itemprop="(?:copy|preview)"[^>]{0,100}>/i.exec(inside);
  return {
    author: /itemprop="mri" itemid="([^"]{0,200})"/i.exec(inside)?.[1],
    text: preview === null ? '' : htmlToText(inside.slice(preview.index)).trim(),
    rest: `${html.slice(0, open.index)} ${html.slice(end + closing.length)}`,
  };
}

function quoteEntity(entities: unknown): Quote | null {
  const quotes = entitiesOf(entities, 'quotedReply').map(({ quotedReply }) => quotedReply);
  const [first] = quotes.filter(isObject);
  if (first === undefined) return null;
  const { senderId, preview } = first;
  return {
    author: typeof senderId === 'string' ? senderId : undefined,
    text: typeof preview === 'string' ? preview : '',
  };
}

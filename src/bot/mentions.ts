import type { Activity } from 'botbuilder';
import { isObject } from '../is-object';
import { entitiesOf } from './entities';

/**
 * The text of a message without mentions, the bot's and other people's: none is part of what is said to it. Pure; takes
 * every mention off, not only the first, survives a missing text and mentions without text, and turns no-break spaces
 * into spaces (TurnContext.removeRecipientMention of 4.23 does none of these). Only what Teams announced as a mention is
 * one: a report may quote `<at>` too.
 */
export function textWithoutMention(activity: Partial<Activity>): string {
  let text = activity.text ?? '';
  for (const mention of mentions(activity)) text = text.split(mention).join(' ');
  return text.replace(/&nbsp;|\u00a0/g, ' ').trim();
}

/** The HTML of a message without mentions: Teams marks them as `<at>` or as a schema.skype.com span around the name. */
export function htmlWithoutMention(activity: Partial<Activity>): string | undefined {
  const html: unknown = (activity.attachments ?? []).find(
    ({ contentType }) => contentType === 'text/html',
  )?.content;
  if (typeof html !== 'string' || html.trim() === '') return undefined;
  const names = new Set(mentions(activity).map((mention) => mention.replace(/<[^>]{0,100}>/g, '').trim()));
  const strip = (whole: string, shown: string): string => (names.has(shown.trim()) ? ' ' : whole);
  return html
    .replace(/<at(?: [^>]{0,100})?>([^<]{0,100})<\/at>/gi, strip)
    .replace(/<span [^>]{0,200}schema\.skype\.com\/Mention[^>]{0,200}>([^<]{0,100})<\/span>/gi, strip);
}

/** Every mention as it stands in the text; one without a text stands as the name does. What is no mention is passed over. */
function mentions(activity: Partial<Activity>): string[] {
  return entitiesOf(activity.entities, 'mention').flatMap(({ text, mentioned }) => {
    if (!isObject(mentioned)) return [];
    const { name } = mentioned;
    const shown = typeof text === 'string' && text !== '' ? [text] : [];
    return [...shown, `<at>${typeof name === 'string' ? name : ''}</at>`];
  });
}

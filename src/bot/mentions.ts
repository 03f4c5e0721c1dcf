import type { Activity, Mention } from 'botbuilder';

/**
 * The text of a message without the mentions of the bot. Pure; takes every mention off, not only the first, survives a
 * missing text and mentions without text, and turns no-break spaces into spaces
 * (TurnContext.removeRecipientMention of 4.23 does none of these).
 */
export function textWithoutMention(activity: Partial<Activity>): string {
  const own = ownMentions(activity);
  let text = activity.text ?? '';
  for (const mention of own) text = text.split(mention).join(' ');
  return text.replace(/&nbsp;|\u00a0/g, ' ').trim();
}

/** The HTML of a message without the mentions of the bot: Teams marks them as `<at>` or as a schema.skype.com span. */
export function htmlWithoutMention(activity: Partial<Activity>): string | undefined {
  const html = (activity.attachments ?? []).find(({ contentType }) => contentType === 'text/html')
    ?.content as unknown;
  if (typeof html !== 'string' || html.trim() === '') return undefined;
  const name = activity.recipient?.name;
  return html
    .replace(/<at(?: [^>]{0,100})?>([^<]{0,100})<\/at>/gi, (whole, shown: string) =>
      name === undefined || shown.trim() === name ? ' ' : whole,
    )
    .replace(
      /<span [^>]{0,200}schema\.skype\.com\/Mention[^>]{0,200}>([^<]{0,100})<\/span>/gi,
      (whole, shown: string) => (name === undefined || shown.trim() === name ? ' ' : whole),
    );
}

function ownMentions(activity: Partial<Activity>): string[] {
  const entities = (activity.entities ?? []).filter(
    (entity): entity is Mention => entity.type === 'mention' && typeof entity['mentioned'] === 'object',
  );
  const own = entities.filter(({ mentioned }) => mentioned.id === activity.recipient?.id);
  const named = activity.recipient?.name === undefined ? [] : [`<at>${activity.recipient.name}</at>`];
  return [
    ...own.map(({ text }) => text).filter((text) => typeof text === 'string' && text !== ''),
    ...(own.length > 0 ? named : []),
  ];
}

import { createHash } from 'node:crypto';
import { ActivityTypes, type Activity } from 'botbuilder';

const updateType: string = ActivityTypes.MessageUpdate;

/**
 * What tells one edit of a message from the next, and from its own second delivery; null for what is no edit. A digest of its
 * words: the id is the message's, and what Teams puts into the times of an edit is documented nowhere.
 */
export function editVersion({ type, id, text, attachments }: Activity): string | null {
  if (type !== updateType) return null;
  return createHash('sha256')
    .update(JSON.stringify([id, text, attachments]))
    .digest('base64url');
}

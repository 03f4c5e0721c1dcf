import type { Activity } from 'botbuilder';
import type { Scope } from '../cards/render';

/** Whether others read along: a group chat and a channel are alike for the bot. */
export function scopeOf(activity: Partial<Activity>): Scope {
  const type = activity.conversation?.conversationType;
  return activity.conversation?.isGroup === true || type === 'groupChat' || type === 'channel'
    ? 'group'
    : 'personal';
}

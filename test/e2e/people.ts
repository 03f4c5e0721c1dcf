import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

export type Scope = 'personal' | 'groupChat' | 'channel';
export type Person =
  'Alex Wilber' | 'Megan Bowen' | 'Adele Vance' | 'Isaiah Langer' | 'Patti Fernandez' | 'Lynne Robbins';

const user = z.looseObject({ id: z.string(), name: z.string(), aadObjectId: z.string() });
export type User = z.infer<typeof user>;

const place = z.looseObject({ id: z.string() });
const setting = z.looseObject({
  bot: z.object({ id: z.string(), name: z.string() }),
  currentUser: user,
  users: z.array(user),
  personalChat: place,
  groupChat: place,
  team: z.looseObject({ channels: z.tuple([place]) }),
});

/** Who is who, and where: the same as in `npm run try`. */
const tried = setting.parse(parse(readFileSync(join(__dirname, '../../scripts/playground.yml'), 'utf8')));
const everybody = [tried.currentUser, ...tried.users];

export const BOT = tried.bot;

/** The conversation ids. In a channel a thread has `;messageid=…` behind it. */
export const CONVERSATION: Readonly<Record<Scope, string>> = {
  personal: tried.personalChat.id,
  groupChat: tried.groupChat.id,
  channel: tried.team.channels[0].id,
};

/** @throws for a name that is not in the file. */
export function userOf(person: Person): User {
  const found = everybody.find(({ name }) => name === person);
  if (found === undefined) throw new Error(`${person} is not in scripts/playground.yml.`);
  return found;
}

/** The Playground's configuration file for one person: JSON, which is YAML. The ids are always the same. */
export function configuration(me: Person): string {
  const currentUser = userOf(me);
  return JSON.stringify({ ...tried, currentUser, users: everybody.filter((one) => one !== currentUser) });
}

import type { Route } from 'playwright-core';
import { z } from 'zod';
import type { Person } from './people';

const named = z.looseObject({ id: z.string(), name: z.string() });
const members = z.looseObject({ members: z.array(z.string()) });
const pageConfig = z.looseObject({
  config: z.looseObject({
    currentUser: named,
    users: z.array(named),
    groupChats: z.array(members),
    teams: z.array(members),
  }),
});

/** The page believes what it is told about who sits before it, and presses buttons in that name. */
export async function seenBy(route: Route, person: Person): Promise<void> {
  const response = await route.fetch();
  const { config, ...rest } = pageConfig.parse(await response.json());
  const user = config.users.find(({ name }) => name === person);
  if (user === undefined) throw new Error(`The Playground does not know ${person}.`);
  const swap = (id: string): string => (id === user.id ? config.currentUser.id : id);
  const swapped = {
    ...config,
    currentUser: user,
    users: [config.currentUser, ...config.users.filter((other) => other !== user)],
    groupChats: config.groupChats.map((chat) => ({ ...chat, members: chat.members.map(swap) })),
    teams: config.teams.map((team) => ({ ...team, members: team.members.map(swap) })),
  };
  await route.fulfill({ response, json: { ...rest, config: swapped } });
}

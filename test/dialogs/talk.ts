import type { DeskServer, Scope } from '../bot/desk-server';
import { locales } from '../guide/core';
import { Client, type Screen, type Where } from './client';
import { nameOf } from './identify';
import { reports } from './reports';

/**
 * `act` is `who: what is typed` (with a mention wherever the bot is not alone with somebody) or
 *
 * - `who: [Title]` a press, `who: (Title)` the same from a client that only knows Action.Submit
 * - `who on card 1: [Title]` on an earlier card of the conversation, `who in thread 2: …` elsewhere in the channel
 * - `who edits "words": other words`, `who deletes: words`, `who restores: words`, `who again: words` (delivered again), of what was typed
 * - `who quotes "words of somebody": own words`, a reply in a chat
 * - `who drops: name` a file or picture, `who explains: words` the message extension, after which presses are in its dialog
 * - `time: passes`, after which all that is kept for a time only is gone
 *
 * In what is typed, `{1}` is the label of the first choice on the screen of `who`, `{report group}` a text of reports.ts, and
 * `{role.sender}` a phrase in the language of `who`, `{de role.sender}` in another one.
 *
 * `sees` is the place on the screen of `who` afterwards: `5.7.124-allowed-senders/groupOwner`, a notice, `help`; `choice 1` and `back`
 * say where the card before would have led, `silence` that nothing was answered. `rest` says more:
 * `lee sees …`, `with …` and `without …` (words on the card), `in German`, `changes card 1`, `card 2 is new`,
 * `changes nothing`.
 */
export type Row = readonly [act: string, sees: string, ...rest: string[]];

export interface Talk {
  name: string;
  scopes: readonly Scope[];
  /** The language of each person's Teams, where it is not English. */
  speaks?: Readonly<Record<string, string>>;
  rows: readonly Row[];
}

export const everywhere: readonly Scope[] = ['personal', 'groupChat', 'channel'];
export const together: readonly Scope[] = ['groupChat', 'channel'];

/** What was seen, row by row, and what was meant; both end at the first difference. */
export interface Played {
  seen: string[];
  meant: string[];
}

export async function play({ rows, speaks = {} }: Talk, scope: Scope, server: DeskServer): Promise<Played> {
  const client = new Client(server, scope, speaks);
  const played: Played = { seen: [], meant: [] };
  for (const [act, sees, ...rest] of rows) {
    const { who, how, words } = parsed(act);
    const where = whereOf(how);
    const before = client.screenOf(who, where);
    const said = filledIn(words, before, speaks[who] ?? 'en');
    const [first, ...more] = await done(client, who, how, said, where, server);
    const after = client.screenOf(who, { ...where, card: undefined });
    const meant = placeMeant(sees, before, scope);
    const found = [first === undefined ? 'silence' : first.place];
    // One answer a turn; where a press also changes the message, it is to the same card.
    for (const other of more)
      if (JSON.stringify(other.card) !== JSON.stringify(first?.card)) found.push(other.place);
    const facts = rest.map((fact) =>
      holds(fact, first ?? after, client, who, where) ? fact : `not: ${fact}`,
    );
    played.seen.push([act, found.join(' and '), ...facts].join(' → '));
    played.meant.push([act, meant, ...rest].join(' → '));
    if (played.seen.at(-1) !== played.meant.at(-1)) break;
  }
  return played;
}

function parsed(act: string): { who: string; how: string; words: string } {
  const [, who = '', how = '', words = ''] = /^(\w+)((?: "[^"]*"| \w+)*): (.*)$/s.exec(act) ?? [];
  if (who === '') throw new Error(`no act: ${act}`);
  return { who, how: how.trim(), words };
}

function whereOf(how: string): Where {
  const thread = /in thread (\d)/.exec(how)?.[1];
  const card = /on card (\d+)/.exec(how)?.[1];
  return {
    thread: thread === undefined ? undefined : Number(thread),
    card: card === undefined ? undefined : Number(card),
  };
}

async function done(
  client: Client,
  who: string,
  how: string,
  words: string,
  where: Where,
  server: DeskServer,
): Promise<Screen[]> {
  if (who === 'time') {
    // Nothing that has been written is younger than tomorrow.
    await server.desk.cases.sweep(new Date(Date.now() + 86_400_000));
    return [];
  }
  const [, change, other = ''] = /^(edits|quotes) "(.*)"$/s.exec(how) ?? [];
  if (change === 'edits') return await client.edit(who, filledIn(other, null, 'en'), words);
  if (change === 'quotes') return await client.quote(who, other, words);
  switch (how) {
    case 'deletes':
      return await client.remove(who, words);
    case 'restores':
      return await client.restore(who, words);
    case 'again':
      return await client.again(who, words);
    case 'explains':
      return await client.explain(who, words);
    case 'drops':
      return await client.say(who, '', { attachments: [attachments[words] ?? {}] });
    case 'installs':
      return await client.send(who, { type: 'installationUpdate', action: 'add' });
  }
  const [, pressed, submitted] = /^\[(.+)\]$|^\((.+)\)$/s.exec(words) ?? [];
  const title = pressed ?? submitted;
  if (title === undefined) return await client.say(who, words, {}, where);
  return await client.press(who, title, { ...where, submit: submitted !== undefined });
}

const fileInfo = 'application/vnd.microsoft.teams.file.download.info';
/** What Teams says of something that was dropped: the address of a file in a personal chat, an empty element elsewhere. */
const attachments: Readonly<Record<string, Record<string, unknown>>> = {
  'bounce.eml': {
    contentType: fileInfo,
    name: 'bounce.eml',
    content: { downloadUrl: 'https://contoso.sharepoint.com/bounce.eml', fileType: 'eml' },
  },
  'a file out of reach': {
    contentType: 'text/html',
    content: '<div><attachment id="d1b2"></attachment></div>',
  },
  'a screenshot': { contentType: 'image/*', contentUrl: 'https://smba.example/x' },
};

const filledIn = (said: string, before: Screen | null, locale: string): string =>
  said.replace(/\{([^{}]+)\}/g, (_, hole: string) => {
    if (/^\d$/.test(hole))
      return before?.view?.choices[Number(hole) - 1]?.label ?? 'a choice that is not there';
    const [kind, name = ''] = hole.split(' ');
    if (kind === 'report') return new Map<string, string>(Object.entries(reports)).get(name) ?? name;
    if (kind === 'choose') return locales.of(locale).t('choose', { n: name });
    if (locales.tags.includes(kind ?? '')) return locales.of(kind ?? '').t(name);
    return locales.of(locale).t(hole);
  });

function placeMeant(sees: string, before: Screen | null, scope: Scope): string {
  const view = before?.view ?? null;
  if (sees === 'help' || sees === 'welcome') return `${sees}, ${scope === 'personal' ? 'personal' : 'group'}`;
  const choice = /^choice (\d)$/.exec(sees)?.[1];
  if (choice !== undefined) {
    const to = view?.choices[Number(choice) - 1]?.to;
    return to === undefined ? 'a choice that is not there' : nameOf(to);
  }
  if (sees === 'back' && view !== null) return nameOf(view.back ?? view.start);
  return sees;
}

/** Whether a fact is true after an act that `screen` is the answer to. */
function holds(fact: string, screen: Screen | null, client: Client, who: string, where: Where): boolean {
  const json = JSON.stringify(screen?.card);
  const [, other = '', place = ''] = /^(\w+) sees (.+)$/.exec(fact) ?? [];
  if (other !== '') return client.screenOf(other, where)?.place === place;
  const [, changed] = /^changes card (\d+)$/.exec(fact) ?? [];
  if (changed !== undefined) return client.did('changed', Number(changed), who, where);
  const [, added] = /^card (\d+) is new$/.exec(fact) ?? [];
  if (added !== undefined) return client.did('posted', Number(added), who, where);
  if (fact === 'changes nothing') return client.changedNothing();
  if (fact.startsWith('with ')) return json.includes(fact.slice(5));
  if (fact.startsWith('without ')) return !json.includes(fact.slice(8));
  if (fact === 'in German') return screen?.lang === 'de';
  if (fact === 'in English') return screen?.lang === 'en';
  throw new Error(`no fact: ${fact}`);
}

import { activityIn, startDesk, type DeskServer, type Json, type Scope } from '../bot/desk-server';
import { cards, locales } from '../guide/core';
import type { Position } from '../../src/guide/view';
import { Client } from './client';
import { nameOf } from './identify';

jest.setTimeout(30_000);

const group = '5.7.124-allowed-senders';
const german = locales.of('de');
const label = (key: string, values?: Record<string, string | number>): string => german.t(key, values);

/** As Exchange Online writes to people whose mailbox is German. */
const report = [
  'Fehler bei der Nachrichtenzustellung an folgende Empfänger oder Gruppen:',
  'vertrieb@contoso.com',
  'Die Nachricht konnte nicht zugestellt werden, da Sie keine Berechtigung zum Senden an diesen Empfänger haben.',
  'Diagnoseinformationen für Administratoren:',
  'Generierender Server: AM6PR01MB0002.eurprd01.prod.outlook.com',
  'vertrieb@contoso.com',
  "Remote Server returned '550 5.7.124 Sender not in allowed-senders list'",
  'Ursprüngliche Nachrichtenkopfzeilen:',
].join('\n');

const nowhere: Position = { problem: null, article: 'nowhere', path: [] };

let server: DeskServer;
beforeEach(async () => {
  server = await startDesk();
});
afterEach(() => server.close());

/** What kim, whose client is German, does and then sees: `[…]` is a press. */
type Row = readonly [act: string, sees: string];
const talks: readonly { name: string; scopes: readonly Scope[]; rows: readonly Row[] }[] = [
  {
    name: 'a German report, by buttons',
    scopes: ['personal', 'groupChat', 'channel'],
    rows: [
      [report, group],
      [`[${label('role.groupOwner')}]`, `${group}/groupOwner`],
      [`[${label('nav.back')}]`, group],
      [`[${label('role.sender')}]`, `${group}/sender`],
    ],
  },
  {
    name: 'typed words',
    scopes: ['personal', 'channel'],
    rows: [
      ['Hallo!', 'welcome'],
      ['Hilfe', 'help'],
      ['5.7.124', group],
      ['Besitzer', `${group}/groupOwner`],
      ['zurück', group],
      ['BESITZER DER GRUPPE', `${group}/groupOwner`],
      ['zurueck', group],
      ['Empfänger-Admin', 'notUnderstoodHere'],
      ['Admin', `${group}/admin`],
      ['Neu beginnen', group],
      ['Nummer 1', 'choice 1'],
      ['hilfe', 'help'],
      ['lila', 'notUnderstoodHere'],
      ['Zurück', group],
      ['von vorn', group],
      ['Info', 'about'],
    ],
  },
  {
    name: 'English words are understood as well',
    scopes: ['personal'],
    rows: [
      ['hello', 'welcome'],
      ['5.7.124', group],
      ['owner', `${group}/groupOwner`],
      ['go back', group],
      ['I own the group', `${group}/groupOwner`],
      ['back', group],
      ['moderator', `${group}/groupOwner`],
      ['start over', group],
      ['option 1', 'choice 1'],
      ['?', 'help'],
      ['about', 'about'],
    ],
  },
  {
    name: 'to an end, and what then',
    scopes: ['personal'],
    rows: [
      ['Beispiel', group],
      ['Besitzer', `${group}/groupOwner`],
      ['1', 'choice 1'],
      ['1', 'choice 1'],
      ['1', 'choice 1'],
      ['nein', 'choice 2'],
      ['zurück', 'back'],
      ['Das hat geholfen.', 'choice 1'],
    ],
  },
  {
    name: 'several meanings, several problems',
    scopes: ['personal'],
    rows: [
      ['5.7.1', 'meanings'],
      [`[${label('choose', { n: 2 })}]`, 'choice 2'],
      ['zurück', 'back'],
      ['Nr. 2', 'choice 2'],
    ],
  },
  {
    name: 'looking around',
    scopes: ['personal'],
    rows: [
      ['Codes', 'codes 0'],
      ['suche quota', 'codes quota 0'],
      ['suche xyzzy', 'codes xyzzy 0'],
    ],
  },
];

describe('whose Teams is German is answered in German', () => {
  test.each(talks.flatMap(({ scopes, ...talk }) => scopes.map((scope) => ({ ...talk, scope }))))(
    '$name, $scope',
    async ({ scope, rows }) => {
      const client = new Client(server, scope, { kim: 'de-DE' });
      for (const [act, sees] of rows) {
        const before = client.screenOf('kim')?.view ?? null;
        const press = /^\[(.+)\]$/.exec(act)?.[1];
        const [shown] = press === undefined ? await client.say('kim', act) : await client.press('kim', press);
        const choice = /^choice (\d)$/.exec(sees)?.[1];
        const to = choice === undefined ? before?.back : before?.choices[Number(choice) - 1]?.to;
        const meant =
          choice !== undefined || sees === 'back'
            ? nameOf(to ?? nowhere)
            : /^(?:help|welcome)$/.test(sees)
              ? `${sees}, ${scope === 'personal' ? 'personal' : 'group'}`
              : sees;
        expect([act, shown?.place, shown?.lang]).toEqual([act, meant, 'de']);
      }
    },
  );
});

describe('in a group everybody is answered in their own language', () => {
  test.each<Scope>(['groupChat', 'channel'])('%s', async (scope) => {
    const client = new Client(server, scope, { kim: 'de-AT', lee: 'en-US' });
    const [asked] = await client.say('kim', report);
    expect(asked).toMatchObject({ place: group, lang: 'de' });
    // Lee looks at the card that Kim got, and presses what stands on it.
    const [pressed] = await client.press('lee', label('role.groupOwner'));
    expect(pressed).toMatchObject({ place: `${group}/groupOwner`, lang: 'en' });
    const [typed] = await client.say('lee', 'back');
    expect(typed).toMatchObject({ place: group, lang: 'en' });
    const [answered] = await client.say('kim', 'Hilfe');
    expect(answered).toMatchObject({ place: 'help, group', lang: 'de' });
  });
});

test('a client without Action.Execute too', async () => {
  const client = new Client(server, 'groupChat', { kim: 'de' });
  await client.say('kim', '5.7.124');
  const [shown] = await client.press('kim', label('role.groupOwner'), { submit: true });
  expect(shown).toMatchObject({ place: `${group}/groupOwner`, lang: 'de' });
});

test('what is kept of somebody is deleted in their language', async () => {
  const client = new Client(server, 'personal', { kim: 'de' });
  await client.say('kim', report);
  const [shown] = await client.say('kim', 'Meine Daten löschen!');
  expect(shown?.card).toEqual(cards.forgotten(1, german).card);
});

test('an install is welcomed in the language of whoever installed', async () => {
  const client = new Client(server, 'personal', { kim: 'de' });
  const [shown] = await client.send('kim', { type: 'installationUpdate', action: 'add' });
  expect(shown).toMatchObject({ place: 'welcome, personal', lang: 'de' });
});

test('the message extension', async () => {
  const { body } = await server.post({
    ...activityIn('groupChat', 'kim'),
    entities: [{ type: 'clientInfo', locale: 'de-DE' }],
    type: 'invoke',
    name: 'composeExtension/query',
    value: { commandId: 'search', parameters: [{ name: 'query', value: 'xyzzy plugh' }] },
  });
  expect(body).toEqual({ composeExtension: { type: 'message', text: label('module.none') } });
});

describe('which language a turn is in', () => {
  const client = (locale: unknown): Json => ({ type: 'clientInfo', locale });

  test.each<[name: string, activity: Json, lang: string]>([
    ['the client says it', { entities: [client('de-DE')], locale: 'en-US' }, 'de'],
    ['the client says it in any case', { entities: [client('DE-de')] }, 'de'],
    ['the activity says it', { entities: [], locale: 'de-DE' }, 'de'],
    ['the activity says it, and there are no entities', { entities: undefined, locale: 'de' }, 'de'],
    ['a client that says nothing', { entities: [{ type: 'clientInfo' }], locale: 'de' }, 'de'],
    ['somebody else than the client', { entities: [{ type: 'place', locale: 'de' }], locale: 'en' }, 'en'],
    ['a language that we have not', { entities: [client('fr-FR')], locale: 'de' }, 'en'],
    ['a tag that is none, then a good one', { entities: [client('../de')], locale: 'de' }, 'de'],
    ...[
      '',
      ' ',
      'de_DE',
      'de\n',
      '../../locales/de',
      '${title}',
      '<b>de</b>',
      '__proto__',
      'constructor',
      `de-${'x'.repeat(100_000)}`,
      'de-'.repeat(10_000),
      5,
      true,
      null,
      ['de'],
      { toString: 'de' },
    ].map((hostile): [string, Json, string] => [
      `hostile: ${JSON.stringify(hostile).slice(0, 40)}`,
      { entities: [client(hostile)], locale: hostile },
      'en',
    ]),
  ])('%s', async (_, activity, lang) => {
    const [shown] = await new Client(server, 'personal').send('kim', {
      type: 'message',
      text: '5.7.124',
      ...activity,
    });
    expect(shown).toMatchObject({ place: group, lang });
  });
});

import { everywhere, together, type Talk } from '../talk';

const group = '5.7.124-allowed-senders';
const relay = '5.7.1-relay-denied';

/** Words that are about the bot and not about a bounce; in a group each comes with a mention. */
export const commands: readonly Talk[] = [
  {
    name: 'help keeps the place, an answer that fits nothing too',
    scopes: everywhere,
    rows: [
      ['kim: 5.7.124', group],
      ['kim: owner', `${group}/groupOwner`],
      ['kim: help', 'help'],
      ['kim: purple', 'notUnderstoodHere'],
      ['kim: ?', 'help'],
      ['kim: 99', 'notUnderstoodHere'],
      ['kim: back', group],
    ],
  },
  {
    name: 'hello, help and nonsense before any bounce',
    scopes: everywhere,
    rows: [
      ['kim: hello', 'welcome'],
      ['kim: help', 'help'],
      ['kim: what is for lunch today', 'notUnderstood'],
      ['kim: back', 'notUnderstood'],
      ['kim: 2', 'notUnderstood'],
      ['kim: start over', 'welcome'],
      ['kim: example', group],
      ['kim: owner', `${group}/groupOwner`],
    ],
  },
  {
    name: 'help and example by button',
    scopes: everywhere,
    rows: [
      ['kim: hi', 'welcome'],
      ['kim: [{nav.help}]', 'help'],
      ['kim: [{nav.example}]', group],
      ['kim: owner', `${group}/groupOwner`],
    ],
  },
  {
    name: 'help, however it is written',
    scopes: everywhere,
    rows: [
      ['kim: HELP!', 'help'],
      ['kim: help?', 'help'],
      ['kim: /help', 'help'],
      ['kim: What can you do?', 'help'],
      ['kim: ?', 'help'],
    ],
  },
  {
    name: 'help in a sentence is not the command',
    scopes: everywhere,
    rows: [
      ['kim: help me with this bounce 550 5.7.1 Unable to relay', relay],
      ['kim: help me', 'notUnderstoodHere'],
      ['kim: admin', `${relay}/admin`],
    ],
  },
  {
    name: 'a question about the bot with a question mark',
    scopes: everywhere,
    rows: [
      ['kim: who are you?', 'about'],
      ['kim: About', 'about'],
      ['kim: [{codes.all}]', 'codes 0'],
      ['kim: Codes quota?', 'codes quota 0'],
      ['kim: code 5.7.1?', 'codes 5.7.1 0'],
      ['kim: 5.7.124?', group],
    ],
  },
  {
    name: 'commands in the middle of a walk keep the place',
    scopes: everywhere,
    rows: [
      ['kim: 5.7.124', group],
      ['kim: owner', `${group}/groupOwner`],
      ['kim: about', 'about'],
      ['kim: codes', 'codes 0'],
      ['kim: codes quota', 'codes quota 0'],
      ['kim: hello', 'welcome'],
      ['kim: 1', `${group}/groupOwner/list`],
    ],
  },
  {
    name: 'a code that is looked up in the middle of a walk starts a new one',
    scopes: everywhere,
    rows: [
      ['kim: {report relay}', relay],
      ['kim: admin', `${relay}/admin`],
      ['kim: code 5.7.124', group],
      ['kim: owner', `${group}/groupOwner`],
      ['kim: back', group],
      ['kim: back', group],
    ],
  },
  {
    name: 'searching by word, and on from what was found',
    scopes: everywhere,
    rows: [
      ['kim: codes quota', 'codes quota 0'],
      ['kim: [{codes.show}]', '5.2.2-submission-quota'],
      ['kim: sender', '5.2.2-submission-quota/sender'],
      ['kim: codes xyzzy', 'codes xyzzy 0'],
      ['kim: back', '5.2.2-submission-quota'],
    ],
  },
  {
    name: 'what help says of a group, and of a personal chat',
    scopes: ['personal'],
    rows: [
      ['kim: help', 'help', 'with .eml', 'with what you send me here', 'with 30 days', 'with forget me'],
      ['kim: hello', 'welcome', 'with .eml', 'without @Bounce Desk'],
    ],
  },
  {
    name: 'what help says where others read along',
    scopes: together,
    rows: [
      ['kim: help', 'help', 'without .eml', 'with mention', 'with 30 days', 'with forget me'],
      ['kim: hello', 'welcome', 'without .eml', 'with @Bounce Desk'],
    ],
  },
  {
    name: 'the German commands',
    scopes: everywhere,
    speaks: { kim: 'de' },
    rows: [
      ['kim: Hallo', 'welcome', 'in German'],
      ['kim: Hilfe?', 'help', 'in German'],
      ['kim: Info', 'about', 'in German'],
      ['kim: Beispiel', group, 'in German'],
      ['kim: Neu beginnen', group],
      ['kim: Daten löschen!', 'forgotten 0', 'in German'],
    ],
  },
  {
    name: 'welcome once, with an example to press',
    scopes: everywhere,
    rows: [
      ['kim installs: now', 'welcome', 'card 1 is new'],
      ['kim installs: now', 'silence'],
      ['kim: [{nav.example}]', group],
      ['kim: owner', `${group}/groupOwner`],
      ['kim installs: now', 'silence'],
    ],
  },
];

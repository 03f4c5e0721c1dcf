import { everywhere, together, type Talk } from '../talk';

const group = '5.7.124-allowed-senders';
const relay = '5.7.1-relay-denied';

/** Two or more people, in one conversation or each in their own. */
export const people: readonly Talk[] = [
  {
    name: 'two people in one chat: neither answers the other’s question',
    scopes: together,
    rows: [
      ['kim: 5.7.124', group, `lee sees ${group}`],
      ['lee: 1', 'notUnderstood'],
      ['lee: owner', 'notUnderstood'],
      ['lee: {report relay}', relay],
      ['kim: owner', `${group}/groupOwner`],
      ["lee: sender's admin", `${relay}/senderAdmin`],
      ['kim: back', group],
      ['lee: back', relay],
    ],
  },
  {
    name: 'two people press on one card, each in their own branch',
    scopes: together,
    rows: [
      ['kim: 5.7.124', group],
      ['lee: [{role.sender}]', `${group}/sender`, `kim sees ${group}`],
      ['kim: [{role.groupOwner}]', `${group}/groupOwner`, `lee sees ${group}/sender`],
      ['lee: [{1}]', 'choice 1', `kim sees ${group}/groupOwner`],
      ['kim: 1', 'choice 1'],
      ['lee: back', `${group}/sender`],
      ['kim: {nav.back}', `${group}/groupOwner`],
    ],
  },
  {
    name: 'three people, one card: one presses, one types, one only looks',
    scopes: together,
    rows: [
      ['kim: {report group}', group],
      ['lee: [{role.groupOwner}]', `${group}/groupOwner`, 'with sales-team@contoso.com', `max sees ${group}`],
      ['kim: sender', `${group}/sender`, 'card 2 is new', `lee sees ${group}/groupOwner`],
      ['lee: [A distribution list]', `${group}/groupOwner/list`, `max sees ${group}/sender`],
      [
        'max on card 1: [{role.recipientAdmin}]',
        `${group}/recipientAdmin`,
        `lee sees ${group}/groupOwner/list`,
      ],
    ],
  },
  {
    name: 'words after somebody else’s press go on from one’s own place',
    scopes: together,
    rows: [
      ['kim: 5.7.124', group],
      ['kim: owner', `${group}/groupOwner`],
      ['lee: [{1}]', 'choice 1'],
      ['kim: {2}', 'choice 2'],
      ['lee: back', `${group}/groupOwner`],
    ],
  },
  {
    name: 'somebody who never spoke presses, then types to the end',
    scopes: together,
    rows: [
      ['kim: {report group}', group],
      ['lee: [{role.groupOwner}]', `${group}/groupOwner`],
      ['lee: 1', `${group}/groupOwner/list`],
      ['lee: me', `${group}/groupOwner/list/self`],
      ['lee: back', `${group}/groupOwner/list`],
      ['lee: start over', group, 'with sales-team@contoso.com'],
    ],
  },
  {
    name: 'a new bounce of one leaves the other’s place alone',
    scopes: together,
    rows: [
      ['kim: {report group}', group],
      ['kim: owner', `${group}/groupOwner`],
      ['lee: {report mailbox}', '5.2.2-mailbox-full'],
      ['kim: 1', `${group}/groupOwner/list`, 'with sales-team@contoso.com'],
      ['lee: sender', '5.2.2-mailbox-full/sender'],
    ],
  },
  {
    name: 'start over and help of one are not the other’s',
    scopes: together,
    rows: [
      ['kim: 5.7.124', group],
      ['kim: owner', `${group}/groupOwner`],
      ['lee on card 1: [{role.sender}]', `${group}/sender`],
      ['kim: start over', group],
      ['lee: help', 'help'],
      ['lee: outside', `${group}/sender/outside`],
      ['kim: sender', `${group}/sender`],
    ],
  },
  {
    name: 'two pick different problems of one report',
    scopes: together,
    rows: [
      ['kim: {report two}', 'problems'],
      ['lee: [{choose 2}]', `#1 ${group}`, 'kim sees problems'],
      ['kim: [{choose 1}]', '5.1.10-recipient-not-found', `lee sees #1 ${group}`],
      ['lee: owner', `#1 ${group}/groupOwner`],
      ['kim: back', 'problems'],
    ],
  },
  {
    name: 'two pick different meanings of one code',
    scopes: together,
    rows: [
      ['kim: 5.7.1', 'meanings'],
      ['lee: [{2}]', 'choice 2', 'kim sees meanings'],
      ['kim: 1', 'choice 1'],
      ['lee: back', 'meanings'],
    ],
  },
  {
    name: 'a press in a group changes nothing for the others, and posts nothing',
    scopes: together,
    rows: [
      ['kim: 5.7.124', group, 'card 1 is new'],
      ['lee: [{role.sender}]', `${group}/sender`, `kim sees ${group}`, `max sees ${group}`],
      ['kim: [{role.senderAdmin}]', `${group}/senderAdmin`],
      ['kim: again please', 'notUnderstoodHere', 'card 2 is new'],
    ],
  },
  {
    name: 'an older client in a group gets a new card, and the first one stays as it was',
    scopes: together,
    rows: [
      ['kim: 5.7.124', group],
      ['lee: ({role.sender})', `${group}/sender`, 'card 2 is new', `kim sees ${group}`],
      ['lee: 3', `${group}/sender/outside`],
      ['kim: owner', `${group}/groupOwner`],
    ],
  },
  {
    name: 'the example, by two people on one greeting',
    scopes: together,
    rows: [
      ['kim: hi', 'welcome'],
      ['lee: [{nav.example}]', group, 'kim sees welcome, group'],
      ['kim: [{nav.help}]', 'help', `lee sees ${group}`],
      ['lee: owner', `${group}/groupOwner`],
    ],
  },
  {
    name: 'two threads of a channel do not mix',
    scopes: ['channel'],
    rows: [
      ['kim: {report group}', group, 'card 1 is new'],
      ['kim in thread 2: {report relay}', relay],
      ['kim: owner', `${group}/groupOwner`, 'card 2 is new'],
      ["kim in thread 2: sender's admin", `${relay}/senderAdmin`],
      ['kim: 1', `${group}/groupOwner/list`],
      ['kim in thread 2: back', relay],
    ],
  },
  {
    name: 'a word in a new thread answers nothing of the other one',
    scopes: ['channel'],
    rows: [
      ['kim: 5.7.124', group],
      ['kim in thread 2: owner', 'notUnderstood'],
      ['lee in thread 2: 5.7.1', 'meanings'],
      ['kim in thread 2 on card 2: [{1}]', 'choice 1'],
      ['kim: owner', `${group}/groupOwner`],
    ],
  },
  {
    name: 'two personal chats know nothing of each other',
    scopes: ['personal'],
    rows: [
      ['kim: {report group}', group],
      ['lee: owner', 'notUnderstood'],
      ['lee: 5.7.1', 'meanings'],
      ['kim: owner', `${group}/groupOwner`],
      ['lee: 2', 'choice 2'],
      ['kim: back', group, 'with sales-team@contoso.com'],
    ],
  },
  {
    name: 'one reads German, the other English, on one card',
    scopes: together,
    speaks: { kim: 'de-DE' },
    rows: [
      ['kim: {report group}', group, 'in German'],
      ['lee: [{de role.groupOwner}]', `${group}/groupOwner`, 'in English', `kim sees ${group}`],
      ['kim: [{role.sender}]', `${group}/sender`, 'in German'],
      ['lee: 1', `${group}/groupOwner/list`, 'in English'],
      ['kim: {1}', 'choice 1', 'in German'],
    ],
  },
  {
    name: 'a German walks by words, in both languages',
    scopes: everywhere,
    speaks: { kim: 'de-DE' },
    rows: [
      ['kim: {report group}', group, 'in German'],
      ['kim: Besitzer', `${group}/groupOwner`, 'in German'],
      ['kim: zurück', group],
      ['kim: owner', `${group}/groupOwner`, 'in German'],
      ['kim: Hilfe', 'help', 'in German'],
      ['kim: lila', 'notUnderstoodHere', 'in German'],
      ['kim: von vorn', group],
      ['kim: Daten löschen', 'forgotten 1', 'in German'],
    ],
  },
];

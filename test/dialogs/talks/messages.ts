import { everywhere, together, type Talk } from '../talk';

const group = '5.7.124-allowed-senders';
const relay = '5.7.1-relay-denied';

/** Messages that change, vanish, come twice, quote another one or bring a file. */
export const messages: readonly Talk[] = [
  {
    name: 'a paste is edited: its answer changes where it stands',
    scopes: everywhere,
    rows: [
      ['kim: {report group}', group, 'card 1 is new'],
      [`kim edits "{report group}": {report relay}`, relay, 'changes card 1'],
      ['kim: admin', `${relay}/admin`, 'card 2 is new'],
    ],
  },
  {
    name: 'a paste is edited when the walk is far on: it begins again',
    scopes: everywhere,
    rows: [
      ['kim: 5.7.124', group],
      ['kim: owner', `${group}/groupOwner`],
      ['kim: 1', `${group}/groupOwner/list`],
      ['kim: me', `${group}/groupOwner/list/self`],
      ['kim edits "5.7.124": 5.7.1 unable to relay', relay, 'changes card 1'],
      ['kim: admin', `${relay}/admin`],
    ],
  },
  {
    name: 'an answer is edited: it answers what was asked then',
    scopes: everywhere,
    rows: [
      ['kim: 5.7.124', group],
      ['kim: owner', `${group}/groupOwner`],
      ['kim: 1', `${group}/groupOwner/list`, 'card 3 is new'],
      ['kim: me', `${group}/groupOwner/list/self`],
      ['kim edits "1": 2', `${group}/groupOwner/large`, 'changes card 3'],
      ['kim: approve', `${group}/groupOwner/large/approve`],
    ],
  },
  {
    name: 'an edit that says nothing keeps the place',
    scopes: everywhere,
    rows: [
      ['kim: 5.7.124', group],
      ['kim: owner', `${group}/groupOwner`],
      ['kim: 1', `${group}/groupOwner/list`],
      ['kim edits "owner": ovner', 'notUnderstoodHere', 'changes card 2'],
      ['kim: me', `${group}/groupOwner/list/self`],
      ['kim edits "5.7.124": never mind', 'notUnderstood', 'changes card 1'],
    ],
  },
  {
    name: 'an edited paste is edited once more',
    scopes: everywhere,
    rows: [
      ['kim: 5.7.1', 'meanings'],
      ['kim edits "5.7.1": 5.7.1 unable to relay', relay, 'changes card 1'],
      ['kim edits "5.7.1": 5.7.124', group, 'changes card 1'],
      ['kim: owner', `${group}/groupOwner`, 'card 2 is new'],
    ],
  },
  {
    name: 'an edit in a group: the card is another one for everybody, places stay',
    scopes: together,
    rows: [
      ['kim: {report group}', group],
      ['lee: [{role.groupOwner}]', `${group}/groupOwner`, 'with sales-team@contoso.com'],
      ['kim edits "{report group}": {report mailbox}', '5.2.2-mailbox-full', 'lee sees 5.2.2-mailbox-full'],
      ['lee: 1', `${group}/groupOwner/list`, 'without sales-team@contoso.com'],
      ['kim: sender', '5.2.2-mailbox-full/sender'],
    ],
  },
  {
    name: 'what is edited away is forgotten',
    scopes: everywhere,
    rows: [
      ['kim: {report group}', group],
      ['kim edits "{report group}": {report mailbox}', '5.2.2-mailbox-full'],
      ['kim: forget me', 'forgotten 1'],
    ],
  },
  {
    name: 'a deleted paste: the old card still leads on, without its facts',
    scopes: everywhere,
    rows: [
      ['kim: {report group}', group, 'with sales-team@contoso.com'],
      ['kim deletes: {report group}', 'silence'],
      ['kim: [{role.groupOwner}]', `${group}/groupOwner`, 'without sales-team@contoso.com'],
      ['kim: back', group, 'without sales-team@contoso.com'],
    ],
  },
  {
    name: 'a deleted answer takes nothing along',
    scopes: everywhere,
    rows: [
      ['kim: {report group}', group],
      ['kim: owner', `${group}/groupOwner`],
      ['kim deletes: owner', 'silence'],
      ['kim: 1', `${group}/groupOwner/list`, 'with sales-team@contoso.com'],
    ],
  },
  {
    name: 'what lee deletes or edits is not kim’s bounce',
    scopes: together,
    rows: [
      ['kim: {report group}', group],
      ['lee: [{role.groupOwner}]', `${group}/groupOwner`],
      ['lee: 1', `${group}/groupOwner/list`],
      ['lee: me', `${group}/groupOwner/list/self`],
      ['lee edits "1": 2', `${group}/groupOwner/large`],
      ['lee deletes: me', 'silence'],
      ['lee deletes: 1', 'silence'],
      ['lee: start over', group, 'with sales-team@contoso.com'],
      ['kim: owner', `${group}/groupOwner`, 'with sales-team@contoso.com'],
    ],
  },
  {
    name: 'a deleted paste is restored: read again',
    scopes: everywhere,
    rows: [
      ['kim: {report group}', group],
      ['kim deletes: {report group}', 'silence'],
      ['kim restores: {report group}', group, 'with sales-team@contoso.com', 'card 2 is new'],
      ['kim: owner', `${group}/groupOwner`, 'with sales-team@contoso.com'],
    ],
  },
  {
    name: 'deleted with an open question: what is typed next hears that it is gone',
    scopes: everywhere,
    rows: [
      ['kim: {report two}', 'problems'],
      ['kim deletes: {report two}', 'silence'],
      ['kim: 2', 'gone'],
      ['kim: 2', 'notUnderstood'],
      ['kim: {report two}', 'problems'],
      ['kim: 2', `#1 ${group}`],
    ],
  },
  {
    name: 'delivered again: answered once',
    scopes: everywhere,
    rows: [
      ['kim: 5.7.124', group],
      ['kim again: 5.7.124', 'silence'],
      ['kim: owner', `${group}/groupOwner`],
      ['kim again: owner', 'silence'],
      ['kim again: 5.7.124', 'silence'],
      ['kim: 1', `${group}/groupOwner/list`],
    ],
  },
  {
    name: 'a reply that quotes the card: only its own words count',
    scopes: everywhere,
    rows: [
      ['kim: 5.7.124', group],
      ['kim quotes "Bounce Desk: 550 5.7.1 Unable to relay": owner', `${group}/groupOwner`],
      ['kim quotes "550 5.7.124 Sender not in allowed-senders list": 5.7.1 unable to relay', relay],
    ],
  },
  {
    name: 'a reply that quotes somebody’s bounce: the bounce is read',
    scopes: everywhere,
    rows: [
      ['kim quotes "550 5.7.124 Sender not in allowed-senders list": what is this?', group],
      ['kim: owner', `${group}/groupOwner`],
      ['kim quotes "550 5.7.1 Unable to relay": ', relay],
      ['kim quotes "see you at lunch": ok', 'notUnderstoodHere'],
    ],
  },
  {
    name: 'a dropped file',
    scopes: ['personal'],
    rows: [
      ['kim drops: bounce.eml', group, 'with sales@contoso.com'],
      ['kim: owner', `${group}/groupOwner`],
      ['kim drops: bounce.eml', group],
      ['kim: forget me', 'forgotten 2'],
    ],
  },
  {
    name: 'a picture, and a file where none can be had',
    scopes: together,
    rows: [
      ['kim: 5.7.124', group],
      ['kim drops: a file out of reach', 'fileOutOfReach'],
      ['kim drops: a screenshot', 'unreadable.picture', 'with personal chat'],
      ['kim: owner', `${group}/groupOwner`],
    ],
  },
  {
    name: 'a picture in a personal chat',
    scopes: ['personal'],
    rows: [
      ['kim drops: a screenshot', 'unreadable.picture'],
      ['kim: [{nav.help}]', 'help'],
      ['kim: 5.7.124', group],
    ],
  },
];

import { everywhere, together, type Talk } from '../talk';

const group = '5.7.124-allowed-senders';
const relay = '5.7.1-relay-denied';

/** What is kept, for how long and for whom; and what a card does that is older than what is kept. */
export const keeping: readonly Talk[] = [
  {
    name: 'forget me: the number, the place and the facts',
    scopes: everywhere,
    rows: [
      ['kim: {report group}', group],
      ['kim: {report mailbox}', '5.2.2-mailbox-full'],
      ['kim: sender', '5.2.2-mailbox-full/sender'],
      ['kim: Forget me.', 'forgotten 2'],
      ['kim: 1', 'notUnderstood'],
      ['kim on card 1: [{role.groupOwner}]', `${group}/groupOwner`, 'without sales-team@contoso.com'],
      ['kim: back', group, 'without sales-team@contoso.com'],
      ['kim: forget me', 'forgotten 0'],
    ],
  },
  {
    name: 'forget me of one leaves the other’s bounces, and where they stand',
    scopes: together,
    rows: [
      ['kim: {report group}', group],
      ['lee: {report mailbox}', '5.2.2-mailbox-full'],
      ['kim: forget me', 'forgotten 1'],
      ['lee: sender', '5.2.2-mailbox-full/sender', 'with full@fabrikam.com'],
      ['kim on card 2: [{role.sender}]', '5.2.2-mailbox-full/sender', 'with full@fabrikam.com'],
      ['lee: forget me', 'forgotten 1'],
    ],
  },
  {
    name: 'forget me in a personal chat leaves other people’s',
    scopes: ['personal'],
    rows: [
      ['kim: {report group}', group],
      ['lee: {report mailbox}', '5.2.2-mailbox-full'],
      ['kim: forget everything', 'forgotten 1'],
      ['lee: sender', '5.2.2-mailbox-full/sender', 'with full@fabrikam.com'],
    ],
  },
  {
    name: 'who walks another’s card keeps the way when it is forgotten, without the facts',
    scopes: together,
    rows: [
      ['kim: {report group}', group],
      ['lee: [{role.groupOwner}]', `${group}/groupOwner`, 'with sales-team@contoso.com'],
      ['kim: delete my data', 'forgotten 1'],
      ['lee on card 1: [A distribution list]', `${group}/groupOwner/list`, 'without sales-team@contoso.com'],
      ['lee: forget me', 'forgotten 0'],
    ],
  },
  {
    name: 'forget me in one thread counts those of all',
    scopes: ['channel'],
    rows: [
      ['kim: {report group}', group],
      ['kim in thread 2: {report mailbox}', '5.2.2-mailbox-full'],
      ['kim: forget me', 'forgotten 2'],
      ['kim in thread 2: [{role.sender}]', '5.2.2-mailbox-full/sender', 'without full@fabrikam.com'],
    ],
  },
  {
    name: 'the example is nobody’s bounce',
    scopes: everywhere,
    rows: [
      ['kim: example', group],
      ['kim: hi', 'welcome'],
      ['kim: [{nav.example}]', group],
      ['kim: forget me', 'forgotten 0'],
    ],
  },
  {
    name: 'the time is over: a card still answers for its code',
    scopes: everywhere,
    rows: [
      ['kim: {report group}', group],
      ['kim: owner', `${group}/groupOwner`],
      ['time: passes', 'silence'],
      ['kim: 1', 'notUnderstood'],
      ['kim on card 2: [A distribution list]', `${group}/groupOwner/list`, 'without sales-team@contoso.com'],
      ['kim: 1', `${group}/groupOwner/list/inside`],
      ['kim: back', `${group}/groupOwner/list`],
    ],
  },
  {
    name: 'the time is over: a problem of several still has its steps',
    scopes: everywhere,
    rows: [
      ['kim: {report two}', 'problems'],
      ['kim: [{choose 2}]', `#1 ${group}`, 'with all-hands@contoso.com'],
      ['time: passes', 'silence'],
      ['kim: [{role.groupOwner}]', `#1 ${group}/groupOwner`, 'without all-hands@contoso.com'],
      ['kim: start over', `#1 ${group}`],
      ['kim: {report two}', 'problems'],
    ],
  },
  {
    name: 'the time is over: the question of which problem is gone',
    scopes: everywhere,
    rows: [
      ['kim: {report two}', 'problems'],
      ['kim: [{choose 2}]', `#1 ${group}`],
      ['time: passes', 'silence'],
      ['kim: [{nav.back}]', 'gone'],
      ['kim: 1', 'notUnderstood'],
      ['kim: {report two}', 'problems'],
    ],
  },
  {
    name: 'the time is over: several meanings',
    scopes: everywhere,
    rows: [
      ['kim: 5.7.1', 'meanings'],
      ['kim: [{2}]', 'choice 2'],
      ['time: passes', 'silence'],
      ['kim: [{nav.back}]', 'gone'],
      ['kim: 5.7.1', 'meanings'],
    ],
  },
  {
    name: 'a card that says no more than that it is too old does not take the old one’s place for good',
    scopes: ['personal'],
    rows: [
      ['kim: 5.7.1', 'meanings'],
      ['kim: 2', 'choice 2', 'card 2 is new'],
      ['time: passes', 'silence'],
      ['kim on card 2: [{nav.back}]', 'gone', 'changes nothing'],
    ],
  },
  {
    name: 'after the time is over, a deleted or edited message is a new one',
    scopes: everywhere,
    rows: [
      ['kim: {report group}', group],
      ['time: passes', 'silence'],
      ['kim deletes: {report group}', 'silence'],
      ['kim edits "{report group}": {report relay}', relay, 'card 2 is new'],
      ['kim: admin', `${relay}/admin`],
    ],
  },
];

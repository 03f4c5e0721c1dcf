import { everywhere, together, type Talk } from '../talk';

const group = '5.7.124-allowed-senders';
const relay = '5.7.1-relay-denied';

/** "Explain this bounce" in the menu of a message, in conversations that the bot may not be in. */
export const extension: readonly Talk[] = [
  {
    name: 'explained in a dialog, walked there and back',
    scopes: everywhere,
    rows: [
      ['kim explains: {report group}', `dialog ${group}`, 'with sales-team@contoso.com', 'changes nothing'],
      ['kim: [{role.groupOwner}]', `dialog ${group}/groupOwner`, 'changes nothing'],
      ['kim: [A distribution list]', `dialog ${group}/groupOwner/list`],
      ['kim: [{nav.back}]', `dialog ${group}/groupOwner`],
      ['kim: [{nav.back}]', `dialog ${group}`],
    ],
  },
  {
    name: 'posted on demand: a card of the person, with nothing to press for the bot',
    scopes: everywhere,
    rows: [
      ['kim explains: {report group}', `dialog ${group}`],
      [
        'kim: [{module.post}]',
        `result dialog ${group}`,
        'with sales-team@contoso.com',
        'without Action.Submit',
      ],
      ['kim: 5.7.124', group],
    ],
  },
  {
    name: 'a dialog over the chat does not move the place in it',
    scopes: everywhere,
    rows: [
      ['kim: {report group}', group],
      ['kim: owner', `${group}/groupOwner`],
      ['kim explains: {report relay}', `dialog ${relay}`],
      ['kim: [{role.sender}]', `dialog ${relay}/sender`],
      ['kim: 1', `${group}/groupOwner/list`],
    ],
  },
  {
    name: 'what was explained is forgotten with the rest',
    scopes: together,
    rows: [
      ['kim explains: {report group}', `dialog ${group}`],
      ['kim: {report mailbox}', '5.2.2-mailbox-full'],
      ['lee explains: {report group}', `dialog ${group}`],
      ['kim: forget me', 'forgotten 2'],
      ['lee: [{role.groupOwner}]', `dialog ${group}/groupOwner`, 'with sales-team@contoso.com'],
    ],
  },
  {
    name: 'in German, for whoever asks',
    scopes: together,
    speaks: { kim: 'de' },
    rows: [
      ['kim explains: {report group}', `dialog ${group}`, 'in German'],
      ['lee explains: {report group}', `dialog ${group}`, 'in English'],
      ['kim: [{role.groupOwner}]', `dialog ${group}/groupOwner`, 'in German'],
    ],
  },
];

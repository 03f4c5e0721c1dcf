import { findGroup } from '../../src/ndr/group';

test.each<[string, string | null]>([
  ['The group Sales only accepts messages from people in its organization', 'Sales'],
  ["The group 'All Staff' isn’t set up to receive messages from kim@fabrikam.com.", 'All Staff'],
  ['You are not allowed to write to the restricted group: board@contoso.com', 'board@contoso.com'],
  ["couldn't be delivered to the group because it only accepts mail from members of its organization.", null],
  ['Ask the owner of the group that only accepts insiders', null],
  ['the group it has been set up for', null],
  ['The group Board is only accepting messages from allowed senders', 'Board'],
  ['the group is only accepting messages from allowed senders', null],
  ['The group', null],
  ['nothing of the kind', null],
])('%s', (text, group) => {
  expect(findGroup(text)).toBe(group);
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCase, type Case } from '../../src/guide/case';
import { interpret } from '../../src/guide/interpret';
import type { Position, View } from '../../src/guide/view';
import { createGuide } from '../../src/guide/walk';
import { loadKnowledge } from '../../src/knowledge/load';
import { createMatcher } from '../../src/knowledge/match';
import { readText } from '../../src/ndr/read';
import { phrases, root } from './core';

const steps = (title: string): string => `{ title: ${title}, steps: [Do it.] }`;
const asked = `
codes: ["5.7.124"]
title: It refuses
summary: "{recipient} refuses."
looksLike: It refuses
lasting: permanent
whoCanFix: [recipientAdmin, sender]
recipientIs: group
audiences:
  sender:
    ask: Are you inside?
    about: organization
    options:
      - { id: inside, label: Inside, is: [same], then: ${steps('Inside steps')} }
      - id: outside
        label: Outside
        is: [other]
        then:
          ask: Still tried?
          about: tries
          options:
            - { id: on, label: It is, is: [on], then: ${steps('Wait')} }
            - { id: over, label: It is not, is: [over], then: ${steps('Send again')} }
  senderAdmin: ${steps('Tell the other side')}
  recipientAdmin:
    ask: What is it?
    about: recipientKind
    options:
      - { id: mailbox, label: Mailbox, is: [mailbox, mailUser, publicFolder], then: ${steps('Open the mailbox')} }
      - { id: list, label: List, is: [distributionGroup, dynamicGroup], then: ${steps('Open the list')} }
      - { id: m365, label: Microsoft 365 group, is: [m365Group], then: ${steps('Open the group')} }
sources: [{ label: A page, url: https://learn.microsoft.com/a }]
checked: 2026-11-21
`;

const folder = mkdtempSync(join(tmpdir(), 'bounce-desk-known-'));
for (const sub of ['procedures', 'registry']) mkdirSync(join(folder, sub));
writeFileSync(join(folder, '5.7.124-asked.yaml'), asked);
const knowledge = loadKnowledge(folder);
const guide = createGuide(knowledge);
const matcher = createMatcher(knowledge);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const bounce = (recipient: string, action = 'failed'): Case => {
  const report = readText(
    [
      'Delivery has failed to these recipients or groups:',
      recipient,
      '',
      `Final-Recipient: rfc822;${recipient}`,
      `Action: ${action}`,
      'Status: 5.7.124',
      'Diagnostic-Code: smtp;550 5.7.124 Sender not in allowed-senders list',
      '',
      'Original message headers:',
      '',
      'From: kim@fabrikam.com',
      '',
    ].join('\n'),
  );
  return openCase('c', report, matcher.diagnose(report));
};
const within = bounce('sales@fabrikam.com');
const across = bounce('sales@contoso.com');
const delayed = bounce('sales@contoso.com', 'delayed');

const at = (path: string[]): Position => ({ problem: 0, article: '5.7.124-asked', path });
const viewAt = (of: Case | null, path: string[]): View => {
  const view = guide.view(of, at(path), phrases);
  if (view === null) throw new Error(`no view at ${path.join('/')}`);
  return view;
};
const titleOf = (view: View): string =>
  view.kind === 'procedure' ? view.title.map(({ text }) => text).join('') : view.kind;
const labels = (view: View): string[] => view.choices.map(({ label }) => label);
const follow = (of: Case | null, view: View, label: string): View => {
  const choice = view.choices.find((one) => one.label === label);
  if (choice === undefined) throw new Error(`no ${label} among ${labels(view).join(', ')}`);
  return viewAt(of, choice.to.path);
};

describe('what the report tells is not asked', () => {
  test.each<[string, Case | null, string, string]>([
    ['one domain: inside', within, 'sender', 'Inside steps'],
    ['two domains may be one organization', across, 'sender', 'question'],
    ['a card whose case is gone asks', null, 'sender', 'question'],
  ])('%s', (_, of, role, title) => {
    expect(titleOf(viewAt(of, [role]))).toBe(title);
  });

  test.each<[string, Case, string]>([
    ['final', across, 'Send again'],
    ['delayed', delayed, 'Wait'],
  ])('the second question is passed over where the report is %s', (_, of, title) => {
    expect(titleOf(follow(of, viewAt(of, ['sender']), 'Outside'))).toBe(title);
  });

  test('what cannot apply is not offered', () => {
    expect(labels(viewAt(across, ['recipientAdmin']))).toEqual(['List', 'Microsoft 365 group']);
  });

  test('a button of a hidden option, from an older card, still leads there', () => {
    expect(titleOf(viewAt(across, ['recipientAdmin', 'mailbox']))).toBe('Open the mailbox');
    expect(titleOf(viewAt(within, ['sender', 'outside', 'on']))).toBe('Wait');
  });

  test('the words of a passed-over question lead nowhere new', () => {
    expect(interpret(viewAt(within, ['sender']), 'outside', phrases)).toBeNull();
  });
});

describe('back passes over what was not asked', () => {
  test.each<[string, Case | null, string[], string[]]>([
    ['from steps behind one passed-over question to the verdict', within, ['sender'], []],
    [
      'from steps behind a question and a passed-over one to the question',
      across,
      ['sender', 'outside'],
      ['sender'],
    ],
    ['with its answer in the path it is the same', across, ['sender', 'outside', 'over'], ['sender']],
    ['behind two questions that were asked', null, ['sender', 'outside', 'over'], ['sender', 'outside']],
    ['from a question to the verdict', across, ['sender'], []],
    ['from a role of an outcome to its steps', across, ['recipientAdmin', 'list'], ['recipientAdmin']],
  ])('%s', (_, of, path, back) => {
    expect(viewAt(of, path).back?.path).toEqual(back);
  });

  test('every place leads back to the verdict in as many steps as were asked', () => {
    for (const bounced of [within, across, delayed, null])
      for (const { path } of guide.paths('5.7.124-asked')) {
        let place: Position | null = at(path);
        let steps = 0;
        while (place !== null && place.path.length > 0 && steps < 9) {
          const length: number = place.path.length;
          place = viewAt(bounced, place.path).back;
          expect(place?.path.length).toBeLessThan(length);
          steps += 1;
        }
        expect(place?.path).toEqual([]);
      }
  });
});

describe('one organization has one admin', () => {
  test('one button, to the side that can do more', () => {
    const verdict = viewAt(within, []);
    expect(labels(verdict)).toEqual(['I sent it', 'Our email admin']);
    expect(labels(follow(within, verdict, 'Our email admin'))).toEqual(['List', 'Microsoft 365 group']);
  });

  test('two where it is not known', () => {
    expect(labels(viewAt(across, []))).toEqual(['I sent it', "Sender's admin", "Recipient's admin"]);
  });

  test.each(['admin', 'email admin'])('typed: %s', (words) => {
    const move = interpret(viewAt(within, []), words, phrases);
    expect(move).toMatchObject({ kind: 'go', to: { path: ['recipientAdmin'] } });
  });

  test('"admin" from below the verdict too', () => {
    expect(labels(viewAt(within, ['admin']))).toEqual(['List', 'Microsoft 365 group']);
    expect(labels(viewAt(across, ['admin']))).toEqual(["Sender's admin", "Recipient's admin"]);
  });

  test('who can fix it names that admin once', () => {
    const view = viewAt(within, []);
    expect(view).toMatchObject({ whoCanFix: [phrases.t('actor.ourAdmin'), phrases.t('actor.sender')] });
  });
});

describe('whose server sent it is told by who wrote the report', () => {
  const shipped = loadKnowledge(join(root, 'knowledge'));
  const own = createGuide(shipped);
  const ban = (writer: string | null, refuser: string): Case => {
    const report = readText(
      [
        ...(writer === null
          ? []
          : ['Diagnostic information for administrators:', '', `Generating server: ${writer}`, '']),
        'sales@contoso.com',
        refuser,
        "Remote Server returned '550 5.7.606 Access denied, banned sending IP [203.0.113.44]'",
      ].join('\n'),
    );
    return openCase('c', report, createMatcher(shipped).diagnose(report));
  };
  const mx = 'contoso-com.mail.protection.outlook.com';

  test.each<[string, Case, string[]]>([
    ['a server of their own', ban('mail.fabrikam.com', mx), ['Ours', "A mailing service's"]],
    ['Exchange Online, which Microsoft refused', ban('AM0PR08MB5123.eurprd08.prod.outlook.com', mx), []],
    [
      'Exchange Online, to which a gateway passed it back',
      ban('AM0PR08MB5123.eurprd08.prod.outlook.com', 'gate.fabrikam.com'),
      ['Ours', "Microsoft's", "A mailing service's"],
    ],
    ['nobody who is named', ban(null, mx), ['Ours', "Microsoft's", "A mailing service's"]],
  ])('%s', (_, bounced, offered) => {
    const view = own.view(
      bounced,
      { problem: 0, article: '5.7.606-649-banned-ip', path: ['senderAdmin'] },
      phrases,
    );
    expect(view?.kind === 'question' ? view.choices.map(({ label }) => label) : []).toEqual(offered);
  });
});

import { fillDraft } from '../../src/guide/fill';
import type { Position, View } from '../../src/guide/view';
import type { Facts } from '../../src/knowledge/facts';
import { cards, caseOf, guide, knowledge, phrases } from './core';

const facts: Facts = {
  ...Object.fromEntries(Object.keys(caseOf('5.7.124').problems[0]?.facts ?? {}).map((name) => [name, null])),
  recipient: 'ana@contoso.com',
} as Facts;

describe('a draft leaves out what the bounce does not tell', () => {
  test.each<[string, string]>([
    ['To: {recipient}\nMessage-ID: {messageId}\nThank you', 'To: ana@contoso.com\nThank you'],
    ['Hello,\n\nFrom: {sender}\nSubject: {subject}\n\nThank you', 'Hello,\n\nThank you'],
    ['Sent: {time}.', ''],
    // A sentence cannot do without its fact: there the hole is shown.
    ['{sender} wrote to {recipient}.', `‹${phrases.t('fact.sender')}› wrote to ana@contoso.com.`],
    [
      'From {sender} to {recipient}: {error}',
      `From ‹${phrases.t('fact.sender')}› to ana@contoso.com: ‹${phrases.t('fact.error')}›`,
    ],
  ])('%j', (source, filled) => {
    expect(fillDraft(source, facts, phrases)).toBe(filled);
  });
});

const at = (article: string, path: string[], outcome?: Position['outcome']): Position => ({
  problem: 0,
  article,
  path,
  ...(outcome === undefined ? {} : { outcome }),
});
const viewOf = (bounce: ReturnType<typeof caseOf>, position: Position): View => {
  const view = guide.view(bounce, position, phrases);
  if (view === null) throw new Error(`no view: ${JSON.stringify(position)}`);
  return view;
};

describe('a related article, looked at from a bounce', () => {
  const bounce = caseOf('550 5.7.124 Sender not in allowed-senders list');
  const other = viewOf(bounce, at('5.7.133-group-outsiders', []));

  test('Back and Start over lead to the own bounce', () => {
    expect(other.back).toEqual(at('5.7.124-allowed-senders', []));
    expect(other.start).toEqual(at('5.7.124-allowed-senders', []));
  });

  test('it shows its own code, and nothing of who refused the bounce', () => {
    expect(other).toMatchObject({ kind: 'verdict', code: '5.7.133', refused: null });
  });

  test('the way down there begins with its code', () => {
    expect(viewOf(bounce, at('5.7.133-group-outsiders', ['sender'])).crumbs[0]).toBe('5.7.133');
  });

  test('where the report says that it is still being tried, nothing asks for a second copy or speaks of giving up', () => {
    const delayed = caseOf(
      "Delivery is delayed to these recipients\nlegal@woodgrove.com\nRemote server returned '450 4.4.316 Connection refused [Message=Socket error code 10061]'\nAction: delayed",
    );
    const steps = at('4.4.316-connection-refused', ['sender']);
    const path = guide
      .paths('4.4.316-connection-refused')
      .map((position) => position.path)
      .find((one) => viewOf(delayed, at('4.4.316-connection-refused', one)).kind === 'procedure');
    const stuck = viewOf(delayed, at('4.4.316-connection-refused', path ?? steps.path, 'stuck'));
    if (stuck.kind !== 'stuck') throw new Error(stuck.kind);
    expect(stuck).toMatchObject({ tries: 'on', forOthers: true });
    expect(stuck.related.map(({ choice }) => choice.to.article)).toEqual(['4.4.7-message-expired']);
  });

  test('another meaning of the very code is not offered where the words decided', () => {
    const full = caseOf(
      "ana@contoso.com\nRemote Server returned '554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException.MapiExceptionQuotaExceeded'",
    );
    const article = full.problems[0]?.article ?? '';
    expect(
      knowledge.articles
        .get(article)
        ?.related.some((id) => knowledge.articles.get(id)?.codes.includes('5.2.2')),
    ).toBe(true);
    const [steps] = guide
      .paths(article)
      .filter(({ path }) => viewOf(full, { ...at(article, path) }).kind === 'procedure');
    const stuck = viewOf(full, at(article, steps?.path ?? [], 'stuck'));
    if (stuck.kind !== 'stuck') throw new Error(stuck.kind);
    expect(
      stuck.related
        .map(({ choice }) => choice.to.article)
        .filter((id) => id !== null && knowledge.articles.get(id)?.codes.includes('5.2.2') === true),
    ).toEqual([]);
  });
});

test.each<[string, string, boolean]>([
  [
    'the sender could only ask this admin',
    '535 5.7.139 SmtpClientAuthentication is disabled for the Tenant',
    false,
  ],
  [
    'the sender can check the address',
    '550 5.1.10 Recipient ana@contoso.com not found by SMTP address lookup',
    true,
  ],
])('an admin whose steps did not help, and %s', (_, text, offered) => {
  const bounce = caseOf(text);
  const article = bounce.problems[0]?.article ?? '';
  const steps = guide
    .paths(article)
    .find(({ path }) => path[0] === 'senderAdmin' && viewOf(bounce, at(article, path)).kind === 'procedure');
  const stuck = viewOf(bounce, at(article, steps?.path ?? [], 'stuck'));
  expect(stuck.choices.some(({ to }) => to.path[0] === 'sender')).toBe(offered);
});

describe('what the report tells leads an admin straight to the steps', () => {
  const dmarc = (writer: string): ReturnType<typeof caseOf> =>
    caseOf(
      `From: alerts@contoso.com\nTo: kim@fabrikam.com\nGenerating server: ${writer}\nkim@fabrikam.com\nfabrikam-com.mail.protection.outlook.com\nRemote server returned '550 5.7.509 Access denied, sending domain CONTOSO.COM does not pass DMARC verification and has a DMARC policy of reject.'`,
    );
  test.each<[string, string, string]>([
    [
      'Microsoft 365 sent it: its own DKIM',
      'AM6PR01MB0002.eurprd01.prod.outlook.com',
      'Sign your mail with DKIM',
    ],
    ['another system sent it', 'mail.contoso.com', 'Let the sending system pass the DMARC check'],
  ])('DMARC, %s', (_, writer, title) => {
    const view = viewOf(dmarc(writer), at('5.7.509-dmarc-failed', ['senderAdmin', 'direct']));
    expect(JSON.stringify(view)).toContain(title);
  });

  test('within one organization no MX record is blamed', () => {
    const labels = (sender: string): string[] =>
      viewOf(
        caseOf(
          `Delivery has failed to these recipients or groups:\nana@contoso.com\n\nSender Address: ${sender}\nRecipient Address: ana@contoso.com\nError: 550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient ana@contoso.com not found by SMTP address lookup`,
        ),
        at('5.1.10-recipient-not-found', ['recipientAdmin']),
      ).choices.map(({ label }) => label);
    expect(labels('pat@contoso.com')).not.toContain('The whole domain bounces');
    expect(labels('pat@fabrikam.com')).toContain('The whole domain bounces');
  });

  test('for a forward that fails DMARC no rewritten envelope sender is promised to help', () => {
    const text = JSON.stringify(
      viewOf(dmarc('mail.contoso.com'), at('5.7.509-dmarc-failed', ['recipientAdmin', 'ours'])),
    );
    expect(text).toContain('dkim=pass');
    expect(text).not.toContain('spf=pass');
  });
});

test.each<[string, string]>([
  ['delayed', 'on'],
  ['failed', 'over'],
])('"That fixed it" on a %s report knows whether to send again', (action, tries) => {
  const bounce = caseOf(
    `Delivery has failed to these recipients or groups:\nana@contoso.com\n\nFinal-Recipient: rfc822;ana@contoso.com\nAction: ${action}\nStatus: 4.4.1\nDiagnostic-Code: smtp;441 4.4.1 Error encountered while communicating with primary target IP address\n`,
  );
  const article = bounce.problems[0]?.article ?? '';
  const steps = guide
    .paths(article)
    .find(({ path }) => viewOf(bounce, at(article, path)).kind === 'procedure');
  expect(viewOf(bounce, at(article, steps?.path ?? [], 'fixed'))).toMatchObject({ kind: 'fixed', tries });
});

test('where the meaning is open, the card shows what in the report speaks for each', () => {
  const bounce = caseOf('5.7.1');
  const [first, second] = bounce.problems[0]?.candidates ?? [];
  first?.evidence.splice(0, 9, { kind: 'words', quote: 'relay* access [denied]' });
  second?.evidence.splice(0, 9, { kind: 'code', quote: '5.7.1' });
  const view = viewOf(bounce, guide.start(bounce));
  expect(view.kind).toBe('meanings');
  const card = JSON.stringify(cards.view(view, bounce, phrases).card);
  expect(card.split(phrases.t('meanings.quote'))).toHaveLength(2);
  expect(card).toContain('"text":"relay* access [denied]","fontType":"Monospace"');
});

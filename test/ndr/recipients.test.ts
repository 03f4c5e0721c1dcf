import { readText } from '../../src/ndr/read';
import type { Report } from '../../src/ndr/report';

const summary = (report: Report): (string | null)[][] =>
  report.failures.map(({ recipient, code, remoteServer }) => [recipient, code, remoteServer]);
const names = (text: string): (string | null)[] => readText(text).failures.map(({ recipient }) => recipient);

const rejected = "Remote Server returned '550 5.7.1 Access denied'";

describe('one recipient', () => {
  test.each([
    ['a field', `Final-Recipient: rfc822; ana@contoso.com\nAction: failed\nStatus: 5.1.1`],
    [
      'a field with a link',
      `Recipient Address: ana@contoso.com<mailto:ana@contoso.com>\nError: 550 5.7.1 Access denied`,
    ],
    [
      'the heading of a modern report',
      `Your message to ana@contoso.com couldn't be delivered.\n550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found`,
    ],
    ['the same in brackets', `Your message to <ana@contoso.com> couldn't be delivered.`],
    ['below a heading', `Delivery has failed to these recipients or groups:\n\nana@contoso.com\n${rejected}`],
    [
      'a chip with a name',
      `Delivery has failed to these recipients or groups:\n\nAna Doe (ana@contoso.com)<mailto:ana@contoso.com>\n${rejected}`,
    ],
    [
      'a chip with a name only',
      `Delivery has failed to these recipients or groups:\n\nAna Doe<mailto:ana@contoso.com>\n${rejected}`,
    ],
    [
      'below the server',
      `Generating server: ex1.fabrikam.com\n\nana@contoso.com\n#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##`,
    ],
    [
      'in one line',
      `Delivery has failed to these recipients or groups: ana@contoso.com Your message was rejected. Generating server: ex1.fabrikam.com ana@contoso.com ${rejected}`,
    ],
    [
      'Postfix',
      '<ana@contoso.com>: host mx.contoso.com[203.0.113.9] said: 550 5.1.1 User unknown (in reply to RCPT TO command)',
    ],
    [
      'a log of Postfix',
      'to=<ana@contoso.com>, relay=mx.contoso.com[203.0.113.9]:25, dsn=5.1.1, status=bounced (host mx.contoso.com[203.0.113.9] said: 550 5.1.1 User unknown)',
    ],
    [
      'a log of a program',
      '06:02:11 ERROR MailJob smtp reply 550 5.7.750 Service unavailable. Client blocked from sending from unregistered domains. rcpt=ana@contoso.com',
    ],
    [
      'behind a quoted reply',
      'The copier says "Failed to send: 550 5.7.1 Unable to relay" for ana@contoso.com',
    ],
    [
      'a desk behind a quoted reply',
      'It says "Failed: 550 5.1.1 Unable to relay" for <ana@contoso.com>, port 25.',
    ],
    [
      'Exim',
      'A message that you sent could not be delivered. The following address(es) failed:\n\n  ana@contoso.com\n    SMTP error from remote mail server after RCPT TO:<ana@contoso.com>:\n    550 5.1.1 User unknown',
    ],
    [
      'Sendmail',
      '   ----- The following addresses had permanent fatal errors -----\n<ana@contoso.com>\n    (reason: 550 5.1.1 User unknown)',
    ],
    [
      'qmail',
      "I'm afraid I wasn't able to deliver your message to the following addresses.\n\n<ana@contoso.com>:\nSorry, no such user. (#5.1.1)",
    ],
    [
      'Exim without a reply',
      '  ana@contoso.com\n    retry time not reached for any host after a long failure period',
    ],
    [
      'Cisco under a nested reply',
      "Generating server: a.contoso.com\nsome words\nana@contoso.com\n<mx.contoso.com #5.0.0 smtp; 5.4.7 - Delivery expired (message too old) 'timeout'>",
    ],
    [
      'Exchange 2003',
      'Your message did not reach some or all of the intended recipients.\n\n      ana@contoso.com on 7/11/2001 9:20 AM\n            <server.contoso.com #5.1.1>',
    ],
    [
      'Exchange 5.5',
      'did not reach the following recipient(s):\n\nana@contoso.com on Thu, 29 Apr 2010 00:00:00 -0000\n    The recipient name is not recognized',
    ],
    [
      'MailEnable',
      'The following recipient(s) could not be reached:\n\nRecipient: [SMTP:ana@contoso.com]\nReason: 550 5.7.1 Access denied',
    ],
    [
      'Gmail',
      "Your message wasn't delivered to ana@contoso.com because the address couldn't be found.\n550 5.1.1 The email account does not exist",
    ],
    [
      'Gmail in German',
      'Ihre Nachricht wurde nicht an ana@contoso.com zugestellt, weil die Adresse nicht gefunden wurde.\n550 5.1.1 The email account does not exist',
    ],
    [
      'a log of Exim',
      '2026-06-02 11:02:37 1uM1bR-0004Vx-2P ** ana@contoso.com F=<bob@fabrikam.com> R=dnslookup T=remote_smtp: SMTP error from remote mail server after end of data: 550 5.7.51 Rejecting',
    ],
    [
      'above a sentence and a quoted reply',
      "ana@contoso.com\nO servidor remoto retornou '550 5.4.1 Access denied'",
    ],
    [
      'above a sentence with a reply',
      'ana@contoso.com\nDie Adresse ist nicht bekannt. (550 5.1.1 unknown recipient)',
    ],
    [
      'named twice in its line',
      'ana@contoso.com <ana@contoso.com>: Sender was not authenticated\n#< #5.7.135 smtp;550 5.7.135 refused> #SMTP#',
    ],
    [
      'in front of the sentence, in one line',
      "ana@contoso.com Your message couldn't be delivered. 550 5.1.1 No such user",
    ],
    [
      'in Dutch',
      'Uw bericht naar ana@contoso.com kan niet worden bezorgd.\n450 4.7.325 certificate-host-mismatch',
    ],
    [
      'in Japanese',
      'ana@contoso.com へのメッセージを配信できませんでした。\n550 5.7.705 Access denied, tenant has exceeded threshold',
    ],
    ['in Korean', 'ana@contoso.com 에게 보낸 메일을 전송할 수 없습니다.\n550 5.1.10 not found'],
    ['whose mailbox is full, in French', 'La boîte de ana@contoso.com est pleine : 554 5.2.2 mailbox full'],
    ['not found, without a code', "ana@contoso.com wasn't found at contoso.com. Unknown To address."],
    [
      'a reply without a code, amid the text',
      "Can't send to ana@contoso.com. 550 No Such User Here. The panel shows the account.",
    ],
    ['a relay', '550 5.7.1 Unable to relay for ana@contoso.com'],
    [
      'above the sentence of a modern report',
      "ana@contoso.com\nYour message wasn't delivered because the address is gone.\n550 5.1.1 unknown",
    ],
    [
      'Postfix, without a reply',
      '<ana@contoso.com>: conversation with mx.contoso.com[203.0.113.9] timed out while sending',
    ],
    ['quoted by a server', '550 5.7.23 <ana@contoso.com>: Recipient address rejected: SPF fail'],
    ['in Chinese', '发送到 ana@contoso.com 的邮件无法送达。状态代码: 550 5.1.10'],
    ['told in a sentence', 'Recipient is ana@contoso.com, answer 550 5.1.1 User unknown'],
    ['whom somebody wrote to', "Remote server returned '550 5.1.1 unknown' when mailing ana@contoso.com."],
    ['what bounces', 'Mail to the public folder ana@contoso.com bounces:\n550 5.2.2 mailbox full'],
    [
      'the report is from the System Administrator',
      `Undeliverable: Offer\nSystem Administrator <IMCEASYSTEM-administrator@fabrikam.com>\n\nDelivery has failed to these recipients or groups:\n\nana@contoso.com\n${rejected}`,
    ],
    ['a support desk that a server names', 'Final-Recipient: rfc822; support@contoso.com\nStatus: 5.1.1'],
  ])('%s', (_, text) => {
    expect(names(text)).toEqual([text.includes('support@') ? 'support@contoso.com' : 'ana@contoso.com']);
  });

  test.each([
    [
      'masked',
      `Delivery has failed to these recipients or groups:\n\n******@contoso.com\n${rejected}`,
      '******@contoso.com',
    ],
    [
      'redacted',
      `Recipient Address: [redacted]@contoso.com\nError: 550 5.7.1 Access denied`,
      '[redacted]@contoso.com',
    ],
    [
      'encoded by Exchange',
      `Delivery has failed to these recipients or groups:\n\nIMCEAEX-_o=ExchangeLabs_cn=Recipients_cn=joe@contoso.com\n#550 5.1.1 RESOLVER.ADR.ExRecipNotFound; not found ##`,
      'IMCEAEX-_o=ExchangeLabs_cn=Recipients_cn=joe@contoso.com',
    ],
    [
      'with spaces that a forum put in',
      `Delivery has failed to these recipients or groups: kim@keyman  .com Your message was rejected. ${rejected}`,
      'kim@keyman  .com',
    ],
    ['with an accent', 'Final-Recipient: rfc822; josé@contoso.com\nStatus: 5.1.1', 'josé@contoso.com'],
    [
      'with an apostrophe',
      "Final-Recipient: rfc822; o'brien@contoso.com\nStatus: 5.1.1",
      "o'brien@contoso.com",
    ],
  ])('%s', (_, text, recipient) => {
    expect(names(text)).toEqual([recipient]);
  });
});

describe('other people are no recipients', () => {
  test.each([
    ['From', `From: carla@woodgrove.com\n${rejected}`],
    ['the sender', `Sender Address: carla@woodgrove.com\nError: 550 5.7.1 Access denied`],
    [
      'MAIL FROM',
      '550 5.7.60 SMTP; Client does not have permissions to send as this sender, MAIL FROM: <carla@woodgrove.com>',
    ],
    ['envelope-from', `${rejected}\n(envelope-from <carla@woodgrove.com>)`],
    ['the mail system', `postmaster@contoso.com\n${rejected}`],
    [
      'mailer-daemon',
      `Delivery has failed to these recipients or groups:\nMAILER-DAEMON@contoso.com\n${rejected}`,
    ],
    ['Microsoft', `MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@contoso.com\n${rejected}`],
    [
      'a contact',
      `${rejected}\nFor help please contact support@contoso.com or forward this message to admin@contoso.com`,
    ],
    [
      'a desk alone in its line',
      `550 5.7.1 Access denied. To be taken off the list, write to\ndelist@contoso.com\n`,
    ],
    [
      'a signature',
      `Hello, can you help me with this error?\n\n${rejected}\n\nThanks\nCarla Roe\ncarla@woodgrove.com\n+1 425 555 0100`,
    ],
    ['a German signature', `${rejected}\n\nMit freundlichen Grüßen\nCarla Roe\ncarla@woodgrove.com`],
    ['a help address in the reply', '550 5.7.1 Message rejected. Contact carla@woodgrove.com for details'],
    [
      'the original message',
      `${rejected}\n\nOriginal message headers:\n\nReceived: from a by b\nTo: carla@woodgrove.com`,
    ],
  ])('%s', (_, text) => {
    expect(names(text)).toEqual([null]);
  });
});

describe('several recipients', () => {
  test('each has the code and the server of its own block', () => {
    const text = `Delivery has failed to these recipients or groups:

Ana Doe (ana@contoso.com)<mailto:ana@contoso.com>
The email address you entered couldn't be found.

bob@fabrikam.com<mailto:bob@fabrikam.com>
Your message wasn't delivered.

Diagnostic information for administrators:

Generating server: DB7PR01MB1234.eurprd01.prod.outlook.com

ana@contoso.com
Remote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found by SMTP address lookup'

bob@fabrikam.com
mx1.fabrikam.com
Remote Server returned '550 5.7.350 Remote server returned message detected as spam -> 554 5.7.1 Spam'

Original message headers:

Received: from A.prod.outlook.com by B.prod.outlook.com with mapi id 15.20.8583.26
From: Carla Roe <carla@woodgrove.com>
Subject: Offer
`;
    const expected = [
      ['ana@contoso.com', '5.1.10', null],
      ['bob@fabrikam.com', '5.7.350', 'mx1.fabrikam.com'],
    ];
    const report = readText(text);
    expect(summary(report)).toEqual(expected);
    expect(report).toMatchObject({
      sender: 'carla@woodgrove.com',
      subject: 'Offer',
      generatingServer: 'DB7PR01MB1234.eurprd01.prod.outlook.com',
    });
    expect(summary(readText(text.replace(/\s+/g, ' ')))).toEqual(expected);
  });

  test('what the first block says of senders is not about the second address', () => {
    const said = "Remote server returned '550 5.7.124 Sender not in allowed-senders list'";
    const text = `Generating server: DB7PR01MB1234.eurprd01.prod.outlook.com\n\nana@contoso.com\n${said}\n\nbob@contoso.com\n${said}`;
    expect(summary(readText(text))).toEqual([
      ['ana@contoso.com', '5.7.124', null],
      ['bob@contoso.com', '5.7.124', null],
    ]);
  });

  test('an alias shares the block of the address it was expanded to', () => {
    const { failures } = readText(
      '<ana@contoso.com> (expanded from <team@contoso.com>): host mx.contoso.com[203.0.113.9] said: 550 Mail not allowed',
    );
    expect(failures.map(({ reply, remoteServer }) => [reply, remoteServer])).toEqual([
      ['550', 'mx.contoso.com'],
      ['550', 'mx.contoso.com'],
    ]);
  });

  test('fields of a delivery report', () => {
    const block = (name: string, code: string): string =>
      `Final-Recipient: rfc822;${name}\nAction: failed\nStatus: ${code}\nRemote-MTA: dns;mx.${name.split('@')[1] ?? ''}\nDiagnostic-Code: smtp;550 ${code} No\n`;
    expect(
      summary(
        readText(
          `Reporting-MTA: dns;out.woodgrove.com\n\n${block('ana@contoso.com', '5.1.1')}\n${block('bob@fabrikam.com', '5.2.2')}`,
        ),
      ),
    ).toEqual([
      ['ana@contoso.com', '5.1.1', 'mx.contoso.com'],
      ['bob@fabrikam.com', '5.2.2', 'mx.fabrikam.com'],
    ]);
  });

  test.each([
    [
      'one reply for all',
      `Delivery has failed to these recipients or groups:\n\nana@contoso.com<mailto:ana@contoso.com>\nbob@contoso.com<mailto:bob@contoso.com>\n`,
      ['ana@contoso.com', 'bob@contoso.com'],
    ],
    [
      'a header with several',
      'X-Failed-Recipients: ana@contoso.com, bob@contoso.com\nStatus: 5.1.1',
      ['ana@contoso.com', 'bob@contoso.com'],
    ],
    [
      'one named twice, in two spellings',
      'Final-Recipient: rfc822;Ana@Contoso.com\nStatus: 5.1.1\n\n<ana@contoso.com>: host mx.contoso.com[203.0.113.9] said: 550 5.1.1 unknown',
      ['ana@contoso.com'],
    ],
    [
      'an alias that was expanded',
      '<ana@contoso.com> (expanded from <team@contoso.com>): host mx.contoso.com[203.0.113.9] said: 550 Unauthenticated mail not allowed',
      ['ana@contoso.com', 'team@contoso.com'],
    ],
  ])('%s', (_, text, expected) => {
    expect(names(text)).toEqual(expected);
  });
});

test.each([
  [
    "Your message can't be delivered. The group Sales Team only accepts messages from people in its organization.",
    'Sales Team',
  ],
  ["The group 'All Staff' isn't set up to receive messages from ana@contoso.com.", 'All Staff'],
  ['550 5.7.124 You need permission. Restricted group: Board', 'Board'],
  ['550 5.7.1 Access denied', null],
])('the restricted group of %j', (text, group) => {
  expect(readText(text).failures[0]?.group ?? null).toBe(group);
});

describe('whom a forwarded report went to did not fail', () => {
  const sentence =
    "Your message to ana@contoso.com couldn't be delivered.\n550 5.7.12 Sender was not authenticated";
  test.each([
    [
      'in the last row of its block',
      `Forwarded message\nDe: postmaster@fabrikam.com\nAsunto: Undeliverable: Offer\nPara: <kim@fabrikam.com>\n\n${sentence}`,
    ],
    [
      'in its link',
      `From: postmaster@fabrikam.com\nTo: Kim Weber <kim@fabrikam.com><mailto:kim@fabrikam.com>\n\n${sentence}`,
    ],
    [
      'where programs begin with the subject',
      `Betreff: Unzustellbar: Angebot\nVon: Mailsystem\nAn: kim@fabrikam.com\n\n${sentence}`,
    ],
    ['in a row alone', `To: kim@fabrikam.com\n\n${sentence}`],
    ['in a row alone, without a gap', `Para: <kim@fabrikam.com>\n${sentence}`],
  ])('%s', (_, text) => {
    expect(names(text)).toEqual(['ana@contoso.com']);
  });
});

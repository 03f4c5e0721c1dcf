import { readText } from '../../src/ndr/read';
import type { Attempt, ReadFailure } from '../../src/ndr/report';

const first = (text: string): ReadFailure | undefined => readText(text).failures[0];
const block = (fields: string): string => `Reporting-MTA: dns;out.woodgrove.com\n\n${fields}`;

describe('action', () => {
  test.each<[string, string, string | null]>([
    ['a field', block('Final-Recipient: rfc822;ana@contoso.com\nAction: failed\nStatus: 5.1.1'), 'failed'],
    ['a delay', block('Final-Recipient: rfc822;ana@contoso.com\nAction: delayed\nStatus: 4.4.7'), 'delayed'],
    ['a relay', block('Final-Recipient: rfc822;ana@contoso.com\nAction: relayed\nStatus: 2.0.0'), 'relayed'],
    [
      'an expansion',
      block('Final-Recipient: rfc822;ana@contoso.com\nAction: expanded (to list)\nStatus: 2.0.0'),
      'expanded',
    ],
    [
      'another word',
      block('Final-Recipient: rfc822;ana@contoso.com\nAction: failure\nStatus: 5.1.1'),
      'failed',
    ],
    ['an unknown word', block('Final-Recipient: rfc822;ana@contoso.com\nAction: eaten\nStatus: 5.1.1'), null],
    [
      'the subject of Exchange',
      'Subject: Delivery delayed:Offer\n\nana@contoso.com\n441 4.4.1 Error communicating with target host',
      'delayed',
    ],
    [
      'Sendmail',
      'Subject: Warning: could not send message for past 4 hours\n\n<ana@contoso.com>\n    (reason: 451 4.4.1 reply: read error)',
      'delayed',
    ],
    [
      'Exim',
      'A message that you sent has not yet been delivered to one or more of its recipients after more than 24 hours\n\n  ana@contoso.com\n    host mx.contoso.com [203.0.113.9]: 451 4.7.1 Greylisted',
      'delayed',
    ],
    ['Gmail', 'Delivery Status Notification (Delay)\n\nana@contoso.com\n450 4.2.1 Try again', 'delayed'],
    [
      'a heading',
      "Delivery has failed to these recipients or groups:\n\nana@contoso.com\nRemote Server returned '550 5.1.1 x y'",
      'failed',
    ],
    [
      'a permanent code wins over words of delay',
      "Your message couldn't be delivered. It has not yet been delivered.\n550 5.1.1 User unknown",
      'failed',
    ],
    ['a code alone', '550 5.7.1 Access denied', null],
  ])('%s', (_, text, action) => {
    expect(first(text)?.action).toBe(action);
  });

  test('a delayed message is a report all the same', () => {
    expect(
      readText(block('Final-Recipient: rfc822;ana@contoso.com\nAction: delayed\nStatus: 4.4.7')),
    ).toMatchObject({
      isNdr: true,
      failures: [{ action: 'delayed' }],
    });
  });

  test.each<[string, string]>([
    [
      'the usual order',
      'Final-Recipient: rfc822;ana@contoso.com\nAction: failed\nStatus: 5.1.1\n\nFinal-Recipient: rfc822;bob@contoso.com\nAction: delayed\nStatus: 4.4.1',
    ],
    [
      'Final-Recipient last (Symantec)',
      'Action: failed\nStatus: 5.1.1\nFinal-Recipient: rfc822;ana@contoso.com\n\nAction: delayed\nStatus: 4.4.1\nFinal-Recipient: rfc822;bob@contoso.com',
    ],
    [
      'empty lines lost',
      'Final-Recipient: rfc822;ana@contoso.com\nAction: failed\nStatus: 5.1.1\nFinal-Recipient: rfc822;bob@contoso.com\nAction: delayed\nStatus: 4.4.1',
    ],
  ])('each recipient its own: %s', (_, fields) => {
    expect(readText(block(fields)).failures.map(({ recipient, action }) => [recipient, action])).toEqual([
      ['ana@contoso.com', 'failed'],
      ['bob@contoso.com', 'delayed'],
    ]);
  });
});

describe('names', () => {
  test('fields', () => {
    expect(
      first(
        block(
          'Original-Recipient: rfc822;info@contoso.com\nFinal-Recipient: rfc822;ana@contoso.com\nAction: failed\nStatus: 5.1.1\nX-Display-Name: Ana Doe',
        ),
      ),
    ).toMatchObject({ originalRecipient: 'info@contoso.com', displayName: 'Ana Doe' });
  });

  test.each<[string, string | null]>([
    ['Ana Doe (ana@contoso.com)<mailto:ana@contoso.com>', 'Ana Doe'],
    ['Ana Doe<mailto:ana@contoso.com>', 'Ana Doe'],
    ["'Ana Doe'<mailto:ana@contoso.com>", 'Ana Doe'],
    ['ana@contoso.com<mailto:ana@contoso.com>', null],
    ['ana@contoso.com', null],
  ])('%s', (chip, name) => {
    const text = `Delivery has failed to these recipients or groups:\n\n${chip}\nThe address wasn't found.\n\nRemote Server returned '550 5.1.1 User unknown'`;
    expect(first(text)).toMatchObject({ recipient: 'ana@contoso.com', displayName: name });
  });

  test('a sentence is no name', () => {
    expect(first("Your message to <ana@contoso.com> couldn't be delivered.")?.displayName).toBeNull();
  });
});

test.each<[string, string, object | null]>([
  [
    'a wrapped reply',
    '550 5.7.350 Remote server returned message detected as spam -> 554 5.7.1 Spam message rejected',
    { reply: '554', code: '5.7.1', text: 'Spam message rejected' },
  ],
  [
    'a wrapped reply without a code',
    '550 5.0.350 Remote server returned an error -> 550 x-dg-ref header is too long',
    { reply: '550', code: null, text: 'x-dg-ref header is too long' },
  ],
  [
    'three',
    '550 5.4.300 Message expired -> 451 4.4.397 Error communicating with target host. -> 421 4.4.2 Connection dropped due to ConnectionReset',
    { reply: '421', code: '4.4.2', text: 'Connection dropped due to ConnectionReset' },
  ],
  [
    'words behind the last reply',
    '550 5.4.300 Message expired -> 451 4.4.0 DNS query failed -> DnsDomainDoesNotExist: InfoDomainNonexistent',
    { reply: '451', code: '4.4.0', text: 'DNS query failed -> DnsDomainDoesNotExist: InfoDomainNonexistent' },
  ],
  [
    'a nested one',
    "Remote Server returned '554 5.7.1 <mx.contoso.com #5.7.1 smtp; 553 5.7.1 Hello, policy analysis reported>'",
    { reply: '553', code: '5.7.1', text: 'Hello, policy analysis reported' },
  ],
  ['nothing wrapped', '550 5.1.1 User unknown', null],
])('the innermost reply: %s', (_, text, innermost) => {
  expect(first(text)?.innermost ?? null).toEqual(innermost);
});

describe('history', () => {
  const lines = (text: string): Attempt[] =>
    first(`Generating server: ex1.fabrikam.com\n\nana@contoso.com\n${text}`)?.history ?? [];

  test('the oldest line that says more than "expired" carries the cause', () => {
    expect(
      lines(
        "3/09/2016 8:05:56 PM - Remote Server at contoso.com (10.1.1.3) returned '550 4.4.7 QUEUE.Expired; message expired'\n3/09/2016 7:58:27 PM - Remote Server at contoso.com (10.1.1.3) returned '441 4.4.1 Error encountered'",
      ),
    ).toEqual([
      {
        date: '3/09/2016 8:05:56 PM',
        server: 'contoso.com',
        ip: '10.1.1.3',
        code: '4.4.7',
        reply: '550',
        text: 'QUEUE.Expired; message expired',
        isCause: false,
      },
      {
        date: '3/09/2016 7:58:27 PM',
        server: 'contoso.com',
        ip: '10.1.1.3',
        code: '4.4.1',
        reply: '441',
        text: 'Error encountered',
        isCause: true,
      },
    ]);
  });

  test.each([
    '03.09.2016 20:05:56',
    '2016/9/3 20:05:56',
    '2016-09-03 20:05',
    '2016/9/3 下午 8:05:56',
    '3.9.2016. 20.05.56',
  ])('a date as written: %s', (date) => {
    expect(lines(`${date} - Server at contoso.com returned '450 4.4.316 Connection refused'`)).toMatchObject([
      { date, server: 'contoso.com', ip: null, code: '4.4.316', isCause: true },
    ]);
  });

  test('only "expired" tells no cause', () => {
    expect(
      lines(
        "3/09/2016 8:05:56 PM - Server at contoso.com returned '550 4.4.7 QUEUE.Expired; message expired'",
      ),
    ).toMatchObject([{ isCause: false }]);
  });

  test('a connector stands where a server is expected; the own server did not refuse', () => {
    const text =
      "Generating server: ex1.fabrikam.com\nReceiving server: ex1.fabrikam.com\n\nana@contoso.com\n1/22/2023 11:33:24 AM - Server at ex1.fabrikam.com returned '550 5.4.300 Message expired'\n1/22/2023 11:32:16 AM - Server at edge connector to internet returned '451 4.4.0 DNS query failed'";
    expect(readText(text)).toMatchObject({
      generatingServer: 'ex1.fabrikam.com',
      remoteServer: 'edge connector to internet',
    });
  });

  test('a message trace', () => {
    expect(
      first(
        'Reason: [{LED=450 4.4.316 Connection refused};{MSG=};{FQDN=mx.contoso.com};{IP=203.0.113.9};{LRT=1/2/2024 3:04:05 PM}]',
      )?.history,
    ).toMatchObject([
      {
        date: '1/2/2024 3:04:05 PM',
        server: 'mx.contoso.com',
        ip: '203.0.113.9',
        code: '4.4.316',
        isCause: true,
      },
    ]);
  });

  test('each recipient its own lines', () => {
    const text = `Generating server: ex1.fabrikam.com\n\nana@contoso.com\n3/09/2016 8:05:56 PM - Server at contoso.com returned '450 4.4.1 No answer here'\n\nbob@woodgrove.com\n3/09/2016 8:05:57 PM - Server at woodgrove.com returned '450 4.4.2 Connection dropped'\n`;
    expect(
      readText(text).failures.map(({ recipient, history }) => [
        recipient,
        history.map(({ server }) => server),
      ]),
    ).toEqual([
      ['ana@contoso.com', ['contoso.com']],
      ['bob@woodgrove.com', ['woodgrove.com']],
    ]);
  });
});

test('dates, help links and the message id, as written', () => {
  expect(
    readText(`Your message to ana@contoso.com couldn't be delivered.
For help see https://go.microsoft.com/fwlink/?LinkId=389363 or https://aka.ms/EXOSmtpErrors, http://go.microsoft.com/fwlink/?LinkId=389363
Created Date: 29.04.2017 23:23:34
Sender Address: carla@fabrikam.com
Error: 550 5.1.10 Not found
Arrival-Date: Sat, 29 Apr 2017 23:23:36 +0000

Original Message Headers
Received: from a by b
Date: Sat, 29 Apr 2017 21:23:33 +0200
Message-ID: <1@fabrikam.com>
`),
  ).toMatchObject({
    dates: {
      created: '29.04.2017 23:23:34',
      arrival: 'Sat, 29 Apr 2017 23:23:36 +0000',
      sent: 'Sat, 29 Apr 2017 21:23:33 +0200',
    },
    helpLinks: ['fwlink/389363', 'aka.ms/EXOSmtpErrors'],
    messageId: '1@fabrikam.com',
  });
});

describe('recipients of older systems', () => {
  test.each([
    ['Exim 3', '|--- Failed addresses follow: ---|\n ana@contoso.com ... unknown host\n'],
    [
      'Sendmail',
      '   ----- Transcript of session follows -----\n<ana@contoso.com>... User unknown\n550 5.1.1 User unknown',
    ],
    [
      'drawn lines of one width',
      `|${'-'.repeat(30)} Message log follows: ${'-'.repeat(19)}|\n no valid recipients were found\n|${'-'.repeat(30)} Failed addresses follow: ${'-'.repeat(15)}|\n ana@contoso.com ... unknown host\n|${'-'.repeat(30)} Message text follows: ${'-'.repeat(18)}|\nReceived: from a by b\n`,
    ],
  ])('%s', (_, text) => {
    expect(readText(text).failures.map(({ recipient }) => recipient)).toEqual(['ana@contoso.com']);
  });

  test('who writes to himself is the recipient where a server says so', () => {
    const text =
      'The following address(es) failed:\n\n  ana@contoso.com\n    SMTP error from remote mail server after RCPT TO:<ana@contoso.com>:\n    550 5.1.1 User unknown\n\n------ This is a copy of the message ------\n\nReturn-path: <ana@contoso.com>\n';
    expect(readText(text)).toMatchObject({
      sender: 'ana@contoso.com',
      failures: [{ recipient: 'ana@contoso.com' }],
    });
  });

  test.each([
    'policy analysis for your MAIL FROM address <carla@woodgrove.com> reported',
    'Client does not have permissions to send as this sender, MAIL FROM: <carla@woodgrove.com>',
  ])('the sender that a refusal quotes: %s', (words) => {
    expect(readText(`550 5.7.1 ${words}`)).toMatchObject({
      sender: 'carla@woodgrove.com',
      failures: [{ recipient: null }],
    });
  });
});

test('a bounce notice of Amazon SES', () => {
  const notice = {
    notificationType: 'Bounce',
    bounce: {
      bounceType: 'Permanent',
      bouncedRecipients: [
        {
          emailAddress: 'ana@contoso.com',
          action: 'failed',
          status: '5.1.1',
          diagnosticCode: 'smtp; 550 5.1.1 user unknown',
        },
      ],
      reportingMTA: 'dns; a8-70.smtp-out.amazonses.com',
    },
  };
  for (const text of [JSON.stringify(notice), JSON.stringify(notice, null, 2)])
    expect(readText(text)).toMatchObject({
      isNdr: true,
      failures: [{ code: '5.1.1', reply: '550', recipient: 'ana@contoso.com' }],
    });
});

import { readAll } from '../../src/ndr/file';
import type { MailKind } from '../../src/ndr/nature';

const encoded = (text: string): string => `=?UTF-8?B?${Buffer.from(text, 'utf8').toString('base64')}?=`;
const mail = (headers: readonly string[], body: string): Uint8Array =>
  Buffer.from(
    `${['Date: Thu, 19 Nov 2026 10:00:00 +0000', 'Message-ID: <1@fabrikam.com>', ...headers].join('\n')}\n\n${body}\n`,
    'utf8',
  );
const person = ['From: Ann <ann@fabrikam.com>', 'To: bob@contoso.com'];
const system = [
  'From: Mail Delivery System <MAILER-DAEMON@mx.contoso.com>',
  'To: ann@fabrikam.com',
  'Return-Path: <>',
];

const multipart = (reportType: string, machine: string, words = 'See below.'): readonly [string, string] => [
  `Content-Type: multipart/report; report-type=${reportType}; boundary="b"`,
  `--b\nContent-Type: text/plain\n\n${words}\n--b\nContent-Type: message/${reportType === 'feedback-report' ? 'feedback-report' : reportType}\n\n${machine}\n--b\nContent-Type: message/rfc822\n\nFrom: ann@fabrikam.com\nSubject: Plans\n\nHello\n--b--`,
];
const dsn = (action: string, status: string): string =>
  `Reporting-MTA: dns; mx.contoso.com\n\nFinal-Recipient: rfc822; bob@contoso.com\nAction: ${action}\nStatus: ${status}\n${action === 'failed' || action === 'delayed' ? `Diagnostic-Code: smtp; ${status.startsWith('4') ? '451' : '550'} ${status} No such user\n` : ''}`;

const numbers =
  'Call +49 550 571 or (555) 550-5711, version 5.7.1 of 5.5.2026, ticket 550 5.1.1, build 4.4.7.';
const parcel = `Your parcel could not be delivered.\n\nWe were not able to deliver your message parcel 550 5.7.1 today. Delivery status notification: failed. Pay 1.99 to ann@fabrikam.com.`;

describe('no bounce, whatever stands in it', () => {
  test.each<[string, MailKind, readonly string[], string]>([
    [
      'ARF',
      'feedback',
      [...person, 'Subject: abuse', multipart('feedback-report', '')[0]],
      multipart(
        'feedback-report',
        'Feedback-Type: abuse\nUser-Agent: x/1.0\nFinal-Recipient: rfc822; a@b.example\nStatus: 5.7.1',
        numbers,
      )[1],
    ],
    [
      'MDN',
      'readReceipt',
      [...person, 'Subject: x', multipart('disposition-notification', '')[0]],
      multipart(
        'disposition-notification',
        'Final-Recipient: rfc822; bob@contoso.com\nDisposition: manual-action/MDN-sent-manually; displayed',
      )[1],
    ],
    ['read receipt by its subject', 'readReceipt', [...system, 'Subject: Read: Plans'], numbers],
    ['read receipt, German', 'readReceipt', [...person, `Subject: ${encoded('Gelesen: Pläne')}`], numbers],
    ['recall', 'recall', [...person, 'Subject: Recall: Plans'], numbers],
    [
      'success DSN',
      'delivered',
      [...system, 'Subject: Successful Mail Delivery Report', multipart('delivery-status', '')[0]],
      multipart('delivery-status', dsn('delivered', '2.0.0'))[1],
    ],
    [
      'relayed DSN',
      'delivered',
      [...system, 'Subject: Relayed: Plans', multipart('delivery-status', '')[0]],
      multipart('delivery-status', dsn('relayed', '2.1.9'))[1],
    ],
    [
      'delivered, without a machine part',
      'delivered',
      ['From: Microsoft Outlook <postmaster@contoso.com>', 'Subject: Delivered: Plans'],
      'Your message has been delivered to the following recipients: bob@contoso.com',
    ],
    [
      'vacation, RFC 3834',
      'autoReply',
      [...person, 'Subject: Re: Plans', 'Auto-Submitted: auto-replied'],
      numbers,
    ],
    [
      'vacation, empty return path',
      'autoReply',
      [...person, 'Return-Path: <>', 'Auto-Submitted: auto-replied (vacation)', 'Subject: Plans'],
      numbers,
    ],
    ['vacation, English', 'autoReply', [...person, 'Subject: Automatic reply: Plans'], numbers],
    ['vacation, German', 'autoReply', [...person, 'Subject: Automatische Antwort: Angebot'], numbers],
    ['vacation, German, old', 'autoReply', [...person, 'Subject: Abwesenheitsnotiz: Angebot'], numbers],
    [
      'vacation, French',
      'autoReply',
      [...person, `Subject: ${encoded('Réponse automatique : Offre')}`],
      numbers,
    ],
    [
      'vacation, French, quoted-printable',
      'autoReply',
      [...person, 'Subject: =?iso-8859-1?Q?R=E9ponse_automatique_=3A_Offre?='],
      numbers,
    ],
    ['vacation, Japanese', 'autoReply', [...person, `Subject: ${encoded('自動応答: 計画')}`], numbers],
    [
      'vacation, Spanish',
      'autoReply',
      [...person, `Subject: ${encoded('Respuesta automática: Plan')}`],
      numbers,
    ],
    [
      'out of office from the postmaster with a number',
      'autoReply',
      [...system, 'Subject: Out of Office: Plans'],
      numbers,
    ],
    ['vacation by an old header', 'autoReply', [...person, 'Subject: Plans', 'X-Autoreply: yes'], numbers],
    [
      'newsletter',
      'mail',
      [
        'From: Parcels <info@parcels.example>',
        'Subject: Delivery failure: your parcel',
        'List-Unsubscribe: <mailto:u@parcels.example>',
      ],
      parcel,
    ],
    [
      'spam that plays a parcel service',
      'mail',
      ['From: Parcels <info@parcels.example>', 'Subject: Your parcel could not be delivered'],
      parcel,
    ],
    [
      'release notes',
      'mail',
      [...person, 'Subject: Version 5.7.1 is out'],
      `We released 5.7.1 today. Error 550 5.7.1 is fixed.\n${numbers}`,
    ],
    [
      'mailing list digest',
      'mail',
      [
        'From: users-request@lists.example',
        'Subject: Users Digest, Vol 12, Issue 3',
        'List-Id: <users.lists.example>',
      ],
      `> Diagnostic-Code: smtp; 550 5.7.1 Unable to relay\nFinal-Recipient: rfc822; a@b.example\n`,
    ],
    ['accepted meeting', 'calendar', [...person, 'Subject: Accepted: Postmaster meeting 5.7.1'], numbers],
    [
      'declined meeting from a mailbox called postmaster',
      'calendar',
      ['From: postmaster@contoso.com', 'Subject: Declined: Mail migration'],
      numbers,
    ],
    [
      'calendar reply',
      'calendar',
      [...person, 'Subject: Plans', 'Content-Type: text/calendar; method=REPLY'],
      `BEGIN:VCALENDAR\nDESCRIPTION:550 5.7.1\nEND:VCALENDAR`,
    ],
    ['a person asks', 'mail', [...person, 'Subject: question'], 'What does 550 5.7.1 mean?'],
    ['an invoice', 'mail', [...person, 'Subject: Invoice 5.1.10'], `Your total: 550 5.7.1\n${numbers}`],
  ])('%s', (_, kind, headers, body) => {
    const [reading] = readAll(mail(headers, body));
    expect(reading).toMatchObject({ kind, report: { isNdr: false, failures: [] } });
  });
});

const exchange = `Delivery has failed to these recipients or groups:\n\nbob@contoso.com\nDiagnostic information for administrators:\nGenerating server: mx.contoso.com\nbob@contoso.com\nRemote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found'`;

describe('every kind of bounce stays one', () => {
  test.each<[string, readonly string[], string, string | null]>([
    [
      'failed DSN',
      [...system, 'Subject: Undelivered Mail', multipart('delivery-status', '')[0]],
      multipart('delivery-status', dsn('failed', '5.1.1'))[1],
      '5.1.1',
    ],
    [
      'delayed DSN',
      [...system, 'Subject: Delivery delayed', multipart('delivery-status', '')[0]],
      multipart('delivery-status', dsn('delayed', '4.4.1'))[1],
      '4.4.1',
    ],
    [
      'one delivered, one failed',
      [...system, 'Subject: Report', multipart('delivery-status', '')[0]],
      multipart('delivery-status', `${dsn('delivered', '2.0.0')}\n${dsn('failed', '5.1.1')}`)[1],
      '5.1.1',
    ],
    [
      'failed DSN marked as auto-replied',
      [...person, 'Auto-Submitted: auto-replied', 'Subject: Plans', multipart('delivery-status', '')[0]],
      multipart('delivery-status', dsn('failed', '5.1.1'))[1],
      '5.1.1',
    ],
    [
      'failed DSN about a vacation reply',
      [...system, 'Subject: Automatic reply: Plans', multipart('delivery-status', '')[0]],
      multipart('delivery-status', dsn('failed', '5.1.1'))[1],
      '5.1.1',
    ],
    [
      'failed DSN on a mailing list',
      [...system, 'List-Id: <a.example>', 'Subject: x', multipart('delivery-status', '')[0]],
      multipart('delivery-status', dsn('failed', '5.1.1'))[1],
      '5.1.1',
    ],
    [
      'Exchange without a machine part',
      [
        'From: Microsoft Outlook <x@contoso.com>',
        'Auto-Submitted: auto-replied',
        'X-MS-Exchange-Message-Is-Ndr:',
        'Subject: Undeliverable: Plans',
      ],
      exchange,
      '5.1.10',
    ],
    ['by the subject alone', ['From: help@contoso.com', 'Subject: Undeliverable: Plans'], exchange, '5.1.10'],
    ['by the sender alone', [...system, 'Subject: Plans'], exchange, '5.1.10'],
    [
      'Exim',
      [
        'From: Mail Delivery System <Mailer-Daemon@mx.example>',
        'X-Failed-Recipients: bob@contoso.com',
        'Subject: Mail delivery failed: returning message to sender',
      ],
      'This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its recipients.\n\nThis is a copy of the message, including all the headers.\n\nFrom: ann@fabrikam.com\nSubject: Plans',
      null,
    ],
    [
      'forwarded by a person',
      [...person, 'Subject: FW: Undeliverable: Plans'],
      `Look at this\n\n${exchange}`,
      '5.1.10',
    ],
    [
      'forwarded with quote marks',
      [...person, 'Subject: what is this'],
      exchange.replace(/^/gm, '> '),
      '5.1.10',
    ],
    [
      'forwarded as an attachment',
      [...person, 'Subject: what is this', 'Content-Type: multipart/mixed; boundary=z'],
      `--z\nContent-Type: text/plain\n\nSee attachment, version 5.7.1\n--z\nContent-Type: message/rfc822\n\nFrom: postmaster@contoso.com\nSubject: Undeliverable: Plans\n\n${exchange}\n--z--`,
      '5.1.10',
    ],
    [
      'forwarded as a file',
      [...person, 'Subject: what is this', 'Content-Type: multipart/mixed; boundary=z'],
      `--z\nContent-Type: text/plain\n\nSee attachment\n--z\nContent-Type: application/octet-stream; name="Undeliverable.eml"\nContent-Disposition: attachment; filename="Undeliverable.eml"\nContent-Transfer-Encoding: base64\n\n${Buffer.from(`From: postmaster@contoso.com\nSubject: Undeliverable: Plans\n\n${exchange}`).toString('base64')}\n--z--`,
      '5.1.10',
    ],
    [
      'the only text is called an attachment',
      [...system, 'Subject: Undelivered', 'Content-Type: text/plain', 'Content-Disposition: attachment'],
      exchange,
      '5.1.10',
    ],
    [
      'machine part renamed by a gateway',
      [...system, 'Subject: Undelivered', 'Content-Type: multipart/mixed; boundary=z'],
      `--z\nContent-Type: text/plain\n\nYour message was not delivered.\n--z\nContent-Type: application/octet-stream; name="details.txt"\nContent-Disposition: attachment\nContent-Transfer-Encoding: base64\n\n${Buffer.from(dsn('failed', '5.1.1')).toString('base64')}\n--z--`,
      '5.1.1',
    ],
  ])('%s', (_, headers, body, code) => {
    const [reading] = readAll(mail(headers, body));
    expect(reading).toMatchObject({ kind: 'report', report: { isNdr: true } });
    expect(reading?.report.failures[0]?.code ?? null).toBe(code);
    expect(reading?.report.failures.map(({ recipient }) => recipient)).toContain('bob@contoso.com');
  });

  test('what a machine says is read although the text ends in a copy of the message', () => {
    const words = 'Sorry.\n\nThis is a copy of your message:\nFrom: ann@fabrikam.com';
    const [head, body] = multipart('delivery-status', dsn('failed', '5.1.1'), words);
    const [reading] = readAll(mail([...system, 'Subject: x', head], body));
    expect(reading?.report.failures).toMatchObject([{ code: '5.1.1', recipient: 'bob@contoso.com' }]);
  });
});

import { readText } from '../../src/ndr/read';

const parties = (text: string): [sender: string | null, recipients: (string | null)[]] => {
  const { sender, failures } = readText(text);
  return [sender, failures.map(({ recipient }) => recipient)];
};

describe('an address in a refusing reply, or in front of one', () => {
  test.each([
    '550 5.4.1 [bob@contoso.com]: Recipient address rejected: Access denied',
    '550 5.4.1 [bob@contoso.com]: Recipient address rejected: Access denied. [VE1EUR01FT031.eop-EUR01.prod.protection.outlook.com 2025-09-02T07:41:10.001Z 08DDE92A5A0B1C5D]',
    '550 5.4.1 bob@contoso.com: Recipient address rejected: Access denied',
    '554 5.1.1 [bob@contoso.com] user unknown',
    "smtplib.SMTPRecipientsRefused: {'bob@contoso.com': (550, b'5.7.1 Unable to relay')}",
    'Your message to the distribution list bob@contoso.com was refused: 550 5.7.1 RESOLVER.RST.NotAuthorized',
    '550 No such user here (bob@contoso.com)',
    'said: 550 5.1.1 bob@contoso.com Recipient not found',
    '550 5.1.1 <bob@contoso.com> User unknown; rejecting',
    '550 <bob@contoso.com> No such user here',
    '550 5.1.1 The email account that you tried to reach does not exist (bob@contoso.com)',
    "554 delivery error: dd This user doesn't have a contoso.com account (bob@contoso.com) [-9] - mta1.mail.yahoo.com",
    '550-5.1.1 User bob@contoso.com does not exist.',
    '550 5.2.1 bob@contoso.com mailbox disabled',
    '452 4.2.2 The email account bob@contoso.com is over quota',
    '552 5.2.2 <bob@contoso.com>... Mailbox full',
    '550 Unknown recipient bob@contoso.com',
    '554 5.7.1 <bob@contoso.com>: Relay access denied',
    '451 4.7.1 <bob@contoso.com>: Recipient address rejected: Greylisted',
    'bob@contoso.com: 550 5.1.1 User unknown',
    'bob@contoso.com rejected with 550 5.1.1 User unknown',
    '550 5.7.1 The sender is not allowed to send to the group bob@contoso.com',
    '550 5.7.1 Message from ann@fabrikam.com to bob@contoso.com rejected by policy',
    'Error: 550 5.1.1 RESOLVER.ADR.RecipNotFound; not found: bob@contoso.com',
    '550 #5.1.0 Address rejected bob@contoso.com',
    '511 5.1.1 unknown address or alias: bob@contoso.com',
    '550 5.1.1 bob@contoso.com... User unknown, please contact postmaster@contoso.com',
    '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient bob@contoso.com not found by SMTP address lookup',
    '550 Requested action not taken: mailbox unavailable for bob@contoso.com. For help visit postmaster@contoso.com',
    'status=bounced (550 5.1.1 bob@contoso.com: Email address could not be found, or was misspelled (G8))',
    '550 5.1.1 <bob@contoso.com>: Email address could not be found, or was misspelled. Please contact support@contoso.com',
    'The mail server responded: 550 Invalid recipient <bob@contoso.com> (#5.1.1)',
  ])('is the recipient: %s', (text) => {
    expect(parties(text)[1]).toEqual(['bob@contoso.com']);
  });

  test.each([
    '550 5.7.1 <bob@contoso.com>: Sender address rejected: not owned by user',
    '550 5.7.60 SMTP; Client does not have permissions to send as this sender bob@contoso.com',
    '550 5.1.8 Access denied, bad outbound sender bob@contoso.com',
    '5.1.8 Access denied, bad outbound sender bob@contoso.com',
    '550 5.7.1 bob@contoso.com is not allowed to send from this host',
    '501 5.1.8 <bob@contoso.com>... Domain of sender address bob@contoso.com does not exist',
    '550 Verification failed for <bob@contoso.com>',
    '553 5.7.1 <bob@contoso.com>: Sender address rejected: not logged in',
    '550 5.7.1 SPF check failed for bob@contoso.com',
    '535 5.7.8 Error: authentication failed for bob@contoso.com',
    '550 5.7.1 Mail from bob@contoso.com blocked by policy',
    '554 5.2.252 SendAsDenied; bob@contoso.com not allowed to send as ann@contoso.com',
    '550 5.7.1 Access denied. I wrote from bob@contoso.com yesterday',
    '550 5.7.1 Sender bob@contoso.com not authorized',
    'host mx.contoso.com[192.0.2.1] said: 550 5.7.1 <bob@contoso.com> rejected (in reply to MAIL FROM command)',
    '550 5.1.7 [bob@contoso.com] invalid address',
  ])('is the sender where the words say so: %s', (text) => {
    expect(parties(text)).toEqual(['bob@contoso.com', [null]]);
  });

  test.each([
    '550 5.7.1 Service unavailable, Client host [192.0.2.1] blocked; write to delist@microsoft.com',
    '550 5.7.606 Access denied, banned sending IP [192.0.2.1]. To request removal from this list please forward this message to delist@messaging.microsoft.com',
    '550 5.7.1 SPF fail, see http://www.openspf.net/Why?s=mfrom;id=bob@contoso.com;ip=192.0.2.1',
    '550 5.7.1 Message rejected. Message-ID: <abc.123@contoso.com>',
    '550 5.1.6 Recipient has moved to bob@contoso.com',
    '551 5.1.6 User not local; please try <bob@contoso.com>',
    '550 5.7.1 rejected, contact bob@contoso.com',
    '554 5.7.1 Blocked. Please email bob@contoso.com to be whitelisted',
    'I get 550 5.7.708 Access denied, traffic not accepted from this IP. Our address is bob@contoso.com',
    'Our user bob@contoso.com gets 550 5.7.708 Access denied, traffic not accepted from this IP',
    "550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent. Please contact your Internet service provider. For questions ask bob@contoso.com",
    '550 5.7.0 Local Policy Violation - ticket 4711@contoso.com',
    '554 5.7.1 complaints to bob@contoso.com',
  ])('is neither: %s', (text) => {
    expect(parties(text)).toEqual([null, [null]]);
  });
});

test.each<[text: string, sender: string | null, recipient: string | null]>([
  ['553 5.7.1 <info@contoso.com>: Sender address rejected: not owned by user kim', 'info@contoso.com', null],
  [
    '553 5.7.1 <ann@fabrikam.com>: Sender address rejected: not owned by user kim@fabrikam.com',
    'ann@fabrikam.com',
    null,
  ],
  ['550 5.7.1 <info@contoso.com>: Access denied', null, 'info@contoso.com'],
  ['550 5.7.1 <delist@contoso.com>: Access denied', null, 'delist@contoso.com'],
  ['550 5.7.1 Access denied, write to <info@contoso.com>', null, null],
])('whoever a refusal begins with is refused, by whatever name: %s', (text, sender, recipient) => {
  expect(parties(text)).toEqual([sender, [recipient]]);
});

test.each<[text: string, sender: string | null]>([
  ['A mail from our scanner fails:\n550 5.1.1 <bob@contoso.com> User unknown', null],
  ['Mail from: ann@fabrikam.com\nTo: bob@contoso.com\n550 5.1.1 <bob@contoso.com> User unknown', null],
  [
    'MAIL FROM:<ann@fabrikam.com>\n250 OK\nRCPT TO:<bob@contoso.com>\n550 5.1.1 <bob@contoso.com>',
    'ann@fabrikam.com',
  ],
])('what stands behind other words of mail is no answer to its sender: %j', (text, sender) => {
  expect(parties(text)).toEqual([sender, ['bob@contoso.com']]);
});

test.each([
  'SMTP error from remote mail server after MAIL FROM:<bob@contoso.com> SIZE=2048:\n550 5.7.1 <bob@contoso.com> refused',
  '>>> MAIL From:<bob@contoso.com> SIZE=2048\n<<< 550 5.7.1 <bob@contoso.com> refused',
])('an answer to the command that names the sender: %j', (text) => {
  expect(parties(text)).toEqual(['bob@contoso.com', [null]]);
});

test.each([
  ['We get error number 550-5.7.1 from the server', '5.7.1'],
  ['Fehler Nr. 550-5.7.1 beim Senden', '5.7.1'],
  ['Invoice number 550-5.7.1 was mailed', undefined],
])('what is numbered: %s', (text, code) => {
  expect(readText(text).failures[0]?.code).toBe(code);
});

test('two replies of one line each name their own recipients', () => {
  const { failures } = readText(
    '550 5.1.1 <ana@contoso.com>: Recipient address rejected: User unknown\n552 5.2.2 <bob@contoso.com>: mailbox is full',
  );
  expect(failures.map(({ recipient, code }) => [recipient, code])).toEqual([
    ['ana@contoso.com', '5.1.1'],
    ['bob@contoso.com', '5.2.2'],
  ]);
});

test('Python names each recipient in front of what it was answered', () => {
  const { failures } = readText(
    "smtplib.SMTPRecipientsRefused: {'ana@contoso.com': (550, b'5.1.1 User unknown'), 'bob@contoso.com': (552, b'5.2.2 Mailbox full')}",
  );
  expect(failures.map(({ recipient, code }) => [recipient, code])).toEqual([
    ['ana@contoso.com', '5.1.1'],
    ['bob@contoso.com', '5.2.2'],
  ]);
});

test.each([
  'Order kim@adatum.com: 550 mail boxes, 12 servers, delivery in May',
  'Seats: kim@adatum.com: 550 messages sent to users last month',
  'Error (500 mails) in the import of users, see kim@adatum.com',
  'status=bounced (the cheque, not the mail)',
  'Erreur (404) sur la page des messages',
  "error (502) when I open the mail server's page",
  'HTTP error: 502 Bad Gateway on the message service',
  'fyi 5.1.1 of the contract says mail counts as delivered',
])('a number that counts, or an error of the web, is no reply: %s', (text) => {
  expect(readText(text)).toMatchObject({ isNdr: false, failures: [] });
});

test('the sender that a refusal names behind the recipient', () => {
  expect(
    parties(
      '550 5.7.1 <bob@contoso.com>: Sender ann@fabrikam.com is not authorized to send to this recipient',
    ),
  ).toEqual(['ann@fabrikam.com', ['bob@contoso.com']]);
});

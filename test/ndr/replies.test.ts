import { findReplies } from '../../src/ndr/replies';
import { readText } from '../../src/ndr/read';

test.each([
  [
    'lines of one reply',
    '550-5.7.26 Your mail is not authenticated. 550-5.7.26 See the help. 550 5.7.26 abc - gsmtp',
    [['550', '5.7.26']],
    'Your mail is not authenticated. See the help. abc - gsmtp',
  ],
  [
    'lines of one reply, with breaks',
    '550-5.7.26 Your mail is\n550-5.7.26 not authenticated.\n550 5.7.26 abc - gsmtp',
    [['550', '5.7.26']],
    'Your mail is not authenticated. abc - gsmtp',
  ],
  [
    'Exchange 2007',
    '#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##',
    [['550', '5.1.1']],
    'RESOLVER.ADR.RecipNotFound; not found',
  ],
  [
    'with the address behind',
    '#550 5.7.1 RESOLVER.RST.AuthRequired; authentication required ##rfc822;ana@contoso.com',
    [['550', '5.7.1']],
    'RESOLVER.RST.AuthRequired; authentication required',
  ],
  [
    'a foreign server in brackets',
    '#<mx.fabrikam.com #5.7.1 smtp;530 5.7.1 Client was not authenticated> #SMTP#',
    [['530', '5.7.1']],
    'Client was not authenticated',
  ],
  [
    'without the server',
    '#< #5.7.1 smtp;550 5.7.1 TRANSPORT.RULES.RejectMessage; rejected by policy> #SMTP#',
    [['550', '5.7.1']],
    'TRANSPORT.RULES.RejectMessage; rejected by policy',
  ],
  [
    'a wrapped reply',
    "Remote server returned '550 5.7.350 Remote server returned message detected as spam -> 554 5.7.1 Spam'",
    [
      ['550', '5.7.350'],
      ['554', '5.7.1'],
    ],
    'Remote server returned message detected as spam -> 554 5.7.1 Spam',
  ],
  [
    'three wrapped replies',
    '550 5.4.300 Message expired -> 451 4.4.397 Error communicating with target host. -> 421 4.4.2 Connection dropped',
    [
      ['550', '5.4.300'],
      ['451', '4.4.397'],
      ['421', '4.4.2'],
    ],
    'Message expired -> 451 4.4.397 Error communicating with target host. -> 421 4.4.2 Connection dropped',
  ],
  [
    'dated attempts',
    "3/09/2016 8:05:56 PM - Remote Server at d.com (10.1.1.3) returned '550 4.4.7 QUEUE.Expired; message expired'\n3/09/2016 7:58:27 PM - Remote Server at d.com (10.1.1.3) returned '441 4.4.1 Error encountered'",
    [
      ['550', '4.4.7'],
      ['441', '4.4.1'],
    ],
    'QUEUE.Expired; message expired',
  ],
  [
    'a message trace',
    'Reason: [{LED=550 5.7.1 Service unavailable};{MSG=};{FQDN=mx.fabrikam.com};{IP=203.0.113.9};{LRT=1/2/2024 3:04:05 PM}]',
    [['550', '5.7.1']],
    'Service unavailable',
  ],
  [
    'a tracking log',
    'RecipientStatus : {[{LED=550-5.7.26 This mail has been blocked because the sender is unauthenticated.};{MSG=}]}',
    [['550', '5.7.26']],
    'This mail has been blocked because the sender is unauthenticated.',
  ],
  [
    'a transcript of Sendmail',
    '>>> DATA\n<<< 550 5.7.509 Access denied, sending domain does not pass DMARC\n554 5.0.0 Service unavailable',
    [
      ['550', '5.7.509'],
      ['554', '5.0.0'],
    ],
    'Access denied, sending domain does not pass DMARC 554 5.0.0 Service unavailable',
  ],
  [
    'a log of Postfix',
    'to=<ana@contoso.com>, dsn=5.4.1, status=bounced (host mx.contoso.com[203.0.113.9] said: 550 5.4.1 Recipient address rejected: Access denied (in reply to RCPT TO command))',
    [['550', '5.4.1']],
    'Recipient address rejected: Access denied',
  ],
  [
    'an inner reply in quotes',
    "550 5.7.0 Proxy session setup failed on Frontend with '554 5.4.4 SMTPSEND.DNS.NonExistentDomain; nonexistent domain'",
    [
      ['554', '5.4.4'],
      ['550', '5.7.0'],
    ],
    'SMTPSEND.DNS.NonExistentDomain; nonexistent domain',
  ],
  [
    'Status 5.0.0 and the truth in the words',
    'Final-Recipient: rfc822;ana@contoso.com\nAction: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550 5.7.606 Access denied, banned sending IP [203.0.113.9]',
    [
      ['550', '5.7.606'],
      [null, '5.0.0'],
    ],
    'Access denied, banned sending IP [203.0.113.9]',
  ],
  [
    'Status 5.0.0 and no code in the words',
    'Final-Recipient: rfc822;ana@contoso.com\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550 User unknown here',
    [['550', '5.0.0']],
    'User unknown here',
  ],
  [
    'spaced by a text cleaner',
    'The reason for the problem:. 5. 1. 0 - Unknown address error 550-Invalid recipient',
    [[null, '5.1.0']],
    'Unknown address error 550-Invalid recipient',
  ],
])('%s', (_, text, replies, diagnostic) => {
  const [failure] = readText(text).failures;
  expect({ code: failure?.code, reply: failure?.reply, diagnostic: failure?.diagnostic }).toEqual({
    reply: replies[0]?.[0],
    code: replies[0]?.[1],
    diagnostic,
  });
  const seen = failure?.replies.map(({ code }) => code) ?? [];
  expect(seen).toEqual(expect.arrayContaining(replies.slice(1).map(([, code]) => code)));
});

test('positions point at the reply in the body', () => {
  const report = readText("\ufeff> Remote Server returned '550 5.7.708 Service unavailable'");
  const at = report.failures[0]?.replies[0]?.at ?? -1;
  expect(report.body.slice(at, at + 11)).toBe('550 5.7.708');
});

test.each([
  ['SMTP error from remote mail server after RCPT TO:<ana@contoso.com>:\n    550 unknown user', 1],
  ['host mx.contoso.com[203.0.113.9] said: 550\n    mailbox unavailable', 1],
  ['said: 554 30 Sorry, this mailbox is disabled', 1],
  ['550 people came to the party', 0],
  ['550 invitations were printed today', 0],
  ['550 permanent failure for one or more recipients', 1],
  ['we sold 550 - all of them', 0],
  ['Error: 550 Requested action not taken: mailbox unavailable', 1],
  ['Server said: 421 Too many connections from your host', 1],
])('a reply without an enhanced code: %j', (text, count) => {
  expect(findReplies(text)).toHaveLength(count);
});

test('what Sendmail concludes from a refusal is no reply of a server', () => {
  const [failure] = readText(
    '   ----- Transcript of session follows -----\n... while talking to mx.contoso.com.:\n>>> RCPT To:<ana@contoso.com>\n<<< 550 5.7.1 <ana@contoso.com>... Relaying denied\n550 5.1.1 <ana@contoso.com>... User unknown',
  ).failures;
  expect(failure?.replies.map(({ code, text }) => [code, text])).toEqual([
    ['5.7.1', '<ana@contoso.com>... Relaying denied'],
  ]);
});

test('the deciding reply stands first, all others behind it', () => {
  const [failure] = readText('Status: 5.0.0\nDiagnostic-Code: smtp;550 5.7.26 Unauthenticated mail').failures;
  expect(failure?.replies.map(({ code }) => code)).toEqual(['5.7.26', '5.0.0']);
});

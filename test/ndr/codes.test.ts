import { readText } from '../../src/ndr/read';

const codesOf = (text: string): (string | null)[] => readText(text).failures.map(({ code }) => code);

describe('a code alone is read, and is not a bounce', () => {
  test.each([
    ['5.7.124', null, '5.7.124'],
    ['550 5.7.124', '550', '5.7.124'],
    ['550-5.7.124', '550', '5.7.124'],
    ['550, 5.7.124', '550', '5.7.124'],
    ['550:5.7.124', '550', '5.7.124'],
    ['#5.7.124', null, '5.7.124'],
    ['#550 5.7.124', '550', '5.7.124'],
    ['code 5.7.1?', null, '5.7.1'],
    ['what does 5.7.124 mean', null, '5.7.124'],
    ['What does 5.7.124 mean?', null, '5.7.124'],
    ['Why do I get 550 5.7.708 when I send?', '550', '5.7.708'],
    ['NDR 5.1.10', null, '5.1.10'],
    ['error code: 550 5.7.705', '550', '5.7.705'],
    ['Error 5.7.57', null, '5.7.57'],
    ['I get 5.4.14', null, '5.4.14'],
    ['(5.4.1)', null, '5.4.1'],
    ['[5.4.1]', null, '5.4.1'],
    ['“5.4.1”', null, '5.4.1'],
    ['5.7.1.', null, '5.7.1'],
    ['5.7.1!', null, '5.7.1'],
    ['  5.7.1  \n', null, '5.7.1'],
    ['\ufeff5.7.1', null, '5.7.1'],
    ['550\u00a05.7.1', '550', '5.7.1'],
    ['５５０　５．７．１', '550', '5.7.1'],
    ['550\n5.7.1', '550', '5.7.1'],
    ['status=5.7.1', null, '5.7.1'],
    ['Was bedeutet 5.7.1?', null, '5.7.1'],
    ['550 5.7.001', '550', '5.7.1'],
    // Read from a picture by a machine.
    ['55O 5.7.l', '550', '5.7.1'],
    ['5SO 5.1.1O', '550', '5.1.10'],
    ['4.4.7', null, '4.4.7'],
    // With thanks, a name or a signature below.
    ['Is 4.4.7 something I must fix or does it go away by itself?\n\nThanks,\nLee', null, '4.4.7'],
    ['Is 4.4.7 something I must fix or does it go away by itself? Thanks!', null, '4.4.7'],
    [
      'What is the right fix for a 5.7.705, do I raise a ticket?\n\n-- \nLee Kim | Support | lee@contoso.com | +49 30 5550123',
      null,
      '5.7.705',
    ],
    ['5.7.124\n\nViele Grüße\nLee Kim\nAbteilung für elektronische Post', null, '5.7.124'],
    ['550', '550', null],
    ['error 421?', '421', null],
  ])('%j → %s %s', (text, reply, code) => {
    const report = readText(text);
    expect(report.failures).toMatchObject([{ reply, code, recipient: null }]);
    expect(report.isNdr).toBe(false);
  });

  test.each(['5.7.124', '550 5.7.124', 'what does 5.7.124 mean', 'code 5.7.1?', '5.7.1!', '“5.4.1”'])(
    '%j says nothing a server said',
    (text) => {
      expect(readText(text).failures[0]?.diagnostic).toBeNull();
    },
  );
});

test.each([
  'Our app moved to 5.7.1. Thanks for all!',
  'Version 5.7.1.\nThanks',
  'Is the fix in? Thanks! It went out with 5.7.1 of the server',
])('thanks make no question: %j', (text) => {
  expect(readText(text).failures).toEqual([]);
});

test.each([
  ['How do I fix 5.7.1 errors in general? Is there a guide for all of them?', '5.7.1'],
  ['Our PHP is 5.5.4, MySQL 5.7.44, and we get 5.1.1 for every mail', '5.1.1'],
  ['Fehler 5.7.1 kommt seit gestern immer wieder, was kann ich tun?', '5.7.1'],
  ['5.7.520 keeps appearing for my forwarding rule. My manager wants the numbers elsewhere.', '5.7.520'],
  ['error 5.7.1 since yesterday morning, what can be done about it?', '5.7.1'],
])('a code asked about: %j', (text, code) => {
  expect(codesOf(text)).toEqual([code]);
});

test.each([
  ['5.7.1, 5.1.10 and 4.4.7', ['5.7.1', '5.1.10', '4.4.7']],
  ['5.7.1 or 5.1.10?', ['5.7.1', '5.1.10']],
  ['4.4.7\n4.4.316', ['4.4.7', '4.4.316']],
  ['550 5.7.705 / 550 5.7.708', ['5.7.705', '5.7.708']],
  ['5.7.1 5.7.1', ['5.7.1']],
])('several codes alone: %j', (text, codes) => {
  expect(codesOf(text)).toEqual(codes);
  expect(readText(text).isNdr).toBe(false);
});

describe('a line that a server said is a bounce', () => {
  test.each([
    ['550 5.7.1 Access denied', '550', '5.7.1', 'Access denied'],
    ['550 5.1.1 User unknown', '550', '5.1.1', 'User unknown'],
    ['554 5.7.1 Relaying denied', '554', '5.7.1', 'Relaying denied'],
    ['550 5.2.2 mailbox full', '550', '5.2.2', 'mailbox full'],
    ['5.7.1 unable to relay', null, '5.7.1', 'unable to relay'],
    ['#550 5.4.1 Relay Access Denied ##', '550', '5.4.1', 'Relay Access Denied'],
    [
      '550 5.7.124 RESOLVER.RST.SenderNotInAllowedSendersList',
      '550',
      '5.7.124',
      'RESOLVER.RST.SenderNotInAllowedSendersList',
    ],
    [
      'smtp;550 5.7.129 RESOLVER.RST.RestrictedToRecipientsPermission',
      '550',
      '5.7.129',
      'RESOLVER.RST.RestrictedToRecipientsPermission',
    ],
    [
      '5.7.520 Access denied, Your organization does not allow external forwarding.',
      null,
      '5.7.520',
      'Access denied, Your organization does not allow external forwarding.',
    ],
    [
      "Remote Server returned '550 5.7.708 Service unavailable. Access denied'",
      '550',
      '5.7.708',
      'Service unavailable. Access denied',
    ],
    ['550 #5.1.0 Address rejected.', '550', '5.1.0', 'Address rejected.'],
    ['550 5.7.5 Cryptographic failure', '550', '5.7.5', 'Cryptographic failure'],
    [
      'NDR says 5.7.505 Access denied, banned recipient. What now?',
      null,
      '5.7.505',
      'Access denied, banned recipient. What now?',
    ],
    [
      "(550, b'5.7.60 SMTP; Client does not have permissions to send as this sender')",
      '550',
      '5.7.60',
      'SMTP; Client does not have permissions to send as this sender',
    ],
    ["smtplib.SMTPDataError: (554, b'Message refused by policy')", '554', null, 'Message refused by policy'],
    [
      '550-5.7.1 Messages without it are not accepted, see https://support.google.com/mail/?p=Rfc - gsmtp',
      '550',
      '5.7.1',
      'Messages without it are not accepted, see https://support.google.com/mail/?p=Rfc - gsmtp',
    ],
    ['421 4.3.2 Service not available', '421', '4.3.2', 'Service not available'],
    [
      '554 delivery error: this user has no account here',
      '554',
      null,
      'delivery error: this user has no account here',
    ],
  ])('%j', (text, reply, code, diagnostic) => {
    expect(readText(text)).toMatchObject({ isNdr: true, failures: [{ reply, code, diagnostic }] });
  });
});

describe('numbers that are no codes', () => {
  test.each([
    'the mail server 192.168.5.7 does not answer',
    'delivery from 5.7.1.20 failed',
    'mail from 4.4.2.1 rejected',
    'mail from 5.7.1.x is rejected',
    'messages come from 5.188.7.24',
    'MySQL 5.7.13 says error, no mail goes out',
    'my mail app v5.1.1 crashes',
    'version 5.1.2 of the mail app',
    'Exim 4.94.2 and bounces',
    'Postfix 2.11.3 delivers no mail',
    'X-Spam-Checker-Version: SpamAssassin 4.0.1, mail',
    'PHPMailer 5.2.23 does not send messages',
    'phpmailer-5.2.1.zip sends no mail',
    'Dovecot 2.3.4 and the mailbox',
    'PHP/5.6.40 mail()',
    'https://example.com/mail/5.7.1/readme',
    'no mail since 5.10.2024',
    'die Mail vom 5.1.24 kam zurück',
    'mail sent on 5.1.24',
    'mail of 5.1.24 10:31',
    'Microsoft SMTP Server id 15.20.8583.26 via Frontend Transport',
    'RFC 3463 section 5.7.1 speaks of mail',
    '§5.7.1 of the mail policy',
    'ES §15.7.13 expected an error',
    'call +1 425 555 0100 about the mail',
    'mail over 2a01:111:f400:7c0c::135',
    'Message-ID: <5.7.1.4711@mail.contoso.com>',
    'Received: from a.contoso.com (10.5.7.1) by b (version=TLS1_2, cipher=TLS_ECDHE) id 15.20.5.7',
    'mail over TLS1_2',
    'pay 5.300 now, mail me',
    "Oxford's inversion of Richard's 5.3.190 'thousand several tongues'",
    'argocd-server-metrics   ClusterIP   10.105.7.129   <none>   8083/TCP   2m8s',
    'open 9 am to 5. 30 pm, mail us',
    '220 mail.contoso.com ESMTP Postfix\nquit\n221 2.0.0 Bye',
    '> 4.4.1 Mail archive: quota raised\n> 4.4.2 Shared mailboxes: owner to be named',
    'Received: by 2002:a05:7110:5.7.1 with SMTP id x',
    '{"version":"5.2.0","name":"mailer-ui"}',
    'メールの署名をバージョン5.2.1に更新してください。',
    'user agent: jQuery 2.2.4, bootstrap 5.1.3, mailchimp embed 4.0.0, form error on submit',
    'requirement 5.4.1: The system sends an e-mail. 5.4.2: The sender is configurable.',
    'recipient unknown, tracking 5.1.1-449',
    'La riunione è in sala 4.4.1, avvisate la mailing list',
    'IIS 10.0, .NET 5.0.17, the page for password mails fails',
    'Section 5.7.1 of the contract is about delivery; 5.7.2 covers penalties',
    'Please update MySQL to 5.7.44, the old 5.7.26 delivers errors',
    '明日の会議は5.1.10会議室に変更になりました。',
    'OneDrive says "Access denied" for the folder "5.1.1 Contracts - rejected"',
    'Under 5.1.1 the recipient may reject a delivery, 5.7.1 says access is denied, legal wants 5.4.1 removed',
    'MySQL is 5.7.1, the old one was 5.5.4. Mail me at ann@contoso.com',
    'printer on floor 5.2.1 is offline, error 4.2.2 paper jam',
    'Drucker in Raum 5.2.1, Fehler 4.2.2 Papierstau',
    `Session timed out (reason 4.4.2), client gone. ${'The tunnel was open. '.repeat(20)}`,
    'La livraison du colis n° 5.7.124-88 a échoué',
    'Linux kernel 5.7.133 oops since the last reboot, the other machine has 5.4.150',
    'fix(smtp): handle "554 5.7.1" in the parser',
    '-    if (err.responseCode === 550) throw err;\n+    if (err.code !== 552) return giveUp(err);\nmailbox full may go away, but then 5.2.2 has to be checked',
    'hello',
  ])('%s', (text) => {
    const report = readText(text);
    expect(
      report.failures
        .flatMap(({ replies }) => replies.map(({ code }) => code))
        .filter((code) => code !== null),
    ).toEqual([]);
    expect(report.isNdr).toBe(false);
  });

  test('of a subject that names a code and a report that has another, the report counts', () => {
    expect(
      codesOf(
        "Subject: Re: error 5.7.1\n\nRemote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found'",
      ),
    ).toEqual(['5.1.10']);
  });
});

describe('a sentence without a code', () => {
  test.each([
    [
      "Your message can't be sent because your tenant has exceeded its daily limit for sending email to external recipients",
      true,
    ],
    ['The group Sales only accepts messages from people in its organization', true],
    ['  ana@contoso.com\n    retry time not reached for any host after a long failure period', true],
    ['<ana@contoso.com>: conversation with mx.contoso.com[203.0.113.9] timed out', true],
    ['Your message to <ana@contoso.com> was automatically rejected:\nQuota exceeded', true],
    ["sender's submission quota was exceeded", false],
    ['Please help, my mail comes back', false],
  ])('%j: isNdr %s, no code', (text, isNdr) => {
    const report = readText(text);
    expect(report.isNdr).toBe(isNdr);
    expect(report.failures.map(({ code }) => code).filter((code) => code !== null)).toEqual([]);
  });
});

describe('a code among the words of a person', () => {
  test.each([
    ['got 5.7.1 when mailing the boss', '5.7.1'],
    ["bonjour, j'ai l'erreur 5.4.1 quand j'écris à un client", '5.4.1'],
    ['any idea what "5.4.14" is about? my mail bounces', '5.4.14'],
    ['Gmail bounces everything with 5.7.26 since Monday', '5.7.26'],
    ['エラーコード5.7.520で転送できません', '5.7.520'],
    ['New tenant, all our mail bounces with #5.7.708', '5.7.708'],
  ])('%j asks about %s', (text, code) => {
    expect(readText(text).failures.map((failure) => failure.code)).toEqual([code]);
  });
});

describe('source code deals with refusals and is none', () => {
  test.each([
    "it('maps 550 5.1.1 to hard', () => {\n  expect(classify('550 5.1.1 User unknown')).toBe('hard')\n})",
    "const HARD = ['550 5.1.1 User unknown', '550 5.2.1 disabled'];",
    '$error = "550 5.7.1 Relaying denied";',
    'got := Parse("550 5.7.1 Unable to relay")\nif got.Code != "5.7.1" { t.Fatal(got) }',
    "    '5.1.1' => 'Bad destination mailbox address',",
    'if (reply.startsWith("550 5.7.1 Access denied")) {',
    "assert bounce('550 5.1.1 User unknown') == HARD",
    "INSERT INTO bounces VALUES (1, '550 5.1.1 User unknown');",
  ])('%j', (text) => {
    expect(readText(text)).toMatchObject({ isNdr: false, failures: [] });
  });

  test.each([
    "response: '550 5.7.1 Unable to relay for kim@contoso.com',",
    'SMTPSenderRefused: (550, b"5.7.60 SMTP; Client does not have permissions to send as this sender")',
    '{"smtp-response":"550 5.1.1 <kim@contoso.com> User unknown"}',
    '  Message=5.2.0 STOREDRV.Submission.Exception:SendAsDeniedException; Failed to process message',
  ])('what a program prints is none: %j', (text) => {
    expect(readText(text).failures[0]?.code).toMatch(/^5\./);
  });
});

describe('versions, percentages and things that are counted are no codes', () => {
  test.each([
    'ERROR: Could not find a version that satisfies the requirement celery==5.2.2 (from versions: 5.1.0, 5.1.2)',
    'error: mailer>=5.2.2 is needed',
    'Mail on Android 5.1.1 does not sync, why?',
    '请问升级到 Android 5.1.1 之后邮件客户端无法同步，应该怎么设置？',
    'Weekly report: 12 messages bounced. Compare with 5.1.0 % last week.',
    'The message takes 5.4.2 GB in the mailbox',
    'We migrated in May. 550 mailboxes went over, and no user was blocked.',
    'Done. 500 New messages came in for the user',
  ])('%j', (text) => {
    expect(readText(text)).toMatchObject({ isNdr: false, failures: [] });
  });

  test('a code that somebody wants to fix is one', () => {
    expect(
      codesOf('How do I fix 5.7.1 errors in general? Is there a guide for all the 5.7.x codes?'),
    ).toEqual(['5.7.1']);
  });
});

describe('a quarantine lists subjects of other mails', () => {
  test.each([
    ['Quarantine notification: Sender: news@example.net Subject: Undelivered Mail Returned to Sender', false],
    ['You have 3 messages in quarantine.\nSubject: Delivery Status Notification (Failure)', false],
    ['5 Nachrichten in Quarantäne\nUndelivered Mail Returned to Sender   freigeben', false],
    ['550 5.2.1 Content Filter agent quarantined this message', true],
    ['Spam report: 550 5.7.1 Message rejected as spam by Content Filtering.', true],
  ])('%j: isNdr %s', (text, isNdr) => {
    expect(readText(text).isNdr).toBe(isNdr);
  });
});

describe('texts about codes are not bounces', () => {
  test.each([
    'NDR List\n\n4.4.7 - Protocol timeout.\n\n5.1.0 - Sender denied.\n\n5.1.2 - Host unknown.\n\n5.2.2 - Quota.\n\n5.7.1 - Not authorized.',
    'NDR List 4.4.7 - Protocol timeout. 5.1.0 - Sender denied. 5.1.2 - Host unknown. 5.2.2 - Quota. 5.7.1 - Not authorized.',
    'Fix delivery problems for error codes 550 5.1.1 to 5.1.20 in Exchange Online',
    'Error 5.7.708 - access denied: the paragraph about it is not clear. What is it based on?',
    'The parser handles "550 5.7.1" in messages now',
    'X.4.6   Routing loop detected\n\nX.4.7   Delivery time expired',
  ])('%j', (text) => {
    expect(readText(text).isNdr).toBe(false);
  });
});

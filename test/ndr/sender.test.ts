import { readText } from '../../src/ndr/read';

const reply = "Remote Server returned '550 5.7.705 Access denied, tenant has exceeded threshold.'";
const report = `Delivery has failed to these recipients or groups:\n\nmaria@contoso.com\n\nDiagnostic information for administrators:\n\nGenerating server: AM0PR08MB5123.eurprd08.prod.outlook.com\n\nmaria@contoso.com\n${reply}\n`;
const headers =
  'Received: from a.prod.outlook.com by\n b.prod.outlook.com; Mon, 12 Oct 2026 09:14:55 +0000\nFrom: Kim Weber <kim@fabrikam.com>\nTo: "maria@contoso.com" <maria@contoso.com>\nSubject: Offer 2217\nThread-Topic: Offer 2217\nDate: Mon, 12 Oct 2026 09:14:53 +0000\nMessage-ID: <x1@prod.outlook.com>\nX-MS-Has-Attach: yes\n';
const whole = `${report}\nOriginal message headers:\n\n${headers}`;

test.each<[string, string, string | null]>([
  ['below the report', whole, 'kim@fabrikam.com'],
  ['in one line with all the rest', whole.replace(/\s+/g, ' '), 'kim@fabrikam.com'],
  [
    'in one line, where its name has no address',
    whole.replace('Weber <kim@fabrikam.com>', 'Weber').replace(/\s+/g, ' '),
    null,
  ],
  ['in two lines, the second without its indent', whole.replace('Weber <', 'Weber\n<'), 'kim@fabrikam.com'],
  [
    'above a report that a mail program shows: it went to the sender',
    `From: Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@fabrikam.com>\nSent: Monday, October 12, 2026 11:15 AM\nTo: Kim Weber <kim@fabrikam.com>\nSubject: Undeliverable: Offer 2217\n\n${report}`,
    'kim@fabrikam.com',
  ],
  [
    'the same in German, by the subject alone',
    `Von: Mailsystem\nGesendet: Montag, 12. Oktober 2026 11:15\nAn: Kim Weber <kim@fabrikam.com>\nBetreff: Unzustellbar: Angebot\n\n${report}`,
    'kim@fabrikam.com',
  ],
  [
    'a forwarded one, with the subject first',
    `-------- Weitergeleitete Nachricht --------\nBetreff: Unzustellbar: Angebot\nDatum: Mon, 12 Oct 2026\nVon: Mailsystem\nAn: kim@fabrikam.com\n\n${report}`,
    'kim@fabrikam.com',
  ],
  [
    'a forwarded one, with a field of its own among the rows',
    `Fra: postmaster@fabrikam.com\nDato: 12. oktober 2026\nTil: Kim Weber <kim@fabrikam.com>\nEmne: Undeliverable: Offer\n\n${report}`,
    'kim@fabrikam.com',
  ],
  [
    'not the addressee of the message, below a gap',
    `From: postmaster@fabrikam.com\nTo: kim@fabrikam.com\n\nTo: maria@contoso.com\n550 5.1.1 User unknown`,
    'kim@fabrikam.com',
  ],
  [
    'a report to several people tells none of them',
    `From: Mail Delivery System\nTo: kim@fabrikam.com; lee@fabrikam.com\nSubject: Undeliverable: Offer\n\n${report}`,
    null,
  ],
  [
    'above the message that bounced',
    `From: Kim Weber [mailto:kim@fabrikam.com]\nSent: Monday\nTo: maria@contoso.com\nSubject: Offer\n\n${report}`,
    'kim@fabrikam.com',
  ],
  [
    'behind bold labels',
    `*From:* Kim Weber <kim@fabrikam.com>\n*To:* maria@contoso.com\n*Subject:* Offer\n\n${reply}`,
    'kim@fabrikam.com',
  ],
  [
    'behind quote marks',
    `> From: kim@fabrikam.com\n> To: maria@contoso.com\n> 550 5.7.705 Access denied, tenant has exceeded threshold`,
    'kim@fabrikam.com',
  ],
  [
    'of a colleague who passes the report on: not them',
    `From: helpdesk@fabrikam.com\nTo: admin@fabrikam.com\nSubject: FW: Undeliverable: Offer\n\n${report}`,
    null,
  ],
  [
    'a colleague passes on, and below stands to whom the report went',
    `From: Lee <lee@fabrikam.com>\nTo: admin@fabrikam.com\nSubject: FW: Undeliverable: Offer\n\nCould you look?\n\nFrom: postmaster@fabrikam.com\nTo: kim@fabrikam.com\nSubject: Undeliverable: Offer\n\n${report}`,
    'kim@fabrikam.com',
  ],
  [
    'of a colleague who passes a line on',
    `From: lee@fabrikam.com\nTo: admin@fabrikam.com\nSubject: WG: mail\n\n${reply}`,
    null,
  ],
  ['in a line of its own below', `${report}\nFrom: kim@fabrikam.com\n`, 'kim@fabrikam.com'],
  [
    'in a line of its own within',
    report.replace('\nDiagnostic', '\nSender: Kim Weber <kim@fabrikam.com>\nDiagnostic'),
    'kim@fabrikam.com',
  ],
  ['in a line of its own, in German', `Absender: kim@fabrikam.com\n\n${report}`, 'kim@fabrikam.com'],
  [
    'in a line of its own, but it is the system that wrote',
    `From: postmaster@contoso.com\n\n${report}`,
    null,
  ],
  ['in a line of its own, but it is the recipient', `${report}\nFrom: maria@contoso.com\n`, null],
  [
    'in a line of its own, and so does another',
    `From: lee@fabrikam.com\n\n${report}\nFrom: kim@fabrikam.com\n`,
    null,
  ],
  [
    'of a colleague who passes it on to a name: not them',
    `From: lee@fabrikam.com\nTo: Admin\n\n${report}`,
    null,
  ],
  [
    'of a colleague who passes on what begins with a subject of its own: not them',
    `From: lee@fabrikam.com\nTo: admin@fabrikam.com\nSubject: FW: mail\n\nSubject: Offer\n${reply}`,
    null,
  ],
  [
    'of somebody who asks the helpdesk: not the helpdesk',
    `From: Lee <lee@fabrikam.com>\nTo: helpdesk@fabrikam.com\nSubject: Undeliverable mail to Contoso\n\n${reply}`,
    null,
  ],
  [
    'in From where Sender is another',
    `From: kim@fabrikam.com\nSender: office@fabrikam.com\nTo: maria@contoso.com\n\n${report}`,
    'kim@fabrikam.com',
  ],
])('the sender stands %s', (_, text, sender) => {
  expect(readText(text).sender).toBe(sender);
});

test('headers in one line: each field ends where the next begins', () => {
  const { subject, messageId, dates } = readText(whole.replace(/\s+/g, ' '));
  expect({ subject, messageId, sent: dates.sent }).toEqual({
    subject: 'Offer 2217',
    messageId: 'x1@prod.outlook.com',
    sent: 'Mon, 12 Oct 2026 09:14:53 +0000',
  });
});

test.each<[string, string | null]>([
  [
    '550 5.7.509 Access denied, sending domain [FABRIKAM.COM] does not pass DMARC verification',
    'fabrikam.com',
  ],
  [
    '550 5.7.515 Access denied, sending domain fabrikam.com does not meet the required authentication level',
    'fabrikam.com',
  ],
  [
    "550 5.7.26 Unauthenticated email from fabrikam.com is not accepted due to domain's DMARC policy.",
    'fabrikam.com',
  ],
  ['550 5.7.26 SPF [fabrikam.com] with ip: [203.0.113.9] = did not pass', 'fabrikam.com'],
  ['550 5.7.1 SPF: domain of kim@fabrikam.com does not designate 203.0.113.9', 'fabrikam.com'],
  ['550 5.7.509 Access denied, sending domain does not pass DMARC verification', null],
  ['550 5.7.705 Access denied, tenant has exceeded threshold', null],
])('the domain that %j is about', (line, domain) => {
  expect(readText(line).failures[0]?.senderDomain).toBe(domain);
});

test.each<[string, string | null, string | null]>([
  ['550 5.7.606 Access denied, banned sending IP [203.0.113.9]', '203.0.113.9', null],
  [
    '450 4.4.316 Connection refused [Message=Socket error code 10061] [LastAttemptedServerName=mail.contoso.com] [LastAttemptedIP=198.51.100.7:25]',
    null,
    '198.51.100.7',
  ],
  [
    '441 4.4.1 Error encountered while communicating with primary target IP address: "Failed to connect. Attempted failover to alternate host, but that did not succeed. The last endpoint attempted was 198.51.100.7:25"',
    null,
    '198.51.100.7',
  ],
])('whose address %j names', (line, ip, triedIp) => {
  expect(readText(line).failures[0]).toMatchObject({ ip, triedIp });
});

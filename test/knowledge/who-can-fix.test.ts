import { join } from 'node:path';
import { loadKnowledge } from '../../src/knowledge/load';
import { createMatcher } from '../../src/knowledge/match';
import { articleSchema, type Circumstance } from '../../src/knowledge/schema';
import { whoCanFix } from '../../src/knowledge/who-can-fix';
import { readText } from '../../src/ndr/read';

const knowledge = loadKnowledge(join(__dirname, '..', '..', 'knowledge'));
const matcher = createMatcher(knowledge);

/** What a text tells, beside its cause, and who comes first then. */
const told: [text: string, circumstances: Circumstance[], first: string | undefined][] = [
  // An alias of another organization was expanded.
  [
    '<bob@fabrikam.com> (expanded from <sales@contoso.com>): host mx.fabrikam.com[203.0.113.9] said: 550 5.7.23 SPF validation failed (in reply to RCPT TO command)',
    ['forwarded'],
    'recipientAdmin',
  ],
  // Within one organization it is only another name.
  [
    '<bob@contoso.com> (expanded from <sales@contoso.com>): host mx.contoso.com[203.0.113.9] said: 550 5.7.23 SPF validation failed (in reply to RCPT TO command)',
    [],
    'senderAdmin',
  ],
  // A mailbox in the cloud is reached by its routing address.
  [
    'Original-Recipient: rfc822;bob@contoso.com\nFinal-Recipient: rfc822;bob@contoso.mail.onmicrosoft.com\nAction: failed\nStatus: 5.1.10\nDiagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup',
    [],
    'sender',
  ],
  [
    'Original-Recipient: rfc822;bob@contoso.com\nFinal-Recipient: rfc822;bob@adatum.com\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp;550 5.1.1 User unknown',
    ['forwarded'],
    'recipientAdmin',
  ],
  [
    "smtplib.SMTPRecipientsRefused: {'bob@contoso.com': (550, b'5.7.1 Unable to relay for bob@contoso.com')}",
    ['ownProgram'],
    'senderAdmin',
  ],
  [
    'System.Net.Mail.SmtpFailedRecipientException: Mailbox unavailable. The server response was: 5.7.1 Unable to relay for bob@contoso.com',
    ['ownProgram'],
    'senderAdmin',
  ],
  [
    'com.sun.mail.smtp.SMTPAddressFailedException: 550 5.7.1 Unable to relay for bob@contoso.com\n  at com.sun.mail.smtp.SMTPTransport.rcptTo(SMTPTransport.java:1862)',
    ['ownProgram'],
    'senderAdmin',
  ],
  ['Ricoh MP C3004 job log: 550 5.7.1 Unable to relay', ['ownProgram', 'noAddresses'], 'senderAdmin'],
  ['Scan to e-mail failed: 550 5.7.1 Unable to relay for bob@contoso.com', ['ownProgram'], 'senderAdmin'],
  // A mail flow rule of an organization that the recipient is not of.
  [
    "Delivery has failed to these recipients or groups:\n\nbob@gmail.com\n\nGenerating server: A1.PROD.OUTLOOK.COM\n\nbob@gmail.com\nRemote Server returned '550 5.7.1 TRANSPORT.RULES.RejectMessage; the message was rejected by organization policy'\n\nOriginal message headers:\n\nFrom: ann@contoso.com\nTo: bob@gmail.com",
    ['ownSide'],
    'senderAdmin',
  ],
  [
    'A custom mail flow rule created by an admin at contoso.com has blocked your message.\nSender Address: ann@contoso.com\nRecipient Address: bob@fabrikam.com\nError: 550 5.7.1 TRANSPORT.RULES.RejectMessage; the message was rejected by organization policy\nMessage rejected by: A1.PROD.OUTLOOK.COM',
    ['ownSide'],
    'senderAdmin',
  ],
  [
    'A custom mail flow rule created by an admin at fabrikam.com has blocked your message.\nSender Address: ann@contoso.com\nRecipient Address: bob@fabrikam.com\nError: 550 5.7.1 TRANSPORT.RULES.RejectMessage; the message was rejected by organization policy\nMessage rejected by: A1.PROD.OUTLOOK.COM',
    [],
    'recipientAdmin',
  ],
  [
    "Your message was rejected by your organization's email policy.\nSender Address: ann@contoso.com\nRecipient Address: bob@fabrikam.com\nError: 550 5.7.1 TRANSPORT.RULES.RejectMessage; the message was rejected by organization policy\nMessage rejected by: A1.PROD.OUTLOOK.COM",
    ['ownSide'],
    'senderAdmin',
  ],
  // A maker's name alone may be a company's that somebody wrote to.
  ['We wrote to Ricoh: 550 5.7.1 Unable to relay for bob@contoso.com', [], 'recipientAdmin'],
  // The same words in a report: the recipient's server.
  [
    "Generating server: mail.adatum.com\nbob@contoso.com\nRemote Server returned '550 5.7.1 Unable to relay'",
    [],
    'recipientAdmin',
  ],
  // Exchange's own exceptions are no program's.
  [
    'bob@contoso.com: 554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException.MapiExceptionQuotaExceeded; Failed to process message due to a permanent exception',
    [],
    'recipientAdmin',
  ],
  [
    'Original-Recipient: rfc822;bob@contoso.mail.onmicrosoft.com\nFinal-Recipient: rfc822;bob@contoso.com\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp;550 5.1.1 User unknown',
    [],
    'sender',
  ],
  [
    '550 5.7.1 Unable to relay for bob@contoso.com. Microsoft.Exchange.Transport.Smtp.SmtpResponseException',
    [],
    'recipientAdmin',
  ],
  // What the message that bounced was written with, and what it was about.
  [
    'A message that you sent could not be delivered:\n\n  bob@contoso.com\n    SMTP error from remote mail server after RCPT TO:<bob@contoso.com>:\n    550 5.7.1 Unable to relay\n\nReturn-path: <shop@adatum.com>\nReceived: from www by web.adatum.com\nX-Mailer: PHPMailer 6.1.4\n',
    [],
    'recipientAdmin',
  ],
  [
    'Subject: Undeliverable: New distribution list\n\nDelivery has failed to these recipients or groups:\nbob@contoso.com\n#550 5.7.1 RESOLVER.RST.NotAuthorized; not authorized ##',
    [],
    'recipientAdmin',
  ],
  [
    'Recipient: board@contoso.com (distribution list): 550 5.7.1 RESOLVER.RST.NotAuthorized; not authorized',
    ['group'],
    'groupOwner',
  ],
  // Every report of Exchange 2007 begins like this.
  [
    'Delivery has failed to these recipients or distribution lists:\nbob@contoso.com\n#550 5.7.1 RESOLVER.RST.NotAuthorized; not authorized ##',
    [],
    'recipientAdmin',
  ],
  [
    'The dynamic distribution group all@contoso.com answers 550 5.4.1 [all@contoso.com]: Recipient address rejected: Access denied',
    ['group', 'unlisted'],
    'recipientAdmin',
  ],
  ['550 5.4.1 <bob@contoso.com>: Recipient address rejected: Access denied', [], 'sender'],
  [
    '5.7.520 Access denied, Your organization does not allow external forwarding. AS(7555)',
    ['noAddresses'],
    'senderAdmin',
  ],
  // Above the error stands who asks about it.
  [
    'From: Ann Beebe <ann@contoso.com>\nTo: Bob Miller <bob@contoso.com>\nSubject: forwarding\n\n5.7.520 Access denied, Your organization does not allow external forwarding. AS(7555)',
    ['noAddresses'],
    'senderAdmin',
  ],
  [
    'Final-Recipient: rfc822;bob@adatum.com\nAction: failed\nStatus: 5.7.520\nDiagnostic-Code: smtp;550 5.7.520 Access denied, Your organization does not allow external forwarding. AS(7555)',
    [],
    'recipientAdmin',
  ],
];

test.each(told)('%s', (text, circumstances, first) => {
  const [diagnosis] = matcher.diagnose(readText(text));
  expect(diagnosis?.circumstances).toEqual(circumstances);
  const article = diagnosis?.article ?? diagnosis?.candidates[0]?.article;
  expect(article && whoCanFix(article, circumstances).actors[0]).toBe(first);
});

const article = (whoFirst: object) => ({
  ...articleSchema.parse({
    codes: ['5.7.23'],
    title: 'A title',
    summary: 'A summary.',
    looksLike: 'It says so',
    lasting: 'permanent',
    whoCanFix: ['senderAdmin', 'recipientAdmin'],
    whoFirst,
    audiences: Object.fromEntries(
      ['sender', 'senderAdmin', 'recipientAdmin'].map((one) => [one, { title: 'Act', steps: ['Act.'] }]),
    ),
    sources: [{ label: 'A page', url: 'https://example.com' }],
    checked: '2026-11-21',
  }),
  id: 'a',
});

const orders: [whoFirst: object, found: Circumstance[], actors: string[], because: Circumstance | null][] = [
  [{}, ['forwarded'], ['senderAdmin', 'recipientAdmin'], null],
  [{ forwarded: 'recipientAdmin' }, [], ['senderAdmin', 'recipientAdmin'], null],
  [{ forwarded: 'recipientAdmin' }, ['forwarded'], ['recipientAdmin', 'senderAdmin'], 'forwarded'],
  [{ forwarded: 'wait' }, ['group', 'forwarded'], ['wait', 'senderAdmin', 'recipientAdmin'], 'forwarded'],
  // Who is first anyway needs no reason.
  [{ group: 'senderAdmin' }, ['group'], ['senderAdmin', 'recipientAdmin'], null],
];

test.each(orders)('%j in %j', (whoFirst, found, actors, because) => {
  expect(whoCanFix(article(whoFirst), found)).toEqual({ actors, because });
});

test('who is named first needs steps too', () => {
  expect(() => article({ group: 'groupOwner' })).toThrow('audiences.groupOwner is missing');
});

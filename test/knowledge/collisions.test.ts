import { diagnose } from '../guide/core';

const remote = (host: string, error: string): string =>
  `kim@contoso.com\n${host}\nRemote Server returned '${error}'`;
const gmail = 'mx.google.com';
const elsewhere = 'mx1.example.org';
const exchangeOnline = 'PR3PR01MB0001.eurprd01.prod.outlook.com';

/** Codes that mean several things: one row for every meaning, in the words of the server that means it. */
const meanings: readonly (readonly [code: string, text: string, article: string])[] = [
  ['5.7.1', '550 5.7.1 RESOLVER.RST.NotAuthorized; not authorized', '5.7.1-not-authorized'],
  ['5.7.1', '550 5.7.1 RESOLVER.RST.AuthRequired; authentication required', '5.7.1-not-authorized'],
  ['5.7.1', '550 5.7.1 Unable to relay', '5.7.1-relay-denied'],
  ['5.7.1', '554 5.7.1 <kim@contoso.com>: Relay access denied', '5.7.1-relay-denied'],
  ['5.7.1', '530 5.7.1 Client was not authenticated', '5.7.1-login-required'],
  [
    '5.7.1',
    '550 5.7.1 Service unavailable; Client host [203.0.113.7] blocked using Blocklist 1',
    '5.7.1-ip-blocked',
  ],
  [
    '5.7.1',
    '554 5.7.1 Service unavailable; Client host [203.0.113.7] blocked using dnsbl.sorbs.net',
    '5.7.1-ip-blocked',
  ],
  [
    '5.7.1',
    '550 5.7.1 TRANSPORT.RULES.RejectMessage; the message was rejected by organization policy',
    '5.7.1-mail-flow-rule',
  ],
  [
    '5.7.1',
    '550 5.7.1 RESOLVER.RST.AuthRequired; authentication required [Stage: CreateMessage][Agent: Mailbox Rules Agent]',
    '5.7.1-public-folder',
  ],
  [
    '5.7.1',
    "550 5.7.1 Unfortunately, messages from [203.0.113.7] weren't sent. Please contact your Internet service provider since part of their network is on our block list (S3150).",
    '5.7.1-outlook-network-block',
  ],
  ['5.7.1', '550 5.7.1 Unable To Relay: Blocked by Customer Allow list', '5.7.1-customer-allow-list'],
  ['5.7.1', remote(elsewhere, '550 5.7.1 No thanks'), '5.7.1-refused-elsewhere'],
  ['5.7.1', '554 5.7.1 Client host rejected: Access denied', 'client-host-rejected'],
  ['5.7.1', '550 5.7.1 SPF check failed', 'sender-authentication-failed'],
  ['5.4.1', '550 5.4.1 Relay Access Denied', '5.4.1-relay-denied'],
  ['5.4.1', '550 5.4.1 Recipient address rejected: Access denied. AS(201806281)', '5.4.1-recipient-rejected'],
  ['5.2.2', '550 5.2.2 Submission quota exceeded', '5.2.2-submission-quota'],
  [
    '5.2.2',
    '554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException.MapiExceptionQuotaExceeded',
    '5.2.2-mailbox-full',
  ],
  ['5.2.2', remote(elsewhere, '552 5.2.2 Quota exceeded'), '5.2.2-mailbox-full'],
  ['5.2.2', remote(gmail, "552 5.2.2 The recipient's inbox is out of storage space"), 'gmail-storage-full'],
  [
    '5.1.10',
    '550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found by SMTP address lookup',
    '5.1.10-recipient-not-found',
  ],
  ['5.1.10', '556 5.1.10 Recipient address has null MX', '5.1.10-null-mx'],
  ['5.1.8', '550 5.1.8 Access denied, bad outbound sender AS(42004)', '5.1.8-account-stopped'],
  ['5.1.8', remote('ex1.contoso.local', '550 5.1.8 Access denied, bad outbound sender'), '5.1.8-local-rate'],
  [
    '5.1.8',
    '501 5.1.8 <kim@fabrikam.local>: Sender address rejected: Domain not found',
    '5.1.8-sender-domain',
  ],
  ['5.1.0', '550 5.1.0 Sender denied', '5.1.0-sender-denied'],
  [
    '5.1.0',
    '550 5.1.0 RESOLVER.ADR.InvalidInSmtp; encapsulated INVALID address inside an SMTP address (IMCEAINVALID-)',
    '5.1.0-malformed-address',
  ],
  ['5.1.0', '550 5.1.0 sender rejected : SPF Permanent Error: Too many DNS lookups', '5.1.0-spf-error'],
  ['5.1.0', "5.1.0 - Unknown address error 550-'Invalid recipient'", '5.1.0-address-unknown'],
  ['5.7.12', '550 5.7.12 Sender was not authenticated by organization', '5.7.12-outsiders'],
  ['5.7.12', '534 5.7.12 A password transition is needed', 'sign-in-failed'],
  ['5.7.13', '550 5.7.13 STOREDRV.AuthenticationRequiredForPublicFolder', '5.7.135-public-folder-outsiders'],
  ['5.7.13', '550 5.7.13 STOREDRV.Submit.Exception:AccountDisabledException', '5.7.13-account-disabled'],
  ['5.7.13', '525 5.7.13 User Account Disabled', '5.7.13-account-disabled'],
  [
    '5.7.23',
    '550 5.7.23 The message was rejected because of Sender Policy Framework violation',
    '5.7.23-spf-failed',
  ],
  [
    '4.7.23',
    remote(
      gmail,
      '421 4.7.23 The IP address does not match the IP address of the hostname specified in the PTR record',
    ),
    'gmail-reverse-dns',
  ],
  [
    '5.7.25',
    '550 5.7.25 the sending IPv6 address [2001:db8::1] must have a reverse DNS record',
    '5.7.25-no-reverse-dns',
  ],
  [
    '5.7.25',
    remote(gmail, '550 5.7.25 The IP address sending this message does not have a PTR record setup'),
    'gmail-reverse-dns',
  ],
  [
    '4.7.26',
    '450 4.7.26 must pass either SPF or DKIM validation, this message is not signed, sent over IPv6',
    '4.7.26-ipv6-not-authenticated',
  ],
  [
    '5.7.26',
    remote(gmail, '550 5.7.26 Gmail requires all senders to authenticate with either SPF or DKIM'),
    'gmail-unauthenticated',
  ],
  [
    '5.7.26',
    remote(
      gmail,
      "550 5.7.26 Unauthenticated email from contoso.com is not accepted due to domain's DMARC policy",
    ),
    'gmail-dmarc',
  ],
  ['5.7.27', remote(gmail, "550 5.7.27 the message didn't pass SPF authentication"), 'gmail-spf'],
  ['5.7.27', '550 5.7.27 Sender address has null MX', 'general-5.7'],
  ['5.7.28', remote(gmail, '550 5.7.28 unusual rate of unsolicited mail'), 'gmail-rate-limited'],
  ['5.7.28', '550 5.7.28 Mail flood detected', 'gmail-rate-limited'],
  ['5.7.29', remote(gmail, "550 5.7.29 This message wasn't sent over a TLS connection"), 'gmail-no-tls'],
  ['5.7.29', '550 5.7.29 ARC validation failure', 'general-5.7'],
  ['5.7.30', remote(gmail, "550 5.7.30 the message didn't pass DKIM authentication"), 'gmail-dkim'],
  [
    '5.7.30',
    '550 5.7.30 Basic authentication is not supported for Client Submission',
    '5.7.30-basic-sign-in',
  ],
  ['5.7.30', '550 5.7.30 REQUIRETLS support required', 'general-5.7'],
  [
    '5.7.5',
    '550 5.7.5 Remote certificate failed MTA-STS validation. Reason: CertificateNotTrusted',
    '4.7.5-mta-sts-certificate',
  ],
  ['5.7.5', '550 5.7.5 Cryptographic failure', 'general-5.7'],
  ['4.4.8', '450 4.4.8 MX hosts of contoso.com failed MTA-STS validation', '4.4.8-mta-sts-host'],
  ['4.3.2', '432 4.3.2 STOREDRV.Deliver; recipient thread limit exceeded', '4.3.2-throttled'],
  [
    '4.3.2',
    '554 4.3.2 mailbox busy; STOREDRV.Deliver.Exception:StoragePermanentException.MapiExceptionMaxObjsExceeded',
    '4.3.2-folder-full',
  ],
  ['4.3.2', '421 4.3.2 Service not active', '4.3.2-server-not-active'],
  ['banned sender', '550 5.7.501 Access denied, banned sender', '5.7.501-503-banned-account'],
  ['banned sender', '550 5.7.502 Access denied, banned sender', '5.7.501-503-banned-account'],
  ['banned sender', '550 5.7.503 Access denied, banned sender', '5.7.501-503-banned-account'],
  ['banned sender', '550 5.7.511 Access denied, banned sender[203.0.113.7]', '5.7.511-banned-ip'],
  ['banned sender', '550 5.7.800 Access denied, banned sender', '5.7.800-banned-domain'],
  [
    'recipient rejected',
    '550 5.7.504 [kim@contoso.com]: Recipient address rejected: Access denied',
    '5.7.504-recipient-unknown',
  ],
  [
    'recipient rejected',
    '550 5.4.1 [kim@contoso.com]: Recipient address rejected: Access denied',
    '5.4.1-recipient-rejected',
  ],
  ['5.6.0', '550 5.6.0 APPROVAL.InvalidExpiry; Cannot read expiry policy', '5.6.0-approval-tag'],
  ['5.6.0', '554 5.6.0 Invalid message content', '5.6.0-rule-timeout'],
  [
    '5.6.0',
    '550 5.6.0 CAT.InvalidContent.Exception: ExchangeDataException, Decoding of header X-A failed',
    '5.6.0-header-unreadable',
  ],
  [
    '5.2.0',
    '550 5.2.0 RESOLVER.ADR.BadPrimary; recipient primary SMTP address is missing or invalid',
    '5.2.0-contact-without-address',
  ],
  [
    '5.2.0',
    '554 5.2.0 STOREDRV.Deliver.Exception:ObjectNotFoundException.MapiExceptionNotFound; Cannot get ID from name',
    '5.2.0-clutter-folder',
  ],
  ['5.2.0', '554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException', 'submission-quota'],
  [
    '5.2.0',
    '554 5.2.0 STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied',
    '5.7.60-send-as-denied',
  ],
];

test.each(meanings)('%s: %s → %s', (_, text, article) => {
  const [diagnosis] = diagnose(text);
  expect(diagnosis?.article?.id ?? diagnosis?.candidates.map((candidate) => candidate.article.id)).toBe(
    article,
  );
});

describe('where nothing decides, people are asked', () => {
  test.each<[text: string, among: string[]]>([
    [
      '5.7.1',
      [
        '5.7.1-not-authorized',
        '5.7.1-relay-denied',
        '5.7.1-login-required',
        '5.7.1-ip-blocked',
        '5.7.1-mail-flow-rule',
      ],
    ],
    [remote(exchangeOnline, '550 5.7.1 No'), ['5.7.1-not-authorized', '5.7.1-relay-denied']],
    ['5.4.1', ['5.4.1-recipient-rejected', '5.4.1-relay-denied']],
    ['5.2.2', ['5.2.2-mailbox-full', '5.2.2-submission-quota']],
    ['5.1.0', ['5.1.0-sender-denied', '5.1.0-address-unknown', '5.1.0-malformed-address', '5.1.0-spf-error']],
    ['5.7.13', ['5.7.135-public-folder-outsiders', '5.7.13-account-disabled']],
    ['5.7.26', ['gmail-unauthenticated', 'gmail-dmarc']],
    ['4.3.2', ['4.3.2-throttled', '4.3.2-server-not-active', '4.3.2-folder-full']],
    ['5.6.0', ['5.6.0-approval-tag', '5.6.0-rule-timeout', '5.6.0-header-unreadable']],
    ['5.2.0', ['5.2.0-contact-without-address', '5.2.0-clutter-folder', 'submission-quota']],
    ['4.4.317', ['4.4.317-untrusted-root', '4.4.317-starttls-required', '4.4.317-name-mismatch']],
  ])('%j', (text, among) => {
    const [diagnosis] = diagnose(text);
    expect(diagnosis?.article).toBeNull();
    expect(diagnosis?.certainty).toBe('open');
    expect(diagnosis?.candidates.map(({ article }) => article.id)).toEqual(expect.arrayContaining(among));
  });
});

describe('a code that begins with 4 in a report', () => {
  test.each([
    [
      'Delivery is delayed to these recipients or groups:\n\nkim@contoso.com\n\nServer at contoso.com returned "400 4.4.7 Message delayed"',
      'delayed',
    ],
    [
      "Delivery has failed to these recipients or groups:\n\nkim@contoso.com\n\nRemote Server returned '550 4.4.7 QUEUE.Expired; message expired'",
      'failed',
    ],
  ])('%j: %s', (text, action) => {
    expect(diagnose(text)[0]).toMatchObject({
      failure: { action },
      article: { id: '4.4.7-message-expired' },
    });
  });
});

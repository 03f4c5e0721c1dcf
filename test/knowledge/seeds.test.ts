import type { Actor } from '../../src/knowledge/schema';
import { diagnose, knowledge } from '../guide/core';

/**
 * The table of seed 003, row by row: the key as it stands there, the reply that goes with it, the row's own description, and what we
 * make of it. Who can fix it stands as in reference/codes.md part A, which also says where the seed is out of date.
 */
type Row = readonly [key: string, reply: string, says: string, article: string, who: string];

const rows: readonly Row[] = [
  [
    '4.4.316',
    '450',
    'Connection refused [Message=Socket error code 10061]',
    '4.4.316-connection-refused',
    'recipientAdmin, wait',
  ],
  ['4.4.7', '550', 'Message expired', '4.4.7-message-expired', 'recipientAdmin, senderAdmin, wait'],
  ['4.5.3', '452', 'Too many recipients', '4.5.3-too-many-recipients', 'senderAdmin, sender'],
  [
    '4.7.26',
    '450',
    'Access denied, a message sent over IPv6 [2a01:111:f200:2004::240] must pass either SPF or DKIM validation, this message is not signed',
    '4.7.26-ipv6-not-authenticated',
    'senderAdmin',
  ],
  [
    '4.7.500-699',
    '451',
    'Access denied, please try again later',
    '4.7.500-699-throttled',
    'wait, senderAdmin, recipientAdmin',
  ],
  [
    '4.7.850-899',
    '451',
    'Access denied, please try again later',
    '4.7.850-899-suspicious-ip',
    'wait, senderAdmin',
  ],
  [
    '5.0.350',
    '550',
    'Generic error or x-dg-ref header is too long',
    '5.0.350-rich-text',
    'sender, senderAdmin',
  ],
  ['5.1.0', '550', 'Sender denied', '5.1.0-sender-denied', 'sender, recipient, recipientAdmin'],
  ['5.1.1', '550', 'Bad destination mailbox address', '5.1.1-recipient-unknown', 'sender, recipientAdmin'],
  ['5.1.8', '550', 'Access denied, bad outbound sender', '5.1.8-account-stopped', 'senderAdmin, sender'],
  ['5.2.2', '550', 'Submission quota exceeded', '5.2.2-submission-quota', 'wait, senderAdmin, sender'],
  [
    '5.2.121',
    '550',
    'Recipient’s per hour message receive limit from specific sender exceeded.',
    '5.2.121-one-sender-limit',
    'wait, sender, senderAdmin',
  ],
  [
    '5.2.122',
    '550',
    'Recipient’s per hour message receive limit exceeded.',
    '5.2.122-receiving-limit',
    'wait, recipientAdmin',
  ],
  [
    '5.3.190',
    '550',
    'Journaling on-premises messages to Microsoft 365 or Office 365 not supported when Journaling Archive is disabled.',
    '5.3.190-journaling',
    'senderAdmin',
  ],
  ['5.4.1', '550', 'Relay Access Denied', '5.4.1-relay-denied', 'recipientAdmin, wait'],
  ['5.4.6 or 5.4.14', '554', 'Routing loop detected', '5.4.6-mail-loop', 'recipientAdmin, senderAdmin'],
  ['5.6.11', '550', 'Invalid characters', '5.6.11-bare-line-feeds', 'sender, recipientAdmin'],
  [
    '5.7.1',
    '550',
    'Delivery not authorized',
    '5.7.1-not-authorized',
    'recipientAdmin, groupOwner, senderAdmin',
  ],
  ['5.7.1', '550', 'Unable to relay', '5.7.1-relay-denied', 'recipientAdmin, senderAdmin'],
  ['5.7.1', '530', 'Client was not authenticated', '5.7.1-login-required', 'senderAdmin, recipientAdmin'],
  ['5.7.12', '550', 'Sender was not authenticated by organization', '5.7.12-outsiders', 'recipientAdmin'],
  [
    '5.7.23',
    '550',
    'The message was rejected because of Sender Policy Framework violation',
    '5.7.23-spf-failed',
    'senderAdmin',
  ],
  [
    '5.7.57',
    '530',
    'Client was not authenticated to send anonymous mail during MAIL FROM',
    '5.7.57-not-signed-in',
    'sender, senderAdmin',
  ],
  ['5.7.64', '550', 'TenantAttribution; Relay Access Denied', '5.7.64-tenant-attribution', 'senderAdmin'],
  [
    '5.7.124',
    '550',
    'Sender not in allowed-senders list',
    '5.7.124-allowed-senders',
    'groupOwner, recipientAdmin, sender',
  ],
  [
    '5.7.133',
    '550',
    'Sender not authenticated for group',
    '5.7.133-group-outsiders',
    'groupOwner, recipientAdmin',
  ],
  [
    '5.7.134',
    '550',
    'Sender was not authenticated for mailbox',
    '5.7.134-mailbox-outsiders',
    'recipientAdmin',
  ],
  [
    '5.7.13 or 135',
    '550',
    'Sender was not authenticated for public folder',
    '5.7.135-public-folder-outsiders',
    'recipientAdmin',
  ],
  ['5.7.136', '550', 'Sender was not authenticated', '5.7.136-mail-user-outsiders', 'recipientAdmin'],
  [
    '5.7.25',
    '550',
    'Access denied, the sending IPv6 address [2a01:111:f200:2004::240] must have a reverse DNS record',
    '5.7.25-no-reverse-dns',
    'senderAdmin',
  ],
  [
    '5.7.501',
    '550',
    'Access denied, spam abuse detected',
    '5.7.501-503-banned-account',
    'senderAdmin, microsoft',
  ],
  ['5.7.502', '550', 'Access denied, banned sender', '5.7.501-503-banned-account', 'senderAdmin, microsoft'],
  ['5.7.503', '550', 'Access denied, banned sender', '5.7.501-503-banned-account', 'senderAdmin, microsoft'],
  [
    '5.7.504',
    '550',
    '[email@contoso.com]: Recipient address rejected: Access denied',
    '5.7.504-recipient-unknown',
    'sender, recipientAdmin',
  ],
  ['5.7.505', '550', 'Access denied, banned recipient', '5.7.505-banned-recipient', 'sender, microsoft'],
  ['5.7.506', '550', 'Access Denied, Bad HELO', '5.7.506-bad-helo', 'senderAdmin'],
  [
    '5.7.507',
    '550',
    'Access denied, rejected by recipient',
    '5.7.507-ip-refused-by-recipient',
    'recipientAdmin',
  ],
  [
    '5.7.508',
    '550',
    'Access denied, [$SenderIPAddress] has exceeded permitted limits within $range range',
    '5.7.508-ipv6-limit',
    'senderAdmin, wait',
  ],
  [
    '5.7.509',
    '550',
    'Access denied, sending domain [$SenderDomain] does not pass DMARC verification',
    '5.7.509-dmarc-failed',
    'senderAdmin',
  ],
  [
    '5.7.510',
    '550',
    'Access denied, [contoso.com] does not accept email over IPv6',
    '5.7.510-no-ipv6',
    'senderAdmin, recipientAdmin',
  ],
  ['5.7.511', '550', 'Access denied, banned sender', '5.7.511-banned-ip', 'senderAdmin, microsoft'],
  [
    '5.7.512',
    '550',
    'Access denied, message must be RFC 5322 section 3.6.2 compliant',
    '5.7.512-no-from-address',
    'senderAdmin, sender',
  ],
  [
    '5.7.513',
    '550',
    'Service unavailable, Client host [$ConnectingIP] blocked by $recipientDomain using Customer Block list (AS16012607)',
    '5.7.513-customer-block-list',
    'recipientAdmin',
  ],
  [
    '5.7.606-649',
    '550',
    'Access denied, banned sending IP [IP1.IP2.IP3.IP4]',
    '5.7.606-649-banned-ip',
    'senderAdmin, microsoft',
  ],
  // The description is about the two codes of the range that it names itself; both have a row of their own below.
  ['5.7.700-749', '550', 'Access denied', '5.7.700-749-tenant-blocked', 'senderAdmin, microsoft'],
  [
    '5.7.750',
    '550',
    'Service unavailable. Client blocked from sending from unregistered domains',
    '5.7.750-unregistered-domain',
    'senderAdmin, microsoft',
  ],
  [
    'n/a',
    '',
    'The message can’t be submitted because the sender’s submission quota was exceeded',
    'submission-quota',
    'wait, senderAdmin, sender',
  ],
];

/** The codes of a key: one, both of "a or b", both ends and the middle of a range, none. */
function codesOf(key: string): string[] {
  if (key === 'n/a') return [];
  const [first = '', second] = key.split(' or ');
  const stem = first.slice(0, first.lastIndexOf('.'));
  if (second !== undefined) return [first, second.includes('.') ? second : `${stem}.${second}`];
  const [low = '', high] = first.slice(stem.length + 1).split('-');
  if (high === undefined) return [first];
  return [low, Math.floor((Number(low) + Number(high)) / 2), high].map((detail) => `${stem}.${detail}`);
}

const one = (text: string) => {
  const diagnoses = diagnose(text);
  expect(diagnoses).toHaveLength(1);
  const [diagnosis] = diagnoses;
  if (diagnosis === undefined) throw new Error('nothing was read');
  return diagnosis;
};

const inTable = rows.flatMap(([key, reply, says, article, who]) =>
  (codesOf(key).length === 0 ? [''] : codesOf(key)).map((code) => ({
    key,
    code,
    line: [reply, code, says].filter((part) => part !== '').join(' '),
    article,
    who,
  })),
);

test('the table has 47 rows with 44 keys, as the seed has', () => {
  expect(rows).toHaveLength(47);
  expect(new Set(rows.map(([key]) => key).filter((key) => key !== 'n/a')).size).toBe(44);
});

describe('the seed table: what the server says → article → who can fix it', () => {
  test.each(inTable)('$key | $line → $article | $who', ({ line, article, who, code }) => {
    const diagnosis = one(line);
    expect({
      article: diagnosis.article?.id,
      open: diagnosis.candidates.map((candidate) => candidate.article.id),
    }).toEqual({ article, open: [] });
    expect(diagnosis.article?.whoCanFix.join(', ')).toBe(who);
    expect(diagnosis.article?.general).toBe(false);
    expect(diagnosis.failure.code ?? '').toBe(code);
  });

  test.each(rows)('%s | %s %s: %s has steps for everybody who can fix it', (_, __, ___, id, who) => {
    const article = knowledge.articles.get(id);
    expect(article?.sources.every(({ url }) => url.startsWith('https://'))).toBe(true);
    const people = who
      .split(', ')
      .filter((actor) => actor !== 'wait' && actor !== 'microsoft' && actor !== 'recipient');
    expect(Object.keys(article?.audiences ?? {})).toEqual(expect.arrayContaining(people));
    expect(Object.keys(article?.audiences ?? {})).toContain('sender');
  });
});

/** Keys whose number alone has several meanings (codes.md part H): these are offered, in this order. */
const collisions: Readonly<Record<string, readonly string[]>> = {
  '5.1.0': ['5.1.0-sender-denied', '5.1.0-address-unknown', '5.1.0-malformed-address', '5.1.0-spf-error'],
  '5.2.2': ['5.2.2-mailbox-full', '5.2.2-submission-quota'],
  '5.4.1': ['5.4.1-recipient-rejected', '5.4.1-relay-denied'],
  '5.7.1': ['5.7.1-not-authorized', '5.7.1-relay-denied', '5.7.1-login-required'],
  '5.7.13': ['5.7.135-public-folder-outsiders', '5.7.13-account-disabled'],
};
/** Keys whose number leads to the general one of several meanings; the row's own needs its words. */
const broader: Readonly<Record<string, string>> = { '5.0.350': '5.0.350-remote-error' };

describe('the code of a row alone', () => {
  const bare = [
    ...new Map(
      inTable.filter(({ code }) => code !== '').map((row) => [`${row.code} ${row.article}`, row]),
    ).values(),
  ];
  test.each(bare)('$code → $article, or offered among the meanings', ({ code, article }) => {
    for (const text of [code, `#${code}`, `550 ${code}`, `What does ${code} mean?`]) {
      const diagnosis = one(text);
      const offered = diagnosis.candidates.map((candidate) => candidate.article.id);
      const collision = collisions[code];
      if (collision === undefined)
        expect({ text, article: diagnosis.article?.id, offered }).toEqual({
          text,
          article: broader[code] ?? article,
          offered: [],
        });
      else {
        expect({ text, article: diagnosis.article, certainty: diagnosis.certainty }).toEqual({
          text,
          article: null,
          certainty: 'open',
        });
        expect(offered.filter((id) => collision.includes(id))).toEqual(collision);
        expect(offered).toContain(article);
      }
    }
  });

  test.each(Object.keys(collisions))('%s stays open and every meaning on offer can be told apart', (code) => {
    const looks = one(code).candidates.map(({ article }) => article.looksLike);
    expect(new Set(looks).size).toBe(looks.length);
    expect(looks.length).toBeGreaterThan(1);
  });
});

describe('ranges end where they end', () => {
  test.each([
    ['4.7.499', 'general-4.7'],
    ['4.7.500', '4.7.500-699-throttled'],
    ['4.7.501', '4.7.500-699-throttled'],
    ['4.7.698', '4.7.500-699-throttled'],
    ['4.7.699', '4.7.500-699-throttled'],
    ['4.7.700', 'general-4.7'],
    ['4.7.849', 'general-4.7'],
    ['4.7.850', '4.7.850-899-suspicious-ip'],
    ['4.7.899', '4.7.850-899-suspicious-ip'],
    ['4.7.900', 'general-4.7'],
    ['5.7.605', 'general-5.7'],
    ['5.7.606', '5.7.606-649-banned-ip'],
    ['5.7.620', '5.7.606-649-banned-ip'],
    ['5.7.649', '5.7.606-649-banned-ip'],
    ['5.7.650', 'general-5.7'],
    ['5.7.699', 'general-5.7'],
    ['5.7.700', '5.7.700-749-tenant-blocked'],
    ['5.7.749', '5.7.700-749-tenant-blocked'],
    ['5.7.750', '5.7.750-unregistered-domain'],
    ['5.7.751', 'general-5.7'],
  ])('%s → %s', (code, article) => {
    expect(one(code).article?.id).toBe(article);
    expect(one(`550 ${code}`).article?.id).toBe(article);
  });

  test.each(['5.7.606', '5.7.649', '4.7.500', '4.7.899'])('%s: a range is said to be a range', (code) => {
    expect(one(code)).toMatchObject({ certainty: 'likely', evidence: [{ kind: 'range', quote: code }] });
  });
});

describe('5.7.1: its words tell the three meanings of the table apart, wherever they stand', () => {
  const meanings = rows.filter(([key]) => key === '5.7.1');
  const shapes: readonly ((reply: string, says: string) => string)[] = [
    (reply, says) => `${reply} 5.7.1 ${says}`,
    (reply, says) => `${reply} 5.7.1 ${says.toUpperCase()}`,
    (reply, says) => `Remote Server returned '${reply} 5.7.1 ${says}'`,
    (reply, says) =>
      `Delivery has failed to these recipients or groups:\nkim@contoso.com\nRemote Server returned '${reply} 5.7.1 ${says}'`,
    (reply, says) => `smtp;${reply} 5.7.1 ${says} for kim@contoso.com`,
    (reply, says) => `#${reply} 5.7.1 ${says} ##`,
    (_, says) => `Error: 5.7.1 smtp;550 5.7.1 ${says}`,
  ];
  test.each(
    meanings.flatMap(([, reply, says, article]) =>
      shapes.map((shape) => [shape(reply, says), article] as const),
    ),
  )('%j → %s', (text, article) => {
    expect(one(text).article?.id).toBe(article);
  });

  test.each([
    ['550 5.7.1 RESOLVER.RST.NotAuthorized; not authorized', '5.7.1-not-authorized'],
    ['550 5.7.1 RESOLVER.RST.AuthRequired; authentication required', '5.7.1-not-authorized'],
    [
      '550 5.7.1 TRANSPORT.RULES.RejectMessage; the message was rejected by organization policy',
      '5.7.1-mail-flow-rule',
    ],
    ['554 5.7.1 <kim@contoso.com>: Relay access denied', '5.7.1-relay-denied'],
    ['550 5.7.1 <kim@contoso.com>... Relaying denied', '5.7.1-relay-denied'],
  ])('%s → %s', (text, article) => {
    expect(one(text).article?.id).toBe(article);
  });
});

describe('the row without a code: its sentence is enough', () => {
  test.each([
    'The message can’t be submitted because the sender’s submission quota was exceeded',
    "The message can't be submitted because the sender's submission quota was exceeded.",
    "THE MESSAGE CAN'T BE SUBMITTED BECAUSE THE SENDER'S SUBMISSION QUOTA WAS EXCEEDED",
    "Hello, I got: 'The message can't be submitted because the sender's submission quota was exceeded' - what now?",
    "The message can't be submitted because\n   the sender's submission\n   quota was exceeded",
    "Delivery has failed to these recipients or groups:\nkim@contoso.com\nThe message can't be submitted because the sender's submission quota was exceeded.",
    '554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException',
  ])('%j', (text) => {
    const diagnosis = one(text);
    expect(diagnosis.article?.id).toBe('submission-quota');
    expect(diagnosis).toMatchObject({ certainty: 'sure' });
  });
});

describe('codes that the seeds name outside their table', () => {
  test.each<readonly [string, string, readonly Actor[]]>([
    ['5.7.129', '5.7.129-restricted-or-disabled', ['recipientAdmin', 'groupOwner']],
    [
      '550 5.7.129 RESOLVER.RST.RestrictedToRecipientsPermission; not authorized to send to the recipient because the sender isn’t on the recipient’s list',
      '5.7.129-restricted-or-disabled',
      ['recipientAdmin', 'groupOwner'],
    ],
    ['5.7.703', '5.7.703-tenant-block-list', ['senderAdmin', 'sender']],
    [
      "550 5.7.703 Your message can't be delivered because messages to kim@contoso.com are blocked by your organization using Tenant Allow Block List",
      '5.7.703-tenant-block-list',
      ['senderAdmin', 'sender'],
    ],
    ['5.7.705', '5.7.705-tenant-threshold', ['senderAdmin', 'microsoft']],
    [
      '550 5.7.705 Access denied, tenant has exceeded threshold',
      '5.7.705-tenant-threshold',
      ['senderAdmin', 'microsoft'],
    ],
    ['5.7.708', '5.7.708-low-reputation-ip', ['senderAdmin', 'microsoft']],
    [
      '550 5.7.708 Access denied, traffic not accepted from this IP',
      '5.7.708-low-reputation-ip',
      ['senderAdmin', 'microsoft'],
    ],
    [
      '550 5.7.750 Service unavailable. Client blocked from sending from unregistered domain',
      '5.7.750-unregistered-domain',
      ['senderAdmin', 'microsoft'],
    ],
    [
      '550 5.7.135 STOREDRV.AuthenticationRequiredForPublicFolder',
      '5.7.135-public-folder-outsiders',
      ['recipientAdmin'],
    ],
    [
      '550 5.7.12 RESOLVER.RST.SenderNotAuthenticated; the sender was not authenticated',
      '5.7.12-outsiders',
      ['recipientAdmin'],
    ],
  ])('%s → %s', (text, article, who) => {
    const diagnosis = one(text);
    expect(diagnosis.article?.id).toBe(article);
    expect(diagnosis.article?.whoCanFix).toEqual(who);
  });

  test.each(['5.7.0', '5.7.2', '5.7.400', '5.7.899'])(
    '%s, somewhere in 5.7.0 to 5.7.999: a general answer, marked as such',
    (code) => {
      expect(one(code).article).toMatchObject({ id: 'general-5.7', general: true });
    },
  );
});

test('seed 003’s own example blames the recipient’s anonymous setting, and so do we', () => {
  const text =
    "Status code: 530 5.7.57 This error occurs when the recipient's email domain is configured to reject email from anonymous users. To fix the issue, the recipient's email admin must either add the sender's email address or your domain to their allowed senders list or turn off the global setting that rejects anonymous senders. This issue can only be fixed by the recipient's email admin. Reported error: 530 5.7.57 SMTP; Client was not authenticated to send anonymous mail during MAIL FROM [AM6PR0732BE0065.eurprd07.prod.outlook.com] DSN generated by: CWLP235MB9823.GBRP261.PROD.OUTLOOK.COM Remote server: AM6PR0732BE0065.outlook.office365.com";
  const diagnosis = one(text);
  expect(diagnosis.article?.id).toBe('5.7.57-anonymous-refused');
  expect(diagnosis.article?.whoCanFix[0]).toBe('recipientAdmin');
});

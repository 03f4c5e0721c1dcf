import { productInWords, productOfHost } from '../../src/ndr/gateways';
import { belongsTo, isInnerHost, organizationOf, sameOrganization } from '../../src/ndr/organization';
import { phrases } from '../guide/core';
import { readText } from '../../src/ndr/read';
import type { RefusedBy } from '../../src/ndr/report';
import { pasted } from './corpus';

interface Facts {
  writer?: string;
  refuser?: string;
  code?: string;
  words?: string;
  sender?: string;
  recipient?: string;
  received?: string;
}

const tenant = 'AM6PR01MB0002.eurprd01.prod.outlook.com';
const edge = 'AM5EUR02FT025.mail.protection.outlook.com';

function reportOf({
  writer,
  refuser,
  code = '550 5.7.1',
  words = 'Access denied',
  sender,
  recipient,
  received,
}: Facts): string {
  return [
    ...(writer === undefined ? [] : [`Reporting-MTA: dns;${writer}`, '']),
    ...(recipient === undefined ? [] : [`Final-Recipient: rfc822;${recipient}`, 'Action: failed']),
    ...(refuser === undefined ? [] : [`Remote-MTA: dns;${refuser}`]),
    `Diagnostic-Code: smtp;${code} ${words}`,
    '',
    'Original message headers:',
    '',
    ...(received === undefined ? [] : [`Received: ${received}`]),
    ...(sender === undefined ? [] : [`From: ${sender}`]),
    '',
  ].join('\n');
}

const people = { sender: 'carla@woodgrove.com', recipient: 'ana@contoso.com' };

describe('who refused (ndr-formats.md §8)', () => {
  test.each<[string, Facts, RefusedBy, string | null]>([
    [
      'writer and refuser at Microsoft, another organization',
      { ...people, writer: tenant, refuser: tenant, code: '550 5.7.124' },
      'recipient',
      'Microsoft 365',
    ],
    [
      'writer and refuser at Microsoft, the own organization',
      { ...people, recipient: 'bob@woodgrove.com', writer: tenant, refuser: tenant },
      'sender',
      'Microsoft 365',
    ],
    [
      'writer at Microsoft alone, the own organization',
      { ...people, recipient: 'bob@mail.woodgrove.com', writer: tenant },
      'sender',
      'Microsoft 365',
    ],
    [
      'writer at Microsoft alone, an unknown recipient elsewhere',
      { ...people, writer: tenant, code: '550 5.1.10' },
      'recipient',
      'Microsoft 365',
    ],
    [
      'writer at Microsoft, a foreign server',
      { ...people, writer: tenant, refuser: 'mx.contoso.com' },
      'recipient',
      null,
    ],
    [
      'writer at Microsoft, words behind an arrow',
      {
        ...people,
        writer: tenant,
        code: '550 5.7.350',
        words: 'Remote server returned message detected as spam -> 554 5.7.1 Spam',
      },
      'recipient',
      null,
    ],
    [
      'the same in the words of a gateway',
      {
        ...people,
        writer: tenant,
        code: '550 5.0.350',
        words:
          'Remote server returned an error -> 550 Rejected https://community.mimecast.com/docs/DOC-1369#550',
      },
      'recipientGateway',
      'Mimecast',
    ],
    [
      'time ran out',
      { ...people, writer: tenant, code: '550 4.4.7', words: 'QUEUE.Expired; message expired' },
      'unknown',
      null,
    ],
    [
      'time ran out behind a reason of the other server',
      {
        ...people,
        writer: tenant,
        code: '550 5.4.300',
        words: 'Message expired -> 451 4.7.1 Greylisted',
        refuser: 'mx.contoso.com',
      },
      'recipient',
      null,
    ],
    [
      'the own server alone',
      {
        ...people,
        writer: 'ex1.woodgrove.local',
        words: 'RESOLVER.RST.AuthRequired; authentication required',
      },
      'sender',
      null,
    ],
    ['a foreign server alone', { ...people, writer: 'mx.contoso.com', code: '550 5.1.1' }, 'recipient', null],
    [
      'the own gateway, refused at Microsoft for a tenant',
      { ...people, writer: 'us-smtp-1.mimecast.com', refuser: edge, code: '550 5.4.1' },
      'recipient',
      'Microsoft 365',
    ],
    [
      'the own gateway, refused at Microsoft for everybody',
      {
        ...people,
        writer: 'us-smtp-1.mimecast.com',
        refuser: edge,
        code: '550 5.7.606',
        words: 'Access denied, banned sending IP [203.0.113.9]',
      },
      'microsoft',
      'Microsoft 365',
    ],
    ['the own gateway alone', { ...people, writer: 'mx0a-0001.pphosted.com' }, 'senderGateway', 'Proofpoint'],
    [
      'an outbound gateway by its name',
      { ...people, writer: 'ex1.woodgrove.com', refuser: 'us-smtp-outbound-1.mimecast.com' },
      'senderGateway',
      'Mimecast',
    ],
    [
      'an outbound gateway by the way of the message',
      {
        ...people,
        writer: 'x.woodgrove.com',
        refuser: 'mx0b-2.pphosted.com',
        received: 'from x.woodgrove.com by mx0b-1.pphosted.com with ESMTP',
      },
      'senderGateway',
      'Proofpoint',
    ],
    [
      'a gateway in front of the recipient',
      { ...people, writer: tenant, refuser: 'us-smtp-inbound-1.mimecast.com' },
      'recipientGateway',
      'Mimecast',
    ],
    [
      'a mailbox service',
      {
        ...people,
        recipient: 'ana@gmail.com',
        writer: tenant,
        refuser: 'gmail-smtp-in.l.google.com',
        code: '550 5.7.26',
      },
      'recipient',
      'Google',
    ],
    [
      'a relay of the own organization',
      { ...people, writer: tenant, refuser: 'relay.woodgrove.com' },
      'sender',
      null,
    ],
    [
      'a server known inside only',
      { ...people, writer: 'ex1.woodgrove.com', refuser: 'edge.woodgrove.local' },
      'sender',
      null,
    ],
    [
      'a stopped sender',
      { ...people, writer: tenant, code: '550 5.1.8', words: 'Access denied, bad outbound sender' },
      'microsoft',
      'Microsoft 365',
    ],
    [
      'no forwarding outside',
      {
        ...people,
        writer: tenant,
        code: '550 5.7.520',
        words: 'Your organization does not allow external forwarding',
      },
      'sender',
      'Microsoft 365',
    ],
    [
      "the recipient's own block list",
      {
        ...people,
        writer: 'ex1.woodgrove.com',
        refuser: edge,
        code: '550 5.7.513',
        words: 'blocked by contoso.com using Customer Block list (AS16012607)',
      },
      'recipient',
      'Microsoft 365',
    ],
    [
      'a foreign server may use the same number',
      {
        ...people,
        writer: tenant,
        refuser: 'mx.contoso.com',
        code: '501 5.1.8',
        words: 'Sender address rejected',
      },
      'recipient',
      null,
    ],
    [
      'a code that only the recipient gives, without a server',
      { words: 'not found by SMTP address lookup', code: '550 5.1.10' },
      'recipient',
      null,
    ],
    [
      'a code for the words of another server',
      {
        ...people,
        writer: tenant,
        code: '550 5.7.367',
        words: 'Remote server returned not permitted to relay',
      },
      'recipient',
      null,
    ],
    ['nothing but a code', {}, 'unknown', null],
  ])('%s', (_, facts, by, product) => {
    const report = readText(reportOf(facts));
    expect([report.refusedBy, report.refusal.product]).toEqual([by, product]);
    const { reason, product: name, via } = report.refusal;
    expect(phrases.t(`refused.${reason}`, { product: via ?? name ?? '' })).toMatch(
      reason === 'nothingTells' ? /^refused\./ : /^[A-Z].{8,80}\.$/,
    );
  });

  test('a bare code was refused by nobody', () => {
    expect(readText('5.7.124').refusedBy).toBe('unknown');
    expect(readText('hello')).toMatchObject({ refusedBy: 'unknown', refusal: { host: null } });
  });
});

test('the corpus: whoever the truth names as the remote server is the one that is shown', () => {
  const wrong = pasted.flatMap(({ truth, text }) => {
    const { refusedBy, refusal } = readText(text);
    if (truth.remoteServer === null || refusedBy === 'unknown') return [];
    const gateway = productOfHost(truth.remoteServer)?.kind === 'gateway';
    const fits = gateway ? /Gateway$/.test(refusedBy) : !/Gateway$/.test(refusedBy);
    return fits && refusal.host?.toLowerCase() === truth.remoteServer.toLowerCase()
      ? []
      : [`${truth.id} ${refusedBy} ${String(refusal.host)}`];
  });
  expect(wrong).toEqual([]);
});

test.each([
  ['us-smtp-inbound-1.mimecast.com', 'Mimecast'],
  ['MX0A-001.pphosted.com', 'Proofpoint'],
  ['mx1-us1.ppe-hosted.com', 'Proofpoint Essentials'],
  ['d1.ess.barracudanetworks.com', 'Barracuda'],
  ['mx27.ess.sfj.cudaops.com', 'Barracuda'],
  ['barracuda.contoso.com', 'Barracuda'],
  ['esa1.contoso.iphmx.com', 'Cisco'],
  ['cluster5.eu.messagelabs.com', 'Symantec'],
  ['contoso.in.tmes.trendmicro.com', 'Trend Micro'],
  ['mx-01.prod.hydra.sophos.com', 'Sophos'],
  ['cust1.mailcontrol.com', 'Forcepoint'],
  ['mx01.hornetsecurity.com', 'Hornetsecurity'],
  ['aspmx.l.google.com', 'Google'],
  ['mta7.am0.yahoodns.net', 'Yahoo'],
  ['mx01.mail.icloud.com', 'Apple'],
  ['smtp.secureserver.net', 'GoDaddy'],
  ['mx00.ionos.de', 'United Internet'],
  ['mx.contoso.com', null],
  ['notmimecast.com', null],
  ['mimecast.com.contoso.com', null],
])('the product of %s', (host, name) => {
  expect(productOfHost(host)?.name ?? null).toBe(name);
});

test.each([
  ['554 5.7.1 Blocked - see https://ipcheck.proofpoint.com/?ip=203.0.113.9', 'Proofpoint'],
  ['550 permanent failure for one or more recipients (ana@contoso.com:blocked)', 'Barracuda'],
  ['550-5.7.26 not authenticated. abc - gsmtp', 'Google'],
  ['421 4.7.0 [TSS04] Messages temporarily deferred', 'Yahoo'],
  ['550 5.1.1 User unknown', null],
])('the product in %j', (words, name) => {
  expect(productInWords(words)?.name ?? null).toBe(name);
});

describe('organizations', () => {
  test.each([
    ['mx1.mail.contoso.com', 'contoso.com'],
    ['MX1.Contoso.co.uk', 'contoso.co.uk'],
    ['contoso.de', 'contoso.de'],
    ['localhost', 'localhost'],
  ])('%s is of %s', (host, organization) => {
    expect(organizationOf(host)).toBe(organization);
  });

  test.each<[string, string | null, boolean]>([
    ['mx1.contoso.com', 'ana@contoso.com', true],
    ['mx1.contoso.com', 'ana@mail.contoso.com', true],
    ['contoso-com.mail.protection.outlook.com', 'ana@contoso.com', true],
    ['contoso-com.mail.protection.outlook.com', 'ana@outlook.com', false],
    ['mx1.fabrikam.com', 'ana@contoso.com', false],
    ['mx1.fabrikam.com', null, false],
  ])('%s belongs to %s: %s', (host, address, expected) => {
    expect(belongsTo(host, address)).toBe(expected);
  });

  test.each<[string | null, string | null, boolean]>([
    ['ana@contoso.com', 'bob@eu.contoso.com', true],
    ['ana@contoso.co.uk', 'bob@fabrikam.co.uk', false],
    ['ana@contoso.com', null, false],
    [null, null, false],
  ])('%s and %s: %s', (one, other, expected) => {
    expect(sameOrganization(one, other)).toBe(expected);
  });

  test.each([
    ['ex1.contoso.local', true],
    ['EX1', true],
    ['mx.contoso.com', false],
    ['203.0.113.9', false],
  ])('%s is known inside only: %s', (host, expected) => {
    expect(isInnerHost(host)).toBe(expected);
  });
});

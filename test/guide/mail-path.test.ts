import { pathRows } from '../../src/guide/mail-path';
import { findHops } from '../../src/ndr/hops';
import { caseOf, guide, phrases } from './core';

const headers = [
  'Received: from AM0P191MB0481.EURP191.PROD.OUTLOOK.COM (2603:10a6:208:4d::33)',
  ' by PAXP191MB1871.EURP191.PROD.OUTLOOK.COM with HTTPS; Tue, 8 Feb 2022',
  ' 15:59:22 +0000',
  'Received: from mail.fabrikam.com (198.51.100.7) by AM0P191MB0481.EURP191.PROD.OUTLOOK.COM with Microsoft SMTP Server; Tue, 8 Feb 2022 15:56:22 +0000',
  'Received: from [10.0.0.5] by mail.fabrikam.com with ESMTPSA; Tue, 8 Feb 2022 15:56:20 +0000 (UTC)',
  'From: kim@fabrikam.com',
  'Subject: Offer',
].join('\n');

test('hops: oldest first, folded fields put together, the delay between them', () => {
  expect(findHops(headers).map(({ by, protocol, delay }) => [by, protocol, delay])).toEqual([
    ['mail.fabrikam.com', 'ESMTPSA', null],
    ['AM0P191MB0481.EURP191.PROD.OUTLOOK.COM', 'Microsoft SMTP Server', 2],
    ['PAXP191MB1871.EURP191.PROD.OUTLOOK.COM', 'HTTPS', 180],
  ]);
});

test.each<[name: string, server: string | null, last: string, refused: boolean]>([
  ['nobody refused', null, 'PAXP191MB1871.EURP191.PROD.OUTLOOK.COM', false],
  [
    'the last station refused',
    'PAXP191MB1871.eop-EUR191.prod.protection.outlook.com',
    'PAXP191MB1871.EURP191.PROD.OUTLOOK.COM',
    true,
  ],
  ['a server behind it refused', 'mx.contoso.com', 'mx.contoso.com', true],
])('the failing hop: %s', (_, server, last, refused) => {
  expect(pathRows(findHops(headers), server, phrases).rows.at(-1)).toMatchObject({ host: last, refused });
});

test('headers alone give a path and no verdict', () => {
  const bounce = caseOf(headers);
  expect(bounce.problems).toEqual([]);
  expect(guide.view(bounce, guide.start(bounce), phrases)).toMatchObject({
    kind: 'path',
    note: 'Most of the time was lost before PAXP191MB1871.EURP191.PROD.OUTLOOK.COM: 3 min.',
  });
});

test('a report with its headers leads from the verdict to the path and back', () => {
  const bounce = caseOf(
    `Delivery has failed to these recipients or groups:\n\nsales@contoso.com\nmx.contoso.com\nRemote Server returned '550 5.7.124 Sender not in allowed-senders list'\n\nOriginal message headers:\n\n${headers}`,
  );
  const verdict = guide.view(bounce, guide.start(bounce), phrases);
  expect(verdict).toMatchObject({ kind: 'verdict', mailPath: { path: ['mailPath'] } });
  if (verdict?.kind !== 'verdict' || verdict.mailPath === null) throw new Error('no path');
  const path = guide.view(bounce, verdict.mailPath, phrases);
  expect(path).toMatchObject({ kind: 'path', back: guide.start(bounce) });
  expect(path?.kind === 'path' && path.rows.filter(({ refused }) => refused).map(({ host }) => host)).toEqual(
    ['mx.contoso.com'],
  );
});

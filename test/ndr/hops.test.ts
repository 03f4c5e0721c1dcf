import { findHops } from '../../src/ndr/hops';
import { readText } from '../../src/ndr/read';

const newest = `Received: from AM6PR01MB0002.eurprd01.prod.outlook.com (2603:10a6:20b:4d::14)
 by DB7PR01MB0001.eurprd01.prod.outlook.com with HTTPS; Mon, 5 Jan 2026 10:00:07 +0000`;
const middle = `Received: from mail.fabrikam.com (203.0.113.9) by
 AM6PR01MB0002.eurprd01.prod.outlook.com (10.1.2.3) with Microsoft SMTP Server
 (version=TLS1_2, cipher=TLS_ECDHE) id 15.20.8583.26 via Frontend Transport; Mon, 5
 Jan 2026 10:00:05 +0000`;
const oldest = `Received: from desk (helo=desk) by mail.fabrikam.com with ESMTPSA id x; Mon, 5 Jan 2026 11:00:00 +0100 (CET)`;

const expected = [
  { from: 'desk', by: 'mail.fabrikam.com', protocol: 'ESMTPSA', delay: null },
  {
    from: 'mail.fabrikam.com',
    by: 'AM6PR01MB0002.eurprd01.prod.outlook.com',
    protocol: 'Microsoft SMTP Server',
    delay: 5,
  },
  {
    from: 'AM6PR01MB0002.eurprd01.prod.outlook.com',
    by: 'DB7PR01MB0001.eurprd01.prod.outlook.com',
    protocol: 'HTTPS',
    delay: 2,
  },
];
const headers = [newest, middle, oldest].join('\n');

describe('Received', () => {
  test.each<[string, string]>([
    ['folded lines', `${headers}\nFrom: a@b.co\n\nwords`],
    ['indent lost', headers.replace(/^ /gm, '')],
    [
      'indent lost, other fields between',
      `${newest}\nX-A: b\n${middle}\nX-C: d\n${oldest}`.replace(/^ /gm, ''),
    ],
    ['folded with tabs', headers.replace(/^ /gm, '\t')],
    ['line breaks lost', headers.replace(/\s+/g, ' ')],
    ['quoted', headers.replace(/^/gm, '> ').replace(/^> {2}/gm, '>  ')],
  ])('%s', (name, text) => {
    const read = name === 'quoted' ? readText(text).hops : findHops(text);
    expect(read).toMatchObject(expected);
  });

  test('dates stay as written', () => {
    expect(findHops(headers).map(({ at }) => at)).toEqual([
      'Mon, 5 Jan 2026 11:00:00 +0100 (CET)',
      'Mon, 5 Jan 2026 10:00:05 +0000',
      'Mon, 5 Jan 2026 10:00:07 +0000',
    ]);
  });

  test('a clock behind the one before is told, not counted', () => {
    const text = `Received: by b.contoso.com; Mon, 5 Jan 2026 10:00:00 +0000\nReceived: by a.contoso.com; Mon, 5 Jan 2026 10:00:09 +0000`;
    expect(findHops(text).map(({ delay, clockDiffers }) => [delay, clockDiffers])).toEqual([
      [null, false],
      [null, true],
    ]);
  });

  test.each([
    ['no date', 'Received: from a.contoso.com by b.contoso.com with SMTP id 1'],
    ['a date nobody can read', 'Received: from a.contoso.com by b.contoso.com; yesterday'],
  ])('%s', (_, text) => {
    expect(findHops(text)).toEqual([
      expect.objectContaining({ from: 'a.contoso.com', by: 'b.contoso.com', at: null, delay: null }),
    ]);
  });

  test('a loop keeps every hop, up to a bound', () => {
    const loop = (count: number): string =>
      Array.from(
        { length: count },
        (_, index) =>
          `Received: from ${index % 2 === 0 ? 'a' : 'b'}.contoso.com by ${index % 2 === 0 ? 'b' : 'a'}.contoso.com with SMTP`,
      ).join('\n');
    expect(findHops(loop(20))).toHaveLength(20);
    expect(findHops(loop(5000))).toHaveLength(60);
  });

  test.each([
    'X-Received: by 2002:a05:6102 with SMTP id a',
    'Received: yes',
    'The letter was received: from him',
  ])('no hop: %s', (text) => {
    expect(findHops(text)).toEqual([]);
  });
});

describe('Message Hops', () => {
  const table = (rows: string): string =>
    `Your message to ana@contoso.com couldn't be delivered.\nError: 550 5.1.10 Not found\n\nMessage Hops\nHOP\tTIME (UTC)\tFROM\tTO\tWITH\tRELAY TIME\n${rows}\n\nOriginal Message Headers\n`;

  test.each<[string, string, unknown[]]>([
    [
      'whole rows',
      '1\t9/1/2017 6:40:30 AM\ta.contoso.com\tb.contoso.com\tmapi\t*\n2\t9/1/2017 6:40:33 AM\tb.contoso.com\tc.contoso.com\tMicrosoft SMTP Server (version=TLS1_2)\t3 sec',
      [
        { from: 'a.contoso.com', by: 'b.contoso.com', protocol: 'mapi', delay: null },
        { from: 'b.contoso.com', by: 'c.contoso.com', protocol: 'Microsoft SMTP Server', delay: 3 },
      ],
    ],
    [
      'missing cells, runs of spaces',
      '1    9/1/2017 6:40:30 AM        mail.example.org   *\n2    9/1/2017 6:40:30 AM    mail.example.org    b.contoso.com    *',
      [
        { from: null, by: 'mail.example.org', protocol: null, delay: null },
        { from: 'mail.example.org', by: 'b.contoso.com', protocol: null, delay: 0 },
      ],
    ],
    [
      'clock skew',
      '1\t9/1/2017 6:40:30 AM\ta.contoso.com\tb.contoso.com\n2\t9/1/2017 6:40:10 AM\tb.contoso.com\tc.contoso.com',
      [{ clockDiffers: false }, { delay: null, clockDiffers: true }],
    ],
    ['no rows', '', []],
  ])('%s', (_, rows, hops) => {
    expect(findHops(table(rows))).toMatchObject(hops);
    expect(readText(table(rows)).hops).toMatchObject(hops);
  });

  test('rows without the heading are another table', () => {
    expect(findHops('1\t9/1/2017 6:40:30 AM\ta.contoso.com\tb.contoso.com')).toEqual([]);
  });
});

test('the headers a report came with are not the way of the message that bounced', () => {
  const text = `${headers}\nSubject: Undeliverable: Offer\n\nDelivery has failed to these recipients or groups:\n\nana@contoso.com\nRemote Server returned '550 5.1.1 User unknown'\n`;
  expect(readText(text)).toMatchObject({ isNdr: true, hops: [] });
});

test('pasted headers alone give the way', () => {
  expect(readText(`${headers}\nFrom: a@fabrikam.com\nSubject: Offer\n`)).toMatchObject({
    isNdr: false,
    hops: expected,
  });
});

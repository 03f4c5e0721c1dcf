import { readText } from '../../src/ndr/read';

const tenant = '0d1e2f3a-1111-2222-3333-444455556666';
const report =
  'Delivery has failed to these recipients or groups:\n\nbob@fabrikam.com\n550 5.1.1 User unknown\n';
const bounced = (headers: readonly string[]): string =>
  `${report}\nOriginal message headers:\n\nReceived: from a (192.0.2.7) by mx.fabrikam.com; Thu, 19 Nov 2026 10:00:00 +0000\n${headers.join('\n')}\nFrom: Ann <ann@contoso.com>\n`;

describe('who sent the message that bounced', () => {
  test('headers of Exchange Online', () => {
    const { origin, evidence, body } = readText(
      bounced([
        'X-MS-Exchange-Organization-AuthAs: Internal',
        'X-MS-Exchange-CrossTenant-FromEntityHeader: Hosted',
        `X-MS-Exchange-CrossTenant-Id: ${tenant}`,
      ]),
    );
    expect(origin).toEqual({ tenant, authAs: 'internal', entity: 'hosted', spf: null, isForged: false });
    const place = evidence.find(({ field }) => field === 'tenant');
    expect(body.slice(place?.from, place?.to)).toBe(tenant);
  });

  test.each<[string, readonly string[], string | null, boolean]>([
    [
      'SPF failed and the Message-ID is somebody else’s',
      [
        'Authentication-Results: mx.fabrikam.com;\n spf=fail (sender IP is 203.0.113.9)',
        'Message-ID: <1@spam.example>',
      ],
      'fail',
      true,
    ],
    [
      'SPF failed, the Message-ID is our own: a forwarded message',
      ['Received-SPF: Fail (mx.fabrikam.com: …)', 'Message-ID: <1@mail.contoso.com>'],
      'fail',
      false,
    ],
    [
      'SPF failed, the Message-ID is that of our mail service',
      ['Received-SPF: SoftFail (x)', 'Message-ID: <AM6@AM6PR05MB5112.eurprd05.prod.outlook.com>'],
      'softfail',
      false,
    ],
    ['SPF passed', ['Received-SPF: Pass (x)', 'Message-ID: <1@spam.example>'], 'pass', false],
    [
      'our own server took it',
      [
        'Received-SPF: Fail (x)',
        'X-MS-Exchange-Organization-AuthAs: Internal',
        'Message-ID: <1@spam.example>',
      ],
      'fail',
      false,
    ],
    ['nothing is said', ['Message-ID: <1@spam.example>'], null, false],
  ])('%s', (_, headers, spf, isForged) => {
    expect(readText(bounced(headers)).origin).toMatchObject({ spf, isForged });
  });

  test('what the report itself came with is another message’s', () => {
    const { origin } = readText(`Received-SPF: Fail (x)\nSubject: Undeliverable: Plans\n\n${report}`);
    expect(origin.spf).toBeNull();
  });
});

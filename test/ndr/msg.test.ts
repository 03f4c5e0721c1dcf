import { inspect, readAll, readFile } from '../../src/ndr/file';
import { writeMsg, type Item } from './msg-writer';

const utf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8');
const codes = async (bytes: Uint8Array): Promise<(string | null)[]> =>
  (await readFile(bytes)).failures.map(({ code }) => code);

const classic = `Delivery has failed to these recipients or groups:

nobody@contoso.com
Diagnostic information for administrators:
Generating server: mail.fabrikam.com
nobody@contoso.com
Remote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found'

Original message headers:
From: Ann <ann@fabrikam.com>
Subject: Plans
`;
const html = `<html><body><p>Your message to nobody@contoso.com couldn't be delivered.</p><p>${'Some words. '.repeat(20)}</p>
<table><tr><td>Status code:</td><td>550 5.7.124 RESOLVER.RST.SenderNotInAllowedSenders</td></tr></table></body></html>`;
const rtf = String.raw`{\rtf1\ansi\ansicpg1252\fromhtml1 {\fonttbl{\f0 Arial;}}{\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 Delivery has failed to these recipients or groups:\par caf\'e9 nobody@contoso.com\par Diagnostic information for administrators:\par Remote Server returned '550 5.4.1 Recipient address rejected: Access denied'\par }}`;
/** PR_RTF_COMPRESSED that stores instead of packing, as the format allows. */
const stored = (text: string): Uint8Array => {
  const head = Buffer.alloc(16);
  head.writeUInt32LE(text.length + 12, 0);
  head.writeUInt32LE(text.length, 4);
  head.write('MELA', 8, 'latin1');
  return Buffer.concat([head, Buffer.from(text, 'latin1')]);
};
/** Packed by hand with literals only: eight signs behind each control byte. */
const packed = (text: string): Uint8Array => {
  const runs = text.match(/[\s\S]{1,8}/g) ?? [];
  const body = Buffer.concat(runs.map((run) => Buffer.from(`\0${run}`, 'latin1')));
  const head = Buffer.alloc(16);
  head.writeUInt32LE(body.length + 12, 0);
  head.writeUInt32LE(text.length, 4);
  head.write('LZFu', 8, 'latin1');
  return Buffer.concat([head, body]);
};

const ndr: Item = {
  properties: {
    '001a': 'REPORT.IPM.Note.NDR',
    '0037': 'Undeliverable: Plans',
    '1001': 'Your message did not reach some or all of the intended recipients.',
  },
  recipients: [
    {
      '3001': 'Nobody',
      '39fe': 'nobody@contoso.com',
      '0c1b': '<mail.contoso.com #5.1.1 smtp; 550 5.1.1 User unknown>',
      '0c04': 0,
      '0c05': 0,
      '0c20': 511,
    },
  ],
  attachments: [
    {
      properties: { '3001': 'Plans' },
      item: {
        properties: {
          '001a': 'IPM.Note',
          '0037': 'Plans',
          '0c1f': 'ann@fabrikam.com',
          '1035': '<1@fabrikam.com>',
          '1000': 'Hello',
        },
      },
    },
  ],
};
const withStatus = (status: number): Item => ({
  ...ndr,
  recipients: [{ '39fe': 'nobody@contoso.com', '0c20': status }],
});

describe('an Outlook item', () => {
  test.each<[string, Item, string[]]>([
    [
      'plain body',
      { properties: { '001a': 'IPM.Note', '0037': 'Undeliverable: Plans', '1000': classic } },
      ['5.1.10'],
    ],
    [
      'HTML only',
      { properties: { '001a': 'REPORT.IPM.Note.NDR', '1013': utf8(html), '3fde': 65001 } },
      ['5.7.124'],
    ],
    ['HTML as a string', { properties: { '001a': 'REPORT.IPM.Note.NDR', '1013': html } }, ['5.7.124']],
    ['RTF, stored', { properties: { '001a': 'REPORT.IPM.Note.NDR', '1009': stored(rtf) } }, ['5.4.1']],
    ['RTF, packed', { properties: { '001a': 'REPORT.IPM.Note.NDR', '1009': packed(rtf) } }, ['5.4.1']],
    ['what the server said about the recipient', ndr, ['5.1.1']],
    ['the status number alone', withStatus(571), ['5.7.1']],
    ['a delayed report', { properties: { '001a': 'REPORT.IPM.Note.DELAYED', '1000': classic } }, ['5.1.10']],
    [
      'a bounce forwarded as an attachment',
      {
        properties: { '001a': 'IPM.Note', '0037': 'what is this?', '1000': 'Hi, see the attachment please' },
        attachments: [{ properties: { '3001': 'x' }, item: ndr }],
      },
      ['5.1.1'],
    ],
    [
      'an .eml forwarded as an attachment',
      {
        properties: { '001a': 'IPM.Note', '0037': 'what is this?', '1000': 'Hi, see the attachment please' },
        attachments: [
          {
            properties: {
              '3707': 'bounce.eml',
              '3701': utf8(`From: postmaster@contoso.com\r\nSubject: Undeliverable: Plans\r\n\r\n${classic}`),
            },
          },
        ],
      },
      ['5.1.10'],
    ],
    [
      'a .msg attached as a file',
      {
        properties: { '001a': 'IPM.Note', '0037': 'what is this?', '1000': 'Hi, see the attachment please' },
        attachments: [{ properties: { '3707': 'bounce.msg', '3701': writeMsg(ndr) } }],
      },
      ['5.1.1'],
    ],
    [
      'a bounce of a message that carried a bounce',
      { ...ndr, attachments: [{ properties: { '3001': 'x' }, item: withStatus(571) }] },
      ['5.1.1'],
    ],
  ])('%s', async (_, item, expected) => {
    expect(await codes(writeMsg(item))).toEqual(expected);
  });

  test.each([
    ['by its name', 'application/octet-stream'],
    ['by its type', 'application/vnd.ms-outlook'],
  ])('a .msg in an .eml, %s', async (name, type) => {
    const file = name === 'by its name' ? 'Undeliverable Plans.msg' : 'ATT00001';
    const eml = [
      'From: Ann <ann@fabrikam.com>',
      'To: help@fabrikam.com',
      'Subject: what is this? 5.7.1',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary=z',
      '',
      '--z',
      'Content-Type: text/plain',
      '',
      'Hi, see the attachment please',
      '--z',
      `Content-Type: ${type}; name="${file}"`,
      `Content-Disposition: attachment; filename="${file}"`,
      'Content-Transfer-Encoding: base64',
      '',
      Buffer.from(writeMsg(ndr)).toString('base64'),
      '--z--',
      '',
    ].join('\r\n');
    expect(await codes(Buffer.from(eml))).toEqual(['5.1.1']);
    expect(await codes(Buffer.from(eml.replace('Hi, see the attachment please', '')))).toEqual(['5.1.1']);
  });

  // 510 is 5.1.0 or 5.1.10 cut by MS-OXCMAIL §2.2.3.7.1.3: nothing is said rather than something wrong.
  test.each([0, 510, 570, 694, 5711, 200])(
    'does not guess a code from the status number %d',
    async (status) => {
      expect((await codes(writeMsg(withStatus(status)))).filter((code) => code !== null)).toEqual([]);
    },
  );

  test.each([
    ['delivered', 'REPORT.IPM.Note.DR', 'delivered'],
    ['read', 'REPORT.IPM.Note.IPNRN', 'readReceipt'],
    ['not read', 'REPORT.IPM.Note.IPNNRN', 'readReceipt'],
    ['out of office', 'IPM.Note.Rules.OofTemplate.Microsoft', 'autoReply'],
    ['a meeting', 'IPM.Schedule.Meeting.Resp.Neg', 'calendar'],
    ['a recall', 'IPM.Outlook.Recall', 'recall'],
    ['a mail', 'IPM.Note', 'mail'],
  ])('%s is no bounce', (_, messageClass, kind) => {
    const [reading] = readAll(
      writeMsg({
        properties: {
          '001a': messageClass,
          '0037': 'Plans',
          '1000': 'Ticket 550 5.1.1, version 5.7.1 is out',
        },
      }),
    );
    expect(reading).toMatchObject({ kind, unreadable: null, report: { isNdr: false, failures: [] } });
  });

  test('knows the recipient and the message that bounced', async () => {
    const report = await readFile(writeMsg(ndr));
    expect(report).toMatchObject({
      isNdr: true,
      subject: 'Plans',
      sender: 'ann@fabrikam.com',
      failures: [{ recipient: 'nobody@contoso.com', code: '5.1.1' }],
    });
  });

  test('a body in bytes of a code page', async () => {
    const entries = writeMsg({
      properties: {
        '001a': 'REPORT.IPM.Note.NDR',
        '1013': Buffer.from(html.replace('Some', 'été'), 'latin1'),
        '3fde': 28591,
      },
    });
    expect((await readFile(entries)).body).toContain('été');
  });

  test('nothing but an encrypted part', () => {
    const [reading] = readAll(
      writeMsg({
        properties: { '001a': 'IPM.Note.SMIME', '0037': 'secret' },
        attachments: [{ properties: { '3707': 'smime.p7m', '370e': 'application/pkcs7-mime' } }],
      }),
    );
    expect(reading?.unreadable).toBe('encrypted');
  });

  test('a compound file that is no item', () => {
    const bytes = Buffer.from(writeMsg({ properties: {} }));
    const mark = bytes.indexOf(Buffer.from('__properties', 'utf16le'));
    bytes.fill(0x78, mark, mark + 10);
    expect(inspect(bytes)).toBe('binary');
    expect(readAll(bytes)[0]?.unreadable).toBe('binary');
  });
});

describe('a broken Outlook item', () => {
  const large = writeMsg({ ...ndr, properties: { ...ndr.properties, '1000': classic.repeat(40) } });

  test('cut anywhere: never throws, never a code that is not in it', () => {
    for (let end = 0; end < large.length; end += 97) {
      for (const { report } of readAll(large.subarray(0, end))) {
        for (const { code } of report.failures) expect([null, '5.1.10', '5.1.1']).toContain(code);
      }
    }
  });

  test('any four bytes overwritten: never throws, always ends', () => {
    const started = performance.now();
    for (let at = 0; at < large.length - 4; at += 61) {
      for (const value of [0, 1, 0xfffffffe, at >> 9]) {
        const bytes = Buffer.from(large);
        bytes.writeUInt32LE(value, at);
        expect(readAll(bytes)).toHaveLength(1);
      }
    }
    expect(performance.now() - started).toBeLessThan(30_000);
  });

  // @kenjiuno/msgreader 1.28 follows such a chain until the memory is full.
  test('chains that bite their own tails end', () => {
    const bytes = Buffer.from(large);
    const fat = (bytes.readUInt32LE(76) + 1) * 512;
    for (let index = 0; index < 128; index += 1) bytes.writeUInt32LE(index, fat + index * 4);
    const started = performance.now();
    expect(readAll(bytes)).toHaveLength(1);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

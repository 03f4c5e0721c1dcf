import { inspect, readAll, readFile, readFiles, type Unreadable } from '../../src/ndr/file';
import { decodeText } from '../../src/ndr/charset';
import { decodeUtf7 } from '../../src/ndr/utf7';

const utf8 = (text: string): Buffer => Buffer.from(text, 'utf8');
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
const hex = (digits: string): Buffer => Buffer.from(digits.replace(/ /g, ''), 'hex');
const firstCode = async (bytes: Uint8Array): Promise<string | null> =>
  (await readFile(bytes)).failures[0]?.code ?? null;
const head = 'From: postmaster@contoso.com\nTo: ann@fabrikam.com\nSubject: Undeliverable: Plans\n';
const line = "Remote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found'";
const words = `Delivery has failed to these recipients or groups:\n\nbob@contoso.com\nDiagnostic information for administrators:\nGenerating server: mx.contoso.com\nbob@contoso.com\n${line}\n`;
/** "配信不能" and "受信者" with the line of codes, in the bytes of three encodings. */
const japanese = {
  iso2022: Buffer.concat([
    hex('1b 24 42 47 5b 3f 2e 49 54 47 3d 24 47 24 39 1b 28 42'),
    latin1(`\n${line}\n`),
  ]),
  shiftJis: Buffer.concat([hex('94 7a 90 4d 95 73 94 5c 82 c5 82 b7'), latin1(`\n${line}\n`)]),
  eucJp: Buffer.concat([hex('c7 db bf ae c9 d4 c7 bd a4 c7 a4 b9'), latin1(`\n${line}\n`)]),
};

describe('the text in some bytes', () => {
  test.each<[string, Uint8Array, string]>([
    ['UTF-8', utf8('réponse 配信'), 'réponse 配信'],
    ['UTF-8 with a mark', utf8('\ufeffréponse'), 'réponse'],
    ['UTF-16LE with a mark', Buffer.from('\ufeffréponse', 'utf16le'), 'réponse'],
    ['UTF-16LE without', Buffer.from('réponse 550 5.1.1', 'utf16le'), 'réponse 550 5.1.1'],
    ['UTF-16BE with a mark', Buffer.from('\ufeffréponse!', 'utf16le').swap16(), 'réponse!'],
    ['UTF-16BE without', Buffer.from('réponse 550 5.1.1', 'utf16le').swap16(), 'réponse 550 5.1.1'],
    ['Windows-1252', hex('93 72 e9 70 6f 6e 73 65 94'), '“réponse”'],
    ['Windows-1251', hex('cd e5 e4 ee f1 f2 e0 e2 eb e5 ed ee'), 'Недоставлено'],
    ['KOI8-R', hex('ee c5 c4 cf d3 d4 c1 d7 cc c5 ce cf'), 'Недоставлено'],
    ['ISO-2022-JP', japanese.iso2022.subarray(0, 18), '配信不能です'],
    ['Shift_JIS', japanese.shiftJis.subarray(0, 12), '配信不能です'],
    ['EUC-JP', japanese.eucJp.subarray(0, 12), '配信不能です'],
    [
      'UTF-7',
      latin1('bob+AEA-contoso.com +ADw-ann+AEA-fabrikam.com+AD4-'),
      'bob@contoso.com <ann@fabrikam.com>',
    ],
    ['no UTF-7: a sum', latin1('1+1- is 2, a+b'), '1+1- is 2, a+b'],
    ['nothing', new Uint8Array(), ''],
  ])('%s', (_, bytes, text) => {
    expect(decodeText(bytes)).toBe(text);
  });

  test.each([
    ['Hi Mom +Jjo-!', 'Hi Mom ☺!'], // RFC 2152's own examples
    ['A+ImIDkQ.', 'A≢Α.'],
    ['+ZeVnLIqe-', '日本語'],
    ['1 +- 1', '1 + 1'],
    ['a+b', 'a+b'],
  ])('UTF-7: %s', (bytes, text) => {
    expect(decodeUtf7(bytes)).toBe(text);
  });

  test.each<[string, Uint8Array, string]>([
    ['iso-2022-jpp', japanese.iso2022, '配信不能'],
    ['ISO_2022_JP', japanese.iso2022, '配信不能'],
    ['us-ascii', japanese.iso2022, '配信不能'],
    ['unknown-8bit', utf8('réponse'), 'réponse'],
    ['"utf8"', utf8('réponse'), 'réponse'],
    ['UTF_8', utf8('réponse'), 'réponse'],
    ['utf-8', latin1('réponse'), 'réponse'],
    ['cp932', japanese.shiftJis, '配信不能'],
    ['x-sjis', japanese.shiftJis, '配信不能'],
    ['eucjp-ms', japanese.eucJp, '配信不能'],
    ['ansi', latin1('réponse'), 'réponse'],
    ['iso8859_1', latin1('réponse'), 'réponse'],
    ['cp-1252', latin1('réponse'), 'réponse'],
    ['unicode-1-1-utf-7', latin1('r+AOk-ponse'), 'réponse'],
    ['x-unknown', latin1('réponse'), 'réponse'],
    ['\0%$', latin1('réponse'), 'réponse'],
    ['x'.repeat(10_000), latin1('réponse'), 'réponse'],
  ])('a mail that says charset=%s', (charset, bytes, text) => {
    const mail = Buffer.concat([
      utf8(`${head}Content-Type: text/plain; charset="${charset}"\n\n`),
      bytes,
      utf8(`\n${words}`),
    ]);
    const { body } = readAll(mail)[0]?.report ?? { body: '' };
    expect(body).toContain(text);
    expect(body).toContain('5.1.10');
    expect(readAll(mail)[0]?.report.failures).toMatchObject([
      { code: '5.1.10', recipient: 'bob@contoso.com' },
    ]);
  });

  test.each([
    ['LF', words],
    ['CRLF', words.replace(/\n/g, '\r\n')],
    ['CR', words.replace(/\n/g, '\r')],
    ['UTF-16', Buffer.from(words, 'utf16le')],
    ['iso-2022-jp', japanese.iso2022],
    ['shift_jis', japanese.shiftJis],
    ['euc-jp', japanese.eucJp],
    [
      'quoted-printable',
      words.replace(/\n/g, '=20\n').replace(/@/g, '=40').replace('Remote', 'Rem=\note').replace(/'/g, '=27') +
        'a =3D b =3D c =3D',
    ],
    ['base64', utf8(words).toString('base64').replace(/.{76}/g, '$&\n')],
    ['HTML', `<html><body>${words.replace(/\n/g, '<br>')}</body></html>`],
  ])('a text file in %s', async (_, text) => {
    expect(await firstCode(typeof text === 'string' ? utf8(text) : text)).toBe('5.1.10');
  });

  test.each([
    ['LF', (mail: string) => utf8(mail)],
    ['CRLF', (mail: string) => utf8(mail.replace(/\n/g, '\r\n'))],
    ['CR', (mail: string) => utf8(mail.replace(/\n/g, '\r'))],
    ['CR CR LF', (mail: string) => utf8(mail.replace(/\n/g, '\r\r\n'))],
    ['a byte order mark', (mail: string) => utf8(`\ufeff${mail}`)],
    ['UTF-16 with a mark', (mail: string) => Buffer.from(`\ufeff${mail}`, 'utf16le')],
    ['empty lines in front', (mail: string) => utf8(`\n\n${mail}`)],
    ['an mbox line', (mail: string) => utf8(`From MAILER-DAEMON Thu Nov 19 10:00:00 2026\n${mail}`)],
  ])('a mail with %s', async (_, write) => {
    expect(await firstCode(write(`${head}\n${words}`))).toBe('5.1.10');
  });
});

const base64 = utf8(words).toString('base64').replace(/.{76}/g, '$&\n');
describe('MIME that is not as it should be', () => {
  test.each([
    [
      'boundary never closed',
      `Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain\n\n${words}`,
    ],
    [
      'boundary without its last quote',
      `Content-Type: multipart/mixed; boundary="b\n\n--b\n\n${words}\n--b--`,
    ],
    [
      'boundary not declared',
      `Content-Type: multipart/mixed\n\n--x7\nContent-Type: text/plain\n\n${words}\n--x7--`,
    ],
    [
      'another boundary than declared',
      `Content-Type: multipart/mixed; boundary=b\n\n--x7\nContent-Type: text/plain\n\n${words}\n--x7--`,
    ],
    ['no boundary at all', `Content-Type: multipart/mixed\n\n${words}`],
    [
      'boundary that begins another',
      `Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/alternative; boundary=b-1\n\n--b-1\n\n${words}\n--b-1--\n--b--`,
    ],
    [
      'boundary with blanks behind',
      `Content-Type: multipart/mixed; boundary=b\n\n--b  \n\n${words}\n--b-- \n`,
    ],
    [
      'boundary in pieces (RFC 2231)',
      `Content-Type: multipart/mixed; boundary*0="b"; boundary*1=c\n\n--bc\n\n${words}\n--bc--`,
    ],
    [
      'the same boundary inside',
      `Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n${words}\n--b--`,
    ],
    ['base64', `Content-Transfer-Encoding: base64\n\n${base64}`],
    [
      'base64, each line padded',
      `Content-Transfer-Encoding: BASE64\n\n${words
        .split('\n')
        .map((part) => utf8(`${part}\n`).toString('base64'))
        .join('\n')}`,
    ],
    ['base64 with a footer', `Content-Transfer-Encoding: base64\n\n${base64}\n-- \nlist footer!`],
    [
      'quoted-printable',
      `Content-Transfer-Encoding: quoted-printable\n\n${words.replace(/'/g, '=27').replace('Recipient', 'Reci=\npient')}`,
    ],
    ['HTML only', `Content-Type: text/html\n\n<p>${words.replace(/\n/g, '<br>')}`],
    ['HTML called text', `Content-Type: text/plain\n\n<html><body>${words.replace(/\n/g, '<br>')}`],
    [
      'a stub beside the HTML',
      `Content-Type: multipart/alternative; boundary=b\n\n--b\n\nSee HTML\n--b\nContent-Type: text/html\n\n<p>${words.replace(/\n/g, '<br>')}\n--b--`,
    ],
    ['a type that is none', `Content-Type: text\n\n${words}`],
    ['an encoding that is none', `Content-Transfer-Encoding: x-uuencode-not\n\n${words}`],
    ['comments in the type', `Content-Type: text/plain (a; b) ; charset=utf-8 (c)\n\n${words}`],
  ])('%s', async (_, rest) => {
    expect(await firstCode(utf8(head + rest))).toBe('5.1.10');
  });

  test('a source without its head', async () => {
    expect(
      await firstCode(
        utf8(`--b7\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\n${base64}\n--b7--`),
      ),
    ).toBe('5.1.10');
    expect(
      await firstCode(
        utf8(`Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n${base64}`),
      ),
    ).toBe('5.1.10');
  });
});

describe('several mails in a file', () => {
  const mail = (code: string): string =>
    `${head}\nDelivery has failed to these recipients or groups:\nbob@contoso.com\nRemote Server returned '550 ${code} Access denied'\n`;
  const from = 'From MAILER-DAEMON Thu Nov 19 10:00:00 2026';

  test.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
  ])('an mbox with %s', async (_, end) => {
    const text = `${from}\n${mail('5.1.1')}\n${from}\n${mail('5.7.1')}\nFrom here on nothing more was said in 2026.\n\n${from} +0000\n${mail('5.4.1')}`;
    const reports = await readFiles(utf8(text.replace(/\n/g, end)));
    expect(reports.map(({ failures }) => failures[0]?.code)).toEqual(['5.1.1', '5.7.1', '5.4.1']);
    expect(await firstCode(utf8(text))).toBe('5.1.1');
  });

  test('any other file is one', async () => {
    expect(await readFiles(utf8(mail('5.1.1')))).toHaveLength(1);
    expect(await readFiles(utf8(`From Ann I hear: ${line}`))).toHaveLength(1);
    expect(await readFiles(new Uint8Array())).toHaveLength(1);
  });
});

const ses = (over: object = {}): object => ({
  notificationType: 'Bounce',
  bounce: {
    bounceType: 'Permanent',
    bounceSubType: 'General',
    bouncedRecipients: [
      {
        emailAddress: 'bob@contoso.com',
        action: 'failed',
        status: '5.1.1',
        diagnosticCode: 'smtp; 550 5.1.1 user unknown',
      },
    ],
    reportingMTA: 'dsn; a8-70.smtp-out.amazonses.com',
    timestamp: '2026-11-19T10:00:00.000Z',
  },
  mail: {
    source: 'ann@fabrikam.com',
    messageId: '0001',
    commonHeaders: { subject: 'Plans', messageId: '<1@fabrikam.com>' },
  },
  ...over,
});
const sns = (inner: object): object => ({
  Type: 'Notification',
  TopicArn: 'arn:aws:sns:x',
  Message: JSON.stringify(inner),
});

describe('JSON notices', () => {
  test.each<[string, string]>([
    ['SES', JSON.stringify(ses())],
    ['SES, indented', JSON.stringify(ses(), null, 2)],
    ['SES event', JSON.stringify({ ...ses(), notificationType: undefined, eventType: 'Bounce' })],
    ['in SNS', JSON.stringify(sns(ses()))],
    ['in SNS in SQS', JSON.stringify({ body: JSON.stringify(sns(ses())) })],
    ['in a Lambda event', JSON.stringify({ Records: [{ Sns: sns(ses()) }] })],
    [
      'as a mail',
      `From: AWS Notifications <no-reply@sns.amazonaws.com>\nTo: ann@fabrikam.com\nSubject: AWS Notification Message\n\n${JSON.stringify(ses())}\n\n--\nIf you wish to stop receiving notifications from this topic, please click\n`,
    ],
  ])('%s', async (_, text) => {
    expect(await readFile(utf8(text))).toMatchObject({
      isNdr: true,
      subject: 'Plans',
      failures: [{ recipient: 'bob@contoso.com', code: '5.1.1', reply: '550' }],
    });
  });

  test('a bounce that says neither status nor diagnostic', async () => {
    const report = await readFile(
      utf8(
        JSON.stringify(
          ses({
            bounce: { bounceType: 'Transient', bouncedRecipients: [{ emailAddress: 'bob@contoso.com' }] },
          }),
        ),
      ),
    );
    expect(report).toMatchObject({ isNdr: true, failures: [{ recipient: 'bob@contoso.com', code: null }] });
  });

  test.each<[string, object]>([
    ['complaint', ses({ notificationType: 'Complaint', bounce: undefined, complaint: {} })],
    [
      'delivery',
      ses({ notificationType: 'Delivery', bounce: undefined, delivery: { smtpResponse: '250 2.6.0' } }),
    ],
    ['sent', ses({ notificationType: undefined, eventType: 'Send', bounce: undefined })],
    ['wrong types', ses({ bounce: { bouncedRecipients: 7 }, notificationType: 5 })],
  ])('%s is no bounce', async (_, notice) => {
    for (const text of [JSON.stringify(notice), JSON.stringify(sns(notice))]) {
      expect(await readFile(utf8(text))).toMatchObject({ isNdr: false, failures: [] });
    }
  });

  test.each([
    '{',
    '{"',
    '[[[[',
    '{"Message":'.repeat(5000),
    '['.repeat(50_000),
    `{"Message":"${'{\\"Message\\":'.repeat(50)}"}`,
  ])('broken JSON ends (%#)', async (text) => {
    expect((await readFile(utf8(text))).failures).toEqual([]);
  });
});

test.each([
  [
    'all headers',
    'Received: from a.example (1.2.3.4) by b.example with ESMTP; Thu, 19 Nov 2026 10:00:00 +0000\nFrom: ann@fabrikam.com\nTo: bob@contoso.com\nSubject: 550 5.1.1 plans\nX-Note: 550 5.7.1 Unable to relay\n',
  ],
  [
    "a report's own headers",
    'Received: from a.example by b.example; Thu, 19 Nov 2026 10:00:00 +0000\nReturn-Path: <>\nFrom: postmaster@contoso.com\nSubject: Undeliverable: Plans\nX-MS-Exchange-Message-Is-Ndr:\n',
  ],
])('headers alone are no bounce: %s', (_, text) => {
  for (const [reading] of [readAll(utf8(text)), readAll(utf8(text.replace(/\n/g, '\r\n')))]) {
    expect(reading).toMatchObject({ kind: 'headers', report: { isNdr: false, failures: [] } });
    expect(reading?.report.body).toContain('a.example');
  }
});

const png = hex('89504e470d0a1a0a0000000d49484452');
const part = (headers: string, body = 'AAAA'): Buffer =>
  utf8(`${head.replace('Undeliverable: ', '').replace('postmaster', 'ann')}${headers}\n\n${body}`);
const mixed = (headers: string, text = ''): Buffer =>
  part(
    'Content-Type: multipart/mixed; boundary=b',
    `--b\nContent-Type: text/plain\n\n${text}\n--b\n${headers}\n\nAAAA\n--b--`,
  );

describe('what cannot be read is named', () => {
  test.each<[string, Uint8Array, Unreadable | null]>([
    ['nothing', new Uint8Array(), 'empty'],
    ['blanks', utf8(' \r\n\t\n'), 'empty'],
    ['many blanks', Buffer.alloc(100_000, 0x20), 'empty'],
    ['over 10 MB', Buffer.alloc(10 * 1024 * 1024 + 1, 0x41), 'tooLarge'],
    ['PNG', png, 'picture'],
    ['JPEG', hex('ffd8ffe000104a464946'), 'picture'],
    ['GIF', latin1('GIF89a\x01\0'), 'picture'],
    ['WebP', latin1('RIFF\x24\0\0\0WEBPVP8 '), 'picture'],
    ['HEIC', latin1('\0\0\0\x18ftypheic\0\0\0\0'), 'picture'],
    ['BMP', latin1('BM\x36\0\0\0\0\0\0\0\x36'), 'picture'],
    ['zip', latin1('PK\x03\x04\x14\0\0\0\0\0bounce.eml'), 'archive'],
    ['7z', latin1('7z\xbc\xaf\x27\x1c'), 'archive'],
    ['gzip', hex('1f8b0800'), 'archive'],
    ['docx', latin1('PK\x03\x04\x14\0\0\0\0\0[Content_Types].xml'), 'binary'],
    ['PDF', latin1('%PDF-1.7\n'), 'binary'],
    ['noise', Buffer.from(Array.from({ length: 4000 }, (_, at) => (at * 97 + (at >> 3)) & 0xff)), 'binary'],
    ['winmail.dat', hex('789f3e2201000100'), 'winmail'],
    ['.rpmsg', hex('76e80460c411e386a0'), 'encrypted'],
    ['S/MIME file', hex('30820a2806092a864886f70d010703a0'), 'encrypted'],
    ['PGP', utf8('-----BEGIN PGP MESSAGE-----\n\nhQEMA\n'), 'encrypted'],
    [
      'S/MIME mail',
      part(
        'Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\nContent-Transfer-Encoding: base64',
      ),
      'encrypted',
    ],
    [
      'PGP/MIME mail',
      part(
        'Content-Type: multipart/encrypted; boundary=b',
        '--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--b\nContent-Type: application/octet-stream\n\nxx\n--b--',
      ),
      'encrypted',
    ],
    ['PGP in a mail', part('X-A: b', 'Hi\n-----BEGIN PGP MESSAGE-----\nhQ\n'), 'encrypted'],
    [
      'protected mail',
      mixed(
        'Content-Type: application/x-microsoft-rpmsg-message; name=message.rpmsg',
        'Read this protected message.',
      ),
      'encrypted',
    ],
    ['a mail that is a winmail.dat', mixed('Content-Type: application/ms-tnef; name=winmail.dat'), 'winmail'],
    [
      'a mail that is a winmail.dat by its name',
      mixed('Content-Type: application/octet-stream; name=winmail.dat'),
      'winmail',
    ],
    [
      'a mail that is a picture',
      mixed('Content-Type: image/png; name=screen.png', 'Sent from my iPhone'),
      'picture',
    ],
    ['a mail that is a zip', mixed('Content-Type: application/zip; name=a.zip'), 'archive'],
    ['a mail that is a PDF', mixed('Content-Type: application/pdf; name=a.pdf'), 'binary'],
    ['JSON of something else', utf8('{"name": "bounce-desk", "version": "5.7.1"}'), 'notMail'],
    ['a business card', utf8('BEGIN:VCARD\nVERSION:4.0\nEND:VCARD'), 'notMail'],
    ['XML', utf8('<?xml version="1.0"?><a/>'), 'notMail'],
    [
      'a mail with words and a picture',
      mixed('Content-Type: image/png; name=a.png', 'Hello Ann, how are you?'),
      null,
    ],
    ['a bounce with a picture', mixed('Content-Type: image/png; name=a.png', words), null],
    ['a text', utf8('550 5.1.1 User unknown'), null],
    ['XML that is a log of a bounce', utf8(`<?xml version="1.0"?><event>${line}</event>`), null],
  ])('%s', (_, bytes, kind) => {
    expect(inspect(bytes)).toBe(kind);
    const [reading] = readAll(bytes);
    expect(reading?.unreadable).toBe(kind);
    if (kind !== null) expect(reading?.report).toMatchObject({ isNdr: false, failures: [] });
  });
});

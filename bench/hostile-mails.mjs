/**
 * Files made to cost: what a reader has to look for again at every sign, what opens and never closes, what makes many of
 * everything. Each of any size, so that the growth of the time can be measured.
 */
const head = 'From: MAILER-DAEMON@mx.contoso.com\nTo: kim@contoso.com\nSubject: Undeliverable: Plans\n';
const refusal = "Remote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found'\n";
const mixed = 'Content-Type: multipart/mixed; boundary=b\n\n';
const html = 'Content-Type: text/html\n\n';

/** `unit` again and again. */
const repeat = (unit) => (length) => unit.repeat(Math.ceil(length / unit.length)).slice(0, length);

/** `unit(0)`, `unit(1)` and so on: nothing that a reader saw before. */
const counted = (unit) => (length) => {
  const units = [];
  for (let index = 0, size = 0; size < length; index += 1) {
    units.push(unit(index));
    size += units.at(-1).length;
  }
  return units.join('').slice(0, length);
};

/** A mail of `length` signs: headers, then `fill` up to there, then `end`. */
const mail =
  (headers, fill, end = '') =>
  (length) =>
    `${head}${headers}${fill(Math.max(0, length - head.length - headers.length - end.length))}${end}`;
/** A mail whose text is `fill`, below a real refusal. */
const text = (fill) => mail(`\n${refusal}`, fill);

const kinds = {
  'one long line': text(repeat('Delivery has failed to kim at contoso ')),
  'one word': text(repeat('a')),
  'many long lines': text(repeat(`${'The message could not go out, '.repeat(33)}\n`)),
  'short lines': text(repeat('a\n')),
  'digits and dots': text(repeat('5.7.1.2.3.')),
  codes: text(repeat('550 5.7.1 ')),
  'lines of refusals': text(counted((index) => `550 5.${index % 8}.${index % 999} User ${index} unknown\n`)),
  'chain of arrows': text(repeat("550 5.7.1 Remote server returned '550 5.7.1' -> ")),
  'lines cut at a column': text(repeat(`${'x'.repeat(72)}\n`)),
  'quote marks': text(repeat('> > > > ')),
  'lines of quote marks': text(repeat('> > > > a\n')),
  blanks: text(repeat(' ')),
  'blanks before line ends': text(repeat(`${' '.repeat(200)}\n`)),
  'blanks and words': text(repeat(`a${' '.repeat(200)}`)),
  'nothing but blanks': repeat(' \t\r\n'),
  'line ends': text(repeat('\n')),
  'CR only': (length) => text(repeat('550 5.1.1 User unknown\n'))(length).replaceAll('\n', '\r'),
  'blocks of recipients': text(
    counted(
      (index) =>
        `user${index}@contoso.com\nmx${index}.fabrikam.com\nRemote Server returned '550 5.1.1 User unknown'\n\n`,
    ),
  ),
  'delivery status of many': mail(
    'Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.contoso.com\n\n',
    counted(
      (index) =>
        `Final-Recipient: rfc822; user${index}@contoso.com\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\nRemote-MTA: dns; mx${index}.contoso.com\n\n`,
    ),
  ),
  'attempts with dates': text(
    repeat(
      "3/09/2016 8:05:56 PM - Remote Server at d.com (10.1.1.3) returned '550 4.4.7 QUEUE.Expired; message expired'\n",
    ),
  ),
  'one long address': text((length) => `${'a'.repeat(length / 2)}@${'b.'.repeat(length / 4)}`),
  addresses: text(counted((index) => `<user${index}@contoso.com>, `)),
  '@': text(repeat('@')),
  hosts: text(repeat('host mx.a.com[1.1.1.1] said: ')),
  'labels in one line': text(repeat('Status: Generating server:')),
  'line breaks lost': text(repeat('user@contoso.com550 5.7.1Remote server:')),
  'soft line breaks': text(repeat(`${'x'.repeat(75)}=\n`)),
  accents: text(repeat('e\u0301\u00fc\u2019')),
  'open quotes': text(repeat("returned '550 5.7.1 ")),
  'open brackets': text(repeat('(<[{')),
  links: text(repeat('kim@contoso.com<mailto:kim@contoso.com> https://aka.ms/x ')),

  'Received headers': mail(
    '',
    repeat('Received: from a.contoso.com by b.contoso.com; Mon, 1 Jan 2024 10:00:00 +0000\n'),
  ),
  'Received headers of the original': mail(
    `\n${refusal}\nOriginal message headers:\n\n`,
    repeat('Received: from a.contoso.com by b.contoso.com; Mon, 1 Jan 2024 10:00:00 +0000\n'),
  ),
  'other headers each time': mail(
    '',
    counted((index) => `X-Header-${index}: value\n`),
  ),
  'one folded header': mail('X-Long: a', repeat('\n b'), `\n\n${refusal}`),
  'one folded subject': mail('Subject: a', repeat('\n b')),
  'one long header': mail('X-Long: ', repeat('a'), `\n\n${refusal}`),
  'open quote in a header': mail('Content-Type: text/plain; name="', repeat('a\\"; '), `\n\n${refusal}`),
  'open quotes in a header': mail('Content-Type: multipart/mixed; ', repeat('a="b; '), `\n\n${refusal}`),
  'open comments in a header': mail('Content-Type: ', repeat('(text '), `\n\n${refusal}`),
  'open angle brackets in a header': mail('Reply-To: ', repeat('<a@'), `\n\n${refusal}`),
  'parameters in pieces': mail(
    'Content-Type: multipart/mixed',
    counted((index) => `;\n boundary*${index}=b`),
    `\n\n${refusal}`,
  ),
  'encoded words': mail('X-Encoded: ', repeat('=?utf-8?Q?=41=C3=A4?= '), `\n\n${refusal}`),
  'encoded words that do not end': mail('X-Encoded: ', repeat('=?utf-8?B?QUFB'), `\n\n${refusal}`),
  'headers with encoded words': mail(
    '',
    counted((index) => `X-${index}: =?utf-8?B?QUFB?= =?iso-2022-jp?B?GyRC?=\n`),
  ),

  'nested multiparts': mail(
    '',
    counted((index) => `Content-Type: multipart/mixed; boundary=b${index}\n\n--b${index}\n`),
  ),
  'nested multiparts of one boundary': mail('', repeat(`${mixed}--b\n`)),
  'nested messages': mail('', repeat('Content-Type: message/rfc822\n\nFrom: a@b.example\nSubject: x\n')),
  'messages in multiparts': mail(
    '',
    counted(
      (index) =>
        `Content-Type: multipart/mixed; boundary=b${index}\n\n--b${index}\nContent-Type: message/rfc822\n\n`,
    ),
  ),
  'many parts': mail(mixed, repeat('--b\nContent-Type: text/plain\n\nx\n')),
  'parts of one boundary line': mail(mixed, repeat('--b\n')),
  'almost the boundary': mail(mixed, repeat('--b-\n--bb\n')),
  'parts of base64': mail(mixed, repeat('--b\nContent-Transfer-Encoding: base64\n\nNTUwIDUuMS4x\n')),
  'parts without a boundary': mail('Content-Type: multipart/mixed\n\n', repeat('--x\nContent-Typo\n\n')),

  base64: mail('Content-Transfer-Encoding: base64\n\n', repeat(`${'QUFB'.repeat(19)}\n`)),
  'base64 of padding': mail('Content-Transfer-Encoding: base64\n\n', repeat('QQ==')),
  'base64 that is none': mail('Content-Transfer-Encoding: base64\n\n', repeat('*\u00e9=')),
  'quoted-printable': mail('Content-Transfer-Encoding: quoted-printable\n\n', repeat('=41=C3=A4=20')),
  'quoted-printable that is none': mail(
    'Content-Transfer-Encoding: quoted-printable\n\n',
    repeat('=Z= = \t'),
  ),
  'quoted-printable with blanks': mail(
    'Content-Transfer-Encoding: quoted-printable\n\n',
    repeat(`=${' '.repeat(40)}`),
  ),
  'UTF-7': mail('Content-Type: text/plain; charset=utf-7\n\n', repeat('+AGEAYg-+AEA')),
  'UTF-7 that does not end': mail('Content-Type: text/plain; charset=utf-7\n\n', repeat('+A')),
  'ISO-2022-JP': mail('Content-Type: text/plain; charset=iso-2022-jp\n\n', repeat('\x1b$B%"\x1b(B')),
  'bytes of no charset': mail('Content-Type: text/plain; charset=utf-8\n\n', repeat('\u00e9\u00ff')),

  'HTML: tags that do not close': mail(html, repeat('<div><b>a')),
  'HTML: tags that do not end': mail(html, repeat('<a href=')),
  'HTML: comments that do not end': mail(html, repeat('<!-- a ')),
  'HTML: one attribute': mail(html, (length) => `<a href="mailto:${'%41'.repeat(length / 3)}`),
  'HTML: attributes': mail(html, (length) => `<a ${repeat('x=y ')(length)}`),
  'HTML: links': mail(html, repeat('<a href="mailto:a@b.co">x')),
  'HTML: entities': mail(html, repeat('&lt;&amp')),
  'HTML: <': mail(html, repeat('<')),
  'HTML: styles': mail(html, repeat('<style><script>')),
  'HTML: tables': mail(html, repeat('<table><tr><td>550 5.7.1 x')),
  'HTML: pre': mail(html, repeat('<pre> a  ')),

  'From lines': repeat('From a 2026\n\n'),
  'mails of an mbox': repeat('From a@contoso.com Mon Jan  1 10:00:00 2024\nFrom: a\nTo: b\n\nx\n\n'),
  'From lines in a mail': text(repeat('\nFrom a@contoso.com Mon Jan  1 10:00:00 2024\n')),
  'JSON that does not end': repeat('{"notificationType":"Bounce","bounce":['),
  'brackets of JSON': repeat('['),
  'text without a mail': repeat('550 5.7.1 Access denied. '),
  'base64 without a mail': repeat('NTUwIDUuMS4xIFVzZXI='),
  'quoted-printable without a mail': repeat('=C3=A4=20=3D a\n'),
};

/** `[name, make]`: make(bytes) gives a file of that size at most. */
export const hostileMails = Object.entries(kinds).map(([name, make]) => [
  name,
  (bytes) => Buffer.from(make(bytes), 'latin1').subarray(0, bytes),
]);

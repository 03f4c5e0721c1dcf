import { htmlToText } from '../../src/ndr/html';
import { readPaste } from '../../src/ndr/paste';
import { readText } from '../../src/ndr/read';

const repeat =
  (unit: string) =>
  (length: number): string =>
    unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
const counted =
  (unit: (index: number) => string) =>
  (length: number): string => {
    const units: string[] = [];
    for (let size = 0, index = 0; size < length; index += 1) {
      const next = unit(index);
      units.push(next);
      size += next.length;
    }
    return units.join('').slice(0, length);
  };

/** Texts made to cost: what a rule begins with and never ends, what it looks backwards for, what makes many of everything. */
const texts: readonly (readonly [name: string, make: (length: number) => string])[] = [
  ['letters', repeat('a')],
  ['digits and dots', repeat('1.')],
  ['codes', repeat('5.7.1 ')],
  ['codes without a space', repeat('5.7.1.')],
  ['replies', repeat('550 5.7.1 ')],
  ['lines of replies', repeat('550 5.7.1 Access denied\n')],
  ['replies without a code', repeat('550 Access denied. ')],
  [
    'other codes each time',
    counted((index) => `550 5.${String(index % 8)}.${String((index * 7) % 999)} User unknown `),
  ],
  ['@', repeat('@')],
  ['addresses in one line', repeat('a@b.co ')],
  ['addresses in lines', repeat('a@b.co\n')],
  ['an address without an end', repeat('a@')],
  [
    'other recipients each time',
    counted(
      (index) =>
        `Final-Recipient: rfc822;a${String(index)}@b.co\nStatus: 5.1.1\nDiagnostic-Code: smtp;550 5.1.1 User unknown\nRemote-MTA: dns;mx${String(index)}.b.co\n\n`,
    ),
  ],
  [
    'blocks of a classic report',
    counted(
      (index) =>
        `a${String(index)}@b.co\nmx${String(index)}.b.co\nRemote Server returned '550 5.1.1 User unknown'\n\n`,
    ),
  ],
  ['one long address', (length) => `${'a'.repeat(length / 2)}@${'b'.repeat(length / 2)}`],
  ['one long domain', (length) => `a@${repeat('b.')(length)}`],
  ['spaces', repeat(' ')],
  ['newlines', repeat('\n')],
  ['CR', repeat('\r')],
  ['spaces and newlines', repeat(' \n')],
  ['<', repeat('<')],
  ['quote marks', repeat('> ')],
  ['dashes', repeat('-')],
  ['dots', repeat('.')],
  ['brackets', repeat('[a')],
  ['Subject', repeat('Subject: ')],
  ['one folded subject', (length) => `Subject: a${repeat('\n b')(length)}`],
  ['labels', repeat('Status: ')],
  ['glued labels', repeat('Generating server:')],
  ['glued replies', repeat('com550 5.7.1x')],
  ['glued addresses', repeat('a@b.outlook.com')],
  ['Received', repeat('Received: from a by b; date\n')],
  ['hosts', repeat('mx.a.com[1.1.1.1] ')],
  ['host said', repeat('host a.b.c[1.2.3.4] said: ')],
  ['said', repeat(' [x] said:')],
  ['rejected your message', repeat('mx.a.com rejected your ')],
  ['IPv6', repeat('a:b:c:')],
  [
    'attempts',
    repeat("3/09/2016 8:05:56 PM - Remote Server at d.com (10.1.1.3) returned '550 4.4.7 QUEUE.Expired'\n"),
  ],
  ['arrows', repeat('550 5.7.1 x -> ')],
  ['trace results', repeat('{LED=550 5.7.1 x};{FQDN=')],
  ['links', repeat('a@b.co<mailto:a@b.co>')],
  ['expanded aliases', repeat('a@b.co (generated from ')],
  ['full-width signs', repeat('＜a＠b．co＞')],
  ['accents', repeat('e\u0301')],
  ['lone surrogates', repeat('\ud83d')],
  ['NUL', repeat('\0')],
  ['hard wrapped', repeat(`${'x'.repeat(72)}\n`)],
  ['soft line breaks', repeat(`${'x'.repeat(75)}=\n`)],
  ['your message to', repeat('your message to ')],
  ['restricted groups', repeat('restricted group: ')],
  ['templates', repeat('${550 5.7.1}')],
  ['mail without a verdict', repeat('mail ')],
  ['verdicts without mail', repeat('could not be delivered ')],
  ['headings', repeat('Diagnoseinformationen für Administratoren: ')],
  ['beginnings of headings', repeat('Informations de ')],
  ['Received without an end', repeat('Received: from a ')],
  ['one Received', (length) => `Received: by a; ${repeat('\n b')(length)}`],
  ['rows of a table', (length) => `Message Hops\n${repeat('1\t9/1/2017 6:40:30 AM\ta.co\tb.co\n')(length)}`],
  ['dates', repeat('3/09/2016 8:05:56 PM - ')],
  ['help links', counted((index) => `https://go.microsoft.com/fwlink/?LinkId=${String(10_000 + index)} `)],
  ['display names', repeat('Ana Doe<mailto:a@b.co>\n')],
  ['actions', repeat('Action: failed\n\n')],
  ['senders in one line', repeat(' From: a')],
  ['headings in one line', repeat(' Original message headers ')],
  ['bars', repeat('Subject: | ')],
  ['replies of FTP', repeat('200 Done\n550 User is unknown here.\n')],
  ['a paragraph that FTP begins', (length) => `200 Done\n${repeat('<<< 550 User is unknown\n')(length)}`],
  ['quotes in front of replies', repeat('"550 5.7.1 no" error: "550 User unknown ')],
  ['closing brackets', (length) => `550 5.7.1 Access denied${')'.repeat(length)}`],
];

const pages: typeof texts = [
  [
    'nested tags with wrong closings',
    (length) => `${repeat('<b>')(length / 2)}${repeat('</i>')(length / 2)}`,
  ],
  ['links without an end', repeat('<a href=mailto:>')],
  ['links around text', repeat('<a href="mailto:a@b.co">x</a>')],
  ['one long link', (length) => `<a href="mailto:${'%'.repeat(length)}">${repeat('x</a>')(1000)}`],
  ['<', repeat('<')],
  ['&', repeat('&')],
  ['entities', repeat('&lt;')],
  ['impossible entities', repeat('&#xD800;')],
  ['attributes', (length) => `<a ${repeat('x=y ')(length)}`],
  ['comments', repeat('<!--')],
  ['styles', repeat('<style>')],
  ['pre', repeat('<pre>\n')],
  ['tables', repeat('<table><tr><td>550 5.7.1 x</td></tr>')],
];

const cases = [
  ...texts.map(([name, make]) => [name, make, readText] as const),
  ...pages.map(([name, make]) => [`HTML: ${name}`, make, (html: string) => readPaste({ html })] as const),
];

/** Milliseconds, the middle one of `runs`; a floor keeps the noise of tiny times out of the ratio. */
function cost(read: (text: string) => unknown, text: string, runs: number): number {
  const times = Array.from({ length: runs }, () => {
    const from = performance.now();
    read(text);
    return performance.now() - from;
  });
  return Math.max(5, times.sort((a, b) => a - b)[Math.floor(runs / 2)] ?? 0);
}

test.each(cases)('%s: ten times the text costs about ten times the work', (_, make, read) => {
  read(make(10_000)); // Compiles the expressions, so that the first size does not pay for it.
  const [small, large] = [make(100_000), make(1_000_000)];
  const base = cost(read, small, 3);
  // Other programs run beside the tests: only a ratio that stays high counts.
  const ratio = cost(read, large, 1) / base;
  expect(ratio < 25 ? ratio : cost(read, large, 3) / cost(read, small, 3)).toBeLessThan(25);
});

test.each([
  ['empty', ''],
  ['white space', ' \t\r\n\u00a0\u3000'],
  ['NUL', '\0'],
  ['a lone surrogate', '\ud800 550 5.7.1 Access denied \udc00'],
  ['a template', '${550} {{5.7.1}} #{x} %s'],
  ['a byte order mark', '\ufeff'],
  ['names of Object', '__proto__: 550\nconstructor: x\ntoString: 5.7.1'],
])('%s does not throw', (_, text) => {
  expect(() => readText(text)).not.toThrow();
  expect(() => readPaste({ html: text, text })).not.toThrow();
});

test('200,000 nested tags keep their text', () => {
  expect(htmlToText(`${'<b>'.repeat(200_000)}550 5.7.1 Access denied${'</i>'.repeat(50_000)}`)).toBe(
    '550 5.7.1 Access denied',
  );
});

test('what is behind the first million characters is not read', () => {
  expect(readText(`${'a '.repeat(500_000)}550 5.7.1 Access denied`).failures).toEqual([]);
});

test('a text with more recipients than anybody has gives a bounded report', () => {
  const text = counted((index) => `Final-Recipient: rfc822;a${String(index)}@contoso.com\nStatus: 5.1.1\n\n`)(
    200_000,
  );
  const { failures } = readText(text);
  expect(failures.length).toBeGreaterThan(100);
  expect(failures.length).toBeLessThanOrEqual(200);
});

test('no diagnostic is longer than we can show', () => {
  const report = readText(`550 5.7.1 Access denied ${'x'.repeat(100_000)}`);
  expect(report.failures[0]?.diagnostic).toHaveLength(1000);
});

import fc from 'fast-check';
import { htmlToText } from '../../src/ndr/html';
import { readPaste } from '../../src/ndr/paste';
import { readText } from '../../src/ndr/read';
import type { ReadReport } from '../../src/ndr/report';
import { firstCode, mails, pasted } from './corpus';

const pieces = [
  '550 5.7.1',
  '5.7.124',
  '#5.4.1',
  '4.4.7',
  '550',
  '-',
  ' -> ',
  'ana@contoso.com',
  '<ana@contoso.com>',
  '******@contoso.com',
  'mx1.contoso.com',
  '[203.0.113.9]',
  '2a01:111::1',
  "Remote Server returned '",
  "'",
  '##',
  '#<',
  '> #SMTP#',
  'Generating server: ',
  'Status code: ',
  'Reported error: ',
  'Subject: ',
  'Final-Recipient: rfc822;',
  'Diagnostic-Code: smtp;',
  'Received: from ',
  'Original message headers:',
  'Delivery has failed to these recipients or groups:',
  'RCPT TO:',
  ' said: ',
  '(reason: ',
  '\n',
  '\r',
  '\r\n',
  '\n\n',
  '\t',
  ' ',
  '\u00a0',
  '：',
  '>',
  '> ',
  '| ',
  '{LED=',
  '};{FQDN=',
  '${',
  '<b>',
  '</td>',
  '&lt;',
  '&#x41;',
  '<a href="mailto:',
  '">',
  '\ud83d',
  '\0',
  'é',
  '管理者',
  'Access denied',
  '5.7',
  '.1',
  '@',
  '=\n',
];

/** Reports put together at random: pieces of real ones with anything between. */
const scraps = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...pieces) },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) },
    ),
    { minLength: 1, maxLength: 60 },
  )
  .map((parts) => parts.join(''));
const anything = fc.oneof(scraps, fc.string({ unit: 'binary', maxLength: 300 }));

const sources = [...pasted.map(({ text }) => text), ...mails.map(({ text }) => text.slice(0, 6000))];

/** A real text with a cut, a repetition or scraps somewhere. */
const mutations = fc
  .record({
    text: fc.constantFrom(...sources),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.nat(400),
    insert: fc.oneof(scraps, fc.constant('')),
    times: fc.nat(3),
  })
  .map(({ text, at, length, insert, times }) => {
    const from = Math.floor(at * text.length);
    return `${text.slice(0, from)}${insert}${text.slice(from, from + length).repeat(times)}${text.slice(from + length)}`;
  });

/** What holds of every report: positions lie in the body, codes are codes and stand where they are said to. */
function check(report: ReadReport): void {
  const { body } = report;
  for (const { code, replies } of report.failures) {
    if (code !== null) expect(code).toMatch(/^[245]\.[0-7]\.\d{1,3}$/);
    for (const { at, end = at, code: own, reply } of replies) {
      expect([at >= 0, at < body.length, end >= at, end <= body.length]).toEqual([true, true, true, true]);
      const there = body.slice(at, at + 40).replace(/\s/g, '');
      expect([
        own === null || there.includes(own) || /\.0\d/.test(there),
        reply === null || there.startsWith(reply),
      ]).toEqual([true, true]);
    }
  }
  for (const { from, to } of report.evidence)
    expect([from >= 0, from <= to, to <= body.length]).toEqual([true, true, true]);
  for (const { delay } of report.hops) expect(delay === null || delay >= 0).toBe(true);
}

test('no input throws, no code is invented, positions lie in the body', () => {
  fc.assert(
    fc.property(anything, (text) => {
      check(readText(text));
      check(readPaste({ html: text, text }));
    }),
    { numRuns: 2000 },
  );
});

test('the same for real texts that were damaged', () => {
  fc.assert(
    fc.property(mutations, (text) => {
      check(readText(text));
      check(readPaste({ html: text }));
    }),
    { numRuns: 500 },
  );
});

test('the same text gives the same report', () => {
  fc.assert(
    fc.property(mutations, (text) => {
      expect(readText(text)).toEqual(readText(text));
    }),
    { numRuns: 100 },
  );
});

test('the text of a page, escaped, is that text again', () => {
  const escape = (text: string): string =>
    text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  const squeeze = (text: string): string => text.replace(/\s+/g, ' ').trim();
  fc.assert(
    fc.property(scraps, (scrap) => {
      // eslint-disable-next-line no-control-regex -- HTML has no control characters
      const text = scrap.replace(/[\0-\u001f\u007f-\u009f]/g, (sign) => (/\s/.test(sign) ? ' ' : ''));
      expect(squeeze(htmlToText(escape(text)))).toBe(squeeze(text));
    }),
    { numRuns: 500 },
  );
});

/** Cut inside a number, `5.7.124` becomes `5.7.12`: what is left cannot tell. It is the beginning of one in the whole text. */
test('a truncated report names no code that is not in the whole one', () => {
  const texts = sources.map((text) => ({ text, plain: text.replace(/=\r?\n|\s/g, '') }));
  fc.assert(
    fc.property(
      fc.constantFrom(...texts),
      fc.double({ min: 0, max: 1, noNaN: true }),
      ({ text, plain }, share) => {
        for (const { replies } of readText(text.slice(0, Math.floor(share * text.length))).failures)
          for (const { code } of replies) expect(code === null || plain.includes(code)).toBe(true);
      },
    ),
    { numRuns: 1500 },
  );
});

const wrap = (text: string, column: number): string =>
  text
    .split('\n')
    .map((line) => line.replace(new RegExp(`([^\\n]{1,${String(column)}})(?: |$)`, 'g'), '$1\n'))
    .join('');

/** In a block of code, say. Where some lines stand at the margin, what is indented is a fold or a list. */
test.each(['  ', '    ', '\t\t'])('an indent of all lines, %j, changes nothing', (indent) => {
  const told = ({ failures, subject, sender }: ReadReport) => [
    subject,
    sender,
    failures.map(({ recipient, code, diagnostic }) => [recipient, code, diagnostic]),
  ];
  for (const { text: paste } of pasted)
    expect(told(readText(paste.replace(/^(?=.)/gm, indent)))).toEqual(told(readText(paste)));
});

describe('what people and programs do to a text does not change its first code', () => {
  test.each<[string, (text: string) => string]>([
    ['upper case', (text) => text.toUpperCase()],
    ['lower case', (text) => text.toLowerCase()],
    ['quoted', (text) => text.replace(/^/gm, '> ')],
    ['quoted twice', (text) => text.replace(/^/gm, '>> ')],
    ['in a bar', (text) => text.replace(/^/gm, '| ')],
    ['CRLF', (text) => text.replace(/\n/g, '\r\n')],
    ['CR', (text) => text.replace(/\n/g, '\r')],
    ['BOM', (text) => `\ufeff${text}`],
    ['no-break spaces', (text) => text.replace(/ /g, '\u00a0')],
    [
      'full-width',
      (text) => text.replace(/[\u0021-\u007e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0)),
    ],
    ['wrapped at 72', (text) => wrap(text, 72)],
    ['wrapped at 50', (text) => wrap(text, 50)],
    ['one line', (text) => text.replace(/\s{1,100}/g, ' ')],
    ['breaks and tabs lost', (text) => text.replace(/[\n\t]/g, '')],
    ['HTML', (text) => text],
  ])('%s', (name, change) => {
    const changed = pasted
      .filter(({ truth }) => truth.isNdr)
      .flatMap(({ truth, text }) => {
        const escaped = `<div>${text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/\n/g, '<br>')}</div>`;
        const code = firstCode(name === 'HTML' ? readPaste({ html: escaped }) : readText(change(text)));
        return code === firstCode(readText(text)) ? [] : [`${truth.id}: ${String(code)}`];
      });
    expect(changed).toEqual([]);
  });
});

test('any two of these together keep it as well', () => {
  const changes = fc.constantFrom<((text: string) => string)[]>(
    (text) => text.toUpperCase(),
    (text) => text.toLowerCase(),
    (text) => text.replace(/^/gm, '> '),
    (text) => text.replace(/\n/g, '\r\n'),
    (text) => text.replace(/\n/g, '\r'),
    (text) => text.replace(/ /g, '\u00a0'),
    (text) => wrap(text, 60),
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...pasted.filter(({ truth }) => truth.isNdr)),
      changes,
      changes,
      ({ text }, first, second) => {
        expect(firstCode(readText(second(first(text))))).toBe(firstCode(readText(text)));
      },
    ),
    { numRuns: 400 },
  );
});

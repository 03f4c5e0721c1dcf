import { htmlToText } from '../../src/ndr/html';
import { readPaste, readText } from '../../src/ndr/read';
import { firstCode, pasted } from './corpus';

/** A small generator with a seed (mulberry32), so that a failing run can be repeated. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

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

const generate = (seed: number): string => {
  const next = random(seed);
  return Array.from({ length: 1 + next(60) }, () => pieces[next(pieces.length)] ?? '').join('');
};

const seeds = Array.from({ length: 2000 }, (_, seed) => seed);

test('no input throws, and positions lie in the body', () => {
  for (const seed of seeds) {
    const text = generate(seed);
    for (const report of [readText(text), readPaste({ html: text, text })]) {
      for (const { replies, code } of report.failures) {
        expect([seed, code === null || /^[245]\.[0-7]\.\d{1,3}$/.test(code)]).toEqual([seed, true]);
        for (const { at } of replies)
          expect([seed, at >= 0 && at < report.body.length]).toEqual([seed, true]);
      }
    }
  }
});

test('no code is invented: each stands in the text it was read from', () => {
  for (const seed of seeds) {
    const report = readText(generate(seed));
    for (const { replies } of report.failures) {
      for (const { code, reply, at } of replies) {
        const there = report.body.slice(at, at + 40).replace(/\s/g, '');
        expect([
          seed,
          code === null || there.includes(code),
          reply === null || there.startsWith(reply),
        ]).toEqual([seed, true, true]);
      }
    }
  }
});

test('the same text gives the same report', () => {
  for (const seed of seeds.slice(0, 200)) expect(readText(generate(seed))).toEqual(readText(generate(seed)));
});

test('the text of a page, escaped, is that text again', () => {
  const escape = (text: string): string =>
    text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  const squeeze = (text: string): string => text.replace(/\s+/g, ' ').trim();
  for (const seed of seeds.slice(0, 500)) {
    const text = generate(seed).replace(/[\0\r]/g, '');
    expect([seed, squeeze(htmlToText(escape(text)))]).toEqual([seed, squeeze(text)]);
  }
});

test('a truncated report names no code that is not in the whole one', () => {
  for (const { truth, text } of pasted) {
    const plain = text.replace(/\s/g, '');
    const step = Math.max(1, Math.floor(text.length / 150));
    for (let end = 0; end < text.length; end += step) {
      for (const { replies } of readText(text.slice(0, end)).failures) {
        for (const { code } of replies)
          expect([truth.id, end, code === null || plain.includes(code)]).toEqual([truth.id, end, true]);
      }
    }
  }
});

const wrap = (text: string, column: number): string =>
  text
    .split('\n')
    .map((line) => line.replace(new RegExp(`([^\\n]{1,${String(column)}})(?: |$)`, 'g'), '$1\n'))
    .join('');

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

import { findHeadings } from '../../src/ndr/headings';
import { languages, type Headings, type Language } from '../../src/ndr/languages';
import { readText } from '../../src/ndr/read';
import type { Report } from '../../src/ndr/report';

const all = Object.entries(languages) as [Language, Headings][];
const codeLine =
  "Remote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup'";

/** A classic report (ndr-formats.md §3) in one language; what is not known of it is left out. */
const reportIn = ({ subject, user, admin, generatingServer, originalHeaders }: Headings): string =>
  [
    `${subject[0] ?? ''}: Angebot`,
    '',
    ...(user[0] === undefined ? [] : [`${user[0]}:`, '']),
    'ana@contoso.com<mailto:ana@contoso.com>',
    '',
    `${admin[0] ?? ''}:`,
    '',
    ...(generatingServer[0] === undefined ? [] : [`${generatingServer[0]}: ex1.fabrikam.com`, '']),
    'ana@contoso.com',
    codeLine,
    '',
    ...(originalHeaders[0] === undefined ? [] : [`${originalHeaders[0]}:`, '']),
    'Received: from a.fabrikam.com by ex1.fabrikam.com with mapi id 15.20.8583.26',
    'From: Carla Roe <carla@fabrikam.com>',
    'Subject: Angebot',
    '',
  ].join('\n');

const facts = (report: Report): unknown[] => [
  report.isNdr,
  report.language,
  report.failures.map(({ code, recipient }) => [code, recipient]),
  report.generatingServer,
];

describe.each(all)('%s', (language, headings) => {
  const text = reportIn(headings);
  const expected = [
    true,
    language,
    [['5.1.10', 'ana@contoso.com']],
    headings.generatingServer.length > 0 ? 'ex1.fabrikam.com' : null,
  ];

  test('a report', () => {
    const report = readText(text);
    expect(facts(report)).toEqual(expected);
    expect(report).toMatchObject({ sender: 'carla@fabrikam.com', subject: 'Angebot' });
  });

  test.each<[string, (text: string) => string]>([
    ['upper case', (whole) => whole.replace(/^[^@\n]{1,99}:/gm, (heading) => heading.toUpperCase())],
    ['combining accents', (whole) => whole.normalize('NFD')],
    ['no-break spaces', (whole) => whole.replace(/ /g, '\u00a0')],
    ['a space in front of the colon', (whole) => whole.replace(/:$/gm, '\u00a0:')],
    ['a full-width colon', (whole) => whole.replace(/:$/gm, '：').replace(/: ex1/, '：ex1')],
    ['typographic quotes', (whole) => whole.replace(/'/g, '’')],
    ['quoted', (whole) => whole.replace(/^/gm, '> ')],
  ])('%s', (_, change) => {
    expect(facts(readText(change(text)))).toEqual(expected);
  });

  test('accents lost', () => {
    // Without its marks a Japanese or Korean word is another one.
    const plain = text.replace(/[\u00c0-\u017f]/g, (sign) => sign.normalize('NFD').charAt(0));
    expect(facts(readText(plain))).toEqual(expected);
  });

  test.each<[string, (text: string) => string]>([
    ['one line', (whole) => whole.replace(/\s+/g, ' ')],
    ['line breaks lost', (whole) => whole.replace(/\n/g, '')],
  ])('%s', (_, change) => {
    const report = readText(change(text));
    expect([report.isNdr, report.failures.map(({ code }) => code)]).toEqual([true, ['5.1.10']]);
  });

  test('every heading is found as its own kind and language', () => {
    for (const part of ['subject', 'user', 'admin', 'generatingServer', 'originalHeaders'] as const)
      for (const heading of headings[part])
        expect(findHeadings(`${heading}: x`)).toEqual([{ language, part }]);
  });
});

test.each([
  ['the words of an English report', `Your message to ana@contoso.com couldn't be delivered.`, 'en'],
  ['a German sentence', 'Ihre Nachricht an ana@contoso.com konnte nicht zugestellt werden.', 'de'],
  ['a Spanish sentence', 'No se ha podido entregar el mensaje a ana@contoso.com', 'es'],
  ['a code', '550 5.7.1 Access denied', null],
  [
    'a translated report that quotes an English one',
    `${codeLine}\nDiagnoseinformationen für Administratoren:\nGenerating server: x.contoso.com`,
    'de',
  ],
])('%s', (_, text, language) => {
  expect(readText(text).language).toBe(language);
});

test('a wrong guess loses no code', () => {
  for (const [, headings] of all) {
    const mixed = reportIn(headings).replace(codeLine, `Unzustellbar: Non remis : ${codeLine}`);
    expect(readText(mixed).failures[0]?.code).toBe('5.1.10');
  }
});

describe('what is said of parcels is no report', () => {
  test.each([
    'Your parcel could not be delivered to your address today.',
    'We are sorry, the driver could not be reached and the package could not be delivered.',
    'Ihr Paket konnte nicht zugestellt werden.',
    'Ihr Paket wurde nicht an Sie zugestellt.',
    'No se pudo entregar el paquete.',
    'The shipment was undeliverable.',
    'Please leave a message. The parcel could not be delivered.',
  ])('%s', (text) => {
    expect(readText(text).isNdr).toBe(false);
  });

  test.each([
    'Your e-mail to ana@mail.contoso.com could not be delivered.',
    'The following recipient(s) could not be reached:\nAna',
    'It could not be delivered to one or more of its recipients.',
    'The message you sent to the list yesterday was undeliverable.',
    'Ihre Nachricht an ana@contoso.com konnte nicht zugestellt werden.',
  ])('%s', (text) => {
    expect(readText(text).isNdr).toBe(true);
  });
});

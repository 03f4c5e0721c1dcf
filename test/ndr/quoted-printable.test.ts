import { decodeQuotedPrintable } from '../../src/ndr/mime';

test.each<[encoded: string, decoded: string]>([
  ['plain', 'plain'],
  ['=41=c3=A4', 'A\u00c3\u00a4'],
  ['two=\nlines', 'twolines'],
  ['blanks = \t\nbehind', 'blanks behind'],
  ['the end=', 'the end'],
  ['the end= \t', 'the end'],
  ['=4', '=4'],
  ['=4=41', '=4A'],
  ['==41', '=A'],
  ['=G1 = 41', '=G1 = 41'],
  ['5 = 3D', '5 = 3D'],
  ['=3D=33=44', '=3D'],
  ['\u00e9=E9', '\u00e9\u00e9'],
  ['', ''],
])('%j is %j', (encoded, decoded) => {
  expect(decodeQuotedPrintable(encoded)).toBe(decoded);
});

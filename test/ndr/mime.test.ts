import { decodeBase64, decodeQuotedPrintable } from '../../src/ndr/mime';

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
])('quoted-printable: %j is %j', (encoded, decoded) => {
  expect(decodeQuotedPrintable(encoded)).toBe(decoded);
});

test.each<[encoded: string, decoded: string]>([
  ['NTUwIDUuMS4x', '550 5.1.1'],
  ['NTUwIDUuMS4xMA==', '550 5.1.10'],
  ['NTUw\nIDUu\r\nMS4x\n', '550 5.1.1'],
  ['NTUw\nIDUuMS4xMA==\n', '550 5.1.10'],
  // Every line with its own padding.
  ['NTU=\nMCA=\nNS4xLjE=', '550 5.1.1'],
  ['NTUwIA==NS4xLjE=', '550 5.1.1'],
  ['N=NTUw', '550'],
  ['4pyT*4pyT', '\u00e2\u009c\u0093\u00e2\u009c\u0093'],
  ['-_==+/', '\u00fb\u00fb'],
  ['====', ''],
  ['', ''],
])('base64: %j is %j', (encoded, decoded) => {
  expect(Buffer.from(decodeBase64(encoded)).toString('latin1')).toBe(decoded);
});

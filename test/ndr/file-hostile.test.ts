import { inspect, readAll } from '../../src/ndr/file';
import { mails } from './corpus';

const utf8 = (text: string): Buffer => Buffer.from(text, 'utf8');
const head = 'From: postmaster@contoso.com\nSubject: Undeliverable: Plans\n';
const line = "Remote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found'";

function milliseconds(work: () => void): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}

const nested = (depth: number): string =>
  `${head}${Array.from({ length: depth }, (_, at) => `Content-Type: multipart/mixed; boundary=b${String(at)}\n\n--b${String(at)}\n`).join('')}\n${line}`;
const messages = (depth: number): string =>
  `${head}${'Content-Type: message/rfc822\n\nFrom: a@b.example\nSubject: x\n'.repeat(depth)}\n${line}`;
const parts = (count: number): string =>
  `${head}Content-Type: multipart/mixed; boundary=b\n\n--b\n\n${line}\n${'--b\nContent-Type: text/plain\n\nx\n'.repeat(count)}--b--`;
const boundaries = (count: number): string =>
  `${head}Content-Type: multipart/mixed; boundary=b\n\n${Array.from({ length: count }, (_, at) => `--b\nContent-Type: multipart/mixed; boundary=c${String(at)}\n\n--c${String(at)}\n`).join('')}\n${line}`;

describe('hostile mails end, and soon', () => {
  test.each<[string, string]>([
    ['2,000 multiparts in each other', nested(2000)],
    ['20,000 multiparts in each other', nested(20_000)],
    ['2,000 messages in each other', messages(2000)],
    ['100,000 parts', parts(100_000)],
    ['20,000 boundaries', boundaries(20_000)],
    ['9 MB of base64', `${head}Content-Transfer-Encoding: base64\n\n${'QUFB'.repeat(2_300_000)}`],
    ['9 MB of base64 padding', `${head}Content-Transfer-Encoding: base64\n\n${'QQ=='.repeat(2_300_000)}`],
    ['9 MB of =', `${head}Content-Transfer-Encoding: quoted-printable\n\n${'='.repeat(9_000_000)}`],
    ['9 MB of "= "', `${head}Content-Transfer-Encoding: quoted-printable\n\n=${' '.repeat(9_000_000)}`],
    ['a header of 1 MB', `${head}X-Long: ${'a'.repeat(1_000_000)}\n\n${line}`],
    ['a folded header of 1 MB', `${head}X-Long: ${'a\n '.repeat(300_000)}b\n\n${line}`],
    [
      '100,000 headers',
      `${head}${Array.from({ length: 100_000 }, (_, at) => `X-${String(at)}: y\n`).join('')}\n${line}`,
    ],
    ['encoded words', `${head}X-E: ${'=?utf-8?Q?=41?= '.repeat(60_000)}\n\n${line}`],
    ['a type of 1 MB', `${head}Content-Type: multipart/mixed; ${'a="b'.repeat(250_000)}\n\n${line}`],
    ['dashes', `${head}Content-Type: multipart/mixed; boundary="-"\n\n${'---\n'.repeat(500_000)}${line}`],
    [
      'an empty boundary',
      `${head}Content-Type: multipart/mixed; boundary=""\n\n${'--\n'.repeat(500_000)}${line}`,
    ],
    ['9 MB of mbox lines', 'From a 2026\n\n'.repeat(700_000)],
    ['mails of an mbox', 'From a 2026\nFrom: a\nTo: b\n\n'.repeat(30_000)],
    ['9 MB of +A', '+A'.repeat(4_500_000)],
    ['9 MB of {', '{'.repeat(9_000_000)],
    ['9 MB of blanks and a letter', `${' '.repeat(9_000_000)}a`],
    ['9 MB without a line end', '5.7.1 '.repeat(1_500_000)],
    ['9 MB of empty lines', `a${'\n'.repeat(9_000_000)}`],
  ])('%s', (_, text) => {
    const bytes = utf8(text);
    expect(
      milliseconds(() => {
        expect(readAll(bytes).length).toBeGreaterThan(0);
      }),
    ).toBeLessThan(20_000);
  });

  test.each<[string, (size: number) => string]>([
    ['nested', nested],
    ['parts', parts],
    ['boundaries', boundaries],
    ['base64', (size) => `${head}Content-Transfer-Encoding: base64\n\n${'QUFB'.repeat(size * 20)}`],
    ['folded', (size) => `${head}X-Long: ${'a\n '.repeat(size * 10)}b\n\n${line}`],
  ])('%s: ten times the size costs ten times the time, about', (_, make) => {
    const [small, large] = [utf8(make(2000)), utf8(make(20_000))];
    const time = (bytes: Uint8Array): number =>
      Math.min(...[1, 2, 3].map(() => milliseconds(() => readAll(bytes))));
    time(small);
    expect(time(large)).toBeLessThan(30 * time(small) + 60);
  });

  test('what stands deeper than anybody nests is still found', () => {
    expect(readAll(utf8(nested(2000)))[0]?.report.failures[0]?.code).toBe('5.1.10');
    expect(readAll(utf8(parts(100_000)))[0]?.report.failures[0]?.code).toBe('5.1.10');
  });
});

test('a mail cut anywhere: no throw, and no code that is not in it', () => {
  for (const { text } of mails) {
    for (let end = 0; end < text.length; end += 997) {
      const bytes = Buffer.from(text.slice(0, end), 'latin1');
      expect(() => inspect(bytes)).not.toThrow();
      for (const { report } of readAll(bytes)) {
        for (const { code } of report.failures) if (code !== null) expect(report.body).toContain(code);
      }
    }
  }
});

test('bytes overwritten at random: no throw', () => {
  let seed = 1;
  const random = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
    return seed % below;
  };
  for (const { text } of mails) {
    const bytes = Buffer.from(text, 'latin1');
    for (let time = 0; time < 200; time += 1) bytes[random(bytes.length)] = random(256);
    expect(readAll(bytes).length).toBeGreaterThan(0);
  }
});

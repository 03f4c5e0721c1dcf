import { readText } from '../../src/ndr/read';
import type { Evidence } from '../../src/ndr/report';
import { mails, pasted } from './corpus';

const text = `Reporting-MTA: dns;out.woodgrove.com

Final-Recipient: rfc822;ana@contoso.com
Action: failed
Status: 5.0.0
Remote-MTA: dns;mx1.contoso.com
Diagnostic-Code: smtp;550 5.7.26 Unauthenticated mail

Original message headers:

From: Carla Roe <carla@woodgrove.com>
Subject: Offer
`;

const of = (field: Evidence['field'], all: readonly Evidence[]): string[] =>
  all.filter((evidence) => evidence.field === field).map(({ value }) => value);

test('every value, with the one that contradicts it behind', () => {
  const { evidence } = readText(text);
  expect(of('code', evidence)).toEqual(['5.7.26', '5.0.0']);
  expect(of('reply', evidence)).toEqual(['550']);
  expect(of('recipient', evidence)).toEqual(['ana@contoso.com']);
  expect(of('sender', evidence)).toEqual(['carla@woodgrove.com']);
  expect(of('subject', evidence)).toEqual(['Offer']);
  expect(of('generatingServer', evidence)).toEqual(['out.woodgrove.com']);
  expect(of('remoteServer', evidence)).toEqual(['mx1.contoso.com']);
});

test('two servers that are named', () => {
  const { evidence, remoteServer } = readText(
    `Remote-MTA: dns;mx1.contoso.com\nRemote server: mx2.contoso.com\nDiagnostic-Code: smtp;550 5.1.1 No`,
  );
  expect(remoteServer).toBe('mx1.contoso.com');
  expect(of('remoteServer', evidence)).toEqual(['mx1.contoso.com', 'mx2.contoso.com']);
});

test('each span holds its value', () => {
  const wrong: string[] = [];
  for (const [name, source] of [
    ['above', text],
    ...pasted.map((paste) => [paste.truth.id, paste.text] as const),
    ...mails.map((mail) => [mail.truth.file, mail.text] as const),
  ] as const) {
    const { body, evidence } = readText(source);
    for (const { field, value, from, to, rule } of evidence) {
      const there = body.slice(from, to).replace(/\s+/g, ' ').toLowerCase();
      const squeezed = there.replace(/ /g, '');
      const plain = value.replace(/\s+/g, ' ').toLowerCase();
      const holds = there.includes(plain) || squeezed.includes(plain);
      if (!holds) wrong.push(`${name} ${field} ${value} in ${JSON.stringify(there)} (${rule})`);
    }
  }
  expect(wrong).toEqual([]);
});

test('the chosen value stands first', () => {
  for (const { text: source } of pasted) {
    const { evidence, failures, generatingServer, sender, remoteServer } = readText(source);
    const codes = of('code', evidence);
    expect(codes[0] ?? null).toBe(failures.map(({ code }) => code).find((code) => code !== null) ?? null);
    expect(of('generatingServer', evidence)[0] ?? null).toBe(generatingServer);
    expect(of('sender', evidence)[0] ?? null).toBe(sender);
    expect(of('remoteServer', evidence)[0] ?? null).toBe(remoteServer);
  }
});

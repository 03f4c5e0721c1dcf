import { readText } from '../../src/ndr/read';

const diagnosticOf = (text: string): string | null | undefined => readText(text).failures[0]?.diagnostic;

describe('what somebody writes behind a code is not what a server said', () => {
  test.each([
    'what does 5.7.124 mean for me as owner of the group',
    '5.7.1 group owner, why can my colleague not write to our group?',
    'were 2 colleagues with 5.7.133 and 5.7.124, i am the owner of both lists',
    'ich bin besitzer der verteilerliste, was heißt 5.7.124 für mich?',
    '5.7.750 after migration, sending domain is verified. what now',
    'is 5.7.708 my fault or microsofts?',
    'Dear user, 4 messages were not delivered to your inbox due to low storage (error code 5.2.2). Click here to release the messages now.',
    'Draft: "External senders will see a report with 550 5.7.133. If your list must be reachable, open a request."',
    'minutes of the mail team meeting:\n- 5.7.705 incident from last week is closed, tenant unblocked on Thursday',
  ])('%j', (text) => {
    const [failure] = readText(text).failures;
    expect(failure?.code).toMatch(/^5/);
    expect(failure?.diagnostic).toBeNull();
  });

  test('a server’s words without a reply are, where a sentence of its own begins', () => {
    expect(
      diagnosticOf('Is this NDR the same as 4.7.500 Server busy. Please try again later from [IP]. (S77719)'),
    ).toBe('Server busy. Please try again later from [IP]. (S77719)');
  });
});

describe('what a server said ends with the quotation', () => {
  test.each([
    ['our checker answers "554 Message rejected" in less than 5 ms. Ask for a quote!', 'Message rejected'],
    [
      'The job log says\n"Failed to send: 550 5.7.1 Unable to relay" for info@fabrikam.com, please help!!',
      'Unable to relay',
    ],
    [
      'He gets „550 5.7.12 Sender was not authenticated by organization“ since today',
      'Sender was not authenticated by organization',
    ],
    [
      "we see '550 5.4.312 Message expired, DNS query failed(ServerFailure)' when mailing them",
      'Message expired, DNS query failed(ServerFailure)',
    ],
    [
      `Remote Server returned '550 5.2.121 Recipient's limit and the senders' limit exceeded'`,
      `Recipient's limit and the senders' limit exceeded`,
    ],
    [
      '{"code": "5.1.10", "message": "5.1.10 RESOLVER.ADR.RecipientNotFound; not found"}',
      'message": "5.1.10 RESOLVER.ADR.RecipientNotFound; not found"}',
    ],
  ])('%j', (text, said) => {
    expect(diagnosticOf(text)).toBe(said);
  });

  test('whom the sentence names behind it is still read', () => {
    const text =
      'scanner: "535 5.7.139 Authentication unsuccessful, basic authentication is disabled" since today, login scan@contoso.com';
    expect(readText(text).sender).toBe('scan@contoso.com');
  });
});

describe('what is no part of the words is cut', () => {
  test.each([
    [
      'glued to the code',
      'Status: 550 5.7.1_ETR Your message was rejected by a rule',
      'Your message was rejected by a rule',
    ],
    [
      'glued, and the words elsewhere',
      'Status code: 550 5.7.1_ETR\nError: 550 5.7.1 TRANSPORT.RULES.RejectMessage; rejected by policy',
      'TRANSPORT.RULES.RejectMessage; rejected by policy',
    ],
    [
      'a bracket of Sendmail',
      '<ana@contoso.com>\n    (reason: 550 5.7.1 Message rejected by Filtering.)',
      'Message rejected by Filtering.',
    ],
    [
      'a bracket of Exchange 2003',
      "Remote Server returned '<mx.contoso.com #5.7.1 smtp;550 5.7.1 RESOLVER.RST.AuthRequired; required [Stage: CreateMessage]>'",
      'RESOLVER.RST.AuthRequired; required [Stage: CreateMessage]',
    ],
    [
      'brackets of its own stay',
      '550 5.7.1 Access denied [203.0.113.9] (see (AS1601))',
      'Access denied [203.0.113.9] (see (AS1601))',
    ],
  ])('%s', (_, text, said) => {
    expect(diagnosticOf(text)).toBe(said);
  });
});

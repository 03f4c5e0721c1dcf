import { readText } from '../../src/ndr/read';
import { findReplies } from '../../src/ndr/replies';

describe('numbers of other machines and things are no replies of a mail server', () => {
  test.each([
    'SAP GUI says: RFC_COMMUNICATION_FAILURE, error 550 in partner program, connection to gateway sapgw00 refused. Who can help?',
    'Machine shows error 552 on axis Z, spindle drive overloaded. Restart does not help.',
    'Oracle error: 421 snapshot too old; rollback segment number 9 with name blocked.',
    'SIP/2.0 response: 480 Temporarily unavailable - user not registered on server',
    'In the building "550 Main Street" the access system denied all users since noon.',
    'He said: 480 users are not enough for a server.',
    '550 users blocked',
    'Oracle error: 421 snapshot too old',
    'CNC says: 501 axis number is not valid, drive refused.',
    'Alarm is 554 door contact open, service denied access.',
  ])('%j', (text) => {
    expect(findReplies(text)).toEqual([]);
    expect(readText(text).isNdr).toBe(false);
  });
});

describe('a mail server’s replies behind the same openings', () => {
  test.each([
    ['Outlook says: 552 message size exceeds limit', '552', 'message size exceeds limit'],
    ['Our scanner shows error 550 relay not permitted', '550', 'relay not permitted'],
    ['we get "550 mailbox unavailable" when we write to ana@contoso.com', '550', 'mailbox unavailable'],
    ['Error: 503 valid RCPT command must precede DATA', '503', 'valid RCPT command must precede DATA'],
    ['ana@contoso.com: 550 no such user here', '550', 'no such user here'],
    ['host mx.contoso.com[203.0.113.9] said: 578 Sorry, we close', '578', 'Sorry, we close'],
    ['550 user unknown', '550', 'user unknown'],
    ['552 mailbox full', '552', 'mailbox full'],
    ['error: 550 user unknown', '550', 'user unknown'],
    [
      'error: 451 Temporary local problem - please try later',
      '451',
      'Temporary local problem - please try later',
    ],
    ["smtplib raised (550, b'User unknown')", '550', 'User unknown'],
    [
      'rejected with `mx27.contoso.com #550 permanent failure for one recipient`',
      '550',
      'permanent failure for one recipient',
    ],
  ])('%j', (text, reply, said) => {
    expect(findReplies(text)).toMatchObject([{ reply, code: null, text: said }]);
    expect(readText(text).isNdr).toBe(true);
  });
});

import { fileTransferIn } from '../../src/ndr/file-transfer';
import { readText } from '../../src/ndr/read';

const bounce = '550 Mailbox unavailable, user unknown';

describe('sessions of FTP are no bounces', () => {
  test.each([
    'ftp> put report.csv /incoming/report.csv\n200 PORT command successful.\n550 /incoming/report.csv: Permission denied\nftp> mkdir x\n550 Create directory operation failed.\nftp> bye\n221 Goodbye.',
    'Copying 3 files\n550 upload.zip: Operation not permitted on this server\n226 Transfer complete.',
    'Command: PWD\nResponse: 257 "/" is current directory.\nResponse: 550 Permission denied for this user account.',
    'Status: 230 Logged on\nStatus: 550 Access is denied for this user.',
    '230 Login successful.\n550 Failed to change directory.\n421 Timeout, service closed.',
    '10:42:01 < 331 Please specify the password.\n10:42:07 < 550 Access denied for this user',
  ])('%j', (text) => {
    expect(readText(text)).toMatchObject({ isNdr: false, failures: [] });
  });
});

describe('beside a bounce such a number is something else', () => {
  test.each([
    ['the address of whoever pasted it', `${bounce}\n\nBob Miller\n200 Main Street`],
    ['a count in a sentence', `${bounce}\nWe sent 200 Invitations and 230 Letters.`],
    ['a session of SMTP', `MAIL FROM:<ann@contoso.com>\n200 OK\nRCPT TO:<bob@fabrikam.com>\n${bounce}`],
  ])('%s', (_, text) => {
    expect(fileTransferIn(text)(text.indexOf('550'))).toBe(false);
    expect(readText(text)).toMatchObject({ isNdr: true, failures: [{ reply: '550' }] });
  });
});

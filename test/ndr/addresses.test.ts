import {
  domainOf,
  findAddresses,
  findIp,
  isHostName,
  isIpAddress,
  isMailAddress,
} from '../../src/ndr/addresses';

test.each([
  ['ana@contoso.com', ['ana@contoso.com']],
  ['<ana@contoso.com>, "bob"@x', ['ana@contoso.com']],
  ['[SMTP:ana@contoso.com]', ['ana@contoso.com']],
  ["'ana@contoso.com'", ['ana@contoso.com']],
  ['(ana@contoso.com).', ['ana@contoso.com']],
  ['ana+tag@mail.contoso.co.uk.', ['ana+tag@mail.contoso.co.uk']],
  ['******@contoso.com', ['******@contoso.com']],
  ['[redacted]@contoso.com', ['[redacted]@contoso.com']],
  ["o'brien@contoso.com", ["o'brien@contoso.com"]],
  ['josé@contoso.com', ['josé@contoso.com']],
  ['rcpt=ana@contoso.com orig_to=bob@contoso.com', ['ana@contoso.com', 'bob@contoso.com']],
  ['ana=contoso.com@lists.fabrikam.com', ['ana=contoso.com@lists.fabrikam.com']],
  ['prvs=to=ana@contoso.com', ['prvs=to=ana@contoso.com']],
  ['用户@例子.公司', ['用户@例子.公司']],
  ['a@b, @, a@, @b.com, a@b..com, a@1.2, a@-b.com', []],
  ['a@b.com@c.com', ['a@b.com', 'b.com@c.com']],
])('the addresses in %j', (text, expected) => {
  expect(findAddresses(text).map(({ value }) => value)).toEqual(expected);
});

test('places and the limit', () => {
  const text = 'to <ana@contoso.com> and bob@contoso.com';
  expect(findAddresses(text).map(({ at, end }) => text.slice(at, end))).toEqual([
    'ana@contoso.com',
    'bob@contoso.com',
  ]);
  expect(findAddresses(text, 1)).toHaveLength(1);
});

test.each([
  ['ana@contoso.com', true],
  ["o'brien@contoso.com", true],
  ['IMCEAEX-_o=x@contoso.com', true],
  ['******@contoso.com', false],
  ['ana doe@contoso.com', false],
  ['ana@contoso', false],
  ['ana@contoso.com; Remove-Mailbox', false],
  ['$(x)@contoso.com', false],
  [`${'a'.repeat(300)}@contoso.com`, false],
])('a plain address: %j %s', (value, expected) => {
  expect(isMailAddress(value)).toBe(expected);
});

test.each([
  ['mx1.contoso.com', true],
  ['AM5EUR02FT025.mail.protection.outlook.com', true],
  ['my_host.contoso.com', true],
  ['localhost', false],
  ['203.0.113.9', false],
  ['a..b.com', false],
  ['contoso.com;x', false],
])('a host: %j %s', (value, expected) => {
  expect(isHostName(value)).toBe(expected);
});

test.each([
  ['messages from [203.0.113.9] were blocked', '203.0.113.9'],
  ['at 10.0.0.1, banned sending IP [203.0.113.9]', '203.0.113.9'],
  ['over IPv6 [2a01:111:f200:2004::240] must pass', '2a01:111:f200:2004::240'],
  ['client host 203.0.113.9 blocked', '203.0.113.9'],
  ['at 09:30:25 on 1.2.2024', null],
  ['id 15.20.8583.26', null],
  ['code 5.7.1', null],
])('the IP address in %j', (text, expected) => {
  expect(findIp(text)).toBe(expected);
});

test('small ones', () => {
  expect(isIpAddress('::1')).toBe(true);
  expect(isIpAddress('1.2.3')).toBe(false);
  expect(domainOf('ana@contoso.com')).toBe('contoso.com');
  expect(domainOf('ana')).toBeNull();
  expect(domainOf(null)).toBeNull();
});

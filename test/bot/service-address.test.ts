import { isServiceAddress } from '../../src/bot/service-address';
import { readConfig } from '../../src/config';

/** The hosts that an operator adds, as the bot is given them. */
const added = (hosts: string): readonly string[] => readConfig({ SERVICE_HOSTS: hosts }).cloud.serviceHosts;

test.each([
  ['https://smba.example.com/amer/', 'smba.example.com', true],
  ['https://eu.smba.example.com/', 'smba.example.com', true],
  ['https://asmba.example.com/', 'smba.example.com', false],
  ['https://smba.example.com:8443/', 'smba.example.com', false],
  ['http://smba.example.com/', 'smba.example.com', false],
  ['http://127.0.0.1:3999/', '127.0.0.1', true],
  ['http://[::1]:3999/', '::1', true],
  ['http://[::1]:3999/', '[0:0::1]', true],
  ['https://[2001:db8::a]/', '2001:DB8:0:0:0:0:0:A', true],
  ['https://[2001:db8::b]/', '2001:db8::a', false],
  ['https://[2001:db8::a]:8443/', '2001:db8::a', false],
  ['http://[2001:db8::a]/', '2001:db8::a', false],
])('%s with SERVICE_HOSTS=%s: %p', (address, hosts, expected) => {
  expect(isServiceAddress(address, added(hosts))).toBe(expected);
});

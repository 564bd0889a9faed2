import type { IncomingMessage } from 'node:http';
import { clientAddresses } from '../../src/identity/client-address.js';

const request = (remoteAddress: string | undefined, forwarded?: string): IncomingMessage =>
  ({
    socket: { remoteAddress },
    connection: { remoteAddress },
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  }) as unknown as IncomingMessage;

test.each([
  ['203.0.113.5', '203.0.113.5'],
  ['::ffff:203.0.113.5', '203.0.113.5'],
  // Whoever has one address of an IPv6 network has them all.
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::9', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
])('%s counts as %s', (address, counted) => {
  expect(clientAddresses([])(request(address))).toBe(counted);
});

test('of a connection that is gone, and of what is no address, there is a name of bounded length', () => {
  expect(clientAddresses([])(request(undefined))).toBe('unknown');
  const endless = clientAddresses(['loopback'])(request('127.0.0.1', 'x'.repeat(10_000)));
  expect(endless.length).toBeLessThanOrEqual(64);
});

test.each([
  ['203.0.113.5:41234', '203.0.113.5'],
  ['[2001:db8:1:2::9]:41234', '2001:db8:1:2::/64'],
  ['[2001:db8:1:2::9]', '2001:db8:1:2::/64'],
  ['203.0.113.5:41234, 10.0.0.7:80', '203.0.113.5'],
])('the port that some proxies write makes no other client: %s', (forwarded, counted) => {
  const addressOf = clientAddresses(['loopback', '10.0.0.0/8']);
  expect(addressOf(request('127.0.0.1', forwarded))).toBe(counted);
});

/** The address that a request comes from, where proxies stand between: for limits per address, never for rights. */
import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';
import proxyAddress from 'proxy-addr';

/** Tells it. */
export type ClientAddress = (req: IncomingMessage) => string;

/** No address is longer; what is stands in a header that nobody vouches for. */
const LONGEST = 64;
/** Parts of an IPv6 address that name a network: whoever has one address of it has them all. */
const NETWORK_PARTS = 4;

/**
 * Makes it: the address at the other end of the connection, or what trusted proxies (addresses, ranges such as 10.0.0.0/8, or
 * the words of proxy-addr) say in X-Forwarded-For. Of IPv6 the network of 64 bits counts.
 */
export function clientAddresses(trustedProxies: readonly string[]): ClientAddress {
  const trust = proxyAddress.compile([...trustedProxies]);
  return (req) => {
    // Gone where the client has left meanwhile.
    if (req.socket.remoteAddress === undefined) return 'unknown';
    return networkOf(proxyAddress(req, trust).slice(0, LONGEST));
  };
}

function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const mapped = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const [start = '', end] = address.split('::', 2);
  const parts = start === '' ? [] : start.split(':');
  const rest = end === undefined || end === '' ? [] : end.split(':');
  const zeros = end === undefined ? 0 : Math.max(0, 8 - parts.length - rest.length);
  const all = [...parts, ...Array.from({ length: zeros }, () => '0'), ...rest];
  return `${all
    .slice(0, NETWORK_PARTS)
    .map((part) => part.replace(/^0{1,3}(?=.)/, '').toLowerCase())
    .join(':')}::/64`;
}

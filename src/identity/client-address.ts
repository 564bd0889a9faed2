/** The address that a request comes from, where proxies stand between: for limits per address, never for rights. */
import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';
import proxyAddress from 'proxy-addr';

/** Tells the address of a request's client. */
export type ClientAddress = (req: IncomingMessage) => string;

/** No address is longer; a header can hold anything. */
const LONGEST = 64;
/** Parts of an IPv6 address that name a network: its owner can use any address in it. */
const NETWORK_PARTS = 4;
/** An address with a port, or in brackets, as some proxies write it. */
const WITH_PORT = /^(?:\[([^\]]*)\]|(\d{1,3}(?:\.\d{1,3}){3}))(?::\d{1,5})?$/;

/**
 * Makes the function that tells it: the address at the other end of the connection, or what trusted proxies (addresses, ranges such as 10.0.0.0/8, or
 * the words of proxy-addr) say in X-Forwarded-For, without its port. Of IPv6 the network of 64 bits counts.
 */
export function clientAddresses(trustedProxies: readonly string[]): ClientAddress {
  const isTrusted = proxyAddress.compile([...trustedProxies]);
  return (req) => {
    // The client has already left.
    if (req.socket.remoteAddress === undefined) return 'unknown';
    return networkOf(bare(proxyAddress(req, (address, hop) => isTrusted(bare(address), hop))));
  };
}

function bare(address: string): string {
  const text = address.slice(0, LONGEST);
  const [, bracketed, plain] = WITH_PORT.exec(text) ?? [];
  return bracketed ?? plain ?? text;
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

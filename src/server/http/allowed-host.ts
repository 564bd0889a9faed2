/**
 * Under which host names the server answers. A page of any origin can have its own name lead to this machine (DNS rebinding):
 * to the browser we are then that page's own server, and neither CORS nor the rule against forged requests keeps it out. What
 * gives it away is the Host header, which still has the page's name. Without authentication that is the only protection.
 */
import { BlockList, isIP } from 'node:net';
import { errorAnswer, type Answer } from '../answer.js';
import type { RequestState } from '../request-state.js';
import { pathOf, routeLabel } from './request-log.js';

/** The host names that are answered. */
export interface AllowedHosts {
  /** Names and addresses in addition to `localhost` and the loopback ones; `*.example.com` is every name below it. */
  names: readonly string[];
  /**
   * Whether the server can be reached by this machine only. Where others reach it too, any address is answered, since what
   * is not a name cannot be made to lead elsewhere, and health by any name: probes and balancers use both.
   */
  loopbackOnly: boolean;
}

/** The refusal of a request for another host, or undefined. */
export type HostRule = (state: RequestState) => Answer | undefined;

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

const MESSAGE =
  'This server is not asked by that host name. Use localhost, or have its operator name the host in ALLOWED_HOSTS.';
/** Host headers that were found to be allowed: there are few, and each request has one. */
const MAX_KNOWN = 100;
/** Of a name by DNS, with its final dot, and of a port. */
const LONGEST = 260;

/** Makes the rule. `*` among the names allows all. */
export function hostRule({ names, loopbackOnly }: AllowedHosts): HostRule {
  if (names.includes('*')) return () => undefined;
  const whole = new Set(names.filter((name) => !name.startsWith('*.')));
  const below = names.flatMap((name) => (name.startsWith('*.') ? [name.slice(1)] : []));
  const known = new Set<string>();

  const isAllowed = (header: string): boolean => {
    const host = hostOf(header);
    if (host === undefined) return false;
    if (host === 'localhost' || whole.has(host) || below.some((end) => host.endsWith(end))) return true;
    const version = isIP(host);
    if (version === 0) return false;
    return !loopbackOnly || loopback.check(host, version === 4 ? 'ipv4' : 'ipv6');
  };

  return (state) => {
    const { host } = state.req.headers;
    // HTTP/1.0 need not name the host; no browser does without.
    if (host === undefined || known.has(host)) return undefined;
    if (isAllowed(host)) {
      if (known.size < MAX_KNOWN) known.add(host);
      return undefined;
    }
    if (!loopbackOnly && routeLabel(pathOf(state.req.url)).startsWith('health-')) return undefined;
    // Its body is not needed, but the connection is to be used again.
    state.req.resume();
    return errorAnswer(state, 403, { message: MESSAGE, extensions: { code: 'FORBIDDEN' } });
  };
}

/** The host of a Host header, in lower case, without port, brackets and final dot; undefined where it is none. */
function hostOf(header: string): string | undefined {
  if (header.length > LONGEST) return undefined;
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?$/i.exec(header);
  return (match?.[1] ?? match?.[2]?.replace(/\.$/, ''))?.toLowerCase();
}

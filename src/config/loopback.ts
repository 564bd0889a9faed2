/** What "this machine only" means in settings. */

/** Whether a host (a name, or an address with or without brackets) is this machine's own. */
export function isLoopbackHost(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/.test(host);
}

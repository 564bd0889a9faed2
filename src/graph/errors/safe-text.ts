/** Text of EnOS, made fit for callers: addresses inside a platform and stack traces are nobody's business. */

const URL_WITH_HOST = /\b[a-z][a-z0-9+.-]*:\/\/[^\s"'<>)\]]+/gi;
const IPV4 = /\b(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?\b/g;
const HOST_AND_PORT = /\b[a-z0-9-]+(?:\.[a-z0-9-]+)+:\d{2,5}\b/gi;
const LONGEST = 500;
/** Beyond that nothing is looked at: it would not be shown. */
const LONGEST_READ = 10 * LONGEST;

/** One line of at most 500 characters, with URLs, IP addresses and host:port pairs replaced. */
export function safeText(text: string): string {
  const [line = ''] = text
    .trimStart()
    .slice(0, LONGEST_READ)
    .trimEnd()
    .split(/[\r\n]/, 1);
  const clean = line
    .replace(URL_WITH_HOST, '[address]')
    .replace(IPV4, '[address]')
    .replace(HOST_AND_PORT, '[address]');
  return clean.length > LONGEST ? `${clean.slice(0, LONGEST)}...` : clean;
}

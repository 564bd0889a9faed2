/** Names of the server's routes for logs and metrics: bounded in number, whatever callers ask for. */

/** The route that a path, without its query, leads to. Case and a slash at the end do not matter. */
export function routeLabel(path: string): string {
  if (path === '/graphql') return 'graphql';
  const plain = path.toLowerCase().replace(/(?<=.)\/$/, '');
  if (plain === '/graphql') return 'graphql';
  if (plain.startsWith('/graphiql/')) return 'graphiql';
  if (plain === '/health/live') return 'health-live';
  if (plain === '/health/ready') return 'health-ready';
  return plain === '/metrics' ? 'metrics' : 'other';
}

/** The path of a request's address, without its query. */
export function pathOf(url: string | undefined = '/'): string {
  const end = url.indexOf('?');
  return end < 0 ? url : url.slice(0, end);
}

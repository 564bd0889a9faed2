/** Names of the server's routes for logs and metrics: bounded in number, whatever callers ask for. */
export function routeLabel(path: string): string {
  if (path === '/graphql' || path === '/graphql/') return 'graphql';
  if (path.startsWith('/graphiql/')) return 'graphiql';
  if (path === '/health/live') return 'health-live';
  if (path === '/health/ready') return 'health-ready';
  return path === '/metrics' ? 'metrics' : 'other';
}

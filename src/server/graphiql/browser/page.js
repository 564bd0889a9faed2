/* global URLSearchParams */
/**
 * Starts GraphiQL on the example operations, each in a tab of its own, after the query that stands in the address, if one
 * does. Tabs that the visitor has kept from an earlier visit come before all of them: GraphiQL sees to that.
 */
async function start() {
  const examples = await fetch('/graphiql/examples.json').then((reply) => reply.json());
  const address = new URLSearchParams(window.location.search);
  const linked = address.get('query');
  const defaultTabs = [
    ...(linked ? [{ query: linked, variables: address.get('variables') ?? undefined }] : []),
    ...examples.map(({ query, variables }) => ({ query, variables })),
  ];
  const fetcher = GraphiQL.createFetcher({ url: '/graphql' });
  const page = React.createElement(GraphiQL, {
    fetcher,
    defaultTabs: defaultTabs.length > 0 ? defaultTabs : undefined,
    defaultEditorToolsVisibility: 'variables',
  });
  ReactDOM.createRoot(document.getElementById('graphiql')).render(page);
}

start().catch((error) => {
  document.getElementById('graphiql').textContent = `GraphiQL could not start: ${error.message}`;
});

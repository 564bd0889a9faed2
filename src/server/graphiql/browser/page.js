/**
 * Starts GraphiQL. A first visit opens on the example operations, each in a tab of its own; a later one on the tabs that
 * the visitor left, which GraphiQL keeps. A query in the address comes before both.
 */
const KEPT_TABS = 'graphiql:tabState';

async function start() {
  const examples = await fetch('/graphiql/examples.json').then((reply) => reply.json());
  const address = new URLSearchParams(window.location.search);
  const linked = address.has('query')
    ? [{ query: address.get('query'), variables: address.get('variables') ?? undefined }]
    : [];
  const tabs = [...linked, ...examples.map(({ query, variables }) => ({ query, variables }))];
  const isFirstVisit = window.localStorage.getItem(KEPT_TABS) === null;
  const page = React.createElement(GraphiQL, {
    fetcher: GraphiQL.createFetcher({ url: '/graphql' }),
    defaultTabs: tabs.length > 0 ? tabs : undefined,
    defaultEditorToolsVisibility: 'variables',
    query: linked[0]?.query,
    // GraphiQL takes the variables of the tab that it opens on from here, and from the tab itself only later.
    variables: isFirstVisit ? tabs[0]?.variables : linked[0]?.variables,
  });
  ReactDOM.createRoot(document.getElementById('graphiql')).render(page);
}

start().catch((error) => {
  document.getElementById('graphiql').textContent = `GraphiQL could not start: ${error.message}`;
});

/**
 * The layers of docs/architecture.md: an import points down, never up, and never in a circle.
 * Settings know the descriptions of entities, for their lifetimes, and nothing else of ours.
 * Of config, layers that know nothing of the environment see single files: what they and the settings both must name.
 * The simulator is the local EnOS: it and the server share nothing but the contract files, which both read.
 */
const layer = (name, from, to) => ({
  name,
  severity: 'error',
  comment: `${from} must not import ${to}`,
  from: { path: from },
  to: { path: to },
});

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    layer('config-is-lowest', '^src/config/', '^src/(?!config/|loading/entities/index)'),
    layer('collections-know-nothing', '^src/collections/', '^src/(?!collections/)'),
    layer('resilience-knows-nothing', '^src/resilience/', '^src/(?!resilience/|collections/)'),
    layer('cache-knows-no-enos', '^src/cache/', '^src/(?!cache/|resilience/)'),
    layer('enos-knows-no-graph', '^src/enos/', '^src/(?!enos/|resilience/|collections/)'),
    layer(
      'identity-beside-loading',
      '^src/identity/',
      '^src/(?!identity/|enos/|resilience/|loading/guard/rights|config/jwt-algorithms)',
    ),
    layer(
      'loading-below-graph',
      '^src/loading/',
      '^src/(?!loading/|enos/|cache/|config/lifetimes|resilience/|collections/)',
    ),
    layer('graph-below-server', '^src/graph/', '^src/(?!graph/|loading/|enos/(errors|editions|meaning))'),
    layer('server-below-app', '^src/server/', '^src/(?!server/|graph/|config/|resilience/|collections/)'),
    layer(
      'observability-watches-from-outside',
      '^src/observability/',
      '^src/(?!observability/|server/(metrics/counted-histogram|request-state)|loading/|cache/|enos/|resilience/)',
    ),
    layer('nobody-imports-what-watches', '^src/(?!observability/|app\\.ts)', '^src/observability/'),
    layer('simulator-is-alone', '^src/simulator/', '^src/(?!simulator/)'),
    layer('nobody-imports-the-simulator', '^src/(?!simulator/)', '^src/simulator/'),
    layer('nobody-imports-the-root', '^src/.+/', '^src/(main|app|identify-callers|local-enos)\\.ts$'),
    {
      name: 'no-dev-dependencies',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js'], conditionNames: ['import', 'node', 'types'] },
    moduleSystems: ['es6', 'cjs'],
  },
};

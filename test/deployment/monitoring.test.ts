/** What the dashboard and the alert rules ask for is PromQL, and there to be asked for. */
import { readFileSync } from 'node:fs';
import { parser } from '@prometheus-io/lezer-promql';
import { ask } from '../support/graphql-client.js';
import { startServerProcess, startSimulator } from '../support/processes.js';
import type { Running, RunningProcess } from '../support/processes.js';
import { describeWithRedis, RedisServer, waitFor } from '../support/redis.js';
import { yamlDocuments } from '../support/yaml-files.js';

interface Rules {
  groups: {
    rules: { alert: string; expr: string; annotations: { summary: string }; labels: { severity: string } }[];
  }[];
}
interface Dashboard {
  panels: { title: string; targets: { expr: string }[] }[];
  templating: { list: { name: string; query: string | { query: string } }[] };
}

const rules = yamlDocuments('deploy/prometheus').flatMap(({ content }) =>
  (content as unknown as Rules).groups.flatMap((group) => group.rules),
);
const dashboard = JSON.parse(readFileSync('deploy/grafana/enos-graphql.json', 'utf8')) as Dashboard;
const expressions: [string, string][] = [
  ...rules.map(({ alert, expr }): [string, string] => [alert, expr]),
  ...dashboard.panels.flatMap(({ title, targets }) =>
    targets.map(({ expr }): [string, string] => [title, expr]),
  ),
];

/** As Grafana sends it. */
const filledIn = (expression: string): string =>
  expression.replaceAll('$__rate_interval', '5m').replaceAll('$instance', '.*');

/** Metrics and labels that an expression names; throws if it is not PromQL. */
function namesIn(expression: string): { metrics: string[]; labels: string[] } {
  const text = filledIn(expression);
  const metrics: string[] = [];
  const labels: string[] = [];
  parser.parse(text).iterate({
    enter: ({ type, from, to, node }) => {
      if (type.isError) throw new Error(`not PromQL at ${from}: ${text}`);
      if (type.name === 'Identifier' && node.parent?.name === 'VectorSelector')
        metrics.push(text.slice(from, to));
      if (type.name === 'LabelName') labels.push(text.slice(from, to));
    },
  });
  return { metrics, labels };
}

test.each(expressions)('%s: %s is PromQL', (_, expression) => {
  expect(namesIn(expression).metrics.length).toBeGreaterThan(0);
});

test('what is not PromQL is seen', () => {
  expect(() => namesIn('sum(rate(foo[5m])')).toThrow('not PromQL');
});

test('each alert says how bad it is and what it means, under a name of its own', () => {
  expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  for (const { labels, annotations } of rules) {
    expect(labels.severity).toMatch(/^(warning|critical)$/);
    expect(annotations.summary.length).toBeGreaterThan(10);
  }
});

describeWithRedis('a server that has worked', () => {
  let simulator: Running;
  let redis: RedisServer;
  let server: RunningProcess;
  let text = '';

  beforeAll(async () => {
    [simulator, redis] = await Promise.all([startSimulator(), RedisServer.start()]);
    server = await startServerProcess(simulator.url, { REDIS_URL: redis.url });
    await ask(
      server.url,
      '{ asset(assetId: "Rk3vTq8M") { name model { name } } missing: asset(assetId: "none") { name } }',
    );
    await waitFor(async () => {
      text = await (await fetch(`${server.url}/metrics`)).text();
      return text.includes('\ncache_sync_age_seconds ');
    }, 'the first word from Redis');
  });
  afterAll(async () => {
    await server?.stop();
    await Promise.all([simulator?.stop(), redis?.stop()]);
  });

  test.each(expressions)('%s: each metric and label of %s is in /metrics', (_, expression) => {
    const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => ({
      name,
      type,
    }));
    const known = new Set(
      types.flatMap(({ name, type }) =>
        type === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => name + end) : [name],
      ),
    );
    const { metrics, labels } = namesIn(expression);
    expect(metrics.filter((name) => !known.has(name))).toEqual([]);
    // Labels that a server may have no series for yet stand in its sources; Prometheus itself adds instance.
    const given = new Set(['instance', ...[...text.matchAll(/[{,](\w+)="/g)].map(([, label]) => label)]);
    for (const label of ['service', 'to', 'decision']) given.add(label);
    expect(labels.filter((label) => !given.has(label))).toEqual([]);
  });
});

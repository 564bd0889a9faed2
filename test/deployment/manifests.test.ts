/** The manifests are what Kubernetes takes, fit together, and fit the server. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { dirname, join } from 'node:path';
import { Deployment } from 'kubernetes-models/apps/v1';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { Namespace, Service, ServiceAccount } from 'kubernetes-models/v1';
import { parse } from 'yaml';
import { DEFINITIONS } from '../../src/config/definitions/definitions.js';
import { loadSettings } from '../../src/config/settings.js';
import { clientAddresses } from '../../src/identity/client-address.js';
import { yamlDocuments } from '../support/yaml-files.js';

const FOLDER = 'deploy/kubernetes';
const MODELS: Record<string, new (content: never) => { validate(): void }> = {
  Deployment,
  HorizontalPodAutoscaler,
  NetworkPolicy,
  PodDisruptionBudget,
  Namespace,
  Service,
  ServiceAccount,
};
const OF_OTHERS = new Set(['Kustomization', 'Component']);

const documents = yamlDocuments(FOLDER);
const manifests = documents.filter(
  ({ file, content }) => !OF_OTHERS.has(String(content['kind'])) && !file.endsWith('adapter-rule.yaml'),
);
const one = <T>(kind: string, folder = 'base'): T => {
  const found = manifests.filter(
    ({ file, content }) => file.startsWith(join(FOLDER, folder)) && content['kind'] === kind,
  );
  expect(found).toHaveLength(1);
  return found[0]?.content as T;
};

interface Probe {
  httpGet: { path: string; port: string };
}
interface Container {
  env: { name: string; value: string }[];
  resources: { requests: Record<string, string>; limits: Record<string, string> };
  securityContext: Record<string, unknown>;
  livenessProbe: Probe;
  startupProbe: Probe;
  readinessProbe: Probe;
}
interface Workload {
  metadata: { labels: Record<string, string> };
  spec: {
    strategy: { rollingUpdate: { maxUnavailable: number } };
    template: {
      metadata: { labels: Record<string, string> };
      spec: {
        terminationGracePeriodSeconds: number;
        automountServiceAccountToken: boolean;
        securityContext: Record<string, unknown>;
        containers: Container[];
      };
    };
  };
}

test.each(manifests.map(({ file, content }) => [`${file} ${String(content['kind'])}`, content] as const))(
  '%s is as Kubernetes describes it',
  (_, content) => {
    const Model = MODELS[String(content['kind'])];
    if (!Model) throw new Error(`no model for the kind ${String(content['kind'])}`);
    expect(() => new Model(content as never).validate()).not.toThrow();
  },
);

test('a manifest that is wrong is seen', () => {
  const broken = structuredClone(one<Workload>('Deployment'));
  (broken.spec as unknown as Record<string, unknown>)['replicas'] = 'two';
  expect(() => new Deployment(broken as never).validate()).toThrow(/replicas/);
});

test('every file that a kustomization names is there', () => {
  const named = documents
    .filter(({ content }) => OF_OTHERS.has(String(content['kind'])))
    .flatMap(({ file, content }) =>
      ((content['resources'] ?? []) as string[]).map((resource) => join(dirname(file), resource)),
    );
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((path) => !existsSync(path))).toEqual([]);
});

test('kustomize builds the base and the demo', () => {
  if (spawnSync('kubectl', ['version', '--client']).status !== 0) {
    process.stderr.write('\nNOT CHECKED: kubectl is not on the PATH, the kustomizations were not built.\n\n');
    return;
  }
  for (const folder of ['base', 'overlays/demo']) {
    const { stdout, stderr, status } = spawnSync('kubectl', ['kustomize', join(FOLDER, folder)], {
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('kind: Deployment');
  }
});

test('the settings in the deployment are settings of the server, with values that it takes', () => {
  const [container] = one<Workload>('Deployment').spec.template.spec.containers;
  const env = Object.fromEntries((container?.env ?? []).map(({ name, value }) => [name, value]));
  expect(Object.keys(env).filter((name) => !(name in DEFINITIONS))).toEqual([]);
  // Which callers are let in is for each cluster to say: its ConfigMap must name it.
  expect(() => loadSettings(env)).toThrow('AUTH_MODES');
  const settings = loadSettings({ ...env, AUTH_MODES: 'portal' });
  const grace = one<Workload>('Deployment').spec.template.spec.terminationGracePeriodSeconds * 1_000;
  expect(settings.shutdownDelay).toBeGreaterThan(0);
  expect(grace).toBeGreaterThan(settings.shutdownDelay + settings.shutdownTimeout);
});

test('probes ask what the server answers, and liveness never asks for EnOS', () => {
  const [container] = one<Workload>('Deployment').spec.template.spec.containers as [Container];
  expect(container.livenessProbe.httpGet).toEqual({ path: '/health/live', port: 'http' });
  expect(container.startupProbe.httpGet.path).toBe('/health/live');
  expect(container.readinessProbe.httpGet.path).toBe('/health/ready');
});

test('nothing runs as root, writes to its image or holds a token of the cluster', () => {
  const workloads = manifests.filter(({ content }) => content['kind'] === 'Deployment');
  expect(workloads).toHaveLength(3);
  for (const { content } of workloads as unknown as { content: Workload }[]) {
    const pod = content.spec.template.spec;
    expect(pod.automountServiceAccountToken).toBe(false);
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    for (const { securityContext, resources } of pod.containers) {
      expect(securityContext).toMatchObject({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(Object.keys(resources.limits)).toEqual(['cpu', 'memory']);
    }
  }
});

test('budget, autoscaler and network policy are about the pods of the deployment, and none goes before another is ready', () => {
  const deployment = one<Workload>('Deployment');
  const { labels } = deployment.spec.template.metadata;
  expect(deployment.spec.strategy.rollingUpdate.maxUnavailable).toBe(0);
  const budget = one<{ spec: { selector: { matchLabels: object } } }>('PodDisruptionBudget');
  const policy = one<{ spec: { podSelector: { matchLabels: object }; policyTypes: string[] } }>(
    'NetworkPolicy',
  );
  expect(labels).toMatchObject(budget.spec.selector.matchLabels);
  expect(labels).toMatchObject(policy.spec.podSelector.matchLabels);
  expect(policy.spec.policyTypes).toEqual(['Ingress', 'Egress']);
  const scaler = one<{ spec: { minReplicas: number; scaleTargetRef: object } }>('HorizontalPodAutoscaler');
  expect(scaler.spec.scaleTargetRef).toMatchObject({ kind: 'Deployment', name: 'enos-graphql' });
  expect(scaler.spec.minReplicas).toBeGreaterThan(1);
});

test('the compose file: replicas share Redis, and the balancer notices before a replica goes', () => {
  const compose = parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true }) as {
    services: Record<
      string,
      { environment?: Record<string, string>; deploy?: { replicas: number } } & Record<string, unknown>
    >;
  };
  const { replica, balancer } = compose.services;
  expect(replica?.deploy?.replicas).toBeGreaterThan(1);
  expect(balancer?.['profiles']).toEqual(replica?.['profiles']);
  const env = replica?.environment ?? {};
  expect(Object.keys(env).filter((name) => !(name in DEFINITIONS))).toEqual([]);
  const proxy = readFileSync('deploy/haproxy/haproxy.cfg', 'utf8');
  const [, interval = '0', fall = '0'] = /inter (\d+)ms fall (\d+)/.exec(proxy) ?? [];
  const { shutdownDelay } = loadSettings({ SHUTDOWN_DELAY: env['SHUTDOWN_DELAY'] });
  expect(Number(interval) * Number(fall)).toBeGreaterThan(0);
  expect(shutdownDelay).toBeGreaterThan(2 * Number(interval) * Number(fall));
});

test('the compose file: replicas tell clients apart by what the balancer says, and not by what a client says', () => {
  const compose = parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true }) as {
    services: { replica: { environment: Record<string, string> } };
  };
  const { TRUSTED_PROXIES } = compose.services.replica.environment;
  const addressOf = clientAddresses(loadSettings({ TRUSTED_PROXIES }).identity.trustedProxies);
  const balancer = { remoteAddress: '::ffff:172.18.0.5' };
  const of = (client: string): string =>
    addressOf({
      socket: balancer,
      connection: balancer,
      headers: { 'x-forwarded-for': client },
    } as unknown as IncomingMessage);
  expect([of('203.0.113.5'), of('192.168.1.7')]).toEqual(['203.0.113.5', '192.168.1.7']);
  const directives = readFileSync('deploy/haproxy/haproxy.cfg', 'utf8').replaceAll(/#.*/g, '');
  expect(directives).toMatch(/^\s*http-request set-header X-Forwarded-For %\[src\]\s*$/m);
  expect(directives).not.toMatch(/option\s+forwardfor/);
});

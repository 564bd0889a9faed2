/**
 * Writes small world folders for tests of the loader, into the system's temporary folder.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A world that loads; tests replace one file to see it refused. */
export const SMALL_WORLD: Readonly<Record<string, string>> = {
  'world.yaml': 'name: small\norgId: o1\n',
  'models/a.yaml': `
models:
  - id: Child
    parent: Parent
    name: { default: Child, zh_CN: 子 }
    measurepoints:
      state: { name: State, type: ENUM, signal: DI, enum: { values: { "1": On, "2": { default: "Off", zh_CN: 关 } }, default: 1 } }
      free: { name: Free, type: DOUBLE, signal: AI, storage: [] }
  - id: Parent
    name: Parent
    attributes:
      serial: { name: Serial, type: INT }
      mode: { name: Mode, type: STRING, maxLength: 8, default: auto }
    measurepoints:
      power: { name: Power, type: DOUBLE, unit: KILO W, signal: AI, quality: true }
`,
  'assets/a.yaml': `
place: { key: here, latitude: 50, longitude: 10, timezone: Europe/Berlin }
assets:
  - { slug: site, id: Aa1Bb2Cc, model: Parent, logical: true, name: Site }
ranges:
  - range: machines
    slug: m-{n}
    count: 12
    ids: [First001]
    model: Child
    name: { default: "M-{n}", de_DE: "Maschine {n}" }
    attributes: { serial: { from: 9007199254740993, step: 2 }, mode: { cycle: [a, b] } }
`,
  'trees.yaml':
    'trees:\n  - { slug: t, id: Tree0001, name: Tree, root: { asset: site, children: [machines] } }\n',
  'policies.yaml': `
policies: [{ name: Raw, storage: AI_RAW, retention: 1y, compression: [{ model: Child, point: power, db: { excdev: 1, excmax: 2, excmin: 1 } }] }]
unformatted: { retention: 3M, updated: "2024-02-01T11:20:33.000+08:00" }
`,
  'alerts.yaml': `
severities: [{ id: high, text: High }]
types: [{ id: top, text: Top }, { id: sub, parent: top, text: Sub }]
contents: [{ id: c, text: Content, model: Parent, type: top, subType: sub }]
rules: [{ id: r, text: Rule, model: Parent, point: power, condition: "\${power} > 1", severity: high, content: c, scope: [{ tree: t, asset: site }] }]
alerts:
  - { slug: root, asset: site, rule: r, value: 2, occurred: "-3h" }
  - { slug: masked, asset: m-02, rule: r, value: 2, occurred: "-2h", maskedBy: [{ tree: t, alert: root }] }
  - { slug: past, asset: machines, rule: r, value: 2, occurred: "2024-01-01T00:00:00Z", lasted: 1h, repeat: { count: 3, every: 1d } }
  - { slug: ghost, assetId: Nowhere1, point: none, severityId: gone, value: x, occurred: "-1d", overApi: true }
`,
  'series/a.yaml': `
csv:
  - { file: power.csv, separator: ";", asset: site, time: { column: 1, format: "d.M.yyyy H:mm", zone: Europe/Berlin }, columns: { P: power } }
generated:
  - { physics: windTurbine, model: Child, parameters: { ratedPower: 100 }, points: { power: { output: power }, state: { output: runState } } }
`,
  'power.csv': 'P;time\n1.5;31.3.2024 1:30\n;31.3.2024 3:30\n2.5;31.3.2024 4:00\n',
};

/** Writes the files, hands the folder to `use`, and removes it. A file of `changes` that is null is left out. */
export async function withWorldFolder<T>(
  changes: Readonly<Record<string, string | null>>,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'world-'));
  try {
    for (const [name, text] of Object.entries({ ...SMALL_WORLD, ...changes })) {
      if (text === null) continue;
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

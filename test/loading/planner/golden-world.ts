/** A world with more of everything than one call takes, for the golden operations. */

/** Sizes that the expected calls are computed from. */
export const FACTS = {
  turbines: 1150,
  farms: 12,
  boxesPerFarm: 5,
  /** Open alerts, spread over the turbines in turn. */
  alerts: 1300,
} as const;

const farmNames = Array.from({ length: FACTS.farms }, (_, index) => `farm-${index + 1}`);

/** Files of the world folder. */
export const GOLDEN_WORLD: Readonly<Record<string, string>> = {
  'world.yaml': 'name: golden\norgId: o15724268424841\n',
  'models/a.yaml': `
models:
  - { id: Site, name: Site }
  - id: Machine
    name: Machine
    attributes: { ratedPower: { name: Rated power, type: DOUBLE, required: true } }
    measurepoints:
      power: { name: Power, type: DOUBLE, unit: KILO W, signal: AI, quality: true }
      speed: { name: Speed, type: DOUBLE, unit: m/s, signal: AI }
      rawOnly: { name: Raw, type: DOUBLE, signal: AI, storage: [AI_RAW] }
      state: { name: State, type: ENUM, signal: DI, enum: { values: { "1": On, "2": Off, "3": Fault, "4": Care }, default: 1 } }
      energy: { name: Energy, type: DOUBLE, unit: KILO Wh, signal: PI }
      note: { name: Note, type: STRING, maxLength: 256, signal: Generic }
  - { id: Turbine, parent: Machine, name: Turbine }
  - { id: Box, parent: Machine, name: Box, measurepoints: { charge: { name: Charge, type: DOUBLE, signal: AI }, mode: { name: Mode, type: INT, signal: DI } } }
`,
  'assets/a.yaml': `
place: { key: here, latitude: 50, longitude: 10, timezone: "+00:00" }
assets:
  - { slug: root, id: Root0001, model: Site, logical: true, name: Root }
  - { slug: site, id: Site0001, model: Site, logical: true, name: Site }
${farmNames.map((farm, index) => `  - { slug: ${farm}, id: Farm${String(index + 1).padStart(4, '0')}, model: Site, logical: true, name: ${farm} }`).join('\n')}
ranges:
  - { range: turbines, slug: "t-{n}", count: ${FACTS.turbines}, model: Turbine, name: "T-{n}", attributes: { ratedPower: 2000 } }
`,
  'assets/b.yaml': `
place: { key: there, latitude: 52, longitude: 13, timezone: Europe/Berlin }
ranges:
${farmNames.map((farm) => `  - { range: ${farm}-boxes, slug: "${farm}-box-{n}", count: ${FACTS.boxesPerFarm}, model: Box, name: "Box {n}", attributes: { ratedPower: 100 } }`).join('\n')}
`,
  'trees.yaml': `
trees:
  - slug: first
    id: Tree0001
    name: First
    root:
      asset: root
      children:
        - { asset: site, children: [turbines] }
${farmNames.map((farm) => `        - { asset: ${farm}, children: [${farm}-boxes] }`).join('\n')}
  - { slug: second, id: Tree0002, name: Second, root: { asset: root, children: [turbines] } }
`,
  'policies.yaml': `
policies:
  - { name: Raw, storage: AI_RAW, retention: 3y }
  - { name: Minutes, storage: AI_NORMALIZED, retention: 3y }
  - { name: States, storage: DI, retention: 3y }
  - { name: Energy, storage: PI, retention: 3y }
  - { name: Others, storage: GENERIC, retention: 3y }
unformatted: { retention: 3M, updated: "2024-02-01T11:20:33.000+08:00" }
`,
  'alerts.yaml': `
severities: [{ id: high, text: High }, { id: low, text: Low }]
types: [{ id: top, text: Top }, { id: sub, parent: top, text: Sub }]
contents: [{ id: c, text: Content, model: Machine, type: top, subType: sub }]
rules: [{ id: r, text: Rule, model: Machine, point: power, condition: "\${power} > 1", severity: high, content: c, scope: [{ tree: first, asset: root }] }]
alerts:
  - { slug: open, asset: turbines, rule: r, value: 2, occurred: "-10m", repeat: { count: ${FACTS.alerts}, every: 1m } }
  - { slug: past, asset: turbines, rule: r, value: 2, occurred: "-2d", lasted: 1h, repeat: { count: 20, every: 1h } }
`,
  'series/a.yaml': `
generated:
${['Turbine', 'Box']
  .map(
    (model) => `  - physics: windTurbine
    model: ${model}
    parameters: { ratedPower: ratedPower, ratedSpeed: 12, maxRotorSpeed: 15 }
    points:
      power: { output: power }
      speed: { output: windSpeed }
      rawOnly: { output: rotorSpeed }
      state: { output: runState }
      energy: { output: energy }
      note: { output: message }
${model === 'Box' ? '      charge: { output: pitch }\n      mode: { output: runState }\n' : ''}`,
  )
  .join('')}
`,
};

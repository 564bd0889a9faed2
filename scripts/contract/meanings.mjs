/** What the codes of the contracts mean, by src/enos/code-meanings.yaml. */

/**
 * The meanings of a file as they are looked up, with what is wrong with the file itself as an error.
 * @param {{ anywhere: number[], meanings: Record<string, { says: string, codes?: number[], of?: Record<string, number[]> }> }} file
 */
export function readMeanings({ anywhere, meanings }) {
  const shared = new Map();
  const own = new Map();
  for (const [meaning, { codes = [], of = {} }] of Object.entries(meanings)) {
    for (const code of codes) add(shared, code, meaning);
    for (const [service, ofService] of Object.entries(of)) {
      for (const code of ofService) add(own, `${service} ${code}`, meaning);
    }
  }
  const without = anywhere.filter((code) => !shared.has(code));
  if (without.length > 0) throw new Error(`sent anywhere, but without a meaning: ${without.join(', ')}`);
  return {
    /** Meaning of a code that the contract of the service lists; undefined for none. */
    of: (service, code) => own.get(`${service} ${code}`) ?? shared.get(code),
    shared,
    own,
    anywhere,
    says: Object.entries(meanings).map(([meaning, { says }]) => ({ meaning, says })),
  };
}

function add(found, key, meaning) {
  if (found.has(key)) throw new Error(`${key} has two meanings: ${found.get(key)}, ${meaning}`);
  found.set(key, meaning);
}

/**
 * Service -> code -> meaning, for every code that the operations list. Throws for a listed code without a meaning, and for a
 * code with one that no contract lists.
 * @returns {Map<string, Map<number, string>>}
 */
export function codeMeanings(operations, meanings) {
  const table = new Map();
  for (const { service, errors } of operations) {
    if (!table.has(service)) table.set(service, new Map());
    for (const { code } of errors) table.get(service).set(code, meanings.of(service, code));
  }
  const listed = [...table].flatMap(([service, codes]) =>
    [...codes.keys()].map((code) => ({ service, code })),
  );
  refuse(
    'without a meaning in code-meanings.yaml',
    listed.filter(({ service, code }) => meanings.of(service, code) === undefined),
  );
  const services = new Map();
  for (const { service, code } of listed) services.set(code, [...(services.get(code) ?? []), service]);
  const unknown = [...meanings.own.keys()]
    .map((key) => ({ service: key.split(' ')[0], code: Number(key.split(' ')[1]) }))
    .filter(({ service, code }) => !services.get(code)?.includes(service));
  // One that each service lists with a meaning of its own is as idle as one that none lists.
  const idle = [...meanings.shared.keys()]
    .filter((code) => (services.get(code) ?? []).every((service) => meanings.own.has(`${service} ${code}`)))
    .map((code) => ({ service: 'any service', code }));
  refuse('in code-meanings.yaml, but in no contract', [...unknown, ...idle]);
  return table;
}

function refuse(why, codes) {
  if (codes.length === 0) return;
  throw new Error(`${codes.map(({ service, code }) => `${code} of ${service}`).join(', ')}: ${why}`);
}

/** The table as TypeScript. */
export function renderMeanings(table, { anywhere, shared, says }) {
  const entries = (codes) =>
    [...codes].sort(([a], [b]) => a - b).map(([code, meaning]) => `${code}: ${JSON.stringify(meaning)}`);
  const services = [...table].map(
    ([service, codes]) => `${JSON.stringify(service)}: {\n${entries(codes).join(',\n')}\n}`,
  );
  return `
/**
 * What a code of EnOS means. Edit src/enos/code-meanings.yaml to change it.
${says.map((entry) => ` * - ${entry.meaning}: ${entry.says}`).join('\n')}
 */
export type Meaning = ${says.map(({ meaning }) => JSON.stringify(meaning)).join(' | ')};

type Codes = Readonly<Record<number, Meaning>>;

/** Meaning by service (contract name) and code, for every code that the contracts list. */
export const CODE_MEANINGS: Readonly<Record<string, Codes>> = {
${services.join(',\n')}
};

/** Codes that any service behind the gateway may send, also where its contract does not list them. */
export const MEANINGS_ANYWHERE: Codes = {
${entries(anywhere.map((code) => [code, shared.get(code)])).join(',\n')}
};
`;
}

/**
 * What holds for every entity with a description, proven for each over HTTP: by key, lists, windows, conditions, orders, links,
 * node, right, organization, plan. An entity is in here by having a description.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PlannedCall } from '../../../src/graph/plan/types.js';
import { toGlobalId } from '../../../src/graph/nodes/node.js';
import { buildGraph } from '../../../src/graph/schema.js';
import { hashOfKey, newKey } from '../../../src/identity/api-keys/file.js';
import { ENTITIES } from '../../../src/loading/entities/index.js';
import { limitsOf } from '../../../src/loading/entity/limits.js';
import { ALL_RIGHTS } from '../../../src/loading/guard/rights.js';
import {
  everythingOf,
  filterCases,
  linksTo,
  ownersIn,
  selectionOf,
  withRootFields,
  type Shown,
} from '../../support/entity-probe.js';
import { ask, dataCallsOf, resetCalls, total } from '../../support/graphql-client.js';
import { NO_CACHE } from '../../support/no-cache.js';
import { DEMO_CREDENTIALS, startServer, startSimulator, type Running } from '../../support/processes.js';

const ORG = DEMO_CREDENTIALS.ENOS_ORG_ID;
/** Whole lists with all that their things hold. */
const LARGE = { MAX_COST: '1000000000' };
const { schema } = buildGraph();
const keyOf = new Map([...ALL_RIGHTS].map((right) => [right, newKey(right.replace(':', '-'))]));

let folder: string;
let simulator: Running;
/** Caches nothing beyond a request. */
let direct: Running;
let caching: Running;
/** Callers with all rights but the one that their key is named after. */
let guarded: Running;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'conformance-'));
  const file = join(folder, 'keys.json');
  const keys = [...keyOf].map(([lacking, key]) => ({
    id: lacking.replace(':', '-'),
    hash: hashOfKey(key),
    orgId: ORG,
    rights: [...ALL_RIGHTS].filter((right) => right !== lacking),
  }));
  await writeFile(file, JSON.stringify({ keys }), { mode: 0o600 });
  simulator = await startSimulator();
  [direct, caching, guarded] = await Promise.all([
    startServer(simulator.url, { ...NO_CACHE, ...LARGE, CACHE_STALE_FOR: '0s' }),
    startServer(simulator.url, LARGE),
    startServer(simulator.url, { AUTH_MODES: 'api-key', AUTH_API_KEYS_FILE: file }),
  ]);
}, 120_000);
afterAll(async () => {
  await Promise.all([direct, caching, guarded].map((server) => server?.stop()));
  await simulator?.stop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => resetCalls(simulator.url));

const calls = (): Promise<Record<string, number>> => dataCallsOf(simulator.url);

/** Asks the server that caches nothing; throws on any error. */
async function read(query: string, variables: Record<string, unknown> = {}): Promise<Record<string, Shown>> {
  const { data, errors } = await ask<Record<string, Shown>>(direct.url, query, variables);
  if (errors || data === null) throw new Error(`${query}: ${JSON.stringify(errors)}`);
  return data;
}

/** The same, where objects may name what is not there: how many did. */
async function readLinks(query: string): Promise<{ data: Record<string, Shown>; missing: number }> {
  const { data, errors = [] } = await ask<Record<string, Shown>>(direct.url, query);
  if (data === null || errors.some(({ extensions }) => extensions.code !== 'NOT_FOUND'))
    throw new Error(`${query}: ${JSON.stringify(errors)}`);
  return { data, missing: errors.length };
}

describe.each(withRootFields(ENTITIES).map((entity) => [entity.type, entity] as const))(
  '%s',
  (type, entity) => {
    const { one, many } = entity.fields;
    const { key } = entity;
    const selection = selectionOf(schema, type);
    const byKey = (id: unknown): string => `${one}(${key}: ${JSON.stringify(id)})`;
    const { get, search, maxKeys } = limitsOf(entity, '2.3');
    const short = (operation: string | null): string => (operation ?? search).replace(/^.*\./, '');
    let everything: Shown[];
    beforeAll(async () => {
      everything = await everythingOf(direct.url, schema, entity);
    });

    test('one by its key is what the list shows', async () => {
      for (const record of everything.slice(0, 3))
        expect((await read(`{ ${byKey(record[key])} { ${selection} } }`))[one]).toEqual(record);
    });

    test('many by key in one operation share a search', async () => {
      const wanted = everything.slice(0, Math.min(maxKeys, 20));
      const fields = wanted.map((record, index) => `a${index}: ${byKey(record[key])} { ${key} }`);
      const answer = await read(`{ ${fields.join(' ')} }`);
      expect(Object.values(answer).map((shown) => shown[key])).toEqual(wanted.map((record) => record[key]));
      expect(await calls()).toEqual({ [short(search)]: 1 });
    });

    test('what is missing is NOT_FOUND, is confirmed, and takes nothing with it; that is remembered', async () => {
      const query = `{ gone: ${byKey('no-such-thing')} { ${key} } there: ${byKey(everything[0]![key])} { ${key} } }`;
      const { data, errors } = await ask<Record<string, Shown | null>>(caching.url, query);
      expect(data).toEqual({ gone: null, there: { [key]: everything[0]![key] } });
      expect(errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
        [['gone'], 'NOT_FOUND'],
      ]);
      const made = await calls();
      // A search that covers all there is needs no second opinion.
      const confirmedBy = entity.search.isComplete ? search : get;
      expect(made[short(confirmedBy)] ?? 0).toBeGreaterThan(0);
      await ask(caching.url, query);
      expect(await calls()).toEqual(made);
    });

    test('what was read is kept, and what lists have brought is known by key', async () => {
      await ask(caching.url, `{ ${many}(first: 1000) { nodes { ${selection} } } }`);
      await resetCalls(simulator.url);
      const again = `{ ${many}(first: 1000) { nodes { ${selection} } } ${byKey(everything[1]![key])} { ${selection} } }`;
      expect((await ask<Record<string, Shown>>(caching.url, again)).data?.[one]).toEqual(everything[1]);
      expect(await calls()).toEqual({});
    });

    test('every window of a list is that part of the whole', async () => {
      const size = everything.length;
      const ids = everything.map((record) => record[key]);
      const shown = `nodes { ${key} } totalCount pageInfo { endCursor hasNextPage hasPreviousPage }`;
      const windows: [args: string, from: number, to: number][] = [
        ['first: 1', 0, 1],
        ['first: 0', 0, 0],
        ['first: 2, offset: 1', 1, 3],
        [`first: 5, offset: ${size}`, size, size],
        ['last: 1', size - 1, size],
        [`first: 1000`, 0, size],
      ];
      for (const [args, from, to] of windows) {
        const list = (await read(`{ ${many}(${args}) { ${shown} } }`))[many]!;
        expect([args, (list['nodes'] as Shown[]).map((record) => record[key])]).toEqual([
          args,
          ids.slice(from, to),
        ]);
        expect([args, list['totalCount']]).toEqual([args, size]);
      }
      const seen: unknown[] = [];
      for (let after: unknown = null, goOn = true; goOn;) {
        const page = (
          await read(`query ($after: String) { ${many}(first: 1, after: $after) { ${shown} } }`, { after })
        )[many]!;
        const info = page['pageInfo'] as Shown;
        seen.push(...(page['nodes'] as Shown[]).map((record) => record[key]));
        after = info['endCursor'];
        goOn = info['hasNextPage'] === true && seen.length <= size;
      }
      expect(seen).toEqual(ids);
    });

    test('each condition selects what fulfils it, and nothing else', async () => {
      for (const { member, value, holds } of filterCases(schema, entity)) {
        let narrowed = 0;
        // Not every record has what each condition is about.
        const wants = everything
          .map(value)
          .filter((wanted) => ![wanted].flat().every((part) => part === null))
          .slice(0, 5);
        // Parts of things, such as the features of models, need not have tags in the bundled world.
        if (wants.length === 0 && /\wTags$/.test(member)) continue;
        for (const wanted of wants) {
          const answer = await read(
            `query ($filter: ${type}Filter) { ${many}(first: 1000, filter: $filter) { nodes { ${key} } totalCount } }`,
            { filter: { [member]: wanted } },
          );
          const expected = everything.filter((each) => holds(each, wanted as never)).map((each) => each[key]);
          expect([member, (answer[many]!['nodes'] as Shown[]).map((each) => each[key])]).toEqual([
            member,
            expected,
          ]);
          expect(answer[many]!['totalCount']).toBe(expected.length);
          if (expected.length < everything.length) narrowed += 1;
        }
        expect([member, narrowed]).not.toEqual([member, 0]);
      }
    });

    test('each order sorts both ways', async () => {
      for (const name of Object.keys(entity.sort)) {
        const sorted = async (direction: string): Promise<unknown[]> => {
          const query = `{ ${many}(first: 1000, orderBy: [{ field: ${name}, direction: ${direction} }]) { nodes { ${key} ${name} } } }`;
          const values = ((await read(query))[many]!['nodes'] as Shown[]).map((record) => record[name]);
          expect(values).toHaveLength(everything.length);
          // Where those stand that have none is EnOS's to say.
          return values.filter((shown) => shown !== null);
        };
        const rising = await sorted('ASC');
        expect(rising).toEqual(rising.toSorted((a, b) => (a! < b! ? -1 : a! > b! ? 1 : 0)));
        expect(await sorted('DESC')).toEqual(rising.toReversed());
      }
    });

    test('its global id finds it again', async () => {
      const { id, [key]: own } = everything[0]!;
      expect(id).toBe(toGlobalId(type, ORG, String(own)));
      const query = `query ($id: ID!) { node(id: $id) { id __typename ... on ${type} { ${selection} } } }`;
      expect((await read(query, { id }))['node']).toEqual({ __typename: type, ...everything[0] });
    });

    test('without its right no path leads to it, and EnOS is not asked', async () => {
      const headers = { 'x-api-key': keyOf.get(entity.right.name)! };
      const refused = async (query: string): Promise<void> => {
        const { errors, data } = await ask(guarded.url, query, {}, headers);
        expect([query, [...new Set(errors?.map(({ extensions }) => extensions.code))]]).toEqual([
          query,
          ['FORBIDDEN'],
        ]);
        expect(JSON.stringify(data)).not.toContain(JSON.stringify(everything[0]![key]));
      };
      await refused(`{ ${byKey(everything[0]![key])} { ${key} } }`);
      await refused(`{ ${many} { nodes { ${key} } } }`);
      await refused(`{ ${many} { totalCount } }`);
      await refused(`{ node(id: ${JSON.stringify(everything[0]!['id'])}) { id } }`);
      for (const link of linksTo(schema, entity)) await refused(link.query(key));
      const asked = Object.keys(await calls());
      expect(asked.filter((operation) => [short(get), short(search)].includes(operation))).toEqual([]);
    });

    test('no right but its own is asked for', async () => {
      const query = `{ ${byKey(everything[0]![key])} { ${key} } ${many}(first: 1) { totalCount } }`;
      for (const [lacking, apiKey] of keyOf) {
        if (lacking === entity.right.name) continue;
        const { errors } = await ask(guarded.url, query, {}, { 'x-api-key': apiKey });
        expect([lacking, errors]).toEqual([lacking, undefined]);
      }
    });

    test('of another organization nothing is told, and EnOS is not asked', async () => {
      const headers = { 'x-api-key': keyOf.get('organizations:all')! };
      const foreign = 'o15724268424999';
      for (const query of [
        `{ ${one}(${key}: "x", orgId: "${foreign}") { ${key} } }`,
        `{ ${many}(orgId: "${foreign}") { totalCount } }`,
        `{ node(id: "${toGlobalId(type, foreign, 'x')}") { id } }`,
      ]) {
        const { errors } = await ask(guarded.url, query, {}, headers);
        expect([query, errors?.map(({ extensions }) => extensions.code)]).toEqual([query, ['FORBIDDEN']]);
      }
      expect(await calls()).toEqual({});
    });

    test('links lead to it, and those of many objects share calls', async () => {
      for (const link of linksTo(schema, entity)) {
        await resetCalls(simulator.url);
        const { data, missing } = await readLinks(link.query(key));
        const owners = ownersIn(data);
        const found = owners.flatMap((owner) => link.found(owner));
        expect([link.name, found.length]).not.toEqual([link.name, 0]);
        if (!link.isShared) continue;
        const made = await calls();
        const known = new Set(everything.map((record) => record[key]));
        const unknown = new Set(found.map((each) => each[key]).filter((each) => !known.has(each)));
        expect([link.name, unknown.size < new Set(found.map((each) => each[key])).size]).toEqual([
          link.name,
          true,
        ]);
        // What stands in for a thing that EnOS does not have is found nowhere else.
        for (const each of unknown) {
          const { errors } = await ask(direct.url, `{ ${byKey(each)} { ${key} } }`);
          expect([each, errors?.map(({ extensions }) => extensions.code)]).toEqual([each, ['NOT_FOUND']]);
        }
        const own = (made[short(search)] ?? 0) + (get === null ? 0 : (made[short(get)] ?? 0));
        expect([link.name, own - missing <= Math.max(1, Math.ceil(owners.length / 4))]).toEqual([
          link.name,
          true,
        ]);
      }
    });

    test('plans say what is called', async () => {
      const ids = everything.map((record) => record[key]);
      const queries = [
        `{ ${byKey(ids[0])} { ${selection} } }`,
        `{ a: ${byKey(ids[0])} { ${key} } b: ${byKey(ids[1])} { ${key} } }`,
        `{ ${many}(first: 2) { nodes { ${selection} } totalCount } }`,
        `{ ${many}(last: 1) { nodes { ${key} } } }`,
        ...linksTo(schema, entity).map((link) => link.query(selection)),
      ];
      for (const query of queries) {
        const planned = await ask(direct.url, query, {}, { 'x-enos-explain': 'plan' });
        const plan = planned.extensions?.['plan'] as PlannedCall[];
        await resetCalls(simulator.url);
        // What is missing is confirmed by a call of its own, which plans do not count.
        const { missing } = await readLinks(query);
        const made = await calls();
        const least = plan.reduce((sum, call) => sum + call.calls.least, 0);
        const most = plan.reduce((sum, call) => sum + (call.calls.most ?? Infinity), 0);
        expect([query, least <= total(made) && total(made) <= most + missing, made]).toEqual([
          query,
          true,
          made,
        ]);
        const named = new Set(plan.flatMap(({ operation }) => operation.split(' or ')));
        expect([query, Object.keys(made).filter((operation) => !named.has(operation))]).toEqual([query, []]);
      }
    });
  },
);

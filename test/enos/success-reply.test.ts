/** What a success must hold: data, its lists, and a page that agrees with its total; for every operation, over HTTP. */
import type { EnosClient, Reply } from '../../src/enos/client.js';
import { createEnosClient } from '../../src/enos/create-client.js';
import { EnosError } from '../../src/enos/errors.js';
import { OPERATIONS } from '../../src/enos/generated/operations.js';
import type { Arguments, Operation, OperationId } from '../../src/enos/operation.js';
import { FakeGateway, json, tokenReply } from '../support/fake-gateway.js';

let gateway: FakeGateway;
let client: EnosClient;

beforeAll(async () => {
  gateway = await FakeGateway.start();
  const { url } = gateway;
  const keys = { accessKey: 'key-of-the-test', secretKey: 'secret-of-the-test' };
  client = createEnosClient({ url, ...keys, integrationUrl: url, dataQueryProxyUrl: url });
});
afterAll(async () => {
  await client.close();
  await gateway.stop();
});

const TOKEN_SERVICE: FakeGateway['answer'] = (_, response) => json(response, tokenReply('TOKEN', 7200));

/** The result of one call that is answered with a success of these members, or what it failed with. */
async function resultOf(
  id: OperationId,
  members: Record<string, unknown>,
  asked: Record<string, unknown> = {},
): Promise<Reply<OperationId> | EnosError> {
  const operation: Operation = OPERATIONS[id];
  const reply = { [operation.envelope?.code ?? 'code']: 0, requestId: 'r-7', ...members };
  gateway.answer = (_, response) => json(response, reply);
  gateway.answerToken =
    operation.channel === 'token' ? (_, response) => json(response, reply) : TOKEN_SERVICE;
  const isForm = operation.body?.mediaTypes[0] === 'multipart/form-data';
  const path = operation.parameters.filter((p) => p.in === 'path').map(({ name }) => [name, 'x']);
  const args = {
    path: Object.fromEntries(path) as object,
    ...(operation.body ? { body: isForm ? new FormData() : asked } : { query: asked['pagination'] ?? {} }),
  };
  try {
    return await client.call(id, args as unknown as Arguments<OperationId>, { userToken: 'user-token' });
  } catch (error) {
    if (error instanceof EnosError) return error;
    throw error;
  }
}

const refused = (id: OperationId) => {
  const { service, operation } = OPERATIONS[id];
  return { kind: 'invalid-response', retryable: false, service, operation, code: 0 };
};
const withData = Object.values(OPERATIONS).filter(({ envelope }) => envelope?.data === true);
const idsOf = (operations: readonly Operation[]) => operations.map(({ id }) => id as OperationId);

describe('a success without data', () => {
  test.each(idsOf(withData.filter(({ envelope }) => !envelope!.nullable)))(
    '%s: is no valid reply, be data null or absent',
    async (id) => {
      expect(await resultOf(id, { data: null })).toMatchObject(refused(id));
      expect(await resultOf(id, {})).toMatchObject(refused(id));
    },
  );

  test.each(idsOf(withData.filter(({ envelope }) => envelope!.nullable)))(
    '%s: is a success where the contract has none',
    async (id) => {
      expect(await resultOf(id, { data: null })).toMatchObject({ data: null, requestId: 'r-7' });
      expect(await resultOf(id, {})).toMatchObject({ requestId: 'r-7' });
    },
  );

  test('is documented for writes that have nothing to say, and for no read but a forecast of any type', () => {
    const nullable = withData.filter(({ envelope }) => envelope!.nullable);
    expect(idsOf(nullable.filter(({ kind }) => kind === 'read'))).toEqual([
      'prediction.machineLearningForecast',
    ]);
    // By their type, by an example, and by the words of the contract, in this order.
    expect(idsOf(nullable)).toEqual(
      expect.arrayContaining(['tsdb-policy.saveStoragePolicy', 'alert.closeAlert', 'alert.deleteAlertRule']),
    );
    // 2.1 sends the id of a new alert besides code; what a creation of later editions brings is its id.
    expect(OPERATIONS['alert.createActiveAlert'].envelope).toMatchObject({ nullable: true });
    expect(OPERATIONS['alert.createAlert'].envelope).toMatchObject({ nullable: false });
  });

  test('an empty reply (204) counts as done for a write without a result only', async () => {
    gateway.answerToken = TOKEN_SERVICE;
    gateway.answer = (_, response) => response.writeHead(204).end();
    const query = { orgId: 'o1' };
    const create = client.call('alert.batchCreateAlerts', { query, body: {} } as never);
    await expect(create).rejects.toMatchObject({ kind: 'invalid-response', httpStatus: 204 });
  });
});

describe('a success without a list that its contract requires', () => {
  const lists = withData.flatMap(({ id, envelope }) =>
    envelope!.lists.map((name) => [id as OperationId, name] as const),
  );

  test.each(lists)('%s: %s', async (id, name) => {
    const all = OPERATIONS[id].envelope!.lists;
    const data = Object.fromEntries(all.map((list) => [list, [] as unknown[]]));
    expect(await resultOf(id, { data })).not.toBeInstanceOf(EnosError);
    expect(await resultOf(id, { data: { ...data, [name]: null } })).toMatchObject(refused(id));
    delete data[name];
    expect(await resultOf(id, { data })).toMatchObject(refused(id));
  });

  test('are known of every read of series and of the portal', () => {
    expect(OPERATIONS['tsdb-data.getAssetLatestData'].envelope?.lists).toEqual(['items']);
    expect(OPERATIONS['app-portal.getOrganizationList'].envelope?.lists).toEqual(['organizations']);
    // A projection may leave members out.
    expect(OPERATIONS['asset-tree.searchAssetPath'].envelope?.lists).toEqual([]);
  });
});

describe('a page and its total', () => {
  const paged = withData.filter(({ envelope }) => envelope!.page !== null);

  /** A reply of so many records with a total, in the shape of the operation. */
  function pageReply(id: OperationId, count: number | null, total: unknown, name?: string) {
    const { items, total: holder, names } = OPERATIONS[id].envelope!.page!;
    const records = count === null ? null : Array.from({ length: count }, (_, index) => ({ id: `${index}` }));
    const reply: Record<string, unknown> = { data: items.length === 1 ? records : { [items[1]!]: records } };
    if (total === undefined) return reply;
    const inside = reply['data'] as Record<string, unknown>;
    const totals = { [name ?? names[0]!]: total };
    if (holder[0] === 'pagination') reply['pagination'] = totals;
    else if (holder.length === 2) inside['pagination'] = totals;
    else Object.assign(inside, totals);
    return reply;
  }
  const ask = (pageNo: number, pageSize: number) => ({ pagination: { pageNo, pageSize } });

  test.each(idsOf(paged))('%s: contradictions are no valid reply, honest pages are', async (id) => {
    const { first } = OPERATIONS[id].envelope!.page!;
    const bad: [count: number, total: number, page: number, size: number][] = [
      [3, 0, 0, 10], // records of an empty list
      [3, 2, 0, 10], // more than there are
      [0, 5, 0, 10], // none, though the page lies within
      [0, 11, 1, 10], // the same on a later page
      [5, 12, 1, 10], // more than are left for the last page
      [2, 20, 2, 10], // records behind the end
    ];
    const good: typeof bad = [
      [0, 0, 0, 10],
      [10, 134, 0, 10],
      [4, 134, 13, 10], // the last page
      [0, 134, 14, 10], // behind the end
      [0, 20, 2, 10], // right behind it
      [7, 134, 0, 10], // what may not be read was counted
      [1, 134, 0, 1], // asked for its total
    ];
    for (const [count, total, page, size] of bad) {
      const result = await resultOf(id, pageReply(id, count, total), ask(page + first, size));
      expect([count, total, page, result]).toMatchObject([count, total, page, refused(id)]);
    }
    for (const [count, total, page, size] of good) {
      const result = await resultOf(id, pageReply(id, count, total), ask(page + first, size));
      expect([count, total, page, result]).not.toMatchObject([count, total, page, { name: 'EnosError' }]);
    }
  });

  test('the portal counts pages from 0, everything else from 1', () => {
    const from0 = paged.filter(({ envelope }) => envelope!.page!.first === 0);
    expect(new Set(from0.map(({ service }) => service))).toEqual(new Set(['app-portal']));
    expect(from0).toHaveLength(paged.filter(({ service }) => service === 'app-portal').length);
  });

  test('a misspelt total and one as text count, and none at all is taken', async () => {
    const id = 'asset-tree.searchAssetNode';
    expect(await resultOf(id, pageReply(id, 3, 0, 'totalSzie'))).toMatchObject(refused(id));
    expect(await resultOf(id, pageReply(id, 3, '0'))).toMatchObject(refused(id));
    expect(await resultOf(id, pageReply(id, 3, undefined))).toMatchObject({ requestId: 'r-7' });
    expect(await resultOf(id, pageReply(id, 3, null))).toMatchObject({ requestId: 'r-7' });
  });

  test.each(idsOf(paged))(
    '%s: data null is an empty page where the contract has a null and the total agrees',
    async (id) => {
      const { nullable, items, first } = OPERATIONS[id].envelope!.page!;
      const lost = { data: null, pagination: { totalSize: 5 } };
      expect(await resultOf(id, lost, ask(first, 10))).toMatchObject(refused(id));
      for (const [page, totalSize] of [
        [0, 0],
        [1, 5],
      ] as const) {
        const reply = { data: null, pagination: { totalSize } };
        const result = await resultOf(id, reply, ask(page + first, 10));
        if (nullable) expect(result).toMatchObject({ data: items.length === 1 ? [] : {} });
        else expect(result).toMatchObject(refused(id));
      }
    },
  );

  test('a list that is missing is no empty one, whatever the total says', async () => {
    const id = 'app-portal.getOrganizationUserListV22';
    expect(await resultOf(id, pageReply(id, null, 5), ask(0, 10))).toMatchObject(refused(id));
    expect(await resultOf(id, pageReply(id, null, 0), ask(0, 10))).toMatchObject(refused(id));
    expect(await resultOf(id, { data: {} }, ask(0, 10))).toMatchObject(refused(id));
  });

  test('without a page in the request the first one was asked for', async () => {
    const id = 'iam.listPolicies';
    expect(await resultOf(id, { data: { list: [], total: 2 } })).toMatchObject(refused(id));
    expect(await resultOf(id, { data: { list: [{}, {}], total: 2 } })).toMatchObject({ requestId: 'r-7' });
  });
});

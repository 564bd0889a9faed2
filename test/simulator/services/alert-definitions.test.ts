/** event-service: severities, types, contents and rules. */
import { startTinySimulator } from '../../support/tiny-simulator.js';
import type { TinySimulator } from '../../support/tiny-simulator.js';

type Row = Record<string, unknown>;

let simulator: TinySimulator;
beforeAll(async () => {
  simulator = await startTinySimulator();
});
afterAll(async () => {
  await simulator.close();
  expect(simulator.faults).toEqual([]);
});

const event = async (resource: string, action: string, body: object) =>
  (await simulator.client.call({ path: `/event-service/v2.1/${resource}`, query: { action }, body })).body;

describe('definitions', () => {
  const ids = (data: unknown, key: string) => (data as Row[]).map((row) => row[key]);

  it('sorts severities by the newest change, or as asked', async () => {
    const search = (body: object) => event('alert-severities', 'search', body);
    const reply = await search({});
    expect(ids(reply.data, 'severityId')).toEqual(['major', 'critical']);
    expect(reply.pagination).toMatchObject({
      pageSize: 10,
      sortedBy: [{ field: 'updateTime', order: 'DESC' }],
    });
    const sorted = async (sorters: object[]) => search({ pagination: { pageNo: 1, pageSize: 5, sorters } });
    const ascending = await sorted([{ field: 'severityID', order: 'ASC' }]);
    expect(ids(ascending.data, 'severityId')).toEqual(['critical', 'major']);
    expect(ascending.pagination).toMatchObject({ sortedBy: [{ field: 'severityID', order: 'ASC' }] });
    expect((await sorted([{ field: 'tags' }])).code).toBe(99400);
    expect((await search({ pagination: { pageNo: 1, pageSize: 1001 } })).code).toBe(99400);
  });

  it.each(['alert-types/search', 'alert-types'])('searches types at %s', async (resource) => {
    const { data } = await event(resource, 'search', { expression: "parentTypeId = 'mechanical'" });
    expect(data).toMatchObject([{ typeId: 'gearbox', typeDesc: { i18nValue: { defaultValue: null } } }]);
  });

  it('gets a content with GET and POST, with an empty sub-type where there is none', async () => {
    for (const method of ['GET', 'POST']) {
      const path = '/event-service/v2.1/alert-contents';
      const { body } = await simulator.client.call({
        method,
        path,
        query: { action: 'get', contentId: 'c_power' },
      });
      expect(body).toMatchObject({
        code: 0,
        action: 'get',
        data: { alertType: { typeId: 'mechanical', updateTime: 0 } },
      });
      expect((body.data as { subAlertType: object }).subAlertType).not.toHaveProperty('typeId');
      const missing = await simulator.client.call({
        method,
        path,
        query: { action: 'get', contentId: 'zzz' },
      });
      expect(missing.body).toMatchObject({ code: 99404, msg: 'Not Found contentId: zzz', data: null });
    }
  });

  it.each([
    [{ modelId: 'Wind_Turbine', alertTypeId: 'mechanical' }, 1],
    [{ modelId: 'Other' }, 0],
    [{ expression: "contentDesc.en_US like 'POWER'" }, 1],
    [{ expression: "contentDesc like 'nothing'" }, 0],
  ])('searches contents with %j', async (body, count) => {
    expect((await event('alert-contents', 'search', body)).data).toHaveLength(count);
  });

  it('searches rules, with the texts of what they name', async () => {
    const search = (body: object) => event('alert-rules', 'search', body);
    const all = await search({});
    expect(ids(all.data, 'ruleId')).toEqual(['r_offline', 'r_power']);
    expect(all.pagination).toMatchObject({ sortedBy: [{ field: 'update_time', order: 'DESC' }] });
    const offline = await search({ expression: 'measurepointId is null' });
    expect(offline.data).toMatchObject([
      {
        ruleId: 'r_offline',
        typeId: 'mechanical',
        severityDesc: { defaultValue: 'Critical' },
        scope: [{ treeId: 'all', assetId: 'all' }],
      },
    ]);
    expect(ids((await search({ measurepointId: 'activePower' })).data, 'ruleId')).toEqual(['r_power']);
  });
});

import type { AggregateRequest, HistoryRequest, SampleSeries } from '../../../src/loading/series/types.js';
import { ask, at } from '../fake-loaders.js';

const RANGE = 'from: "2024-03-10T00:00:00+01:00", to: "2024-03-11T00:00:00+01:00"';
const FROM = Date.parse('2024-03-09T23:00:00Z');

function query(pointId: string, args: string, fields = 'values { value }'): string {
  return `{ asset(assetId: "a1") { point(pointId: "${pointId}") { series(${RANGE}${args}) { ${fields} } } } }`;
}

const samples = (values: unknown[], more: Partial<SampleSeries> = {}): SampleSeries => ({
  samples: values.map((value, index) => ({ time: FROM + index * 60_000, value, quality: null })),
  truncated: false,
  rawCount: values.length,
  ...more,
});

test('without an interval: stored values, with how they are stored', async () => {
  const { calls, errors } = await ask(query('power', ', limit: 10'));
  expect(errors).toEqual([]);
  const request = calls.find(({ name }) => name === 'series.history')?.args[0] as HistoryRequest;
  expect(request).toEqual({
    orgId: 'o1',
    assetId: 'a1',
    pointId: 'power',
    from: FROM,
    to: FROM + 86_400_000,
    limit: 10,
    withQuality: false,
    storage: {
      modelId: 'Turbine',
      signalType: 'AI',
      dataType: 'DOUBLE',
      hasQuality: true,
      kinds: ['AI_RAW', 'AI_NORMALIZED'],
    },
  });
});

test.each<[string, string, AggregateRequest['interval'], string]>([
  ['power', ', interval: "PT10M"', { minutes: 10 }, 'avg'],
  ['energy', ', interval: "P1D"', { days: 1 }, 'sum'],
  ['state', ', interval: "PT1H"', { minutes: 60 }, 'last'],
  ['note', ', interval: "PT1H"', { minutes: 60 }, 'last'],
  ['power', ', interval: "P2W", aggregate: MAX', { days: 14 }, 'max'],
  ['power', ', interval: "PT24H", aggregate: COUNT', { minutes: 1440 }, 'count'],
])('%s%s', async (pointId, args, interval, aggregate) => {
  const { calls, errors } = await ask(query(pointId, args));
  expect(errors).toEqual([]);
  const request = calls.find(({ name }) => name === 'series.aggregate')?.args[0];
  expect(request).toMatchObject({ interval, aggregate, timezone: '+01:00', from: FROM });
});

test.each([
  [', interval: "PT30S"', 'interval', /30 s is not a whole number of minutes.*PT10M/],
  [', interval: "PT90S"', 'interval', /whole minutes/],
  [', interval: "P1DT1H"', 'interval', /mixes days/],
  [', aggregate: AVG', 'aggregate', /needs "interval"/],
  [', limit: 0', 'limit', /0 is less than 1/],
  [', maxPoints: 1', 'maxPoints', /1 is less than 2/],
])('%s is refused by name, without a call', async (args, argument, message) => {
  const { data, errors, names } = await ask(query('power', args));
  expect(at(data, 'asset.point.series')).toBeNull();
  expect(errors[0]).toMatchObject({
    code: 'BAD_USER_INPUT',
    path: ['asset', 'point', 'series'],
    extensions: { argument },
  });
  expect(errors[0]?.message).toMatch(message);
  expect(names).toEqual(['Asset.load']);
});

test('a stretch without length is refused', async () => {
  const { errors } = await ask(
    '{ asset(assetId: "a1") { point(pointId: "power") { series(from: "2024-03-10T00:00:00Z", to: "2024-03-10T00:00:00Z") { values { value } } } } }',
  );
  expect(errors[0]).toMatchObject({ code: 'BAD_USER_INPUT', extensions: { argument: 'to' } });
});

test('maxPoints is for numbers only', async () => {
  const { errors } = await ask(query('note', ', maxPoints: 10'));
  expect(errors[0]).toMatchObject({ code: 'BAD_USER_INPUT', extensions: { argument: 'maxPoints' } });
});

test('a point that the model lacks: no series, but no harm to the rest', async () => {
  const { data, errors, warnings } = await ask(
    `{ asset(assetId: "a1") { name point(pointId: "ghost") { definition { name } latest { value } series(${RANGE}) { values { value } } } } }`,
  );
  expect(at(data, 'asset')).toEqual({
    name: 'Asset a1',
    point: { definition: null, latest: { value: '12.5' }, series: null },
  });
  expect(errors).toEqual([]);
  expect(warnings).toMatchObject([{ code: 'POINT_NOT_IN_MODEL', pointId: 'ghost', assetCount: 1 }]);
});

test('statistics over all values, before they are thinned out', async () => {
  const history = async (): Promise<SampleSeries> => samples(['1', 2, 'NaN', 6, '3'], { truncated: true });
  const fields =
    'unit { symbol } values { value } statistics { count rawCount min max mean sum truncated first { value } last { value } }';
  const { data } = await ask(query('power', ', maxPoints: 3', fields), {
    overrides: { series: { history } },
  });
  expect(at(data, 'asset.point.series')).toEqual({
    unit: { symbol: 'kW' },
    values: [{ value: 1 }, { value: 6 }, { value: 3 }],
    statistics: {
      count: 4,
      rawCount: 5,
      min: 1,
      max: 6,
      mean: 3,
      sum: 12,
      truncated: true,
      first: { value: 1 },
      last: { value: 3 },
    },
  });
});

test('a gap is a gap: null is neither a zero nor counted', async () => {
  const history = async (): Promise<SampleSeries> => samples([null, 'NaN', '']);
  const { data } = await ask(
    query('power', '', 'values { value } statistics { count min mean first { value } }'),
    {
      overrides: { series: { history } },
    },
  );
  expect(at(data, 'asset.point.series')).toEqual({
    values: [{ value: null }, { value: null }, { value: null }],
    statistics: { count: 0, min: null, mean: null, first: null },
  });
});

test('sums do not lose small values beside great ones', async () => {
  const history = async (): Promise<SampleSeries> => samples([1e16, 1, -1e16]);
  const { data } = await ask(query('power', '', 'statistics { sum }'), {
    overrides: { series: { history } },
  });
  expect(at(data, 'asset.point.series.statistics.sum')).toBe(1);
});

test('a mean of an enumeration is a number, a count has no unit', async () => {
  const aggregate = async (): Promise<SampleSeries> => samples([2.5]);
  const fields = 'unit { symbol } values { value typed { __typename } }';
  const mean = await ask(query('state', ', interval: "PT1H", aggregate: AVG', fields), {
    overrides: { series: { aggregate } },
  });
  expect(at(mean.data, 'asset.point.series.values')).toEqual([
    { value: 2.5, typed: { __typename: 'FloatValue' } },
  ]);
  const count = await ask(query('power', ', interval: "PT1H", aggregate: COUNT', fields), {
    overrides: { series: { aggregate: async () => samples(['4']) } },
  });
  expect(at(count.data, 'asset.point.series')).toEqual({
    unit: null,
    values: [{ value: 4, typed: { __typename: 'IntValue' } }],
  });
});

test('latest: within goes on in minutes, rounded up', async () => {
  const minutes = async (within: string): Promise<unknown> => {
    const { calls } = await ask(
      `{ asset(assetId: "a1") { point(pointId: "power") { latest(within: "${within}") { time } } } }`,
    );
    return calls.find(({ name }) => name === 'series.latest')?.args[1];
  };
  expect(await minutes('PT15M')).toBe(15);
  expect(await minutes('PT61S')).toBe(2);
  expect(await minutes('P1D')).toBe(1440);
});

test('times of a value, in both forms, with its quality', async () => {
  const { data } = await ask(
    '{ asset(assetId: "a1") { point(pointId: "power") { latest { time timestamp value typed { ... on FloatValue { float } } quality } } } }',
  );
  expect(at(data, 'asset.point.latest')).toEqual({
    time: '2024-03-10T07:00:00.000Z',
    timestamp: '1710054000000',
    value: 12.5,
    typed: { float: 12.5 },
    quality: 0,
  });
});

test('where the model cannot be read, the value stays and only its type fails', async () => {
  const { data, errors } = await ask(
    '{ asset(assetId: "a1") { point(pointId: "power") { latest { value typed { __typename } } } } }',
    {
      overrides: { of: { ThingModel: { load: () => Promise.reject(new Error('down')) } } },
    },
  );
  expect(at(data, 'asset.point.latest')).toEqual({ value: '12.5', typed: null });
  expect(errors.map(({ path }) => path)).toEqual([['asset', 'point', 'latest', 'typed']]);
});

test('states of a discrete point, with names and durations', async () => {
  const { data, errors } = await ask(
    `{ asset(assetId: "a1") { point(pointId: "state") { storage
      stateChanges(${RANGE}) { time typed { ... on EnumValue { key name } } }
      stateDurations(${RANGE}) { state duration milliseconds typed { ... on EnumValue { name } } } } } }`,
    { acceptLanguage: 'en' },
  );
  expect(errors).toEqual([]);
  expect(at(data, 'asset.point')).toEqual({
    storage: ['DI'],
    stateChanges: [{ time: '1970-01-01T00:00:00.000Z', typed: { key: '1', name: 'Running' } }],
    stateDurations: [
      { state: 1, duration: 'PT1H30M', milliseconds: '5400000', typed: { name: 'Running' } },
      { state: null, duration: 'PT0.001S', milliseconds: '1', typed: null },
    ],
  });
});

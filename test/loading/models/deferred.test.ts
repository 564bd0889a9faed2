/** Models whose features stay bytes: to whoever reads them they are models like any other, in memory, in Redis, and where EnOS errs. */
import { approximateBytes } from '../../../src/cache/memory-store.js';
import { parseDeferring } from '../../../src/enos/reply/deferred-json.js';
import { parseJson, stringifyJson } from '../../../src/enos/reply/json.js';
import { DeferredModel } from '../../../src/loading/models/deferred.js';
import { FEATURES } from '../../../src/loading/models/types.js';
import { thingModel, type ModelRecord } from '../../../src/loading/entities/thing-model.js';
import { recordOf } from '../../../src/loading/entity/records.js';

const OPERATION = 'model.searchThingModel';
const points = Object.fromEntries(
  Array.from({ length: 60 }, (_, index) => [
    `point${index}`,
    { name: { defaultValue: `风 ${index}` }, hasQuality: false },
  ]),
);
const TEXT = `{"modelId":"M","modelIdPath":"/M","name":{"defaultValue":"Model"},"tags":{"a":"b"},"events":null,
  "attributes":{"serial":{"id":9007199254740993}},"measurepoints":${JSON.stringify(points)}}`;

const toRecord = (raw: unknown): ModelRecord => recordOf(thingModel, raw, 'o1', OPERATION);
const whole = parseJson(TEXT) as object;
const deferred = (text = TEXT): ModelRecord => toRecord(parseDeferring(Buffer.from(text), FEATURES));
const shown = (model: ModelRecord): object => ({
  ...{ modelId: model.modelId, modelIdPath: model.modelIdPath, name: model.name, tags: model.tags },
  ...Object.fromEntries(FEATURES.map((feature) => [feature, model[feature]])),
});

test('reads like a model that was parsed at once', () => {
  const model = deferred();
  expect(model).toBeInstanceOf(DeferredModel);
  expect(shown(model)).toEqual({ services: undefined, ...whole });
  expect(model.attributes).toEqual({ serial: { id: 9007199254740993n } });
});

test('goes through Redis and back, alone and in lists', () => {
  const through = (
    codec: { toJson: (it: never) => unknown; fromJson: (json: unknown) => unknown },
    value: unknown,
  ): unknown => codec.fromJson(parseJson(stringifyJson(codec.toJson(value as never))));
  const plain = toRecord({ modelId: 'P', measurepoints: {} });
  const modelCodec = thingModel.codec!;
  const one = through(modelCodec, deferred()) as ModelRecord;
  expect(shown(one)).toEqual(shown(deferred()));
  expect(through(modelCodec, plain)).toEqual(plain);
  const slice = through(thingModel.listCodec!, { items: [deferred()], offset: 3, totalCount: 9 }) as {
    items: ModelRecord[];
  };
  expect({ ...slice, items: slice.items.map(shown) }).toEqual({
    items: [shown(deferred())],
    offset: 3,
    totalCount: 9,
  });
});

test('takes the memory of its bytes, read or not', () => {
  const model = deferred();
  const before = approximateBytes(model);
  expect(before).toBeGreaterThan(Buffer.byteLength(JSON.stringify(points)));
  expect(before).toBeLessThan(approximateBytes(toRecord(whole)));
  expect(Object.keys(model.measurepoints ?? {})).toHaveLength(60);
  expect(approximateBytes(model) - before).toBeLessThan(200);
});

test('what is no JSON after all is an error of EnOS, where it is asked for', () => {
  const model = deferred(TEXT.replace('"hasQuality":false', '"hasQuality":flase'));
  expect(model.name).toEqual({ defaultValue: 'Model' });
  let thrown: unknown;
  try {
    expect(model.measurepoints).toBeUndefined();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject({ kind: 'invalid-response', operation: 'searchThingModel' });
});

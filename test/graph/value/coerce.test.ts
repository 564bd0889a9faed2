import { coerceValue } from '../../../src/graph/value/coerce.js';
import {
  parseDataDefinition,
  toDataType,
  type DataTypeName,
} from '../../../src/graph/value/data-definition.js';
import { toTyped } from '../../../src/graph/value/typed.js';

const definitions: Partial<Record<DataTypeName, unknown>> = {
  ENUM: { enumType: 'INT', enumDesc: { 1: { defaultValue: 'Run' }, 3: { defaultValue: 'Fault' } } },
  BOOL: { boolDesc: { true: 'running', false: 'stopped' } },
  STRUCT: {
    items: [
      { identifier: 'ia', dataType: 'FLOAT', unit: 'A', required: true },
      { identifier: 'n', dataType: 'INT' },
    ],
  },
  ARRAY: { itemType: 'DOUBLE' },
};

const typeOf = (dataType: DataTypeName | null, definition: unknown = dataType && definitions[dataType]) => ({
  dataType,
  definition: parseDataDefinition(typeof definition === 'object' ? JSON.stringify(definition) : definition),
});

test.each<[DataTypeName | null, unknown, unknown]>([
  ['INT', '12', 12],
  ['INT', '9007199254740993', 9007199254740993n],
  ['INT', 9007199254740993n, 9007199254740993n],
  ['INT', 12n, 12],
  ['INT', '+7', 7],
  ['INT', '12.0', 12],
  ['INT', '12.5', 12.5],
  ['INT', 'x', null],
  ['DOUBLE', '1834.2', 1834.2],
  ['DOUBLE', ' 1e3 ', 1000],
  ['DOUBLE', '-.5', -0.5],
  ['DOUBLE', 'NaN', null],
  ['DOUBLE', 'Infinity', null],
  ['DOUBLE', NaN, null],
  ['DOUBLE', '', null],
  ['DOUBLE', '0x10', null],
  ['DOUBLE', '1e999', null],
  ['FLOAT', 5n, 5],
  ['FLOAT', { a: 1 }, null],
  ['BOOL', '0', false],
  ['BOOL', '1.0', true],
  ['BOOL', 1, true],
  ['BOOL', 'TRUE', true],
  ['BOOL', false, false],
  ['BOOL', 'perhaps', null],
  ['BOOL', 2, null],
  ['ENUM', '3', 3],
  ['ENUM', 1, 1],
  ['STRING', 7, '7'],
  ['STRING', '007', '007'],
  ['STRING', true, 'true'],
  ['STRING', { a: 1n }, '{"a":"1"}'],
  ['DATE', '2024-03-10', '2024-03-10'],
  ['TIMESTAMP', '1710054000000', 1710054000000],
  ['TIMESTAMP', '2024-03-10 08:00:00', '2024-03-10 08:00:00'],
  ['FILE', 'enos-connect://x', 'enos-connect://x'],
  ['STRUCT', '{"ia":"4.5","n":"3","other":true}', { ia: 4.5, n: 3, other: true }],
  ['STRUCT', { ia: 'x' }, { ia: null }],
  ['STRUCT', 'no json', null],
  ['STRUCT', [1], null],
  ['ARRAY', '["1",2,"x"]', [1, 2, null]],
  ['ARRAY', 'no json', null],
  ['ARRAY', 5, null],
  [null, '12', '12'],
  [null, NaN, null],
  [null, 5, 5],
  ['DOUBLE', null, null],
  ['INT', undefined, null],
])('%s %p is %p', (dataType, raw, expected) => {
  expect(coerceValue(raw, typeOf(dataType))).toEqual(expected);
});

test('an enumeration of texts keeps its keys as text', () => {
  const type = typeOf('ENUM', { enumType: 'STRING', enumDesc: { '1': { defaultValue: 'One' } } });
  expect(coerceValue('1', type)).toBe('1');
  expect(toTyped('1', type)).toMatchObject({ key: '1', text: { defaultValue: 'One' } });
});

test.each<[DataTypeName | null, unknown, string, Record<string, unknown>]>([
  ['INT', '9007199254740993', 'IntValue', { int: 9007199254740993n }],
  ['INT', '12.5', 'FloatValue', { float: 12.5 }],
  ['DOUBLE', '3', 'FloatValue', { float: 3 }],
  ['BOOL', 1, 'BooleanValue', { boolean: true, text: 'running' }],
  ['BOOL', 0, 'BooleanValue', { boolean: false, text: 'stopped' }],
  ['ENUM', '3', 'EnumValue', { key: '3', text: { defaultValue: 'Fault' } }],
  ['ENUM', 9, 'EnumValue', { key: '9', text: null }],
  ['STRING', 'x', 'StringValue', { string: 'x' }],
  ['FILE', 'f', 'FileValue', { uri: 'f' }],
  ['DATE', '2024-03-10', 'DateTimeValue', { dateTime: 1710028800000, text: '2024-03-10' }],
  ['TIMESTAMP', 1710054000000, 'DateTimeValue', { dateTime: 1710054000000, text: '1710054000000' }],
  ['TIMESTAMP', '2024-03-10 08:00:00', 'DateTimeValue', { dateTime: null, text: '2024-03-10 08:00:00' }],
  [null, 5, 'IntValue', { int: 5n }],
  [null, 'x', 'StringValue', { string: 'x' }],
])('%s %p is a %s', (dataType, raw, type, expected) => {
  const typed = toTyped(raw, typeOf(dataType));
  expect(typed?.constructor.name).toBe(type);
  expect(typed).toMatchObject(expected);
});

test('structs and arrays hold typed parts', () => {
  expect(toTyped('{"n":"3","ia":1.5,"z":"?"}', typeOf('STRUCT'))).toMatchObject({
    fields: [
      { identifier: 'ia', value: 1.5, typed: { float: 1.5 } },
      { identifier: 'n', value: 3, typed: { number: 3 } },
      { identifier: 'z', value: '?', typed: { string: '?' } },
    ],
  });
  expect(toTyped('[1,"x"]', typeOf('ARRAY'))).toMatchObject({ items: [{ float: 1 }, null] });
  expect(toTyped('x', typeOf('DOUBLE'))).toBeNull();
});

test('definitions that cannot be read are none', () => {
  expect(parseDataDefinition('{broken')).toBeNull();
  expect(parseDataDefinition(null)).toBeNull();
  expect(parseDataDefinition('[]')).toBeNull();
  expect(parseDataDefinition({})).toBeNull();
  expect(parseDataDefinition('{"maxLength":64}')).toMatchObject({ maxLength: 64, enumValues: null });
  expect(toDataType('DATA')).toBe('DATE');
  expect(toDataType('QUATERNION')).toBeNull();
});

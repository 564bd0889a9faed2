import { evaluate } from '../../../src/simulator/expression/evaluate.js';
import { ExpressionSyntaxError } from '../../../src/simulator/expression/lexer.js';
import { parseExpression } from '../../../src/simulator/expression/parser.js';

/** One row whose fields the table below asks about. */
const ROW: Record<string, readonly unknown[]> = {
  modelId: ['DF_Turbine'],
  status: ['online'],
  eventType: [2],
  createTime: [1_668_450_000_000],
  isVerified: [true],
  'tags.vendor': ['acme/wind'],
  'tags.a-b/c.d': ['x'],
  'tags.row': ['2'],
  'attributes.hubHeight': [98.5],
  name: ['PV Inverter 07', '逆变器'],
  deviceStatus: [null],
  assetPath: ['t1:/a/b', 't2:/c/b'],
  deviceName: ["O'Hara"],
};
const holds = (text: string): boolean => evaluate(parseExpression(text), (field) => ROW[field] ?? []);

describe('an expression holds', () => {
  it.each([
    ['', true],
    ['  ', true],
    ["modelId = 'DF_Turbine'", true],
    ['modelId=\'DF_Turbine\'and status="online"', true],
    ["modelId = 'df_turbine'", false],
    ["modelId != 'Other'", true],
    ['modelId in ("A", "DF_Turbine")', true],
    ["modelId IN('A')", false],
    ['eventType in (2, 3)', true],
    ["eventType = '2'", true],
    ['tags.row = 2', true],
    ['eventType = 2.0', true],
    ['eventType < 3', true],
    ['eventType < 2', false],
    ['eventType <= 2 AND eventType >= 2', true],
    ['eventType > -1', true],
    ['isVerified = true', true],
    ['isVerified = FALSE', false],
    ["isVerified = 'true'", true],
    ['createTime >= 1668400000000 and createTime <= 1668500000000', true],
    ['attributes.hubHeight = 98.5', true],
    ["attributes.hubHeight = '98.50'", true],
    ["tags.vendor = 'acme/wind' and not exists(tags.decommissioned)", true],
    ["tags.a-b/c.d = 'x'", true],
    ['exists(tags.vendor)', true],
    ['not  exists ( tags.vendor )', false],
    ["tags.missing != 'x'", false],
    ["tags.missing = 'x'", false],
    ["name like 'inverter'", true],
    ["name like'变'", true],
    ["name like '%inverter'", false],
    ['deviceName like "O\'Hara"', true],
    ['deviceStatus is null', true],
    ['modelId is null', false],
    ["assetPath = 't2:/c/b'", true],
    ["assetPath != 't2:/c/b'", false],
    ["status = 'x' and status = 'y' or modelId = 'DF_Turbine'", true],
    ["modelId = 'DF_Turbine' or status = 'x' and status = 'y'", true],
    ["(modelId = 'DF_Turbine' or status = 'x') and status = 'y'", false],
    ["((modelId = 'DF_Turbine'))", true],
    ["status = 'online' Or status = 'offline' oR status = 'z'", true],
  ])('%s: %s', (text, expected) => {
    expect(holds(text)).toBe(expected);
  });
});

describe('an expression is refused', () => {
  it.each([
    ['modelId', 7, 'expected an operator'],
    ['modelId = ', 10, 'expected a value'],
    ["modelId == 'x'", 9, 'expected a value'],
    ["modelId = 'x", 10, 'unclosed string'],
    ["modelId = 'x' modelId = 'y'", 14, 'expected "and", "or" or the end'],
    ["modelId = 'x' and", 17, 'expected a field'],
    ['modelId in ()', 12, 'expected a value'],
    ["modelId in 'x'", 11, 'expected "("'],
    ["modelId in ('x' 'y')", 16, 'expected ")"'],
    ["modelId not in ('x')", 8, 'expected an operator'],
    ["not (modelId = 'x')", 4, 'expected "exists" after "not"'],
    ['modelId is not null', 11, 'expected "null" after "is"'],
    ['name like 5', 10, 'expected a quoted text'],
    ["(modelId = 'x'", 14, 'expected ")"'],
    ["modelId = 'x')", 13, 'expected "and", "or" or the end'],
    ['a = b', 4, 'expected a value'],
    ['a = 1; drop', 5, 'unexpected ";"'],
    ["and = 'x'", 0, 'expected a field'],
    ["_a = 'x'", 0, 'unexpected "_"'],
    ['('.repeat(5000), 201, 'too many parentheses'],
  ])('%.40s at %d: %s', (text, position, reason) => {
    expect(() => parseExpression(text)).toThrow(ExpressionSyntaxError);
    expect(() => parseExpression(text)).toThrow(`${reason} at position ${position}`);
  });
});

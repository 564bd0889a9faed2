/** Variables of a request: integers beyond 2^53 as the types of GraphQL take them, and what is wrong with values that do not fit. */
import {
  GraphQLError,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  isInputObjectType,
  isListType,
  isNonNullType,
  isInputType,
  getVariableValues,
  typeFromAST,
  type GraphQLInputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type VariableDefinitionNode,
} from 'graphql';
import { MAX_ERRORS } from '../errors/bounds.js';
import { parse as parseLossless, stringify as stringifyLossless } from 'lossless-json';

type Variables = Readonly<Record<string, unknown>>;

/**
 * Variables that scalars can read: the scalars of the specification know no `bigint`. An ID is the text of its digits, a Float
 * the nearest number, as ever; an Int refuses what it cannot hold. Scalars of the schema get the integer itself. Returns the
 * variables themselves where there is nothing to do, which is the usual case. They must be within the limits: it goes as deep as they do.
 */
export function exactVariables(
  schema: GraphQLSchema,
  definitions: readonly VariableDefinitionNode[] | undefined,
  variables: Variables | undefined,
): Variables | undefined {
  if (variables === undefined || !holdsBigInt(variables)) return variables;
  const result: Record<string, unknown> = { ...variables };
  for (const { variable, type } of definitions ?? []) {
    const name = variable.name.value;
    const declared = typeFromAST(schema, type);
    if (Object.hasOwn(result, name) && isInputType(declared)) result[name] = fitted(result[name], declared);
  }
  return result;
}

function fitted(value: unknown, type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return fitted(value, type.ofType);
  if (isListType(type)) {
    const { ofType } = type as { ofType: GraphQLInputType };
    return Array.isArray(value) ? value.map((item) => fitted(item, ofType)) : fitted(value, ofType);
  }
  if (typeof value === 'bigint') return scalarOf(value, type);
  if (!isInputObjectType(type) || typeof value !== 'object' || value === null || Array.isArray(value))
    return value;
  const fields = type.getFields();
  return Object.fromEntries(
    Object.entries(value as Variables).map(([name, item]) => {
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
      return [name, field ? fitted(item, field.type) : item];
    }),
  );
}

function scalarOf(value: bigint, type: GraphQLInputType): unknown {
  switch (type) {
    case GraphQLID:
      return String(value);
    case GraphQLFloat:
    case GraphQLInt:
      return Number(value);
    default:
      return value;
  }
}

/**
 * BAD_USER_INPUT, with status 400, for each value that does not fit, MAX_ERRORS at most; undefined where all fit. Names of the schema are
 * suggested only with `suggests`.
 */
export function variableErrors(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>> | undefined,
  suggests: boolean,
): GraphQLError[] | undefined {
  const { errors } = getVariableValues(schema, variableDefinitions, variables ?? {}, {
    // The last one says that there are more.
    maxErrors: MAX_ERRORS - 1,
    hideSuggestions: !suggests,
  });
  return errors?.map(ofCaller);
}

function ofCaller({ message, nodes, originalError, extensions }: GraphQLError): GraphQLError {
  return new GraphQLError(message, {
    ...(nodes ? { nodes } : {}),
    ...(originalError ? { originalError } : {}),
    extensions: { ...extensions, code: 'BAD_USER_INPUT', http: { status: 400 } },
  });
}

// JSON.parse would round integers beyond 2^53; here they are `bigint`, until the types of an operation's variables say what they are.

/** Fewer digits in a row make no integer that could be rounded. */
const LONG_DIGITS = /\d{16}/;
const INTEGER = /^-?\d+$/;
/** Deepest nesting in which integers are kept exact: far above what variables may have. The exact parser is recursive. */
const MAX_DEPTH = 200;

/**
 * The value of a JSON text, integers beyond 2^53 as `bigint`. Throws SyntaxError for what is no JSON, and for such integers in
 * what no operation takes: nested deeper than 200 levels, or together with a key `__proto__`.
 */
export function parseExactJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (!LONG_DIGITS.test(text)) return value;
  const found = look(value);
  if (!found.isUnsafe) return value;
  if (found.isOdd) throw new SyntaxError('The JSON holds large integers where none can be read');
  try {
    return parseLossless(text, undefined, {
      parseNumber: exactNumber,
      onDuplicateKey: ({ newValue }) => newValue,
    });
  } catch (error) {
    // It descends also into what a repeated key replaces, whose depth was not seen.
    throw error instanceof RangeError ? new SyntaxError('JSON is nested too deeply') : error;
  }
}

/** Writes JSON, integers with all their digits. */
export function exactJsonText(value: unknown): string {
  return stringifyLossless(value) ?? 'null';
}

/** Whether a value holds a `bigint` somewhere. Not recursive: it may be nested as deep as a request can. */
export function holdsBigInt(value: unknown): boolean {
  if (typeof value === 'bigint') return true;
  if (typeof value !== 'object' || value === null) return false;
  const waiting: object[] = [value];
  for (let holder = waiting.pop(); holder !== undefined; holder = waiting.pop()) {
    for (const item of Object.values(holder) as unknown[]) {
      if (typeof item === 'bigint') return true;
      if (typeof item === 'object' && item !== null) waiting.push(item);
    }
  }
  return false;
}

function exactNumber(digits: string): number | bigint {
  const number = Number(digits);
  return INTEGER.test(digits) && !Number.isSafeInteger(number) ? BigInt(digits) : number;
}

/** Whether a number may have been rounded, and whether it stands in something that the exact parser must not see. */
function look(value: unknown): { isUnsafe: boolean; isOdd: boolean } {
  const found = { isUnsafe: false, isOdd: false };
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) found.isOdd = true;
    const below: unknown[] = [];
    for (const item of level) {
      if (typeof item === 'number' && !Number.isSafeInteger(item) && Math.abs(item) >= 2 ** 53)
        found.isUnsafe = true;
      if (typeof item !== 'object' || item === null) continue;
      if (Object.hasOwn(item, '__proto__')) found.isOdd = true;
      for (const member of Object.values(item) as unknown[]) below.push(member);
    }
    level = below;
  }
  return found;
}

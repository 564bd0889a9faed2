/**
 * Ids are checked before anything is asked with them: an empty one finds nothing, and one longer than any id of EnOS is
 * a mistake or an attack, which EnOS need not be asked about.
 */
import {
  GraphQLID,
  getNullableType,
  isInputObjectType,
  isListType,
  isObjectType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
} from 'graphql';
import { badUserInput } from '../errors/raise.js';

/** Characters of an id. */
export const MAX_ID_LENGTH = 1_000;

/** Throws BAD_USER_INPUT naming the place where a value holds an id that is none. */
type Check = (value: unknown, place: string) => void;

/** Fields whose ids are global: these hold several, and are checked where they are read (node.ts). */
const OF_GLOBAL_IDS = new Set(['Query.node', 'Query.nodes']);

/** Has each field of the schema refuse ids that are empty or too long in its arguments, inputs included. */
export function checkIds(schema: GraphQLSchema): void {
  const checks = new Map<GraphQLInputType, Check | undefined>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields()))
      if (!OF_GLOBAL_IDS.has(`${type.name}.${field.name}`)) checkField(field, checks);
  }
}

function checkField(
  field: GraphQLField<unknown, unknown>,
  checks: Map<GraphQLInputType, Check | undefined>,
): void {
  const ofArguments = field.args.flatMap(({ name, type }) => {
    const check = checkOf(type, checks);
    return check ? [{ name, check }] : [];
  });
  const { resolve } = field;
  if (!resolve || ofArguments.length === 0) return;
  const checkAll = (args: Readonly<Record<string, unknown>>): void => {
    for (const { name, check } of ofArguments) check(args[name], name);
  };
  field.resolve = (source, args: Record<string, unknown>, context, info) => {
    checkAll(args);
    return resolve(source, args, context, info);
  };
  const { prefetch } = field.extensions;
  if (!prefetch) return;
  // What is thrown here is thrown again, at its place, by the resolver.
  const load: typeof prefetch.load = (sources, args, context, info) => {
    checkAll(args);
    return prefetch.load(sources, args, context, info);
  };
  field.extensions = { ...field.extensions, prefetch: { ...prefetch, load } };
}

/** How values of a type are checked; undefined where they hold no ids. */
function checkOf(type: GraphQLInputType, known: Map<GraphQLInputType, Check | undefined>): Check | undefined {
  const nullable = getNullableType(type);
  if (nullable === GraphQLID) return checkId;
  if (isListType(nullable)) {
    const ofItem = checkOf(nullable.ofType, known);
    return ofItem && ((value, place) => checkList(value, place, ofItem));
  }
  if (!isInputObjectType(nullable)) return undefined;
  if (known.has(nullable)) return known.get(nullable);
  const fields: { name: string; check: Check }[] = [];
  const check: Check = (value, place) => {
    if (typeof value !== 'object' || value === null) return;
    const input = value as Readonly<Record<string, unknown>>;
    for (const one of fields) one.check(input[one.name], `${place}.${one.name}`);
  };
  // An input may hold itself.
  known.set(nullable, check);
  for (const { name, type: of } of Object.values(nullable.getFields())) {
    const ofField = checkOf(of, known);
    if (ofField) fields.push({ name, check: ofField });
  }
  if (fields.length > 0) return check;
  known.set(nullable, undefined);
  return undefined;
}

function checkList(value: unknown, place: string, check: Check): void {
  if (!Array.isArray(value)) return;
  for (const item of value) check(item, place);
}

function checkId(value: unknown, place: string): void {
  if (typeof value !== 'string' || (value !== '' && value.length <= MAX_ID_LENGTH)) return;
  const argument = place.split('.')[0] ?? place;
  const got = value === '' ? 'an empty text' : `${value.length} characters`;
  throw badUserInput(
    `Argument "${place}": expected an id of 1 to ${MAX_ID_LENGTH} characters, got ${got}.`,
    argument,
  );
}

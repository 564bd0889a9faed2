/** The mutations, made of the descriptions of writes: one field, one input, one payload each. */
import { GraphQLID, GraphQLInt, GraphQLString } from 'graphql';
import type { Write, WriteMany, WriteOne } from '../../loading/write/description.js';
import { id, optional, type Members } from '../../loading/write/members.js';
import type { WrittenItem } from '../../loading/write/perform.js';
import { WRITES } from '../../loading/writes/index.js';
import type { TypeClass } from '../lists/connection-type.js';
import { orgOf, type GraphContext } from '../context.js';
import { Field, ObjectType } from '../decorators.js';
import { defineFields, type FieldDefinition, type ResolverClass } from '../entity/define-field.js';
import { declaredType } from '../entity/declared-types.js';
import { MASKED } from '../errors/code-table.js';
import { formatError } from '../errors/format-error.js';
import { free, shared } from '../plan/common-rules.js';
import { exactly } from '../plan/types.js';
import { JsonScalar } from '../scalars/scalars.js';
import { inputTypeOf, readInput } from './input.js';

@ObjectType({ simpleResolvers: true, description: 'Why an item of a batch was not written.' })
class WriteError {
  @Field(() => GraphQLString, { description: 'As `extensions.code` of an error, e.g. NOT_FOUND, CONFLICT.' })
  code!: string;

  @Field(() => GraphQLString, { description: 'What was wrong.' })
  message!: string;

  @Field(() => JsonScalar, {
    nullable: true,
    description:
      'As `extensions.enos`: service, operation, code, message, requestId. Null for refusals of ours.',
  })
  enos!: unknown;

  @Field(() => GraphQLString, {
    nullable: true,
    description: 'UNKNOWN where EnOS did not answer and may have written the item; else null.',
  })
  outcome!: string | null;
}

/** What a payload, or a result of a batch, is read from. */
interface Source {
  orgId: string;
  /** Undefined where nothing was written. */
  key: string | undefined;
  /** Of a payload: its further members. Of a result: what it shows. */
  members: Readonly<Record<string, unknown>>;
}

const PAYLOAD_TYPES = { id: GraphQLID, text: GraphQLString, int: GraphQLInt, json: JsonScalar } as const;

/** Resolvers of all mutations. */
export function mutationResolvers(): ResolverClass[] {
  return defineFields(WRITES.flatMap(fieldsOf));
}

function fieldsOf(write: Write): FieldDefinition[] {
  const { name, description, input } = write;
  const capital = name.charAt(0).toUpperCase() + name.slice(1);
  const members: Members = {
    ...input,
    orgId: optional(id('Organization; that of the caller where absent.')),
  };
  const inputType = inputTypeOf(`${capital}Input`, members, `What \`${name}\` is given.`);
  const made = write.kind === 'one' ? payloadOf(write, capital) : batchOf(write, capital);
  const mutation: FieldDefinition = {
    of: 'mutation',
    name,
    type: () => made.payload,
    options: {
      nullable: true,
      description: `${description} Needs the right \`${write.right.name}\`.${dangerOf(write)}`,
    },
    extensions: { rule: ruleOf(write) },
    parameters: [
      { argument: 'input', type: () => inputType, options: { description: 'What is to be written.' } },
      'context',
    ],
    resolve: (given: Readonly<Record<string, unknown>>, context: GraphContext) =>
      perform(write, members, given, context),
  };
  return [mutation, ...made.fields];
}

function dangerOf({ isDangerous }: Write): string {
  return isDangerous ? ' Off unless MUTATIONS_DANGEROUS is on.' : '';
}

/** Reads the input, performs the write, and has everything that is selected of it read afresh. */
async function perform(
  write: Write,
  members: Members,
  given: Readonly<Record<string, unknown>>,
  context: GraphContext,
): Promise<Source | { results: Source[] }> {
  const { orgId: org, ...input } = readInput(members, given, 'input');
  const orgId = orgOf(context, org as string | undefined);
  const { loaders } = context;
  try {
    if (write.kind === 'one') {
      const { key, payload } = await loaders.write(write, { orgId, input });
      return { orgId, key, members: payload };
    }
    const results = await loaders.writeMany(write, { orgId, input });
    return { results: results.map((result) => resultOf(orgId, result)) };
  } finally {
    context.forgetReads();
  }
}

function resultOf(orgId: string, item: WrittenItem): Source {
  const key = 'key' in item ? item.key : undefined;
  return {
    orgId,
    key,
    members: { key: key ?? item.name, error: 'error' in item ? shownError(item.error) : null },
  };
}

function shownError(error: Error): WriteError {
  const { message, extensions = {} } = formatError(error) ?? {
    message: MASKED.message,
    extensions: { code: MASKED.code },
  };
  return {
    code: String(extensions['code']),
    message,
    enos: extensions['enos'] ?? null,
    outcome: (extensions['outcome'] as string | undefined) ?? null,
  };
}

/** A type that a mutation gives, with what resolves its fields. */
interface Made {
  payload: TypeClass;
  fields: FieldDefinition[];
}

function payloadOf(write: WriteOne, capital: string): Made {
  const { name, of: entity, effect, payload = {} } = write;
  class Payload {}
  const fields = Object.entries(payload).map(([member, shown]) =>
    read(() => Payload, member, { type: () => PAYLOAD_TYPES[shown.type], description: shown.description }),
  );
  if (entity !== null && effect === 'deletes')
    fields.push({
      ...read(() => Payload, entity.key, {
        type: () => GraphQLID,
        description: `What was the ${entity.nouns.one}.`,
      }),
      resolve: ({ key }: Source) => key,
    });
  else if (entity !== null) fields.push(thingField(() => Payload, entity));
  ObjectType(`${capital}Payload`, { description: `What \`${name}\` gives.` })(Payload);
  return { payload: Payload, fields };
}

function batchOf(write: WriteMany, capital: string): Made {
  const { name, of: entity, effect } = write;
  class Result {}
  class Payload {}
  ObjectType(`${capital}Result`, { description: `What became of one item of \`${name}\`.` })(Result);
  Field(() => [Result], { description: 'One for each item, in the order of the input.' })(
    Payload.prototype,
    'results',
  );
  ObjectType(`${capital}Payload`, { simpleResolvers: true, description: `What \`${name}\` gives.` })(Payload);
  const of = (): TypeClass => Result;
  const fields = [
    {
      ...read(of, 'key', {
        type: () => GraphQLID,
        description: 'Key of the thing; of an item without one that was not created, its place in the input.',
      }),
      options: {
        nullable: false,
        description: 'Key of the thing, or the place of the item in the input where it got none.',
      },
    },
    read(of, 'error', { type: () => WriteError, description: 'Why it was not written; null where it was.' }),
    ...(entity === null || effect === 'deletes' ? [] : [thingField(of, entity)]),
  ];
  return { payload: Payload, fields };
}

/** A member that the source holds. */
function read(
  of: () => TypeClass,
  name: string,
  { type, description }: { type: FieldDefinition['type']; description: string },
): FieldDefinition {
  return {
    of,
    name,
    type,
    options: { nullable: true, description },
    extensions: { rule: free },
    parameters: ['root'],
    resolve: ({ members }: Source) => members[name] ?? null,
  };
}

/** The thing that was written, as the write left it. */
function thingField(of: () => TypeClass, entity: NonNullable<Write['of']>): FieldDefinition {
  const { type, nouns, fields } = entity;
  return {
    of,
    name: fields?.one ?? type.charAt(0).toLowerCase() + type.slice(1),
    type: () => declaredType(type),
    options: { nullable: true, description: `The ${nouns.one} as it is now.` },
    extensions: { rule: shared(`${type}.one`) },
    parameters: ['root', 'context'],
    resolve: ({ orgId, key }: Source, { loaders }: GraphContext) =>
      key === undefined ? null : loaders.of(entity).load({ orgId, id: key }),
  };
}

/** Calls of a mutation: one, or as many as its items need. */
function ruleOf(write: Write) {
  return ({ args }: { args: Readonly<Record<string, unknown>> }) => {
    const input = (args['input'] ?? {}) as Readonly<Record<string, unknown>>;
    const items = write.kind === 'many' ? input[write.list] : undefined;
    return [
      [{ loader: `${write.name}.write` as const, keys: exactly(Array.isArray(items) ? items.length : 1) }],
    ];
  };
}

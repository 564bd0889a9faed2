/** Runs an operation by graphql-js and by the compiled engine, with equal roots, and returns what each answers. */
import { Kind, execute, getOperationAST, parse, validate } from 'graphql';
import type { ExecutionResult, FragmentDefinitionNode, GraphQLSchema } from 'graphql';
import { compileOperation } from '../../src/server/execution/compile.js';
import type { CompiledOperation } from '../../src/server/execution/compile.js';

/** What is run. */
export interface Case {
  schema: GraphQLSchema;
  source: string;
  operationName?: string;
  variables?: Record<string, unknown>;
  /** Makes the context of one run. */
  context?: () => unknown;
  /** Makes the root of one run. */
  root?: () => unknown;
}

/** An answer as a caller would read it. */
export interface Plain {
  data?: unknown;
  errors?: unknown[];
}

/** Compiles a valid operation; undefined where it is left to graphql-js. */
export function compile({ schema, source, operationName }: Case): CompiledOperation | undefined {
  const document = parse(source);
  const problems = validate(schema, document);
  if (problems.length > 0) throw new Error(`the case is not valid: ${problems.join('; ')}`);
  const operation = getOperationAST(document, operationName);
  if (!operation) throw new Error('the case has no such operation');
  const fragments = Object.fromEntries(
    document.definitions
      .filter(
        (definition): definition is FragmentDefinitionNode => definition.kind === Kind.FRAGMENT_DEFINITION,
      )
      .map((definition) => [definition.name.value, definition]),
  );
  return compileOperation({ schema, operation, fragments });
}

/** By graphql-js. */
export async function byGraphqlJs(what: Case): Promise<Plain> {
  const { schema, source, operationName, variables: variableValues, context, root } = what;
  const document = parse(source);
  return plain(
    await execute({
      schema,
      document,
      operationName,
      variableValues,
      contextValue: context?.(),
      rootValue: root?.(),
    }),
  );
}

/** By the compiled engine, twice over the same plan: what the first run leaves behind must not change the second. */
export async function byCompiled(what: Case): Promise<Plain> {
  const compiled = compile(what);
  if (!compiled) throw new Error('left to graphql-js');
  const run = async (): Promise<Plain> => {
    const { variables, context, root } = what;
    const result = compiled.execute({ variables, context: context?.(), rootValue: root?.() });
    if (!result) throw new Error('left to graphql-js');
    return plain(await result);
  };
  const first = await run();
  expect(await run()).toEqual(first);
  return first;
}

/** The text that would be sent, read again: order of keys is compared by `keysOf`. */
function plain(result: ExecutionResult): Plain {
  const { data, errors } = result;
  return {
    ...(errors
      ? { errors: errors.map((error) => ({ ...error.toJSON(), original: String(error.originalError) })) }
      : {}),
    data: data === undefined ? undefined : (JSON.parse(JSON.stringify(data)) as unknown),
  };
}

/** The answers of both must be equal: data with its order, errors with messages, places, paths and originals. */
export async function expectEqual(what: Case): Promise<Plain> {
  const [expected, actual] = [await byGraphqlJs(what), await byCompiled(what)];
  expect(actual).toEqual(expected);
  expect(JSON.stringify(actual.data)).toBe(JSON.stringify(expected.data));
  return actual;
}

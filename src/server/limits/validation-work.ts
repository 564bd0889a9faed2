/**
 * Refuses documents that would take graphql-js long to validate, by counting what it would do. It compares all fields of one
 * name with each other and all fragments that are spread together, follows every fragment again for each operation, and
 * finds the line of each error by reading from the start. The count stops at its bound, so that it costs next to nothing.
 */
import {
  Kind,
  visit,
  type ASTVisitor,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLFormattedError,
  type SelectionSetNode,
  type ValidationRule,
} from 'graphql';
import { validationAbortedError } from 'graphql/validation/validationAbortedError.js';
import type { Limits } from '../options.js';
import { limitError, limitRefusal, type PassedLimit } from '../errors/codes.js';
import { MergeWork, OutOfBudget } from './merge-work.js';
import { fragmentsByName } from './structure.js';
import { MAX_OBJECT_KEYS, TOO_MANY_KEYS } from './variables.js';

/** Comparisons of fields and fragments; graphql-js makes some 2,000 in a millisecond. */
const MAX_COMPARISONS = 25_000;
/** Fragments and uses of variables, those of a fragment once for each operation that it is part of. */
const MAX_USES = 10_000;
/** Levels by which a document may be deeper than what is run, fragments and inline fragments being levels, too. */
const EXTRA_LEVELS = 200;

/** What the count needs of the limits. */
type WorkLimits = Pick<Limits, 'maxDepth' | 'maxTokens'>;

/** The rule that ends validation before it has begun where a document would take too long. */
export function validationWorkRule(limits: WorkLimits): ValidationRule {
  return (context): ASTVisitor => ({
    Document: (document) => {
      const passed = documentLimit(document, limits);
      if (!passed) return;
      context.reportError(limitError(passed));
      // What graphql-js itself throws to give up: no other rule reads on.
      throw validationAbortedError;
    },
  });
}

/** graphql-js's words for having given up; the test of hostile documents notices when they change. */
const GIVEN_UP = 'Validation aborted.';

/** V8's words for a recursion without end, which is what a text of deep brackets looks like to the parser. */
const NO_STACK = 'Maximum call stack size exceeded';

/** The refusal, if a validation error says that validation was given up for a limit, be it ours or graphql-js's own. */
export function validationWorkRefusal({
  message,
  extensions,
}: GraphQLFormattedError): GraphQLFormattedError | undefined {
  const limit = extensions?.['limit'];
  if (limit !== undefined) return { message, extensions: { code: 'BAD_USER_INPUT', limit } };
  if (message.includes(NO_STACK)) {
    return {
      message: 'The document is nested too deep to be read (VALIDATION_WORK).',
      extensions: { code: 'BAD_USER_INPUT', limit: { name: 'VALIDATION_WORK', value: null, asked: null } },
    };
  }
  if (message !== GIVEN_UP) return undefined;
  return {
    message:
      'The document selects the same fields so often that checking it would take too long (VALIDATION_WORK).',
    extensions: { code: 'BAD_USER_INPUT', limit: { name: 'VALIDATION_WORK', value: null, asked: null } },
  };
}

/** The limit on lines that a text passes: to find the place of an error graphql-js reads all lines before it. */
export function lineLimit(text: string, { maxTokens }: Pick<Limits, 'maxTokens'>): PassedLimit | undefined {
  // Documents seldom have more lines than tokens.
  let lines = 1;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x0a || code === 0x0d) lines += 1;
  }
  if (lines <= maxTokens) return undefined;
  return { name: 'MAX_TOKENS', value: maxTokens, asked: lines, what: 'lines' };
}

/** The first limit that a parsed document passes, if any. Needs no schema, and holds for invalid documents. */
export function documentLimit(document: DocumentNode, limits: WorkLimits): PassedLimit | undefined {
  const text = document.loc?.source.body;
  const maxLevels = EXTRA_LEVELS + limits.maxDepth;
  const fragments = fragmentsByName(document);
  if (!isWithin(document, fragments, maxLevels)) return tooDeep(document, limits, maxLevels);
  const counted = countNodes(document, maxLevels);
  return (
    (text === undefined ? undefined : lineLimit(text, limits)) ??
    counted.passed ??
    usesLimit(document, fragments, counted.uses) ??
    mergeLimit(document, fragments)
  );
}

/** Whether selections, fragments followed, are nested no deeper than graphql-js can follow them. */
function isWithin(
  document: DocumentNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  maxLevels: number,
): boolean {
  const known = new Map<string, number>();
  /** Levels below; Infinity where there are too many. Never deeper in itself than it may find. */
  const levelsOf = ({ selections }: SelectionSetNode, above: number): number => {
    if (above > maxLevels) return Number.POSITIVE_INFINITY;
    let most = 0;
    for (const selection of selections) {
      let levels = 0;
      if (selection.kind === Kind.FRAGMENT_SPREAD) levels = levelsOfFragment(selection.name.value, above + 1);
      else if (selection.selectionSet) levels = levelsOf(selection.selectionSet, above + 1);
      most = Math.max(most, levels + 1);
      if (above + most > maxLevels) return Number.POSITIVE_INFINITY;
    }
    return most;
  };
  const levelsOfFragment = (name: string, above: number): number => {
    const found = known.get(name);
    if (found !== undefined) return found;
    const fragment = fragments.get(name);
    // In a circle it is under way already, and adds nothing.
    known.set(name, 0);
    const levels = fragment ? levelsOf(fragment.selectionSet, above) : 0;
    known.set(name, levels);
    return levels;
  };
  return (
    document.definitions.every(
      (definition) =>
        definition.kind !== Kind.OPERATION_DEFINITION ||
        levelsOf(definition.selectionSet, 0) < Number.POSITIVE_INFINITY,
    ) && [...fragments.keys()].every((name) => levelsOfFragment(name, 0) < Number.POSITIVE_INFINITY)
  );
}

function tooDeep(document: DocumentNode, { maxDepth }: WorkLimits, maxLevels: number): PassedLimit {
  let depth = 0;
  let most = 0;
  visit(document, {
    Field: {
      enter: () => {
        depth += 1;
        most = Math.max(most, depth);
      },
      leave: () => {
        depth -= 1;
      },
    },
  });
  // Fragments have not been followed.
  return most > maxDepth
    ? { name: 'MAX_DEPTH', value: maxDepth, asked: most, what: 'levels of fields' }
    : work('levels of fields and fragments', maxLevels);
}

/** Fragments spread by a definition, and how often it uses variables. */
interface Uses {
  readonly spreads: Set<string>;
  variables: number;
}

function countNodes(
  document: DocumentNode,
  maxLevels: number,
): { passed: PassedLimit | undefined; uses: ReadonlyMap<object, Uses> } {
  const uses = new Map<object, Uses>();
  let here: Uses = { spreads: new Set(), variables: 0 };
  let passed: PassedLimit | undefined;
  let level = 0;
  const begin = (definition: object): void => {
    uses.set(definition, (here = { spreads: new Set(), variables: 0 }));
  };
  const nesting = {
    enter: (): void => {
      level += 1;
      if (level <= maxLevels) return;
      passed ??= work('levels of lists and objects in one value', maxLevels);
    },
    leave: (): void => {
      level -= 1;
    },
  };
  visit(document, {
    OperationDefinition: { enter: begin },
    FragmentDefinition: { enter: begin },
    FragmentSpread: { enter: ({ name }) => void here.spreads.add(name.value) },
    Variable: { enter: () => void (here.variables += 1) },
    ListValue: nesting,
    ListType: nesting,
    ObjectValue: {
      enter: ({ fields }) => {
        if (fields.length > MAX_OBJECT_KEYS) passed ??= TOO_MANY_KEYS;
        nesting.enter();
      },
      leave: nesting.leave,
    },
  });
  return { passed, uses };
}

/** Each operation is followed through all its fragments, several times, for what it uses. */
function usesLimit(
  { definitions }: DocumentNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  uses: ReadonlyMap<object, Uses>,
): PassedLimit | undefined {
  let count = 0;
  for (const definition of definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const seen = new Set<object>([definition]);
    for (const one of seen) {
      const { spreads, variables } = uses.get(one) ?? { spreads: [], variables: 0 };
      count += 1 + variables;
      for (const name of spreads) {
        count += 1;
        const fragment = fragments.get(name);
        if (fragment) seen.add(fragment);
      }
      if (count > MAX_USES) return work('uses of fragments and variables by all operations', MAX_USES);
    }
  }
  return undefined;
}

function mergeLimit(
  { definitions }: DocumentNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): PassedLimit | undefined {
  const merging = new MergeWork(fragments, MAX_COMPARISONS);
  try {
    for (const definition of definitions)
      if ('selectionSet' in definition) merging.countAll(definition.selectionSet);
    return undefined;
  } catch (error) {
    if (error instanceof OutOfBudget) return work('comparisons of fields of the same name', MAX_COMPARISONS);
    throw error;
  }
}

function work(what: string, value: number): PassedLimit {
  return { name: 'VALIDATION_WORK', value, asked: null, what };
}

/** graphql-js says it only in the text of its syntax error; the test of this file notices when it changes. */
const TOO_MANY_TOKENS = /Document contains more that \d+ tokens/;

/** The refusal, if the syntax error is that of a document with too many tokens. */
export function tokenLimitRefusal(message: string, maxTokens: number): GraphQLFormattedError | undefined {
  if (!TOO_MANY_TOKENS.test(message)) return undefined;
  return limitRefusal({ name: 'MAX_TOKENS', value: maxTokens, asked: null, what: 'tokens' });
}

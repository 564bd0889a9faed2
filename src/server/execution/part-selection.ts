/** What of an operation shapes one object of its answer, in words that are the same in every operation that asks the same. */
import { createHash } from 'node:crypto';
import { print, visit } from 'graphql';
import type { FieldNode, FragmentDefinitionNode, GraphQLOutputType, SelectionSetNode } from 'graphql';

/** What is selected of an object. */
export interface PartSelection {
  /** Hash of the type and of all that is selected, fragments included. */
  readonly hash: string;
  /** Names of the variables that it reads, sorted. */
  readonly variables: readonly string[];
}

/** Reads what is selected below a field. */
export function selectionOf(
  type: GraphQLOutputType,
  nodes: readonly FieldNode[],
  fragments: Readonly<Record<string, FragmentDefinitionNode>>,
): PartSelection {
  const hash = createHash('sha256').update(String(type));
  const variables = new Set<string>();
  const seen = new Set<string>();
  const waiting: SelectionSetNode[] = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  for (let selected = waiting.shift(); selected; selected = waiting.shift()) {
    hash.update(`\n${print(selected)}`);
    visit(selected, {
      Variable: ({ name }) => {
        variables.add(name.value);
      },
      FragmentSpread: ({ name }) => {
        const fragment = fragments[name.value];
        if (!fragment || seen.has(name.value)) return;
        seen.add(name.value);
        hash.update(`\nfragment ${name.value} on ${fragment.typeCondition.name.value}`);
        waiting.push(fragment.selectionSet);
      },
    });
  }
  return { hash: hash.digest('base64url'), variables: [...variables].sort() };
}

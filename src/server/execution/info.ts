/** What resolvers are told of their field. Most read little of it or nothing, so that it is made as cheap as it can be. */
import type { GraphQLResolveInfo } from 'graphql';
import type { Frame, Slot } from './frame.js';
import type { FieldPlan, OperationParts } from './plan.js';

/** What of a request stands in every info. */
export interface InfoSource {
  readonly parts: OperationParts;
  readonly rootValue: unknown;
  readonly variableValues: Record<string, unknown>;
}

type Path = GraphQLResolveInfo['path'];

/** graphql-js's info, its parts read when they are asked for. */
export class FieldInfo implements GraphQLResolveInfo {
  constructor(
    private readonly source: InfoSource,
    private readonly plan: FieldPlan,
    private readonly frame: Frame,
  ) {}

  get fieldName(): string {
    return this.plan.field.name;
  }

  get fieldNodes(): GraphQLResolveInfo['fieldNodes'] {
    return this.plan.nodes;
  }

  get returnType(): GraphQLResolveInfo['returnType'] {
    return this.plan.field.type;
  }

  get parentType(): GraphQLResolveInfo['parentType'] {
    return this.plan.parentType;
  }

  get path(): Path {
    return toPath(this.frame, this.plan.key);
  }

  get schema(): GraphQLResolveInfo['schema'] {
    return this.source.parts.schema;
  }

  get fragments(): GraphQLResolveInfo['fragments'] {
    return this.source.parts.fragments;
  }

  get rootValue(): unknown {
    return this.source.rootValue;
  }

  get operation(): GraphQLResolveInfo['operation'] {
    return this.source.parts.operation;
  }

  get variableValues(): Record<string, unknown> {
    return this.source.variableValues;
  }
}

function toPath(frame: Frame, slot: Slot): Path {
  const prev = frame.parent ? toPath(frame.parent, frame.slot) : undefined;
  return { prev, key: slot, typename: frame.typeName };
}

/** Arguments of the fields of one run. */
import { getArgumentValues } from 'graphql';
import type { FieldPlan } from './plan.js';

const NO_ARGUMENTS: Record<string, never> = {};

/** Reads them, each once per request. */
export class RunArguments {
  private readonly byField = new Map<FieldPlan, Record<string, unknown>>();

  constructor(private readonly variableValues: Record<string, unknown>) {}

  /** Arguments of a field: an object of its own for each call that might change it. Throws what is wrong with them. */
  of(plan: FieldPlan): Record<string, unknown> {
    if (plan.sharesArguments) return this.shared(plan);
    return plan.args.kind === 'none' ? {} : { ...this.shared(plan) };
  }

  private shared(plan: FieldPlan): Record<string, unknown> {
    if (plan.args.kind === 'none') return NO_ARGUMENTS;
    if (plan.args.kind === 'plain') return plan.args.values;
    let values = this.byField.get(plan);
    if (!values) {
      const [node] = plan.nodes;
      values = node ? getArgumentValues(plan.field, node, this.variableValues) : {};
      this.byField.set(plan, values);
    }
    return values;
  }
}

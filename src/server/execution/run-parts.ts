/** Parts of one answer: which of its objects are taken from what is kept, and which are kept for the next answer. */
import { PartHolders } from './data-text.js';
import type { Frame } from './frame.js';
import { KeptPart } from './kept-parts.js';
import type { KeptParts, PartGroup } from './kept-parts.js';
import { selectionOf } from './part-selection.js';
import type { FieldPlan, OperationParts } from './plan.js';
import type { SourceMarks } from '../options.js';

/** Where parts are kept, and for whom. */
export interface PartsOfCaller {
  readonly kept: KeptParts;
  /** Everything beside operation and variables that shapes what this caller sees. */
  readonly audience: string;
  /** Tells what objects are made of. */
  readonly marks: SourceMarks;
}

/** The parts of one run. */
export class RunParts {
  private readonly now: number;
  private readonly holders = new PartHolders();
  private readonly groups = new Map<FieldPlan, PartGroup | undefined>();
  private isInside = false;

  constructor(
    private readonly caller: PartsOfCaller,
    private readonly operation: OperationParts,
    private readonly variableValues: Readonly<Record<string, unknown>>,
  ) {
    this.now = caller.kept.now();
  }

  /**
   * What `make` makes of an object, or its kept part. Parts are entities in lists, the outermost: what is in a part is no part.
   * `frame` holds the object; `errors` are those of the run so far.
   */
  take(
    field: FieldPlan,
    frame: Frame,
    object: object,
    errors: readonly unknown[],
    make: () => unknown,
  ): unknown {
    const { kept, marks } = this.caller;
    if (this.isInside || marks.hasStale || !frame.isInList) return make();
    const group = this.groupOf(field);
    if (group === undefined) return make();
    const known = kept.find(group, object, this.now);
    if (known) {
      marks.use(known.sources);
      this.holders.note(frame);
      return known;
    }
    if (!group.wasAsked) return make();
    const errorCount = errors.length;
    const { waits } = frame;
    this.isInside = true;
    marks.begin();
    let sources;
    let made: unknown;
    try {
      made = make();
    } finally {
      this.isInside = false;
      sources = marks.end();
    }
    // What waits for EnOS is not complete yet: it will be kept when it is made of what is there.
    if (sources === undefined || frame.waits !== waits || errors.length !== errorCount) return made;
    const part = new KeptPart(JSON.stringify(made), sources);
    kept.keep(group, object, part, this.now);
    this.holders.note(frame);
    return part;
  }

  /** The JSON of the answer's data, or of a part of it. */
  write(data: unknown): string {
    return this.holders.write(data);
  }

  private groupOf(field: FieldPlan): PartGroup | undefined {
    if (this.groups.has(field)) return this.groups.get(field);
    const name = this.nameOf(field);
    const group = name === undefined ? undefined : this.caller.kept.group(name);
    this.groups.set(field, group);
    return group;
  }

  private nameOf(field: FieldPlan): string | undefined {
    const selection = (field.below.selection ??= selectionOf(
      field.field.type,
      field.nodes,
      this.operation.fragments,
    ));
    let name = `${selection.hash} ${this.caller.audience}`;
    for (const variable of selection.variables) {
      // Absent and null are not the same.
      const text = JSON.stringify(this.variableValues[variable]) as string | undefined;
      name += `\n${variable} ${text ?? ''}`;
    }
    return name;
  }
}

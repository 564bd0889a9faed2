/** Parts of one answer: which of its objects are taken from what is kept, and which are kept for the next answer. */
import { PartHolders } from './data-text.js';
import type { Frame } from './frame.js';
import { KeptPart } from './kept-parts.js';
import type { KeptParts, PartGroup } from './kept-parts.js';
import { selectionOf } from './part-selection.js';
import type { FieldPlan, OperationParts } from './plan.js';
import { valueKey } from './value-key.js';
import type { SourceMarks } from '../options.js';

/** Where parts are kept, and for whom. */
export interface PartsOfCaller {
  readonly kept: KeptParts;
  /** Everything beside operation and variables that shapes what this caller sees. */
  readonly audience: string;
  /** Tells what objects are made of. */
  readonly marks: SourceMarks;
}

/** Parts of one field in one run. */
interface FieldParts {
  readonly group: PartGroup;
  /** Whether what is made is worth keeping: until an object turns out not to be. */
  keeps: boolean;
}

/** The parts of one run: entities in lists, the outermost, since what is in a part is no part. */
export class RunParts {
  private readonly now: number;
  private readonly holders = new PartHolders();
  private readonly byField = new Map<FieldPlan, FieldParts | undefined>();
  private isInside = false;
  /** What the frame waited for, and the errors that there were, when the present object was begun. */
  private waits = 0;
  private errorCount = 0;

  constructor(
    private readonly caller: PartsOfCaller,
    private readonly operation: OperationParts,
    private readonly variableValues: Readonly<Record<string, unknown>>,
    /** Those of the run so far. */
    private readonly errors: readonly unknown[],
  ) {
    this.now = caller.kept.now();
  }

  /** The kept part of an object that `frame` is to hold. */
  find(field: FieldPlan, frame: Frame, object: object): KeptPart | undefined {
    const { kept, marks } = this.caller;
    if (this.isInside || !frame.isInList || marks.hasStale) return undefined;
    const parts = this.partsOf(field);
    const part = parts && kept.find(parts.group, object, this.now);
    if (part === undefined) return undefined;
    marks.use(part.sources);
    this.holders.note(frame);
    return part;
  }

  /** Whether there is a kept part of an object, which may yet turn out to be of no use any more. */
  has(field: FieldPlan, object: object): boolean {
    return !this.isInside && this.partsOf(field)?.group.byObject.get(object)?.part !== undefined;
  }

  /** Whether an object is to be made between this and `end`, or `abandon` where making it fails. */
  begin(field: FieldPlan, frame: Frame): boolean {
    const { marks } = this.caller;
    if (this.isInside || !frame.isInList || marks.hasStale || !this.partsOf(field)?.keeps) return false;
    this.isInside = true;
    this.waits = frame.waits;
    this.errorCount = this.errors.length;
    marks.begin();
    return true;
  }

  /** The object was made: as a part, where it can be kept. */
  end(field: FieldPlan, frame: Frame, object: object, made: unknown): unknown {
    const { kept, marks } = this.caller;
    this.isInside = false;
    const parts = this.partsOf(field);
    // What waits for EnOS is not complete yet: it will be kept when it is made of what is there.
    const isComplete = frame.waits === this.waits && this.errors.length === this.errorCount;
    const sources = marks.end(isComplete);
    if (!parts || sources === undefined) {
      if (parts) parts.keeps = false;
      return made;
    }
    const part = new KeptPart(JSON.stringify(made), sources);
    kept.keep(parts.group, object, part, this.now);
    this.holders.note(frame);
    return part;
  }

  /** The object was not made. */
  abandon(): void {
    this.isInside = false;
    this.caller.marks.end(false);
  }

  /** Whether parts of the answer are text. */
  get holdsAny(): boolean {
    return this.holders.hasAny;
  }

  /** The JSON of the answer's data, or of a part of it. */
  write(data: unknown): string {
    return this.holders.write(data);
  }

  private partsOf(field: FieldPlan): FieldParts | undefined {
    const known = this.byField.get(field);
    if (known !== undefined || this.byField.has(field)) return known;
    const name = this.nameOf(field);
    const group = name === undefined ? undefined : this.caller.kept.group(name);
    const parts = group && { group, keeps: group.isWorthKeeping };
    this.byField.set(field, parts);
    return parts;
  }

  /** Undefined where a variable has a value that has no text. */
  private nameOf(field: FieldPlan): string | undefined {
    const selection = (field.below.selection ??= selectionOf(
      field.field.type,
      field.nodes,
      this.operation.fragments,
    ));
    let name = `${selection.hash} ${this.caller.audience}`;
    for (const variable of selection.variables) {
      const text = valueKey(this.variableValues[variable]);
      if (text === undefined) return undefined;
      name += `\n${variable} ${text}`;
    }
    return name;
  }
}

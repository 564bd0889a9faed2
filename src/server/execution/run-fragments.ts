/** Parts of one answer: which of its objects are taken from what is kept, and which are kept for the next answer. */
import type { Frame } from './frame.js';
import { CachedFragment, type FragmentCache, type FragmentGroup } from './fragment-cache.js';
import { selectionOf, type FieldPlan, type OperationParts } from './plan.js';
import type { SourceMarks } from '../options.js';

/** Where parts are kept, and for whom. */
export interface FragmentsOfCaller {
  readonly kept: FragmentCache;
  /** Everything besides operation and variables that shapes what this caller sees. */
  readonly audience: string;
  /** Tells what objects are made of. */
  readonly marks: SourceMarks;
}

/** Parts of one field in one run. */
interface FieldParts {
  readonly group: FragmentGroup;
  /** Whether what is made is worth keeping: until an object turns out not to be. */
  keeps: boolean;
}

/** The parts of one run: entities in lists, the outermost, since what is in a part is no part. */
export class RunFragments {
  private readonly now: number;
  private readonly holders = new PartHolders();
  private readonly byField = new Map<FieldPlan, FieldParts | undefined>();
  private isInside = false;
  /** What the frame waited for, and the errors that there were, when the present object was begun. */
  private waits = 0;
  private errorCount = 0;

  constructor(
    private readonly caller: FragmentsOfCaller,
    private readonly operation: OperationParts,
    private readonly variableValues: Readonly<Record<string, unknown>>,
    /** Those of the run so far. */
    private readonly errors: readonly unknown[],
  ) {
    this.now = caller.kept.now();
  }

  /** The cached fragment of an object that `frame` is to hold. */
  find(field: FieldPlan, frame: Frame, object: object): CachedFragment | undefined {
    const { kept, marks } = this.caller;
    if (this.isInside || !frame.isInList || marks.hasStale) return undefined;
    const parts = this.partsOf(field);
    const part = parts && kept.find(parts.group, object, this.now);
    if (part === undefined) return undefined;
    marks.use(part.sources);
    this.holders.note(frame);
    return part;
  }

  /** Whether there is a cached fragment of an object, which may yet turn out to be of no use any more. */
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
    const part = new CachedFragment(JSON.stringify(made), sources);
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

/** Objects and lists of an answer that hold a part, here or further down. All others JSON.stringify can write. */
export class PartHolders {
  private readonly holders = new Set<unknown>();

  /** Whether there is any part in the answer. */
  get hasAny(): boolean {
    return this.holders.size > 0;
  }

  /** A part was put into the frame. */
  note(frame: Frame): void {
    let holder: Frame | null = frame;
    while (holder && !this.holders.has(holder.target)) {
      this.holders.add(holder.target);
      holder = holder.parent;
    }
  }

  /** The JSON of a value, as JSON.stringify would write it. */
  write(value: unknown): string {
    if (value instanceof CachedFragment) return value.text;
    if (!this.holders.has(value)) return JSON.stringify(value);
    if (Array.isArray(value)) {
      let text = '';
      for (const item of value) text += text === '' ? this.write(item) : `,${this.write(item)}`;
      return `[${text}]`;
    }
    let text = '';
    for (const [key, held] of Object.entries(value as object)) {
      const written = `${JSON.stringify(key)}:${this.write(held)}`;
      text += text === '' ? written : `,${written}`;
    }
    return `{${text}}`;
  }
}

/** Text that tells coerced values apart: what a scalar makes of its input need not be JSON. */

/**
 * The same text for values of equal content and type, another one for all others; undefined for a value whose content
 * cannot be told, such as an object of a class of its own. `12` and `12n`, null and an absent field are not the same.
 */
export function valueKey(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'bigint':
      return `${value}n`;
    case 'boolean':
      return String(value);
    case 'undefined':
      return 'undefined';
    case 'object':
      return value === null ? 'null' : objectKey(value);
    case 'function':
    case 'symbol':
      return undefined;
  }
}

function objectKey(value: object): string | undefined {
  if (Array.isArray(value)) {
    const items = value.map(valueKey);
    return items.includes(undefined) ? undefined : `[${items.join()}]`;
  }
  if (value instanceof Date) return `@${value.getTime()}`;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return undefined;
  const fields: string[] = [];
  for (const [name, held] of Object.entries(value)) {
    const text = valueKey(held);
    if (text === undefined) return undefined;
    fields.push(`${JSON.stringify(name)}:${text}`);
  }
  return `{${fields.join()}}`;
}

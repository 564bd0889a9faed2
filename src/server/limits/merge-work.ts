/**
 * Counts the comparisons by which graphql-js finds out whether fields can be merged (OverlappingFieldsCanBeMergedRule), without
 * making them: the same pairs of fields and of fragments in the same order, neither types nor arguments read.
 */
import { Kind } from 'graphql';
import type { FieldNode, FragmentDefinitionNode, SelectionSetNode } from 'graphql';

/** The count has reached its bound. */
export class OutOfBudget extends Error {}

/** What is selected at one level: fields by their names in the answer, and fragments. */
interface Collected {
  readonly fields: Map<string, FieldNode[]>;
  readonly spreads: Set<string>;
  /** Fragments that it has been compared with. */
  readonly compared: Set<string>;
}

/** The count for one document, whose selections must not be nested too deep to be followed. */
export class MergeWork {
  private readonly collected = new Map<SelectionSetNode, Collected>();
  private readonly pairs = new Map<string, Set<string>>();

  constructor(
    private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>,
    private left: number,
  ) {}

  /** Counts for a definition: its selections and all below, fragments being definitions of their own. Throws OutOfBudget. */
  countAll(selectionSet: SelectionSetNode): void {
    const here = this.collect(selectionSet);
    this.within(here);
    for (const nodes of here.fields.values())
      for (const node of nodes) if (node.selectionSet) this.countAll(node.selectionSet);
  }

  private spend(cost: number): void {
    this.left -= cost;
    if (this.left < 0) throw new OutOfBudget();
  }

  private within(here: Collected): void {
    for (const nodes of here.fields.values()) {
      for (let i = 0; i < nodes.length; i += 1)
        for (let j = i + 1; j < nodes.length; j += 1) this.pair(nodes[i] as FieldNode, nodes[j] as FieldNode);
    }
    const names = [...here.spreads];
    for (const [i, name] of names.entries()) {
      this.withFragment(here, name);
      for (let j = i + 1; j < names.length; j += 1) this.fragmentPair(name, names[j] as string);
    }
  }

  private pair(a: FieldNode, b: FieldNode): void {
    this.spend(2 + Math.min(a.arguments?.length ?? 0, b.arguments?.length ?? 0));
    if (!a.selectionSet || !b.selectionSet) return;
    const one = this.collect(a.selectionSet);
    const other = this.collect(b.selectionSet);
    this.between(one, other);
    for (const name of other.spreads) this.withFragment(one, name);
    for (const name of one.spreads) this.withFragment(other, name);
    for (const name of one.spreads) for (const second of other.spreads) this.fragmentPair(name, second);
  }

  private between(one: Collected, other: Collected): void {
    for (const [name, nodes] of one.fields) {
      this.spend(1);
      const others = other.fields.get(name);
      if (others) for (const a of nodes) for (const b of others) this.pair(a, b);
    }
  }

  private withFragment(here: Collected, name: string): void {
    this.spend(1);
    if (here.fields.size === 0 || here.compared.has(name)) return;
    here.compared.add(name);
    const fragment = this.collectFragment(name);
    if (!fragment || fragment === here) return;
    this.between(here, fragment);
    for (const nested of fragment.spreads) this.withFragment(here, nested);
  }

  private fragmentPair(a: string, b: string): void {
    this.spend(2);
    if (a === b || this.pairs.get(a)?.has(b) || this.pairs.get(b)?.has(a)) return;
    let known = this.pairs.get(a);
    if (!known) this.pairs.set(a, (known = new Set()));
    known.add(b);
    const one = this.collectFragment(a);
    const other = this.collectFragment(b);
    if (!one || !other) return;
    this.between(one, other);
    for (const nested of other.spreads) this.fragmentPair(a, nested);
    for (const nested of one.spreads) this.fragmentPair(nested, b);
  }

  private collectFragment(name: string): Collected | undefined {
    const fragment = this.fragments.get(name);
    return fragment && this.collect(fragment.selectionSet);
  }

  private collect(selectionSet: SelectionSetNode): Collected {
    let here = this.collected.get(selectionSet);
    if (!here) {
      here = { fields: new Map(), spreads: new Set(), compared: new Set() };
      this.collected.set(selectionSet, here);
      collectInto(here, selectionSet);
    }
    return here;
  }
}

/** Inline fragments are part of the level around them. */
function collectInto(here: Collected, { selections }: SelectionSetNode): void {
  for (const selection of selections) {
    if (selection.kind === Kind.FRAGMENT_SPREAD) here.spreads.add(selection.name.value);
    else if (selection.kind === Kind.INLINE_FRAGMENT) collectInto(here, selection.selectionSet);
    else {
      const name = (selection.alias ?? selection.name).value;
      const nodes = here.fields.get(name);
      if (nodes) nodes.push(selection);
      else here.fields.set(name, [selection]);
    }
  }
}

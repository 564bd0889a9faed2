/**
 * Keys made before, found by what they are made of. A cache key is long, and to write and hash it costs many times what it
 * costs to look up its parts, which are short and mostly the very strings that were looked up before. A key that is found
 * here gets the same string each time, whose hash the engine remembers: every map that it is looked up in is faster for it.
 */

/** Keys that share their first parts. */
interface KeyNode {
  key: string | undefined;
  next: Map<SimplePart, KeyNode> | undefined;
}

/** Parts that are equal where they are the same value; lists and objects are not. */
type SimplePart = string | number | boolean | null | undefined;

/** Bound of the keys and parts of keys that are remembered; each takes about 220 bytes besides its characters. */
const MAX_NODES = 65_536;
/** Bound of their characters. What callers name may be as long as a request. */
const MAX_CHARACTERS = 8 * 1024 * 1024;

/** The keys of a process. */
export class KeyTable {
  private readonly roots = new Map<string, KeyNode>();
  private nodes = 0;
  private held = 0;

  constructor(
    private readonly maxNodes = MAX_NODES,
    private readonly maxCharacters = MAX_CHARACTERS,
  ) {}

  /** Characters of all keys and parts that are remembered. */
  get characters(): number {
    return this.held;
  }

  /** Looks up keys that begin with `start`; `write` makes one that is not known. */
  startingWith(
    start: string,
    write: (parts: readonly KeyPart[]) => string,
  ): (parts: readonly KeyPart[]) => string {
    let root = this.roots.get(start);
    if (root === undefined) {
      root = this.node(start.length);
      this.roots.set(start, root);
    }
    const from = root;
    // The way of the look-up before, and how much of it holds: keys of one list begin alike.
    const way: SimplePart[] = [];
    const nodes: KeyNode[] = [];
    let known = 0;
    return (parts) => {
      let node = from;
      for (let depth = 0; depth < parts.length; depth += 1) {
        const part = parts[depth];
        // Equal objects may be different values: their keys are written.
        if (typeof part === 'object' && part !== null) return write(parts);
        const before = depth < known && way[depth] === part ? nodes[depth] : undefined;
        if (before !== undefined) {
          node = before;
          continue;
        }
        node = this.below(node, part);
        way[depth] = part;
        nodes[depth] = node;
        known = depth + 1;
      }
      return (node.key ??= this.kept(write(parts)));
    };
  }

  private kept(key: string): string {
    this.makeRoom(key.length);
    return key;
  }

  private below(node: KeyNode, part: SimplePart): KeyNode {
    const known = node.next?.get(part);
    if (known !== undefined) return known;
    const made = this.node(typeof part === 'string' ? part.length : 0);
    (node.next ??= new Map()).set(part, made);
    return made;
  }

  private node(characters: number): KeyNode {
    this.makeRoom(characters);
    this.nodes += 1;
    return { key: undefined, next: undefined };
  }

  /**
   * At a bound all is forgotten: what is in use is soon there again. What requests under way hold of it goes with them.
   */
  private makeRoom(characters: number): void {
    if (this.nodes >= this.maxNodes || this.held + characters > this.maxCharacters) {
      this.roots.clear();
      this.nodes = 0;
      this.held = 0;
    }
    this.held += characters;
  }
}

/** What a key may be made of. */
export type KeyPart =
  string | number | boolean | null | undefined | readonly KeyPart[] | { readonly [name: string]: KeyPart };

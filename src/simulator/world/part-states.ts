/** As much of a part of a world as its state is found by. */
interface PartOf<State> {
  readonly file: string;
  build(...given: never[]): State;
}

/** The states of all parts of a world. */
export class PartStates {
  constructor(private readonly states = new Map<object, unknown>()) {}

  /** The state of a part. Throws where the world was made without it. */
  of<State>(part: PartOf<State>): State {
    if (!this.states.has(part)) throw new Error(`the world was made without ${part.file}`);
    return this.states.get(part) as State;
  }

  has(part: PartOf<unknown>): boolean {
    return this.states.has(part);
  }

  set<State>(part: PartOf<State>, state: State): void {
    this.states.set(part, state);
  }

  forEach(visit: (part: PartOf<unknown>, state: unknown) => void): void {
    for (const [part, state] of this.states) visit(part as PartOf<unknown>, state);
  }

  /** Other states of the same parts. */
  map(change: (state: unknown) => unknown): PartStates {
    return new PartStates(new Map([...this.states].map(([part, state]) => [part, change(state)])));
  }
}

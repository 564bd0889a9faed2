/**
 * What belongs to an object beside what it says of itself: kept on it, under a name that nobody meets who lists, copies,
 * compares or writes the object. A WeakMap does the same, but the collector of young objects takes whatever it holds for used:
 * what is worked out for the objects of one request would outlive it, until all memory is searched.
 */
export class Beside<Holder extends object, Value extends object> {
  private readonly name = Symbol('beside');

  get(holder: Holder): Value | undefined {
    return (holder as Record<symbol, Value | undefined>)[this.name];
  }

  /** Puts a value in the place of the one before, and returns it. */
  set(holder: Holder, value: Value): Value {
    Object.defineProperty(holder, this.name, { value, configurable: true });
    return value;
  }
}

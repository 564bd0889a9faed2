/** The types of entities by their names, for what refers to them by data. */
import type { TypeClass } from '../lists/connection-type.js';

const declared = new Map<string, TypeClass>();

/** Makes the class of a type known. */
export function declareType(name: string, type: TypeClass): void {
  declared.set(name, type);
}

/** The class of a type. Throws `TypeError` for one that is not declared: to be asked when the schema is built, not before. */
export function declaredType(name: string): TypeClass {
  const type = declared.get(name);
  if (type === undefined) throw new TypeError(`No type of the graph is called ${name}`);
  return type;
}

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

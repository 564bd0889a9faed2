/** Enumerations of thing models. */
import { registerEnumType } from '../decorators.js';
import { DATA_TYPES } from '../value/data-definition.js';

/** Data types, as values of an enumeration. */
export const DataType = Object.fromEntries(DATA_TYPES.map((name) => [name, name]));

registerEnumType(DataType, {
  name: 'DataType',
  description: 'Type of a value, as the thing model declares it.',
  valuesConfig: {
    ARRAY: { description: 'A list of values of one type.' },
    BOOL: { description: 'True or false, with texts for both.' },
    DATE: { description: 'A date without time.' },
    DOUBLE: { description: 'A 64-bit floating-point number.' },
    ENUM: { description: 'One of a few values that have names.' },
    FILE: { description: 'A file kept in EnOS.' },
    FLOAT: { description: 'A 32-bit floating-point number.' },
    INT: { description: 'An integer.' },
    STRING: { description: 'A text.' },
    STRUCT: { description: 'Named members of several types.' },
    TIMESTAMP: { description: 'An instant.' },
  },
});

/** Kinds of measurement points. */
export const SignalType = { AI: 'AI', DI: 'DI', PI: 'PI', GENERIC: 'GENERIC', UNKNOWN: 'UNKNOWN' } as const;
export type SignalType = (typeof SignalType)[keyof typeof SignalType];

registerEnumType(SignalType, {
  name: 'SignalType',
  description: 'Kind of a measurement point; decides how its series may be read.',
  valuesConfig: {
    AI: { description: 'Analog value, such as power or temperature.' },
    DI: { description: 'Discrete state, such as running or stopped.' },
    PI: { description: 'Pulse or counter, such as energy.' },
    GENERIC: { description: 'Anything else, such as text or structs.' },
    UNKNOWN: { description: 'Not declared, or not known to this server.' },
  },
});

/** Kind of point by the name that EnOS sends (`Generic` in mixed case). */
export function toSignalType(name: string | null | undefined): SignalType {
  const known = (name ?? '').toUpperCase();
  return Object.values(SignalType).find((type) => type === known) ?? 'UNKNOWN';
}

/** Kinds of storage. */
export const StorageKind = {
  AI_RAW: 'AI_RAW',
  AI_NORMALIZED: 'AI_NORMALIZED',
  DI: 'DI',
  PI: 'PI',
  GENERIC: 'GENERIC',
} as const;

registerEnumType(StorageKind, {
  name: 'StorageKind',
  description: "How the organization's storage policy keeps the values of a point.",
  valuesConfig: {
    AI_RAW: { description: 'Every value of an analog point.' },
    AI_NORMALIZED: { description: 'An analog point in fixed steps.' },
    DI: { description: 'Changes of a state.' },
    PI: { description: 'Readings of a counter.' },
    GENERIC: { description: 'Values of any type.' },
  },
});

/** Kinds of storage by the names that EnOS sends; unknown ones are left out. */
export function toStorageKinds(names: readonly string[] | undefined): (keyof typeof StorageKind)[] {
  return Object.values(StorageKind).filter((kind) => names?.includes(kind));
}

/** Weights of events. */
export const EventLevel = { INFO: 'INFO', WARN: 'WARN', ERROR: 'ERROR' } as const;

registerEnumType(EventLevel, {
  name: 'EventLevel',
  description: 'Weight of an event of a thing model.',
  valuesConfig: {
    INFO: { description: 'For the record.' },
    WARN: { description: 'Worth a look.' },
    ERROR: { description: 'A fault.' },
  },
});

/** Units of measured values. */
import { GraphQLString } from 'graphql';
import { Field, ObjectType } from '../decorators.js';

/** Symbols of the SI prefixes that EnOS calls multipliers. */
const PREFIXES: Readonly<Record<string, string>> = {
  YOTTA: 'Y',
  ZETTA: 'Z',
  EXA: 'E',
  PETA: 'P',
  TERA: 'T',
  GIGA: 'G',
  MEGA: 'M',
  KILO: 'k',
  HECTO: 'h',
  DECA: 'da',
  ONE: '',
  DECI: 'd',
  CENTI: 'c',
  MILLI: 'm',
  MICRO: 'μ',
  NANO: 'n',
  PICO: 'p',
  FEMTO: 'f',
  ATTO: 'a',
  ZEPTO: 'z',
  YOCTO: 'y',
};

/** A unit. */
@ObjectType({ simpleResolvers: true, description: 'Unit of a value, as the thing model declares it.' })
export class Unit {
  @Field(() => GraphQLString, {
    description: 'Id of the unit in EnOS, often its symbol, e.g. `W`, `°C`, `m/s`.',
  })
  unitId!: string;

  @Field(() => GraphQLString, {
    nullable: true,
    description: 'SI prefix as EnOS names it, e.g. `KILO`; `ONE` for none.',
  })
  multiplier!: string | null;

  @Field(() => GraphQLString, { description: 'Symbol to show beside a value, prefix included, e.g. `kW`.' })
  symbol!: string;
}

/** The unit of a feature; null where it has none. Takes what EnOS sends, also a unit id alone. */
export function toUnit(
  unit: { unitId?: string; multiplier?: string } | string | null | undefined,
): Unit | null {
  const { unitId, multiplier } = typeof unit === 'string' ? { unitId: unit } : (unit ?? {});
  if (!unitId) return null;
  return {
    unitId,
    multiplier: multiplier ?? null,
    symbol: `${PREFIXES[multiplier ?? 'ONE'] ?? ''}${unitId}`,
  };
}

/** Fields that many entities have: instants in both notations, tags. */
import type { TypeClass } from '../connection-type.js';
import { free } from '../plan/common-rules.js';
import { BigIntScalar, DateTime } from '../scalars.js';
import { Tag, toTags } from '../tag.js';
import type { FieldDefinition } from './define-field.js';

/** `createdAt` and `createdTimestamp` of a type, from Unix milliseconds; null where `read` gives null. */
export function instantFields<Source>(
  of: () => TypeClass,
  stem: string,
  description: string,
  read: (source: Source) => number | null,
): FieldDefinition[] {
  const field = (name: string, type: FieldDefinition['type'], text: string): FieldDefinition => ({
    of,
    name,
    type,
    options: { nullable: true, description: text },
    extensions: { rule: free },
    parameters: ['root'],
    resolve: read,
  });
  return [
    field(`${stem}At`, () => DateTime, description),
    field(`${stem}Timestamp`, () => BigIntScalar, `The same as ${stem}At, in Unix milliseconds.`),
  ];
}

/** `tags` of a type. */
export function tagsField<Source extends { tags: Readonly<Record<string, string>> }>(
  of: () => TypeClass,
  what: string,
): FieldDefinition {
  return {
    of,
    name: 'tags',
    type: () => [Tag],
    options: { description: `Tags of the ${what}.` },
    extensions: { rule: free },
    parameters: ['root'],
    resolve: ({ tags }: Source) => toTags(tags),
  };
}

/** How a caller learns that he asked too much. */
import { GraphQLError } from 'graphql';
import type { GraphQLFormattedError } from 'graphql';

/** A limit that was passed. */
export interface PassedLimit {
  /** Name of the setting, such as MAX_COST. */
  name: string;
  value: number;
  /** What the request would have needed; null where counting ended at the limit. */
  asked: number | null;
  /** What is counted, in the plural, such as "levels of fields". */
  what: string;
}

/** The refusal as GraphQL JSON has it: BAD_USER_INPUT, with the limit in `extensions.limit`. */
export function limitRefusal({ name, value, asked, what }: PassedLimit): GraphQLFormattedError & {
  extensions: Record<string, unknown>;
} {
  return {
    message: `The request asks for ${asked ?? `more than ${value}`} ${what}; the limit is ${value} (${name}).`,
    extensions: { code: 'BAD_USER_INPUT', limit: { name, value, asked } },
  };
}

/** The refusal as an error whose answer has status 400. */
export function limitError(limit: PassedLimit): GraphQLError {
  const { message, extensions } = limitRefusal(limit);
  return new GraphQLError(message, { extensions: { ...extensions, http: { status: 400 } } });
}

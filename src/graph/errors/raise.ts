/** Errors that the graph raises itself, made to be read by the caller. */
import { GraphQLError } from 'graphql';

/** An argument that cannot be served. The message names the argument, the value and what was expected. */
export function badUserInput(message: string, argument: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', argument } });
}

/** Something that the graph itself knows not to exist, such as a point that its model does not declare. */
export function notFound(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'NOT_FOUND' } });
}

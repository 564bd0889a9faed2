/**
 * graphql-js helps with typing errors: "Did you mean ...?". Where the schema is not for everybody that tells it bit by bit,
 * so it is left away together with introspection.
 */
const SUGGESTION = ' Did you mean ';

/** The message without its suggestion, which stands at its end. */
export function withoutSuggestion(message: string): string {
  const at = message.endsWith('?') ? message.lastIndexOf(SUGGESTION) : -1;
  return at < 0 ? message : message.slice(0, at);
}

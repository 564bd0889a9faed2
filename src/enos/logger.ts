/** Where the REST side reports what an operator should know. Details are plain values, without credentials or addresses. */
export type EnosLogger = (
  level: 'info' | 'warn',
  message: string,
  details: Readonly<Record<string, string | number | null>>,
) => void;

/** Bounds of what a caller may ask. */
export interface Limits {
  /** Bytes. */
  maxBodyBytes: number;
  /** Lexical tokens of the document. */
  maxTokens: number;
  maxDepth: number;
  maxRootFields: number;
  /** Fields with an alias, at every level. */
  maxAliases: number;
  maxDirectives: number;
  /** Fields that the answer may hold, estimated. */
  maxCost: number;
  maxVariableDepth: number;
  /** Bytes of the variables as JSON, approximately. */
  maxVariableBytes: number;
  /** Operations in one request; 1 refuses batches. */
  maxBatch: number;
}

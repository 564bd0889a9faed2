/**
 * Checks requests and replies against the contract with ajv. Replies are checked twice over: as they are before a
 * projection crops them (then x-enos-required-unprojected binds) and after.
 */
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import formatsPlugin from 'ajv-formats';
import { documentUri, isObject } from './documents.js';
import type { ContractDocument, JsonObject } from './documents.js';
import type { ContractOperation } from './operations.js';

/** One thing that a request or reply does wrong. */
export interface ContractViolation {
  /** The parameter or field, such as `pagination.pageSize`. */
  name: string;
  detail: string;
}

type Purpose = 'query' | 'body' | 'form' | 'reply' | 'cropped';

/** Validators of every operation, compiled when first needed. */
export class ContractValidator {
  private readonly plain: Ajv2020;
  private readonly unprojected: Ajv2020;
  private readonly coercing: Ajv2020;
  private readonly compiled = new Map<string, ValidateFunction>();

  constructor(documents: readonly ContractDocument[]) {
    this.plain = createAjv(documents, { coerce: false, unprojected: false });
    this.unprojected = createAjv(documents, { coerce: false, unprojected: true });
    this.coercing = createAjv(documents, { coerce: true, unprojected: false });
  }

  /** Query parameters arrive as text; they are checked as the type that the contract gives them. */
  query(
    operation: ContractOperation,
    query: Readonly<Record<string, string | undefined>>,
  ): ContractViolation | null {
    const parameters = operation.parameters.filter((parameter) => parameter.in === 'query');
    const given: Record<string, unknown> = {};
    for (const { name, required, schema } of parameters) {
      const value = query[name];
      if (value === undefined || value === '') {
        if (required) return { name, detail: 'is required' };
        continue;
      }
      given[name] = schema.type === 'array' ? value.split(',') : value;
    }
    const validate = this.compile(operation, 'query', this.coercing, {
      type: 'object',
      properties: Object.fromEntries(parameters.map(({ name, schema }) => [name, schema])),
    });
    return validate(given) ? null : toViolation(validate.errors);
  }

  /** A parsed JSON body. */
  body(operation: ContractOperation, body: unknown): ContractViolation | null {
    if (operation.body === null) return null;
    const validate = this.compile(operation, 'body', this.plain, operation.body.schema);
    return validate(body) ? null : toViolation(validate.errors, 'body');
  }

  /** A form: what its parts mean by their names, an empty text for each file. */
  form(operation: ContractOperation, form: Readonly<Record<string, unknown>>): ContractViolation | null {
    const schema = operation.body?.multipart ?? null;
    if (schema === null) return null;
    const validate = this.compile(operation, 'form', this.plain, schema);
    return validate(form) ? null : toViolation(validate.errors, 'body');
  }

  /** A whole reply before cropping. */
  reply(operation: ContractOperation, reply: unknown): ContractViolation | null {
    return this.check(operation, 'reply', this.unprojected, reply);
  }

  /** A whole reply after a projection. */
  cropped(operation: ContractOperation, reply: unknown): ContractViolation | null {
    return this.check(operation, 'cropped', this.plain, reply);
  }

  private check(
    operation: ContractOperation,
    purpose: Purpose,
    ajv: Ajv2020,
    reply: unknown,
  ): ContractViolation | null {
    if (operation.reply === null) return null;
    const validate = this.compile(operation, purpose, ajv, operation.reply);
    // Integers beyond 2^53 are held as bigint, which ajv does not take for a number.
    return validate(reply) || validate(withNumbers(reply)) ? null : toViolation(validate.errors, 'reply');
  }

  private compile(
    operation: ContractOperation,
    purpose: Purpose,
    ajv: Ajv2020,
    schema: JsonObject,
  ): ValidateFunction {
    // Two services may name an operation alike.
    const key = `${operation.file} ${operation.operationId} ${purpose}`;
    let validate = this.compiled.get(key);
    if (validate === undefined) {
      validate = ajv.compile(schema);
      this.compiled.set(key, validate);
    }
    return validate;
  }
}

function createAjv(
  documents: readonly ContractDocument[],
  options: { coerce: boolean; unprojected: boolean },
): Ajv2020 {
  const ajv = new Ajv2020({
    strict: false,
    validateSchema: false,
    coerceTypes: options.coerce,
    logger: false,
    // The contract's dates and ids are described in prose; unknown formats (int64 apart) say nothing checkable.
    validateFormats: true,
  });
  formatsPlugin.default(ajv);
  if (options.unprojected) {
    ajv.addKeyword({
      keyword: 'x-enos-required-unprojected',
      schemaType: 'array',
      macro: (names: unknown) => ({ if: { type: 'object' }, then: { required: names } }),
    });
  }
  for (const document of documents) ajv.addSchema(document.content, documentUri(document.file));
  return ajv;
}

function withNumbers(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(withNumbers);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withNumbers(one)]));
}

/** The deepest error is the one that says what is wrong; `oneOf` and `allOf` above it only repeat it. */
function toViolation(errors: ErrorObject[] | null | undefined, whole = 'request'): ContractViolation {
  const error = [...(errors ?? [])].sort((a, b) => depth(b) - depth(a))[0];
  if (error === undefined) return { name: whole, detail: 'is not valid' };
  const steps = error.instancePath.split('/').slice(1);
  const missing = isObject(error.params) ? error.params.missingProperty : undefined;
  if (typeof missing === 'string') return { name: [...steps, missing].join('.'), detail: 'is required' };
  return { name: steps.join('.') || whole, detail: error.message ?? 'is not valid' };
}

function depth(error: ErrorObject): number {
  return error.instancePath.split('/').length;
}

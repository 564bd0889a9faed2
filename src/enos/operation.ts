/**
 * What one entry of the generated operation table says, and the types of arguments and replies that follow from it.
 */
import type { NullableData, OperationTypes } from './generated/operation-types.js';

/** A code that the contract documents, with its text and meaning where EnOS gives them. */
export interface OperationError {
  readonly code: number;
  readonly message: string | null;
  readonly meaning: string | null;
}

/** Where a page of a list and the total of the list stand, each as the members that lead there. */
export interface ReplyPage {
  readonly items: readonly string[];
  /** Whether the contract's type of data has a null, so that an empty list may be written as one. */
  readonly nullable: boolean;
  /** The object that holds the total. */
  readonly total: readonly string[];
  /** Names that the total has there; the first one that is present counts. */
  readonly names: readonly string[];
  /** Number of the first page. */
  readonly first: 0 | 1;
}

/** One operation of an EnOS service, as scripts/generate-contract.mjs reads it from the contract. */
export interface Operation {
  /** `service.operation`, e.g. `asset.getAsset`. */
  readonly id: string;
  /** Name of the contract document, e.g. `asset-tree`. */
  readonly service: string;
  /** OpenAPI operationId. */
  readonly operation: string;
  readonly method: string;
  /** Path template below the gateway, without query. */
  readonly path: string;
  /** Value of the query parameter `action`, which tells operations on one path apart. */
  readonly action: string | null;
  /** `write` for everything that changes something, whatever its HTTP method. */
  readonly kind: 'read' | 'write';
  /** First EnOS edition that has the operation; null for 2.1. */
  readonly since: string | null;
  readonly supersededBy: string | null;
  /**
   * gateway: signed. token: carries its own `encryption`. integration: another host, token header only.
   * data-query-proxy: a host that EnOS names, no credentials.
   */
  readonly channel: 'gateway' | 'token' | 'integration' | 'data-query-proxy';
  /** Whether the call also carries a user's token. */
  readonly user: 'none' | 'bearer' | 'bearer-optional' | 'refresh-token-in-query';
  readonly parameters: readonly {
    readonly name: string;
    readonly in: 'query' | 'path' | 'header';
    readonly required: boolean;
  }[];
  readonly body: { readonly required: boolean; readonly mediaTypes: readonly string[] } | null;
  readonly reply: 'json' | 'binary';
  /** Where verdict, text and result stand in the reply; null for binary replies. */
  readonly envelope: {
    readonly code: 'code' | 'status';
    readonly message: 'msg' | 'message';
    /** False where the result stands in members of its own besides the verdict. */
    readonly data: boolean;
    /** Whether `data` may be null or absent where the operation succeeded. */
    readonly nullable: boolean;
    /** Members of `data` that are lists and always there. */
    readonly lists: readonly string[];
    /** Where a list and its total stand in the reply; null for what is no list with a total. */
    readonly page: ReplyPage | null;
    readonly success: readonly number[];
  } | null;
  readonly pagination: {
    readonly style: string;
    readonly defaultPageSize: number | null;
    readonly maxPageSize: number | null;
    readonly sortable: readonly string[];
  } | null;
  readonly batch: {
    readonly accepts: 'one' | 'many';
    /** Largest number of ids in one call. */
    readonly max: number | null;
    /** Largest number of assets x points (or models x points) in one call. */
    readonly maxProduct: number | null;
    /** Largest assets x points x pageSize in one call. */
    readonly maxRecords: number | null;
  } | null;
  readonly projectable: boolean;
  /** Limits in words, as documented. */
  readonly limits: readonly string[];
  readonly errors: readonly OperationError[];
}

/** Id of an operation: `service.operation`. */
export type OperationId = keyof OperationTypes;

type Parameters<Id extends OperationId> = OperationTypes[Id]['parameters'];
type Given<T> = T extends undefined ? never : T;

type QueryPart<Id extends OperationId> =
  Parameters<Id> extends { query: infer Q } ? { query: Q } : { query?: Given<Parameters<Id>['query']> };
type PathPart<Id extends OperationId> =
  Parameters<Id> extends { path: infer P } ? { path: P } : { path?: never };
type HeaderPart<Id extends OperationId> =
  Parameters<Id> extends { header?: infer H } ? { headers?: Given<H> } : { headers?: never };
type BodyPart<Id extends OperationId> = OperationTypes[Id] extends {
  requestBody: { content: { 'application/json': infer B } };
}
  ? { body: B }
  : OperationTypes[Id] extends { requestBody?: { content: { 'application/json': infer B } } }
    ? { body?: B }
    : OperationTypes[Id] extends { requestBody: { content: { 'multipart/form-data': unknown } } }
      ? { body: FormData }
      : { body?: never };

/**
 * Arguments of an operation: query (without `action`), path, headers and body, as the contract types them. Multipart
 * bodies are FormData, with the parts that the contract names.
 */
export type Arguments<Id extends OperationId> = QueryPart<Id> & PathPart<Id> & HeaderPart<Id> & BodyPart<Id>;

/** The whole JSON reply of an operation, or the bytes of one that sends a file. */
export type ReplyBody<Id extends OperationId> = OperationTypes[Id]['responses'] extends {
  200: { content: { 'application/json': infer B } };
}
  ? B
  : Uint8Array;

type Data<Id extends OperationId> =
  ReplyBody<Id> extends Uint8Array ? Uint8Array : ReplyBody<Id> extends { data?: infer D } ? D : undefined;

/**
 * What stands in the reply's `data`, or the bytes of a file; undefined where the operation has no such member. A success
 * without data is refused at the door, but for the operations whose contract has such a thing.
 */
export type ReplyData<Id extends OperationId> = Id extends NullableData ? Data<Id> : NonNullable<Data<Id>>;

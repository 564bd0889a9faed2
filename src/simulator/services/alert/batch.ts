/**
 * Batches of alert writes: each entry has a result of its own, and a wrong one does not stop the others.
 */
import { getContract, getOperation } from '../../contract/contract.js';
import { ServiceError } from '../../operation.js';
import type {
  OperationHandler,
  OperationReply,
  OperationRequest,
  SimulatorContext,
} from '../../operation.js';
import { invalidArgument } from '../../refusals.js';

/** Result of one entry. */
export interface EntryResult {
  code: 0 | -1;
  msg: string;
  data: string | null;
}

/** The reply of a batch: 99206 beside the results where an entry has failed. */
export function batchReply(data: readonly EntryResult[]): OperationReply {
  const successSize = data.filter(({ code }) => code === 0).length;
  return {
    data,
    beside: { successSize, totalSize: data.length },
    ...(successSize === data.length ? {} : { code: 99206, msg: 'Partial Content Success' }),
  };
}

/**
 * Handler of a batch that creates what a list in the body holds. The pages say that one malformed entry makes a batch
 * fail, but their sample shows a partial success: the sample is followed.
 */
export function createEach<Entry>(
  { list, max = Infinity, ...messages }: BatchOptions,
  create: (entry: Entry, context: SimulatorContext) => string,
): OperationHandler {
  const handler: OperationHandler = ({ operationId, body }, context) => {
    const entries = body[list] as unknown[];
    if (entries.length > max) throw invalidArgument(list, `holds more than ${max} entries`);
    return batchReply(
      entries.map((entry) => {
        const wrong = entryFault(operationId, list, entry);
        if (wrong !== null) return { code: -1, msg: messages.wrong, data: wrong };
        return attempt(messages, () => create(entry as Entry, context));
      }),
    );
  };
  handler.entries = list;
  return handler;
}

/** How a batch is sent and answered. */
interface BatchOptions {
  /** Member of the body that holds the entries. */
  list: string;
  /** Most entries of a call. */
  max?: number;
  /** What a created entry says. */
  right: string;
  /** What a failed entry says. */
  wrong: string;
}

/** What is wrong with an entry by the contract, in the words of EnOS's sample; null if nothing. */
function entryFault(operationId: string, list: string, entry: unknown): string | null {
  const violation = getContract().validator.body(getOperation(operationId), { [list]: [entry] });
  if (violation === null) return null;
  const field = violation.name.split('.').slice(2).join('.') || list;
  return `${field}  :${violation.detail === 'is required' ? 'parameter empty' : violation.detail}`;
}

function attempt({ right, wrong }: Pick<BatchOptions, 'right' | 'wrong'>, run: () => string): EntryResult {
  try {
    return { code: 0, msg: right, data: run() };
  } catch (error) {
    if (error instanceof ServiceError) return { code: -1, msg: wrong, data: error.message };
    throw error;
  }
}

/** Changes the tags of each id; one that is not there fails alone. */
export function tagEach(ids: readonly string[], change: (id: string) => void): OperationReply {
  return batchReply(
    ids.map((id) => {
      try {
        change(id);
        return { code: 0, msg: 'OK', data: null };
      } catch (error) {
        if (error instanceof ServiceError) return { code: -1, msg: error.message, data: null };
        throw error;
      }
    }),
  );
}

/** False in a query or body: the tags replace those that are there. */
export function isPatch({ query, body }: OperationRequest): boolean {
  return (body['isPatchUpdate'] ?? query['isPatchUpdate'] !== 'false') === true;
}

/**
 * Several operations in one request, as a JSON list: each is limited, admitted and answered like a request of its own, and
 * the answers come as a list in the same order. Off unless MAX_BATCH allows it.
 */
import type { GraphQLFormattedError } from 'graphql';
import { errorAnswer } from '../answer.js';
import type { Answer } from '../answer.js';
import { limitRefusal } from '../limits/limit-error.js';
import { RequestState } from '../request-state.js';

/** One operation of a batch: its own ticket and name, the request's caller, deadline and end. */
class BatchItem extends RequestState {
  constructor(private readonly whole: RequestState) {
    super(whole.req, whole.res, whole.requestId);
    if (whole.deadline !== undefined) this.deadline = whole.deadline;
    if (whole.caller) this.caller = whole.caller;
  }

  override get signal(): AbortSignal {
    return this.whole.signal;
  }

  override get hasEnded(): boolean {
    return this.whole.hasEnded;
  }

  override get errorCodes(): Set<string> {
    return this.whole.errorCodes;
  }
}

/** Answers a list of operations with `answer`, or refuses it. Never rejects unless `answer` does. */
export async function answerBatch(
  state: RequestState,
  operations: readonly unknown[],
  { maxBatch, mediaType }: { maxBatch: number; mediaType: string },
  answer: (item: RequestState, operation: unknown) => Promise<Answer>,
): Promise<Answer> {
  const refused = refusalOf(operations.length, maxBatch);
  if (refused) return errorAnswer(state, 400, refused);
  const items = operations.map(() => new BatchItem(state));
  state.res.once('close', () => {
    for (const item of items) item.end();
  });
  const answers = await Promise.all(items.map((item, i) => answer(item, operations[i])));
  const bodies = answers.map(({ body }) => String(body).trimEnd());
  return { status: 200, headers: ['Content-Type', mediaType], body: `[${bodies.join(',')}]\n` };
}

function refusalOf(count: number, maxBatch: number): GraphQLFormattedError | undefined {
  if (maxBatch === 1) {
    const message = 'A list of operations is not served here: send one operation in a request (MAX_BATCH).';
    const limit = { name: 'MAX_BATCH', value: 1, asked: count };
    return { message, extensions: { code: 'BAD_REQUEST', limit } };
  }
  if (count === 0)
    return { message: 'The list of operations is empty.', extensions: { code: 'BAD_REQUEST' } };
  if (count <= maxBatch) return undefined;
  const what = 'operations in one request';
  return limitRefusal({ name: 'MAX_BATCH', value: maxBatch, asked: count, what });
}

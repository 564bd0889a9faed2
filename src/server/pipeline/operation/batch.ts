/**
 * Several operations in one request, as a JSON list: each is limited, admitted and answered like a request of its own, and
 * the answers come as a list in the same order. Off unless MAX_BATCH allows it.
 */
import type { GraphQLFormattedError } from 'graphql';
import { errorAnswer, JSON_TYPE, type Answer } from '../../answer.js';
import { limitRefusal } from '../../errors/codes.js';
import { RequestState } from '../../request-state.js';
import { PipelineRequest, runSteps, type Step, type StepParts } from '../request.js';

/** State of one operation of a batch: its own ticket and name, the request's caller, deadline and end. */
class ItemState extends RequestState {
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

/** The step: answers a list by running `steps` for each of its operations, or refuses it. */
export function batch({ limits: { maxBatch } }: Pick<StepParts, 'limits'>, steps: readonly Step[]): Step {
  return ({ state, body, mediaType = JSON_TYPE }) => {
    if (!Array.isArray(body)) return undefined;
    const refused = refusalOf(body.length, maxBatch);
    if (refused) return errorAnswer(state, 400, refused);
    const items = body.map((operation: unknown) => {
      const item = new PipelineRequest(new ItemState(state));
      item.body = operation;
      return item;
    });
    state.res.once('close', () => {
      for (const item of items) item.state.end();
    });
    return Promise.all(items.map(async (item) => bodyOf(await runSteps(steps, item)))).then((bodies) => ({
      status: 200,
      headers: ['Content-Type', mediaType],
      body: `[${bodies.join(',')}]\n`,
    }));
  };
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

function bodyOf(answer: Answer | undefined): string {
  return String(answer?.body).trimEnd();
}

/**
 * The way of a request to /graphql, from its arrival to its answer: `createPipeline` lists the steps. Each is a file of its
 * own. A step that answers ends the list: what is refused or cached costs only the steps before it.
 */
import { errorAnswer, sendAnswer, type Answer } from '../answer.js';
import { runObserved, type RequestState } from '../request-state.js';
import { INTERNAL_CODE } from '../errors/codes.js';
import type { Caller, MaybePromise } from '../hooks.js';
import type { ServerOptions } from '../options.js';
import { cors } from './http/cors.js';
import { identify } from './http/identify.js';
import { refuseMethod } from './http/method.js';
import { parse } from './http/parse.js';
import { read } from './http/read.js';
import { createSend } from './http/send.js';
import { shed } from './http/shed.js';
import { batch } from './operation/batch.js';
import { checkDocument } from './operation/check-document.js';
import { makeContext } from './operation/context.js';
import { execute } from './operation/execute.js';
import { findDocument } from './operation/find-document.js';
import { limits } from './operation/limits.js';
import { plan } from './operation/plan.js';
import { render } from './operation/render.js';
import { responseCache } from './operation/response-cache.js';
import { PipelineRequest, runSteps, type Step, type StepParts } from './request.js';

/** Answers one request to /graphql. */
export type Pipeline = (state: RequestState) => void;

/** Makes the pipeline of a server. */
export function createPipeline<Context extends object, C extends Caller>(
  options: ServerOptions<Context, C>,
  shared: Omit<StepParts, keyof ServerOptions>,
): Pipeline {
  // Callers and contexts are what `identify` and `context` have made: the steps hand them on unread.
  const parts: StepParts = { ...(options as unknown as ServerOptions), ...shared };
  const operation: Step[] = [
    findDocument(parts),
    makeContext(parts),
    checkDocument(parts),
    limits(parts),
    plan(parts),
    execute(parts),
    render(parts),
  ];
  const steps: Step[] = [
    cors(parts),
    refuseMethod,
    shed(parts),
    ({ state }) => void parts.deadlines.begin(state),
    identify(parts),
    read(parts),
    observed([responseCache(parts), parse, batch(parts, operation), ...operation]),
  ];
  const send = createSend(parts);
  const { logger } = options;

  const fail = (state: RequestState, error: unknown): void => {
    if (state.res.headersSent) {
      // The answer was given meanwhile, as by the deadline: this one is no longer waited for.
      logger.debug({ requestId: state.requestId, err: error }, 'failed after the answer');
      return;
    }
    logger.error({ requestId: state.requestId, err: error }, 'request failed');
    const masked = { message: 'Internal server error', extensions: { code: INTERNAL_CODE } };
    sendAnswer(state, errorAnswer(state, 500, masked));
  };
  const finish = (request: PipelineRequest, answer: Answer | undefined): void => {
    try {
      if (!answer) throw new Error('no step has answered');
      send(request, answer);
    } catch (error) {
      fail(request.state, error);
    }
  };
  return (state) => {
    state.headers.push('Cache-Control', 'no-store');
    if (parts.cache.compression !== 'off') state.vary.push('Accept-Encoding');
    const request = new PipelineRequest(state);
    let answer: MaybePromise<Answer | undefined>;
    try {
      answer = runSteps(steps, request);
    } catch (error) {
      fail(state, error);
      return;
    }
    if (answer instanceof Promise)
      answer.then(
        (given) => finish(request, given),
        (error: unknown) => fail(state, error),
      );
    else finish(request, answer);
  };
}

/** Steps that traces follow: from when the caller is known and the body is read. */
function observed(steps: readonly Step[]): Step {
  return (request) => runObserved(request.state, () => runSteps(steps, request));
}
